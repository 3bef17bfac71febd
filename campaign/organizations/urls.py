from django.urls import path

from campaign.organizations.views import (
    directory,
    endorsing,
    invited,
    log,
    mandates,
    members,
    personal,
    profile,
    renewing,
    work,
)

urlpatterns = [
    path("organizations/", directory.organization_list, name="organization_list"),
    path("organizations/new/", profile.organization_create, name="organization_create"),
    path("organizations/<slug:slug>/", directory.organization_detail, name="organization_detail"),
    path("organizations/<slug:slug>/prove/", mandates.organization_prove, name="organization_prove"),
    path("organizations/<slug:slug>/members/", members.organization_members, name="organization_members"),
    path(
        "organizations/<slug:slug>/members/<uuid:pk>/remove/",
        members.member_remove,
        name="member_remove",
    ),
    path("organizations/<slug:slug>/log/", log.organization_log, name="organization_log"),
    path("mandates/<str:token>/", mandates.mandate_confirm, name="mandate_confirm"),
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
