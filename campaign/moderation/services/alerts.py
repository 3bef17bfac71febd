"""Alerts: something unusual at an open petition, told to the site's moderators once while it lasts."""

import logging
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from campaign.accounts.models import User
from campaign.core.ids import first_uuid7_at
from campaign.guard.queries import mailbox_rules
from campaign.mailing.services import mail_row, queue_mails
from campaign.moderation.models import Alert, AlertKind, Sweep, SweepKind
from campaign.moderation.queries import LAST_HOUR, Criteria, group_labels, one_of_group
from campaign.moderation.services.sweeps import NothingToLookFor, ask_sweep
from campaign.petitions.keys import domain_keys
from campaign.petitions.models import PetitionState, Signature

logger = logging.getLogger(__name__)

# What comes back after so long is news again, also when nobody dismissed what was told before.
NEWS_AGAIN = timedelta(days=1)


@dataclass(frozen=True)
class _Finding:
    petition_id: uuid.UUID
    kind: AlertKind
    key: int
    count: int
    one: str  # the id of a signature that tells what the key stands for; "" where nothing needs to be told


def watch_petitions(*, at: datetime) -> int:
    """Compare what came in during the last hour with settings.ALERT_…. Returns how many alerts are new.

    An alert lasts while each look finds it again within an hour; dismissing it does not bring it back meanwhile.
    """
    rows = Signature.objects.filter(
        pk__gte=first_uuid7_at(at - LAST_HOUR), petition__state=PetitionState.OPEN
    )
    findings = [*_crowded_networks(rows), *_crowded_domains(rows), *_full_quarantines(rows)]
    return sum(_note(finding, at=at) for finding in findings)


def _crowded_networks(rows: QuerySet[Signature]) -> Iterator[_Finding]:
    for petition_id, key, count, one in _groups(rows, "network_key", settings.ALERT_NETWORK):
        yield _Finding(petition_id, AlertKind.NETWORK, key, count, one)


def _crowded_domains(rows: QuerySet[Signature]) -> Iterator[_Finding]:
    """Domains of many and a large part of all. Those with a mailbox rule are providers that everybody uses."""
    groups = list(_groups(rows, "domain_key", settings.ALERT_DOMAIN))
    if not groups:
        return
    of_providers = {key for domain in mailbox_rules() for key in domain_keys(f"@{domain}")}
    totals = dict(
        rows.filter(petition__in={group[0] for group in groups})
        .values_list("petition")
        .annotate(count=Count("pk"))
    )
    for petition_id, key, count, one in groups:
        if key not in of_providers and 100 * count > settings.ALERT_DOMAIN_PERCENT * totals[petition_id]:
            yield _Finding(petition_id, AlertKind.DOMAIN, key, count, one)


def _full_quarantines(rows: QuerySet[Signature]) -> Iterator[_Finding]:
    groups = (
        rows.filter(quarantined_at__isnull=False)
        .values_list("petition")
        .annotate(count=Count("pk"))
        .filter(count__gte=settings.ALERT_QUARANTINED)
    )
    for petition_id, count in groups:
        yield _Finding(petition_id, AlertKind.QUARANTINE, 0, count, "")


def _groups(rows: QuerySet[Signature], column: str, least: int) -> Iterable[tuple[uuid.UUID, int, int, str]]:
    """(petition, key, count, id of one row) of each group of at least so many."""
    return (
        rows.filter(**{f"{column}__isnull": False})
        .values_list("petition", column)
        .annotate(count=Count("pk"), one=one_of_group())
        .filter(count__gte=least)
        .order_by("petition", column)
    )


@transaction.atomic
def _note(finding: _Finding, *, at: datetime) -> bool:
    """Renew the alert of a finding while it lasts, or tell a new one. Returns whether it is new."""
    known = Alert.objects.select_for_update().filter(
        petition=finding.petition_id, kind=finding.kind, key=finding.key
    )
    still_told = Q(dismissed_at=None, last_seen_at__gt=at - NEWS_AGAIN) | Q(last_seen_at__gt=at - LAST_HOUR)
    if known.filter(still_told).update(count=finding.count, last_seen_at=at):
        return False
    known.filter(dismissed_at=None).update(dismissed_at=at)  # long over, and now it begins anew
    alert = Alert(
        petition_id=finding.petition_id,
        kind=finding.kind,
        key=finding.key,
        label=_label(finding),
        count=finding.count,
        first_seen_at=at,
        last_seen_at=at,
    )
    # Two beats at once: the constraint lets one of them in.
    Alert.objects.bulk_create([alert], ignore_conflicts=True)
    if not Alert.objects.filter(pk=alert.pk).exists():
        return False
    logger.warning("alert %s (%s) at petition %s", alert.pk, alert.kind, alert.petition_id)
    _tell_moderators(alert, at=at)
    return True


def _label(finding: _Finding) -> str:
    if not finding.one:
        return ""
    return group_labels(finding.kind, {finding.key: finding.one})[finding.key]


def _tell_moderators(alert: Alert, *, at: datetime) -> None:
    moderators = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
    queue_mails(
        mail_row(kind="moderation.alert", to=user.email, locale=user.locale, at=at, about_id=alert.pk)
        for user in moderators
    )


def dismiss_alert(*, alert: Alert, at: datetime) -> None:
    """Take an alert off the desk. Twice is once."""
    Alert.objects.filter(pk=alert.pk, dismissed_at=None).update(dismissed_at=at)


def look_at_alert(*, alert: Alert, by: User, at: datetime) -> Sweep:
    """Search for the signatures an alert is about. Raises NothingToLookFor when its domain or network was erased."""
    since, label = alert.first_seen_at - LAST_HOUR, alert.label or ""
    if not label and alert.kind != AlertKind.QUARANTINE:
        raise NothingToLookFor
    found = {
        AlertKind.DOMAIN: Criteria(domain=label, since=since),
        AlertKind.NETWORK: Criteria(network=label, since=since),
        AlertKind.QUARANTINE: Criteria(only="quarantined", since=since),
    }[AlertKind(alert.kind)]
    return ask_sweep(petition=alert.petition, kind=SweepKind.SCAN, criteria=found, reason="", by=by, at=at)


def forget_alerts(*, at: datetime) -> int:
    """Delete alerts that are older than networks are kept. Returns how many."""
    old = Alert.objects.filter(last_seen_at__lt=at - timedelta(days=settings.NETWORK_DAYS))
    return old.delete()[0]
