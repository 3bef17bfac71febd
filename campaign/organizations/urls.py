from django.urls import path, re_path

from campaign.organizations.views import (
    directory,
    endorsing,
    invited,
    listing,
    log,
    mandates,
    members,
    personal,
    profile,
    proving,
    renewing,
    work,
)

LIST = "^texts/(?P<digest>[0-9a-f]{64})/endorsers"

urlpatterns = [
    re_path(f"{LIST}/$", listing.text_endorsers, name="text_endorsers"),
    re_path(rf"{LIST}\.csv$", listing.text_endorsers_csv, name="text_endorsers_csv"),
    re_path(rf"{LIST}\.json$", listing.text_endorsers_json, name="text_endorsers_json"),
    path("organizations/", directory.organization_list, name="organization_list"),
    path("organizations/new/", profile.organization_create, name="organization_create"),
    path("organizations/<slug:slug>/", directory.organization_detail, name="organization_detail"),
    path("organizations/<slug:slug>/logo.png", directory.organization_logo, name="organization_logo"),
    path("organizations/<slug:slug>/edit/", profile.organization_edit, name="organization_edit"),
    path(
        "organizations/<slug:slug>/edit/lock/", profile.organization_edit_lock, name="organization_edit_lock"
    ),
    path(
        "organizations/<slug:slug>/edit/logo/", profile.organization_logo_edit, name="organization_logo_edit"
    ),
    path("organizations/<slug:slug>/names/", profile.organization_names_edit, name="organization_names_edit"),
    path("organizations/<slug:slug>/networks/", profile.organization_networks, name="organization_networks"),
    path(
        "organizations/<slug:slug>/networks/state/",
        profile.organization_network_state,
        name="organization_network_state",
    ),
    path(
        "organizations/<slug:slug>/networks/<uuid:pk>/end/",
        profile.organization_network_end,
        name="organization_network_end",
    ),
    path(
        "organizations/<slug:slug>/networks/<uuid:pk>/answer/",
        profile.organization_member_answer,
        name="organization_member_answer",
    ),
    path("organizations/<slug:slug>/prove/", proving.organization_prove, name="organization_prove"),
    path("organizations/<slug:slug>/mandates/", mandates.organization_mandates, name="organization_mandates"),
    path(
        "organizations/<slug:slug>/mandates/<uuid:pk>/withdraw/",
        mandates.mandate_withdraw,
        name="mandate_withdraw",
    ),
    path(
        "organizations/<slug:slug>/mandates/<uuid:pk>/report/", mandates.mandate_object, name="mandate_object"
    ),
    path(
        "organizations/<slug:slug>/mandates/<uuid:pk>/hand-on/",
        proving.mandate_hand_on,
        name="mandate_hand_on",
    ),
    path("organizations/<slug:slug>/mandates/<uuid:pk>/renew/", proving.mandate_renew, name="mandate_renew"),
    path(
        "organizations/<slug:slug>/mandates/<uuid:pk>/record/", proving.mandate_record, name="mandate_record"
    ),
    path(
        "organizations/<slug:slug>/mandates/<uuid:pk>/record/state/",
        proving.mandate_record_state,
        name="mandate_record_state",
    ),
    path(
        "organizations/<slug:slug>/mandates/<uuid:pk>/record/look/", proving.mandate_look, name="mandate_look"
    ),
    path("organizations/<slug:slug>/members/", members.organization_members, name="organization_members"),
    path("organizations/<slug:slug>/leave/", members.organization_leave, name="organization_leave"),
    path("organizations/<slug:slug>/members/<uuid:pk>/", members.member_detail, name="member_detail"),
    path(
        "organizations/<slug:slug>/members/<uuid:pk>/remove/",
        members.member_remove,
        name="member_remove",
    ),
    path("organizations/<slug:slug>/log/", log.organization_log, name="organization_log"),
    path("mandates/<str:token>/", proving.mandate_confirm, name="mandate_confirm"),
    path("invitations/<str:token>/", members.invitation_accept, name="invitation_accept"),
    path("endorse/<str:digest>/", endorsing.endorse, name="endorse"),
    path("endorse/<str:digest>/signed-in/", endorsing.endorse_signed_in, name="endorse_signed_in"),
    path("endorse/<str:digest>/personally/", personal.endorse_personally, name="endorse_personally"),
    path("endorse/<str:digest>/sent/", endorsing.endorse_sent, name="endorse_sent"),
    path("endorsements/<str:token>/", endorsing.endorsement_confirm, name="endorsement_confirm"),
    path(
        "endorsements/<str:token>/withdraw/",
        endorsing.endorsement_withdraw,
        name="endorsement_withdraw",
    ),
    path("endorsements/<str:token>/name/", endorsing.endorsement_name, name="endorsement_name"),
    path("endorsements/<str:token>/renew/", renewing.endorsement_renew, name="endorsement_renew"),
    path("personal-endorsements/<str:token>/", personal.personal_confirm, name="personal_confirm"),
    path("call-invitations/<str:token>/", invited.call_invitation, name="call_invitation"),
    path(
        "call-invitations/<str:token>/endorse/",
        invited.call_invitation_endorse,
        name="call_invitation_endorse",
    ),
    path(
        "organizations/<slug:slug>/endorsements/",
        work.organization_endorsements,
        name="organization_endorsements",
    ),
    path(
        "organizations/<slug:slug>/endorsements/<uuid:pk>/act/",
        work.organization_endorsement_act,
        name="organization_endorsement_act",
    ),
    path(
        "organizations/<slug:slug>/endorsements/<uuid:pk>/renew/",
        work.organization_renew,
        name="organization_renew",
    ),
]
