"""Letters to those who answer for an organization."""

from datetime import datetime
from uuid import UUID

from campaign.mailing.services import mail_row, queue_mails, recipient_key
from campaign.organizations.models import Mandate, Membership, Organization, Role


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
