from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Who did it stands before the sentence.
ACTS = {
    "campaigns.text_frozen": _("The text of “%(text)s” was fixed, and can be endorsed"),
    "campaigns.text_moved_on": _("The text of “%(text)s” changed, and its endorsers were asked again"),
    "campaigns.call_changed": _("changed how endorsements of “%(text)s” are called for"),
    "campaigns.call_invited": _("invited organizations to endorse “%(text)s”: %(count)s"),
    "campaigns.call_reminded": _("reminded organizations of “%(text)s”: %(count)s"),
    "campaigns.call_proof_sent": _("showed the endorsers of “%(text)s” their list: %(count)s"),
}


class CampaignsConfig(AppConfig):
    name = "campaign.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from campaign.activity.acts import register_acts

        register_acts(ACTS)
