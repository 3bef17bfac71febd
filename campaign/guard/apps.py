from django.apps import AppConfig


class GuardConfig(AppConfig):
    name = "campaign.guard"
    label = "guard"
