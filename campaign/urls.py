"""Every address of the site, room by room."""

from django.urls import include, path

from campaign.core import views as core

urlpatterns = [
    path("livez", core.livez, name="livez"),
    path("readyz", core.readyz, name="readyz"),
    path("i18n/setlang/", core.switch_language, name="set_language"),
    path("accounts/", include("campaign.accounts.urls")),
    path("", include("campaign.documents.urls")),
    path("", include("campaign.organizations.urls")),
    path("", include("campaign.campaigns.urls")),
    path("", include("campaign.regulations.urls")),
    path("", include("campaign.moderation.urls")),
    path("", include("campaign.petitions.urls")),
    path("", include("campaign.consultations.urls")),
    path("", include("campaign.pages.urls")),
]
