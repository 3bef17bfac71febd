"""To signatories: confirm that the organization stands behind a text."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.organizations.letters.links import own_link, site_facts
from campaign.organizations.models import Endorsement, EndorsementState


def endorse_letter(mail: OutgoingMail) -> Letter | None:
    """To a signatory: confirm that the organization stands behind the text. None when that is done or too late."""
    row = Endorsement.objects.select_related("frozen_text").filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None or row.state != EndorsementState.PENDING or row.expires_at <= timezone.now():
        return None
    return letter_from_templates(
        "organizations/email/endorse",
        {
            "endorsement": row,
            "frozen_text": row.frozen_text,
            "text_link": settings.SITE_URL + reverse("frozen_text", args=[row.frozen_text.digest]),
            "link": own_link("endorsement_confirm", row_id=row.pk, purpose="endorsement"),
            "expires": row.expires_at,
            **site_facts(),
        },
    )
