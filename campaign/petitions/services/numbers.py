"""Numbers beside the count: thresholds it reaches, and signatures reported from elsewhere."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.models import TeamMember
from campaign.core.errors import DomainError
from campaign.mailing.services import mail_row, queue_mails
from campaign.petitions.models import Dimension, Petition, ReportedCount, Tally, Threshold


class ThresholdIsSet(DomainError):
    message = _("There is a threshold at this number already. Remove it first.")


def set_threshold(*, petition: Petition, count: int, consequence: str) -> None:
    """Say what follows at a number of confirmed signatures. Raises ThresholdIsSet."""
    _row, is_new = Threshold.objects.get_or_create(
        petition=petition, count=count, defaults={"consequence": consequence}
    )
    if not is_new:
        raise ThresholdIsSet


def remove_threshold(*, petition: Petition, threshold_id: uuid.UUID) -> None:
    """Twice is once."""
    Threshold.objects.filter(petition=petition, pk=threshold_id).delete()


def watch_thresholds(*, at: datetime) -> int:
    """Compare all thresholds with the counts, both ways. The team hears of each once. Returns how many were told."""
    total = Tally.objects.filter(petition=OuterRef("petition"), dimension=Dimension.TOTAL, key="")
    rows = Threshold.objects.annotate(total=Subquery(total.values("counted")[:1]))
    fallen = rows.filter(is_reached=True, total__lt=F("count")).values_list("pk", flat=True)
    Threshold.objects.filter(pk__in=list(fallen)).update(is_reached=False)
    risen = rows.filter(is_reached=False, total__gte=F("count"))
    return sum(_reach(threshold, at) for threshold in risen.select_related("petition__campaign"))


@transaction.atomic
def _reach(threshold: Threshold, at: datetime) -> bool:
    """Mark it as reached, with the mails of the first time in the same transaction. True when it was the first time."""
    row = Threshold.objects.filter(pk=threshold.pk, is_reached=False)
    first = Case(When(first_reached_at=None, then=Value(at)), default=F("first_reached_at"))
    is_first = row.filter(first_reached_at=None).exists()
    if not row.update(is_reached=True, first_reached_at=first) or not is_first:
        return False
    team = TeamMember.objects.active().filter(campaign=threshold.petition.campaign).values("user")
    queue_mails(
        mail_row(kind="petitions.threshold", to=user.email, locale=user.locale, at=at, about_id=threshold.pk)
        for user in User.objects.filter(pk__in=team, is_active=True).order_by("pk")
    )
    return True


def report_count(
    *, petition: Petition, kind: str, count: int, collected_by: str, note: str, by: User, at: datetime
) -> None:
    """Put signatures from paper sheets or a partner on record. They are shown apart and never added to the confirmed ones."""
    ReportedCount.objects.create(
        petition=petition,
        kind=kind,
        count=count,
        collected_by=collected_by,
        note=note,
        recorded_by=by,
        recorded_at=at,
    )


def withdraw_count(*, petition: Petition, count_id: uuid.UUID, at: datetime) -> None:
    """Take a reported number back; its record stays. Twice is once."""
    petition.reported_counts.filter(pk=count_id, withdrawn_at=None).update(withdrawn_at=at)
