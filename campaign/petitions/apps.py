from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Who did it stands before the sentence.
ACTS = {
    "petitions.created": _("began the petition “%(petition)s”"),
    "petitions.edited": _("changed the petition “%(petition)s”"),
    "petitions.frozen": _("fixed the text of “%(petition)s” for endorsements"),
    "petitions.submitted": _("handed “%(petition)s” to the site's moderators"),
    "petitions.published": _("published the petition “%(petition)s”"),
    "petitions.paused": _("paused signing of “%(petition)s”"),
    "petitions.resumed": _("resumed signing of “%(petition)s”"),
    "petitions.check_set": _("changed when signers of “%(petition)s” are checked"),
    "petitions.closed": _("closed the petition “%(petition)s”"),
    "petitions.threshold_set": _("set a threshold of “%(petition)s”"),
    "petitions.threshold_removed": _("removed a threshold of “%(petition)s”"),
    "petitions.count_reported": _("reported signatures from elsewhere for “%(petition)s”"),
    "petitions.count_withdrawn": _("took back reported signatures of “%(petition)s”"),
    "petitions.handover_prepared": _("prepared a hand-over of “%(petition)s”"),
    "petitions.handover_recorded": _("recorded a hand-over of “%(petition)s”"),
    "petitions.response_published": _("published a response to “%(petition)s”"),
}


class PetitionsConfig(AppConfig):
    name = "campaign.petitions"
    label = "petitions"

    def ready(self) -> None:
        from campaign.activity.acts import register_acts
        from campaign.core.rotation import register_index
        from campaign.documents.builders import register_builder
        from campaign.documents.text_kinds import register_text_kind
        from campaign.mailing.kinds import register_mail_kind  # models are loaded only now
        from campaign.petitions.documents import build_handover, draw_handover
        from campaign.petitions.indexes import SIGNATURE, SUPPORTER
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
        from campaign.petitions.queries import handover_address
        from campaign.petitions.texts import draw_petition, petition_passages

        register_acts(ACTS)
        register_index(SIGNATURE)
        register_index(SUPPORTER)
        register_builder("petitions.handover", build_handover)
        register_mail_kind("petitions.handed_over", handed_over_letter, load=HandoverTold)
        register_mail_kind("petitions.receipt", receipt_letter, load=load_receipts)
        register_mail_kind("petitions.reminder", reminder_letter, load=load_reminded)
        register_mail_kind("petitions.responded", responded_letter, load=ResponseTold)
        register_mail_kind("petitions.signed", signed_letter, load=SignedMails)
        register_mail_kind("petitions.threshold", threshold_letter)
        register_text_kind(
            "petitions.handover",
            label=_("Record of a hand-over"),
            draw=draw_handover,
            address=handover_address,
        )
        register_text_kind(
            "petitions.petition", label=_("Petition"), draw=draw_petition, passages=petition_passages
        )
