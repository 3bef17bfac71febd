from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Who did it stands before the sentence.
ACTS = {
    "moderation.signers_exported": _("exported those who agreed to mail about “%(petition)s”: %(count)s"),
    "moderation.supporters_exported": _("exported the people who agreed to news of “%(organization)s”"),
    "moderation.own_supporters_exported": _(
        "exported the people of “%(of)s” who agreed to its news: %(count)s, for: %(use)s"
    ),
    "moderation.supporter_looked_up": _("looked for an address among its supporters in “%(of)s”"),
}


class ModerationConfig(AppConfig):
    name = "campaign.moderation"
    label = "moderation"

    def ready(self) -> None:
        from campaign.activity.acts import register_acts
        from campaign.mailing.kinds import register_mail_kind  # models are loaded only now
        from campaign.moderation.letters.alert import alert_letter
        from campaign.moderation.letters.decision import decision_letter
        from campaign.moderation.letters.report import report_letter

        register_acts(ACTS)
        register_mail_kind("moderation.alert", alert_letter)
        register_mail_kind("moderation.decision", decision_letter)
        register_mail_kind("moderation.report", report_letter)
