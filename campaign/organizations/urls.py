from django.urls import path

from campaign.organizations import views

urlpatterns = [
    path("organizations/", views.organization_list, name="organization_list"),
    path("organizations/new/", views.organization_create, name="organization_create"),
    path("organizations/<slug:slug>/", views.organization_detail, name="organization_detail"),
    path("organizations/<slug:slug>/prove/", views.organization_prove, name="organization_prove"),
    path("organizations/<slug:slug>/members/", views.organization_members, name="organization_members"),
    path(
        "organizations/<slug:slug>/members/<uuid:pk>/remove/",
        views.member_remove,
        name="member_remove",
    ),
    path("mandates/<str:token>/", views.mandate_confirm, name="mandate_confirm"),
    path("invitations/<str:token>/", views.invitation_accept, name="invitation_accept"),
    path("endorse/<str:digest>/", views.endorse, name="endorse"),
    path("endorse/<str:digest>/sent/", views.endorse_sent, name="endorse_sent"),
    path("endorsements/<str:token>/", views.endorsement_confirm, name="endorsement_confirm"),
    path(
        "endorsements/<str:token>/withdraw/",
        views.endorsement_withdraw,
        name="endorsement_withdraw",
    ),
]
