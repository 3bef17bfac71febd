from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaign.campaigns"
    label = "campaigns"
