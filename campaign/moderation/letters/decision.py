"""To the owners in a campaign's team: what the site's moderators decided about its petition."""

from django.conf import settings
from django.urls import reverse

from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.moderation.models import ModerationAct
from campaign.petitions.letters.links import site_context


def decision_letter(mail: OutgoingMail) -> Letter | None:
    act = ModerationAct.objects.select_related("petition").filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if act is None or act.petition is None:
        return None
    address = settings.SITE_URL + reverse("petition_manage", args=[act.petition.slug])
    context = {"act": act, "petition": act.petition, "link": address, **site_context()}
    return letter_from_templates("moderation/email/decision", context)
