from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "campaign.mailing"
    label = "mailing"
