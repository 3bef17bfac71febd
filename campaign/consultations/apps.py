from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "campaign.consultations"
    label = "consultations"

    def ready(self) -> None:
        from campaign.campaigns.publishing import when_published
        from campaign.consultations import documents  # models are loaded only now
        from campaign.consultations.letters import reminder_letter
        from campaign.consultations.services.filing import list_filings
        from campaign.documents.builders import register_builder
        from campaign.documents.text_kinds import register_text_kind
        from campaign.mailing.kinds import register_mail_kind

        when_published(list_filings)
        register_mail_kind("consultations.reminder", reminder_letter)
        register_builder("consultations.filing", documents.build_filing)
        register_text_kind(
            "consultations.submission",
            label=_("Joint submission"),
            draw=documents.draw_submission,
            passages=documents.submission_passages,
        )
        register_text_kind("consultations.filing", label=_("Record of a filing"), draw=documents.draw_filing)
