"""To signatories and owners: confirm a mandate, what was decided about it, when it ends."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from campaign.mailing.kinds import Letter, letter_from_templates
from campaign.mailing.models import OutgoingMail
from campaign.organizations.letters.links import own_link, site_facts
from campaign.organizations.models import (
    DuplicateDecision,
    DuplicateFlag,
    Mandate,
    MandateObjection,
    MandateState,
    ObjectionDecision,
    Organization,
)


def mandate_letter(mail: OutgoingMail) -> Letter | None:
    """To a signatory: confirm that you may bind the organization. None when that is done or too late."""
    row = _mandate(mail)
    if row is None or not row.is_waiting_at(timezone.now()):
        return None
    return letter_from_templates(
        "organizations/email/mandate",
        {
            "mandate": row,
            "organization": row.organization,
            "link": own_link("mandate_confirm", row_id=row.pk, purpose="mandate"),
            "expires": row.expires_at,
            **site_facts(),
        },
    )


def named_letter(mail: OutgoingMail) -> Letter | None:
    """To a person whom somebody else named as a signatory. None when that was taken back."""
    row = _mandate(mail)
    if row is None or row.withdrawn_at or row.rejected_at:
        return None
    context = {"mandate": row, "organization": row.organization, "operator_email": settings.OPERATOR_EMAIL}
    return letter_from_templates("organizations/email/mandate_named", context | site_facts())


def decided_letter(mail: OutgoingMail) -> Letter | None:
    """What staff decided: about a document, or that there never was authority."""
    row = _mandate(mail)
    if row is None or (row.proven_at is None and row.rejected_at is None):
        return None
    if row.rejected_at is None:
        outcome = "accepted" if row.organization.proven_at else "held"
    else:
        outcome = "refused" if row.proven_at is None else "revoked"
    context = {
        "mandate": row,
        "organization": row.organization,
        "outcome": outcome,
        "operator_email": settings.OPERATOR_EMAIL,
        "link": _mandates_page(row.organization),
    }
    return letter_from_templates("organizations/email/mandate_decided", context | site_facts())


def ends_letter(mail: OutgoingMail) -> Letter | None:
    """That a mandate ends soon, or has ended. None when it was taken back meanwhile, or runs on."""
    row = _mandate(mail)
    state = row.state_at(timezone.now()) if row else None
    if row is None or state not in {MandateState.ENDS_SOON, MandateState.OVER}:
        return None
    context = {
        "mandate": row,
        "organization": row.organization,
        "is_over": state == MandateState.OVER,
        "link": _mandates_page(row.organization),
    }
    return letter_from_templates("organizations/email/mandate_ends", context | site_facts())


def objection_letter(mail: OutgoingMail) -> Letter | None:
    """To the owner who objected: that the mandate stands, and why."""
    rows = MandateObjection.objects.select_related("mandate__organization")
    row = rows.filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None or row.decision != ObjectionDecision.DISMISSED:
        return None
    organization = row.mandate.organization
    context = {
        "objection": row,
        "mandate": row.mandate,
        "organization": organization,
        "link": _mandates_page(organization),
    }
    return letter_from_templates("organizations/email/mandate_objection", context | site_facts())


def duplicate_letter(mail: OutgoingMail) -> Letter | None:
    """To owners: that their organization is another one a second time, or that it is shown now."""
    rows = DuplicateFlag.objects.select_related("organization", "other")
    row = rows.filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing
    if row is None or row.decision == DuplicateDecision.OPEN:
        return None
    context = {
        "flag": row,
        "organization": row.organization,
        "other": row.other,
        "is_same": row.decision == DuplicateDecision.SAME,
        "operator_email": settings.OPERATOR_EMAIL,
        "link": settings.SITE_URL + reverse("organization_detail", args=[row.organization.slug]),
    }
    return letter_from_templates("organizations/email/mandate_duplicate", context | site_facts())


def _mandate(mail: OutgoingMail) -> Mandate | None:
    rows = Mandate.objects.select_related("organization")
    return rows.filter(pk=mail.about_id).first()  # type: ignore[misc]  # None finds nothing


def _mandates_page(organization: Organization) -> str:
    return settings.SITE_URL + reverse("organization_mandates", args=[organization.slug])
