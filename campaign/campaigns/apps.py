from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Who did it stands before the sentence.
ACTS = {
    "campaigns.text_frozen": _("The text of “%(text)s” was fixed, and can be endorsed"),
    "campaigns.text_moved_on": _("The text of “%(text)s” changed, and its endorsers were asked again"),
    "campaigns.edited": _("changed what the campaign says of itself"),
    "campaigns.published": _("published the campaign"),
    "campaigns.role_set": _("made %(member)s %(role)s in the team"),
    "campaigns.removed": _("took %(member)s out of the team"),
    "campaigns.partner_asked": _("asked %(organization)s to become a partner"),
    "campaigns.partner_joined": _("accepted for %(organization)s to become a partner"),
    "campaigns.partner_left": _("ended the partnership with %(organization)s"),
    "campaigns.invited": _("invited a person to the team as %(role)s"),
    "campaigns.joined": _("joined the team as %(role)s"),
    "campaigns.call_changed": _("changed how endorsements of “%(text)s” are called for"),
    "campaigns.call_invited": _("invited organizations to endorse “%(text)s”: %(count)s"),
    "campaigns.call_reminded": _("reminded organizations of “%(text)s”: %(count)s"),
    "campaigns.call_proof_sent": _("showed the endorsers of “%(text)s” their list: %(count)s"),
    "campaigns.news_asked": _("asks signers for consent to news of “%(organization)s”"),
    "campaigns.news_not_asked": _("no longer asks signers for consent to news of “%(organization)s”"),
}


class CampaignsConfig(AppConfig):
    name = "campaign.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from campaign.activity.acts import register_acts
        from campaign.campaigns.indexes import INVITATION  # models are loaded only now
        from campaign.campaigns.letters import invitation_letter
        from campaign.core.rotation import register_index
        from campaign.mailing.kinds import register_mail_kind

        register_acts(ACTS)
        register_index(INVITATION)
        register_mail_kind("campaigns.invitation", invitation_letter)
