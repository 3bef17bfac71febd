from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Who did it stands before the sentence.
ACTS = {
    "consultations.thawed": _("opened “%(submission)s” again: %(reason)s"),
    "consultations.filing_prepared": _("fixed “%(submission)s” for filing"),
    "consultations.names_ordered": _("had the names of signers put together for “%(submission)s”"),
    "consultations.names_canceled": _("stopped the work on the names of signers for “%(submission)s”"),
    "consultations.names_downloaded": _("downloaded the names of signers for “%(submission)s”"),
    "consultations.names_destroyed": _("destroyed the names of signers made for “%(submission)s”"),
    "consultations.receipt_recorded": _("recorded that “%(submission)s” was filed"),
    "consultations.filing_corrected": _("corrected the record of “%(submission)s”"),
    "consultations.response_published": _("published what the authority answered to “%(submission)s”"),
}


class ConsultationsConfig(AppConfig):
    name = "campaign.consultations"
    label = "consultations"

    def ready(self) -> None:
        from campaign.activity.acts import register_acts
        from campaign.campaigns.publishing import when_published
        from campaign.consultations import documents  # models are loaded only now
        from campaign.consultations.letters import (
            assignment_letter,
            filed_letter,
            reminder_letter,
            sign_off_letter,
        )
        from campaign.consultations.queries import filing_address
        from campaign.consultations.services.publishing import list_filings
        from campaign.documents.text_kinds import register_text_kind
        from campaign.mailing.kinds import register_mail_kind

        register_acts(ACTS)
        when_published(list_filings)
        register_mail_kind("consultations.reminder", reminder_letter)
        register_mail_kind("consultations.assigned", assignment_letter)
        register_mail_kind("consultations.sign_off", sign_off_letter)
        register_mail_kind("consultations.filed", filed_letter)
        documents.register_filing_documents()
        register_text_kind(
            "consultations.submission",
            label=_("Joint submission"),
            draw=documents.draw_submission,
            passages=documents.submission_passages,
        )
        register_text_kind(
            "consultations.filing",
            label=_("Record of a filing"),
            draw=documents.draw_filing,
            address=filing_address,
        )
