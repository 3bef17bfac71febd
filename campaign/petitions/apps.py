from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "campaign.petitions"
    label = "petitions"

    def ready(self) -> None:
        from campaign.mailing.kinds import register_mail_kind  # models are loaded only now
        from campaign.petitions.letters import signed_letter

        register_mail_kind("petitions.signed", signed_letter)
