"""What mails to organizations say."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from campaign.core.links import link_token
from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.organizations.models import Endorsement, EndorsementState, Invitation, Mandate


def own_link(view: str, *, row_id: UUID, purpose: str) -> str:
    """The full address of a page that only the mail's reader can open."""
    return settings.SITE_URL + reverse(view, args=[link_token(purpose=purpose, row_id=row_id)])


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
            **_site(),
        },
    )


def mandate_letter(mail: OutgoingMail) -> Letter | None:
    """To a signatory: confirm that you may bind the organization. None when that is done or too late."""
    row = Mandate.objects.select_related("organization").filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None or row.proven_at or row.expires_at <= timezone.now():
        return None
    return letter_from_templates(
        "organizations/email/mandate",
        {
            "mandate": row,
            "organization": row.organization,
            "link": own_link("mandate_confirm", row_id=row.pk, purpose="mandate"),
            "expires": row.expires_at,
            **_site(),
        },
    )


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
            **_site(),
        },
    )


def _site() -> dict[str, object]:
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
