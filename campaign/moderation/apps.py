from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "campaign.moderation"
    label = "moderation"
