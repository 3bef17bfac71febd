from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "campaign.mailing"
    label = "mailing"

    def ready(self) -> None:
        from campaign.core.rotation import register_index  # models are loaded only now
        from campaign.mailing.indexes import MAIL

        register_index(MAIL)
