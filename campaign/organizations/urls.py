from django.urls import path

from campaign.organizations.views import directory, endorsing, mandates, members, profile

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
    path("mandates/<str:token>/", mandates.mandate_confirm, name="mandate_confirm"),
    path("invitations/<str:token>/", members.invitation_accept, name="invitation_accept"),
    path("endorse/<str:digest>/", endorsing.endorse, name="endorse"),
    path("endorse/<str:digest>/sent/", endorsing.endorse_sent, name="endorse_sent"),
    path("endorsements/<str:token>/", endorsing.endorsement_confirm, name="endorsement_confirm"),
    path(
        "endorsements/<str:token>/withdraw/",
        endorsing.endorsement_withdraw,
        name="endorsement_withdraw",
    ),
]
