from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PetitionsConfig(AppConfig):
    name = "campaign.petitions"
    label = "petitions"

    def ready(self) -> None:
        from campaign.documents.text_kinds import register_text_kind
        from campaign.mailing.kinds import register_mail_kind  # models are loaded only now
        from campaign.petitions.letters.signing import signed_letter
        from campaign.petitions.texts import draw_petition

        register_mail_kind("petitions.signed", signed_letter)
        register_text_kind("petitions.petition", label=_("Petition"), draw=draw_petition)
