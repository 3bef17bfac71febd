"""Passes over many signatures, in the background: look, invalidate, release, undo.

A pass goes through the signatures by primary key, a batch in a transaction that also notes how far it came: a killed worker's
pass goes on where it was, and a canceled one stops after the batch in hand. What it changed can be undone.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.crypto import Undecipherable
from campaign.core.errors import DomainError
from campaign.mailing.services import mail_row, queue_mails
from campaign.moderation.models import Act, Sweep, SweepKind, SweepState
from campaign.moderation.queries import SHOWN, Criteria, name_matcher, signatures_of_pass
from campaign.moderation.services.record import record_act
from campaign.petitions.models import Petition, Signature, SignatureState

logger = logging.getLogger(__name__)

BATCH = 1_000
DEAD_AFTER = timedelta(minutes=2)  # a living pass renews its claim with each batch


class NothingToLookFor(DomainError):
    message = _("Say which signatures you mean: fill in at least one field.")


class ScanHasNotEnded(DomainError):
    message = _("The search has not ended, or what it looked for was forgotten meanwhile. Look again first.")


class CannotUndo(DomainError):
    message = _("Only an invalidation that has ended, and was not undone yet, can be undone.")


@transaction.atomic
def ask_sweep(
    *, petition: Petition, kind: SweepKind, criteria: Criteria, reason: str, by: User, at: datetime
) -> Sweep:
    """Order a pass (scan, invalidate or release). It is on record from now on. Raises NothingToLookFor.

    A scan without a pattern for names has ended when it comes back: nothing needs to be opened for it.
    """
    if _says_nothing(kind, criteria):
        raise NothingToLookFor
    rows = signatures_of_pass(petition=petition, kind=kind, criteria=criteria)
    sweep = Sweep(
        petition=petition,
        kind=kind,
        criteria=criteria.to_json(),
        reason=reason,
        expected=rows.count(),
        asked_by=by,
        asked_at=at,
    )
    if kind == SweepKind.SCAN and not criteria.name:
        sweep.state, sweep.ended_at = SweepState.DONE, at
        sweep.seen = sweep.matched = sweep.expected
        sweep.matches = [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)[:SHOWN]]
    sweep.save(force_insert=True)
    record_act(act=Act(kind.value), actor=by, at=at, petition=petition, note=reason, sweep=sweep)
    return sweep


def _says_nothing(kind: SweepKind, criteria: Criteria) -> bool:
    """All of a quarantine may be released at once, and looked at; nothing else is done to all of a petition."""
    if kind == SweepKind.RELEASE:
        return False
    return criteria == Criteria() or (criteria.is_empty and kind != SweepKind.SCAN)


def criteria_found(*, scan: Sweep) -> Criteria:
    """What an ended scan looked for, as far as it could find it: what came in after it is not meant."""
    criteria = Criteria.from_json(scan.criteria)
    # Ids tell milliseconds apart: what came in during the last one was seen.
    until = (scan.ended_at or scan.asked_at) + timedelta(milliseconds=1)
    return replace(criteria, until=min(criteria.until or until, until))


def ask_for_found(*, scan: Sweep, kind: SweepKind, reason: str, by: User, at: datetime) -> Sweep:
    """Order that what a scan found be invalidated or released. Raises ScanHasNotEnded, NothingToLookFor."""
    if scan.kind != SweepKind.SCAN or scan.state != SweepState.DONE or scan.criteria is None:
        raise ScanHasNotEnded
    if _says_nothing(kind, Criteria.from_json(scan.criteria)):
        raise NothingToLookFor
    return ask_sweep(
        petition=scan.petition, kind=kind, criteria=criteria_found(scan=scan), reason=reason, by=by, at=at
    )


def forget_searches(*, at: datetime) -> int:
    """Erase what ended passes looked for, after as long as networks are kept: it may name people. Returns how many.

    What they did stays on record, and can still be undone.
    """
    old = Sweep.objects.filter(
        ended_at__lt=at - timedelta(days=settings.NETWORK_DAYS), criteria__isnull=False
    )
    return old.update(criteria=None, matches=[])


@transaction.atomic
def ask_undo(*, sweep: Sweep, reason: str, by: User, at: datetime) -> Sweep:
    """Order that an ended invalidation, or the part of a canceled one that was done, be undone. Raises CannotUndo."""
    sweep = Sweep.objects.select_for_update().get(pk=sweep.pk)
    has_ended = sweep.state in {SweepState.DONE, SweepState.CANCELED, SweepState.FAILED}
    if sweep.kind != SweepKind.INVALIDATE or not has_ended or sweep.undone_by.exists():
        raise CannotUndo
    undo = Sweep.objects.create(
        petition=sweep.petition,
        kind=SweepKind.UNDO,
        criteria=sweep.criteria,
        reason=reason,
        undoes=sweep,
        expected=sweep.changed,
        asked_by=by,
        asked_at=at,
    )
    record_act(act=Act.UNDO, actor=by, at=at, petition=sweep.petition, note=reason, sweep=undo)
    return undo


def cancel_sweep(*, sweep: Sweep, at: datetime) -> None:
    """Stop after the batch in hand. What is done stays done, and can be undone. Twice is once."""
    Sweep.objects.filter(pk=sweep.pk, state__in=[SweepState.WAITING, SweepState.RUNNING]).update(
        state=SweepState.CANCELED, ended_at=at
    )


def run_sweeps(*, at: datetime, clock: Callable[[], datetime], seconds: float = 20.0) -> int:
    """Work on what waits, for at most about `seconds`. Returns how many passes ended."""
    ended, start = 0, monotonic()
    while monotonic() - start < seconds:
        sweep_id = _claim(at=clock())
        if sweep_id is None:
            break
        try:
            while is_running(step := _step(sweep_id, at=clock())) and monotonic() - start < seconds:
                pass
        except OperationalError:  # a deadlock, or the database was away: what passes must not end a pass
            logger.warning("sweep %s waits for another try", sweep_id, exc_info=True)
            Sweep.objects.filter(pk=sweep_id, state=SweepState.RUNNING).update(
                claimed_at=clock() - DEAD_AFTER
            )
            break
        except Exception:  # a fault of ours: no other pass must wait for it
            logger.exception("sweep %s failed", sweep_id)
            Sweep.objects.filter(pk=sweep_id).update(state=SweepState.FAILED, ended_at=clock())
            continue
        if is_running(step):  # out of time: the next run goes on
            Sweep.objects.filter(pk=sweep_id, state=SweepState.RUNNING).update(state=SweepState.WAITING)
        else:
            ended += 1
    return ended


def is_running(state: str) -> bool:
    return state == SweepState.RUNNING


def _claim(*, at: datetime) -> uuid.UUID | None:
    """Take the oldest pass that waits or whose worker died."""
    free = Q(state=SweepState.WAITING) | Q(state=SweepState.RUNNING, claimed_at__lt=at - DEAD_AFTER)
    for sweep_id in Sweep.objects.filter(free).order_by("asked_at", "pk").values_list("pk", flat=True)[:5]:
        if Sweep.objects.filter(free, pk=sweep_id).update(state=SweepState.RUNNING, claimed_at=at):
            return sweep_id
    return None


@transaction.atomic
def _step(sweep_id: uuid.UUID, *, at: datetime) -> str:
    """One batch. Returns the pass's state after it."""
    sweep = Sweep.objects.select_for_update(of=("self",)).select_related("petition").get(pk=sweep_id)
    if sweep.state != SweepState.RUNNING:
        return sweep.state
    rows = _next_rows(sweep)
    if rows:
        _look_at(sweep, rows, at)
        sweep.cursor, sweep.claimed_at = rows[-1].pk, at
    else:
        sweep.state, sweep.ended_at = SweepState.DONE, at
    sweep.save(
        update_fields=[
            *("state", "ended_at", "cursor", "claimed_at"),
            *("seen", "matched", "changed", "matches"),
        ]
    )
    return sweep.state


