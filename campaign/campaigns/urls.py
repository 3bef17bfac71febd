from django.urls import path

from campaign.campaigns import views

urlpatterns = [
    path("campaigns/new/", views.campaign_create, name="campaign_create"),
    path("campaigns/<slug:slug>/edit/", views.campaign_edit, name="campaign_edit"),
    path("campaigns/<slug:slug>/settings/", views.campaign_settings, name="campaign_settings"),
    path("campaigns/<slug:slug>/publish/", views.campaign_publish, name="campaign_publish"),
    path(
        "campaigns/<slug:slug>/team/<uuid:pk>/remove/",
        views.team_member_remove,
        name="team_member_remove",
    ),
    path("partnerships/<uuid:pk>/answer/", views.partnership_answer, name="partnership_answer"),
]
