"""To signatories: confirm that the organization stands behind a text; it has changed; this is how you stand in the list."""

from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from campaign.documents.models import FrozenText
from campaign.documents.redline import NotComparable, redline, redline_summary
from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.organizations.letters.links import own_link, site_facts
from campaign.organizations.letters.moments import moment_with_zone
from campaign.organizations.models import (
    Call,
    CallInvitation,
    CallInvitationState,
    Endorsement,
    EndorsementState,
    PersonalEndorsement,
    PersonalState,
)
from campaign.organizations.queries import call_of


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


def renewal_letter(mail: OutgoingMail) -> Letter | None:
    """To a signatory: the text has changed. None when it was answered, or changed once more."""
    rows = Endorsement.objects.select_related("frozen_text", "organization", "renews__frozen_text")
    row = rows.filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None or row.state != EndorsementState.TO_RENEW:
        return None
    return letter_from_templates(
        "organizations/email/renewal",
        {
            "organization": row.organization,
            "frozen_text": row.frozen_text,
            "summary": _summary(row.renews.frozen_text if row.renews else None, row.frozen_text),
            "link": own_link("endorsement_renew", row_id=row.pk, purpose="endorsement"),
            **site_facts(),
        },
    )


def _summary(before: FrozenText | None, now: FrozenText) -> str:
    """ "3 changed, 1 added", in the letter's language; "" when the two cannot be compared."""
    return _summary_of(before.digest, now.digest, get_language() or "en") if before else ""


@lru_cache(maxsize=100)  # a thousand endorsers are told of the same change, and neither text ever changes
def _summary_of(before: str, now: str, _locale: str) -> str:
    texts = FrozenText.objects.in_bulk([before, now], field_name="digest")
    try:
        return redline_summary(redline(texts[before], texts[now]))
    except NotComparable:
        return ""


def list_proof_letter(mail: OutgoingMail) -> Letter | None:
    """To a signatory: how the organization stands in the list. None when it stands there no more."""
    rows = Endorsement.objects.accepted().select_related("frozen_text", "organization")
    row = rows.filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None:
        return None
    call = call_of(frozen_text=row.frozen_text)
    return letter_from_templates(
        "organizations/email/list_proof",
        {
            "organization": row.organization,
            "frozen_text": row.frozen_text,
            "total": Endorsement.objects.accepted().filter(frozen_text=row.frozen_text_id).count(),
            "closes": _closes(call),
            "link": own_link("endorsement_confirm", row_id=row.pk, purpose="endorsement"),
            **site_facts(),
        },
    )


def _closes(call: Call | None) -> str:
    if call is None or call.closes_at is None or call.is_late_at(timezone.now()):
        return ""
    return moment_with_zone(call.closes_at, call.time_zone)


def personal_letter(mail: OutgoingMail) -> Letter | None:
    """To a person: confirm that you stand behind the text. None when that is done or too late."""
    row = PersonalEndorsement.objects.select_related("frozen_text").filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None or row.state != PersonalState.PENDING or row.expires_at <= timezone.now():
        return None
    return letter_from_templates(
        "organizations/email/personal",
        {
            "endorsement": row,
            "frozen_text": row.frozen_text,
            "expires": row.expires_at,
            "link": own_link("personal_confirm", row_id=row.pk, purpose="personal-endorsement"),
            **site_facts(),
        },
    )


def personal_renewal_letter(mail: OutgoingMail) -> Letter | None:
    """To a person: the text has changed. None when it was answered, or changed once more."""
    rows = PersonalEndorsement.objects.select_related("frozen_text", "renews__frozen_text")
    row = rows.filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None or row.state != PersonalState.TO_RENEW:
        return None
    return letter_from_templates(
        "organizations/email/personal_renewal",
        {
            "frozen_text": row.frozen_text,
            "summary": _summary(row.renews.frozen_text if row.renews else None, row.frozen_text),
            "link": own_link("personal_confirm", row_id=row.pk, purpose="personal-endorsement"),
            **site_facts(),
        },
    )


def call_letter(mail: OutgoingMail) -> Letter | None:
    """To an invited organization. None when it has answered with yes or no."""
    rows = CallInvitation.objects.select_related("call__frozen_text", "call__asked_by")
    row = rows.filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    answered = {CallInvitationState.ENDORSED, CallInvitationState.DECLINED}
    if row is None or row.state in answered:
        return None
    return letter_from_templates(
        "organizations/email/call",
        {
            "invitation": row,
            "asked_by": row.call.asked_by,
            "frozen_text": row.call.frozen_text,
            "closes": _closes(row.call),
            "is_under_embargo": row.call.is_under_embargo_at(timezone.now()),
            "link": own_link("call_invitation", row_id=row.pk, purpose="call-invitation"),
            **site_facts(),
        },
    )
