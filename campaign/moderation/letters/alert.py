"""To the site's moderators, when something unusual begins at a petition."""

from django.conf import settings
from django.urls import reverse

from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.moderation.models import Alert
from campaign.petitions.letters.links import site_context


def alert_letter(mail: OutgoingMail) -> Letter | None:
    """None when somebody has dismissed it meanwhile. It names no domain and no network: those stay on the site."""
    rows = Alert.objects.select_related("petition").filter(pk=mail.about_id, dismissed_at=None)  # type: ignore[misc]  # None finds nothing
    alert = rows.first()
    if alert is None:
        return None
    address = settings.SITE_URL + reverse("moderation_petition", args=[alert.petition.slug])
    context = {"alert": alert, "petition": alert.petition, "link": address, **site_context()}
    return letter_from_templates("moderation/email/alert", context)
