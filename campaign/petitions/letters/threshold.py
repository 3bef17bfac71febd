"""To the team, the first time the count reaches a threshold."""

from django.conf import settings
from django.urls import reverse

from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.petitions.letters.links import site_context
from campaign.petitions.models import Threshold


def threshold_letter(mail: OutgoingMail) -> Letter | None:
    """None when the threshold was removed meanwhile."""
    rows = Threshold.objects.select_related("petition__addressee").filter(pk=mail.about_id)  # type: ignore[misc]  # None finds nothing
    threshold = rows.first()
    if threshold is None:
        return None
    address = settings.SITE_URL + reverse("petition_manage", args=[threshold.petition.slug])
    context = {"threshold": threshold, "petition": threshold.petition, "link": address, **site_context()}
    return letter_from_templates("petitions/email/threshold", context)
