"""To invited people."""

from django.utils import timezone

from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.organizations.letters.links import own_link, site_facts
from campaign.organizations.models import Invitation


def invitation_letter(mail: OutgoingMail) -> Letter | None:
    """To an invited person. None when accepted, renewed or too late."""
    row = Invitation.objects.select_related("organization", "invited_by").filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None or row.accepted_at or row.expires_at <= timezone.now():
        return None
    return letter_from_templates(
        "organizations/email/invitation",
        {
            "organization": row.organization,
            "invited_by": row.invited_by,
            "link": own_link("invitation_accept", row_id=row.pk, purpose="invitation"),
            "expires": row.expires_at,
            **site_facts(),
        },
    )
