from django.urls import path

from campaign.campaigns.views import calls, log, settings, team

urlpatterns = [
    path("campaigns/new/", settings.campaign_create, name="campaign_create"),
    path("campaigns/<slug:slug>/edit/", settings.campaign_edit, name="campaign_edit"),
    path("campaigns/<slug:slug>/settings/", settings.campaign_settings, name="campaign_settings"),
    path("campaigns/<slug:slug>/news/", settings.campaign_news, name="campaign_news"),
    path("campaigns/<slug:slug>/publish/", settings.campaign_publish, name="campaign_publish"),
    path(
        "campaigns/<slug:slug>/team/<uuid:pk>/remove/",
        settings.team_member_remove,
        name="team_member_remove",
    ),
    path("team-invitations/<str:token>/", team.team_invitation, name="team_invitation"),
    path("partnerships/<uuid:pk>/answer/", settings.partnership_answer, name="partnership_answer"),
    path("campaigns/<slug:slug>/log/", log.campaign_log, name="campaign_log"),
    path("campaigns/<slug:slug>/calls/", calls.call_list, name="call_list"),
    path("calls/<uuid:pk>/", calls.call_detail, name="call_detail"),
    path("calls/<uuid:pk>/settings/", calls.call_settings, name="call_settings"),
    path("calls/<uuid:pk>/invite/", calls.call_invite, name="call_invite"),
    path("calls/<uuid:pk>/mail/", calls.call_mail, name="call_mail"),
    path("calls/<uuid:pk>/endorsers.csv", calls.call_file, name="call_file"),
]
