"""Telling an organization that a mandate ends soon, and that it has ended."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from campaign.organizations.models import ENDS_SOON_DAYS, Mandate
from campaign.organizations.services.telling import tell_people

BATCH = 200
TOLD_WITHIN = timedelta(days=30)  # an end longer ago than that is no news


def tell_of_ends(*, at: datetime) -> int:
    """Queue the letters that are due: once ENDS_SOON_DAYS before the end, and once after it. Returns about how many mandates.

    Who has handed the mandate on or renewed it hears nothing. Safe to run twice, also at once.
    """
    soon = at + timedelta(days=ENDS_SOON_DAYS)
    ending = _running_out().filter(ends_at__gt=at, ends_at__lte=soon, reminded_at=None)
    ended = _running_out().filter(ends_at__lte=at, ends_at__gt=at - TOLD_WITHIN, end_told_at=None)
    return _tell(ending, "reminded_at", at=at) + _tell(ended, "end_told_at", at=at)


def _running_out() -> QuerySet[Mandate]:
    """Mandates that end by themselves, and that nothing proven has taken the place of."""
    later = Mandate.objects.filter(proven_at__isnull=False, rejected_at=None, withdrawn_at=None)
    renewed = later.filter(
        organization=OuterRef("organization"),
        email_key=OuterRef("email_key"),
        ends_at__gt=OuterRef("ends_at"),
    )
    handed_on = later.filter(replaces=OuterRef("pk"))
    standing = Mandate.objects.filter(proven_at__isnull=False, withdrawn_at=None, rejected_at=None)
    return standing.exclude(Exists(renewed)).exclude(Exists(handed_on))


def _tell(due: QuerySet[Mandate], field: str, *, at: datetime) -> int:
    rows = due.select_related("organization").order_by("ends_at", "pk")[:BATCH]
    for mandate in rows:
        with transaction.atomic():
            if Mandate.objects.filter(pk=mandate.pk, **{field: None}).update(**{field: at}):
                tell_people(
                    kind="organizations.mandate_ends",
                    organization=mandate.organization,
                    mandate=mandate,
                    about_id=mandate.pk,
                    at=at,
                )
    return len(rows)
