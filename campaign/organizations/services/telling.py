"""Letters to those who answer for an organization."""

from datetime import datetime
from uuid import UUID

from campaign.documents.models import FrozenText
from campaign.mailing.services import mail_row, queue_mails, recipient_key
from campaign.organizations.models import Endorsement, Mandate, Membership, Organization, Role


def tell_people(
    *, kind: str, organization: Organization, about_id: UUID, at: datetime, mandate: Mandate | None = None
) -> int:
    """Queue one letter for each owner and, with a mandate, for its signatory; one for each mailbox. Returns how many."""
    people: dict[bytes, tuple[str, str]] = {}
    if mandate is not None and mandate.signatory_email:
        people[bytes(mandate.email_key)] = (mandate.signatory_email, mandate.locale)
    owners = Membership.objects.filter(organization=organization, role=Role.OWNER, user__is_active=True)
    for email, locale in owners.order_by("pk").values_list("user__email", "user__locale"):
        people.setdefault(recipient_key(email), (email, locale))
    rows = [
        mail_row(kind=kind, to=email, locale=locale, about_id=about_id, at=at)
        for email, locale in people.values()
    ]
    return queue_mails(rows)


def tell_endorsers(
    *, kind: str, frozen_text: FrozenText, about_id: UUID, until: datetime, at: datetime
) -> int:
    """Queue one letter for each mailbox that answers for an organization behind a text: its signatory's, and its owners'.

    Those that came after `until` are not part of what went out, and are not told.

    Returns how many. Reads the same number of times for three organizations as for three hundred.
    """
    rows = (
        Endorsement.objects.accepted_by(until)
        .filter(frozen_text=frozen_text)
        .select_related("mandate")
        .order_by("pk")
    )
    people: dict[bytes, tuple[str, str]] = {}
    organizations = []
    for row in rows:
        organizations.append(row.organization_id)
        if row.mandate is not None and row.mandate.signatory_email:
            people.setdefault(bytes(row.mandate.email_key), (row.mandate.signatory_email, row.mandate.locale))
    owners = Membership.objects.filter(organization__in=organizations, role=Role.OWNER, user__is_active=True)
    for email, locale in owners.order_by("pk").values_list("user__email", "user__locale"):
        people.setdefault(recipient_key(email), (email, locale))
    return queue_mails(
        [
            mail_row(kind=kind, to=email, locale=locale, about_id=about_id, at=at)
            for email, locale in people.values()
        ]
    )
