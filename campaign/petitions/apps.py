from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PetitionsConfig(AppConfig):
    name = "campaign.petitions"
    label = "petitions"

    def ready(self) -> None:
        from campaign.core.rotation import register_index
        from campaign.documents.builders import register_builder
        from campaign.documents.text_kinds import register_text_kind
        from campaign.mailing.kinds import register_mail_kind  # models are loaded only now
        from campaign.petitions.documents import build_handover, draw_handover
        from campaign.petitions.indexes import SIGNATURE
        from campaign.petitions.letters.handover import (
            HandoverTold,
            ResponseTold,
            handed_over_letter,
            responded_letter,
        )
        from campaign.petitions.letters.receipt import load_receipts, receipt_letter
        from campaign.petitions.letters.reminder import load_reminded, reminder_letter
        from campaign.petitions.letters.signing import SignedMails, signed_letter
        from campaign.petitions.letters.threshold import threshold_letter
        from campaign.petitions.texts import draw_petition, petition_passages

        register_index(SIGNATURE)
        register_builder("petitions.handover", build_handover)
        register_mail_kind("petitions.handed_over", handed_over_letter, load=HandoverTold)
        register_mail_kind("petitions.receipt", receipt_letter, load=load_receipts)
        register_mail_kind("petitions.reminder", reminder_letter, load=load_reminded)
        register_mail_kind("petitions.responded", responded_letter, load=ResponseTold)
        register_mail_kind("petitions.signed", signed_letter, load=SignedMails)
        register_mail_kind("petitions.threshold", threshold_letter)
        register_text_kind("petitions.handover", label=_("Record of a hand-over"), draw=draw_handover)
        register_text_kind(
            "petitions.petition", label=_("Petition"), draw=draw_petition, passages=petition_passages
        )
