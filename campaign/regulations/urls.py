from django.urls import path

from campaign.regulations.views import (
    adoptions,
    comparing,
    downloads,
    drafts,
    editor,
    library,
    model,
    moving,
    outline,
    surroundings,
    variables,
)

DRAFT = "instruments/<slug:slug>/draft/"
PROVISION = f"{DRAFT}provisions/<slug:key>/"
VARIABLE = f"{DRAFT}variables/<slug:name>/"
CHOICE = f"{DRAFT}alternatives/<slug:name>/"
HOOK = f"{DRAFT}around/law/<uuid:pk>/"
COMPARE = "instruments/<slug:slug>/compare/"
ADOPTIONS = "instruments/<slug:slug>/adoptions/"
ADOPTION = f"{ADOPTIONS}<uuid:pk>/"
OBJECTION = f"{DRAFT}around/objections/<uuid:pk>/"

urlpatterns = [
    path("instruments/", library.instruments, name="instruments"),
    path("instruments/import/", library.instrument_import, name="instrument_import"),
    path("instruments/<slug:slug>/", library.instrument, name="instrument"),
    path("instruments/<slug:slug>/log/", library.instrument_log, name="instrument_log"),
    path("instruments/<slug:slug>/editions/<str:label>/", library.edition, name="edition"),
    path("instruments/<slug:slug>/editions/<str:label>/pdf/", library.edition_pdf, name="edition_pdf"),
    path("instruments/<slug:slug>/editions/<str:label>/adapt/", drafts.edition_adapt, name="edition_adapt"),
    path("campaigns/<slug:campaign>/instruments/paste/", outline.instrument_paste, name="instrument_paste"),
    path("campaigns/<slug:campaign>/instruments/new/", drafts.instrument_new, name="instrument_new"),
    path(f"{DRAFT}begin/", drafts.draft_begin, name="draft_begin"),
    path(f"{DRAFT}options/", drafts.draft_options, name="draft_options"),
    path(f"{DRAFT}publish/", drafts.draft_publish, name="draft_publish"),
    path(f"{DRAFT}discard/", drafts.draft_discard, name="draft_discard"),
    path(DRAFT, editor.draft, name="draft"),
    path(f"{DRAFT}add/", editor.provision_add, name="provision_add"),
    path(f"{DRAFT}removed/<uuid:removed_id>/restore/", moving.provision_restore, name="provision_restore"),
    path(PROVISION, editor.provision_edit, name="provision_edit"),
    path(f"{PROVISION}traits/", editor.provision_traits, name="provision_traits"),
    path(f"{PROVISION}move/", moving.provision_move, name="provision_move"),
    path(f"{PROVISION}remove/", moving.provision_remove, name="provision_remove"),
    path(f"{DRAFT}facts/", drafts.draft_facts, name="draft_facts"),
    path(f"{DRAFT}variables/", variables.variables, name="draft_variables"),
    path(f"{DRAFT}variables/add/", variables.variable_add, name="variable_add"),
    path(f"{VARIABLE}edit/", variables.variable_edit, name="variable_edit"),
    path(f"{VARIABLE}move/", variables.variable_move, name="variable_move"),
    path(f"{VARIABLE}remove/", variables.variable_remove, name="variable_remove"),
    path(f"{DRAFT}alternatives/", variables.choices, name="draft_choices"),
    path(f"{DRAFT}alternatives/add/", variables.choice_add, name="choice_add"),
    path(f"{CHOICE}edit/", variables.choice_edit, name="choice_edit"),
    path(f"{CHOICE}move/", variables.choice_move, name="choice_move"),
    path(f"{CHOICE}remove/", variables.choice_remove, name="choice_remove"),
    path(f"{DRAFT}around/", surroundings.surroundings, name="draft_surroundings"),
    path(f"{DRAFT}around/law/add/", surroundings.hook_add, name="hook_add"),
    path(HOOK, surroundings.hook_edit, name="hook_edit"),
    path(f"{HOOK}move/", surroundings.hook_move, name="hook_move"),
    path(f"{HOOK}remove/", surroundings.hook_remove, name="hook_remove"),
    path(f"{DRAFT}around/objections/add/", surroundings.objection_add, name="objection_add"),
    path(OBJECTION, surroundings.objection_edit, name="objection_edit"),
    path(f"{OBJECTION}move/", surroundings.objection_move, name="objection_move"),
    path(f"{OBJECTION}remove/", surroundings.objection_remove, name="objection_remove"),
    path(f"{DRAFT}model/", model.draft_model, name="draft_model"),
    path(f"{DRAFT}model/untouched/", model.model_untouched, name="model_untouched"),
    path(f"{DRAFT}model/settle/", model.model_settle, name="model_settle"),
    path(f"{DRAFT}model/changes/<str:key>/", model.model_decide, name="model_decide"),
    path(
        "instruments/<slug:slug>/editions/<str:label>/download/<slug:file_format>/",
        downloads.edition_download,
        name="edition_download",
    ),
    path(f"{DRAFT}download/", downloads.draft_downloads, name="draft_downloads"),
    path(f"{DRAFT}download/<slug:file_format>/", downloads.draft_download, name="draft_download"),
    path(f"{DRAFT}justifications/", comparing.draft_justifications, name="draft_justifications"),
    path(COMPARE, comparing.comparison, name="comparison"),
    path(f"{COMPARE}download/<slug:file_format>/", comparing.comparison_download, name="comparison_download"),
    path(f"{COMPARE}pdf/", comparing.comparison_pdf, name="comparison_pdf"),
    path("adoptions/", adoptions.adoptions, name="adoptions"),
    path(ADOPTIONS, adoptions.instrument_adoptions, name="instrument_adoptions"),
    path(f"{ADOPTIONS}add/", adoptions.adoption_add, name="adoption_add"),
    path(ADOPTION, adoptions.adoption, name="adoption"),
    path(f"{ADOPTION}edit/", adoptions.adoption_edit, name="adoption_edit"),
    path(f"{ADOPTION}check/", adoptions.adoption_check, name="adoption_check"),
    path(f"{ADOPTION}remove/", adoptions.adoption_remove, name="adoption_remove"),
    path(f"{ADOPTION}provisions/add/", adoptions.adopted_add, name="adopted_add"),
    path(f"{ADOPTION}provisions/<uuid:provision>/", adoptions.adopted_edit, name="adopted_edit"),
    path(f"{ADOPTION}provisions/<uuid:provision>/remove/", adoptions.adopted_remove, name="adopted_remove"),
]
