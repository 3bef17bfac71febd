from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "campaign.activity"
    label = "activity"