def _next_rows(sweep: Sweep) -> list[Signature]:
    if sweep.kind == SweepKind.UNDO:
        rows: QuerySet[Signature] = Signature.objects.filter(
            petition=sweep.petition, invalidated_by=sweep.undoes_id
        )
    else:
        rows = signatures_of_pass(
            petition=sweep.petition,
            kind=SweepKind(sweep.kind),
            criteria=Criteria.from_json(sweep.criteria),
        )
    if sweep.cursor:
        rows = rows.filter(pk__gt=sweep.cursor)
    return list(rows.only("pk", "name", "email", "locale").order_by("pk")[:BATCH])


def _look_at(sweep: Sweep, rows: list[Signature], at: datetime) -> None:
    sweep.seen += len(rows)
    name = Criteria.from_json(sweep.criteria).name
    if name and sweep.kind != SweepKind.UNDO:
        fits = name_matcher(name)
        rows = [row for row in rows if fits(_name_of(row))]
    sweep.matched += len(rows)
    room = max(0, SHOWN - len(sweep.matches))
    sweep.matches += [str(row.pk) for row in rows[:room]]
    sweep.changed += _ACTS[SweepKind(sweep.kind)](sweep, rows, at)


def _name_of(row: Signature) -> str | None:
    """None also for a name whose key is gone: one such row must not stop the pass."""
    try:
        name: str | None = row.name
    except Undecipherable:
        return None
    return name


def _locked(rows: list[Signature]) -> QuerySet[Signature]:
    """Those rows, locked in the order of their keys: two who change the same ones must not wait for each other in a ring."""
    ids = [row.pk for row in rows]
    list(Signature.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    return Signature.objects.filter(pk__in=ids)


def _scan(sweep: Sweep, rows: list[Signature], at: datetime) -> int:
    return 0


def _invalidate(sweep: Sweep, rows: list[Signature], at: datetime) -> int:
    countable = _locked(rows).filter(state__in=[SignatureState.PENDING, SignatureState.CONFIRMED])
    return countable.update(
        state=SignatureState.INVALIDATED, state_before=F("state"), invalidated_by=sweep.pk
    )


def _release(sweep: Sweep, rows: list[Signature], at: datetime) -> int:
    """Their mails are queued with it, and their time to confirm begins anew: people have waited long enough."""
    held = _locked(rows).filter(quarantined_at__isnull=False, state=SignatureState.PENDING)
    freed = list(held.only("pk", "email", "locale"))
    Signature.objects.filter(pk__in=[row.pk for row in freed]).update(
        quarantined_at=None, quarantine_cause="", signed_at=at
    )
    queue_mails(
        mail_row(kind="petitions.signed", to=row.email, locale=row.locale, at=at, about_id=row.pk)
        for row in freed
        if row.email
    )
    return len(freed)


def _undo(sweep: Sweep, rows: list[Signature], at: datetime) -> int:
    undone = _locked(rows).filter(state=SignatureState.INVALIDATED, invalidated_by=sweep.undoes_id)
    return undone.update(state=F("state_before"), state_before="", invalidated_by=None)


_ACTS: dict[SweepKind, Callable[[Sweep, list[Signature], datetime], int]] = {
    SweepKind.SCAN: _scan,
    SweepKind.INVALIDATE: _invalidate,
    SweepKind.RELEASE: _release,
    SweepKind.UNDO: _undo,
}
