"""What mails of campaigns say."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from campaign.campaigns.models import TeamInvitation
from campaign.core.links import link_token
from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail


def invitation_letter(mail: OutgoingMail) -> Letter | None:
    """To somebody invited into a team. None when accepted, renewed or too late."""
    rows = TeamInvitation.objects.select_related("campaign", "organization", "invited_by")
    row = rows.filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None or row.accepted_at or row.expires_at <= timezone.now():
        return None
    token = link_token(purpose="team-invitation", row_id=row.pk)
    return letter_from_templates(
        "campaigns/email/invitation",
        {
            "campaign": row.campaign,
            "organization": row.organization,
            "invited_by": row.invited_by,
            "link": settings.SITE_URL + reverse("team_invitation", args=[token]),
            "expires": row.expires_at,
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        },
    )
