from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "campaign.moderation"
    label = "moderation"

    def ready(self) -> None:
        from campaign.mailing.kinds import register_mail_kind  # models are loaded only now
        from campaign.moderation.letters.alert import alert_letter
        from campaign.moderation.letters.decision import decision_letter
        from campaign.moderation.letters.report import report_letter

        register_mail_kind("moderation.alert", alert_letter)
        register_mail_kind("moderation.decision", decision_letter)
        register_mail_kind("moderation.report", report_letter)
