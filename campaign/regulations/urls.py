from django.urls import path

from campaign.regulations.views import drafts, editor, library

DRAFT = "instruments/<slug:slug>/draft/"
PROVISION = f"{DRAFT}provisions/<slug:key>/"

urlpatterns = [
    path("instruments/", library.instruments, name="instruments"),
    path("instruments/import/", library.instrument_import, name="instrument_import"),
    path("instruments/<slug:slug>/", library.instrument, name="instrument"),
    path("instruments/<slug:slug>/editions/<str:label>/", library.edition, name="edition"),
    path("instruments/<slug:slug>/editions/<str:label>/pdf/", library.edition_pdf, name="edition_pdf"),
    path("instruments/<slug:slug>/editions/<str:label>/adapt/", drafts.edition_adapt, name="edition_adapt"),
    path("campaigns/<slug:campaign>/instruments/new/", drafts.instrument_new, name="instrument_new"),
    path(f"{DRAFT}begin/", drafts.draft_begin, name="draft_begin"),
    path(f"{DRAFT}options/", drafts.draft_options, name="draft_options"),
    path(f"{DRAFT}publish/", drafts.draft_publish, name="draft_publish"),
    path(f"{DRAFT}discard/", drafts.draft_discard, name="draft_discard"),
    path(DRAFT, editor.draft, name="draft"),
    path(f"{DRAFT}add/", editor.provision_add, name="provision_add"),
    path(f"{DRAFT}removed/<uuid:removed_id>/restore/", editor.provision_restore, name="provision_restore"),
    path(PROVISION, editor.provision_edit, name="provision_edit"),
    path(f"{PROVISION}traits/", editor.provision_traits, name="provision_traits"),
    path(f"{PROVISION}move/", editor.provision_move, name="provision_move"),
    path(f"{PROVISION}remove/", editor.provision_remove, name="provision_remove"),
]
