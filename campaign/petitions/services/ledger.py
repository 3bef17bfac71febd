"""The sequencer: turns confirmed signatures into consecutive numbers, and moves every public number with them.

A signature row says what its signer (or a moderator) decided; the ledger follows until both agree. One transaction takes a batch,
appends its entries, marks its rows and moves the tallies: a crash leaves all of it or nothing.
"""

import logging
import uuid
from collections import Counter
from datetime import UTC, datetime

from django.db import DatabaseError, connection, transaction
from django.db.models import F

from campaign.petitions.models import Dimension, EntryKind, LedgerEntry, Signature, SignatureState, Tally

logger = logging.getLogger(__name__)

BATCH = 5_000
LOCK_SPACE = 0x5EC1  # first half of our advisory locks on PostgreSQL


def number_waiting_signatures(*, at: datetime) -> int:
    """Run the sequencer for each petition that has something to record. Returns how many entries were added."""
    waiting = Signature.objects.awaiting_ledger().order_by().values_list("petition_id", flat=True).distinct()
    added = 0
    for petition_id in waiting:
        try:
            while step := number_signatures(petition_id=petition_id, at=at):
                added += step
        except DatabaseError:  # one petition's trouble must not stop the others' numbers
            logger.exception("petition %s cannot be numbered", petition_id)
    return added


@transaction.atomic
def number_signatures(*, petition_id: uuid.UUID, at: datetime, batch: int = BATCH) -> int:
    """Record one batch of one petition. Returns how many entries were added; 0 also when another sequencer is at it."""
    if not _is_only_sequencer(petition_id):
        return 0
    rows = list(
        Signature.objects.awaiting_ledger()
        .filter(petition_id=petition_id)
        .select_for_update(skip_locked=True, of=("self",))
        .only(
            "id", "petition_id", "state", "number", "counted", "country", "source", "locale", "confirmed_at"
        )
        .order_by("confirmed_at", "id")[:batch]
    )
    if not rows:
        return 0
    last = LedgerEntry.objects.filter(petition_id=petition_id).order_by("-position").first()
    entries = _entries(rows, after=last, petition_id=petition_id, at=at)
    LedgerEntry.objects.bulk_create(entries, batch_size=1_000)
    Signature.objects.bulk_update(rows, ["counted", "number"], batch_size=500)
    _move_tallies(rows, petition_id=petition_id)
    return len(entries)


def _is_only_sequencer(petition_id: uuid.UUID) -> bool:
    """Whether this transaction may number the petition. Held until it ends.

    On SQLite a transaction begins with the only write lock there is (`transaction_mode: IMMEDIATE`), so nothing more is needed.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, str(petition_id)])
        row = cursor.fetchone()
    return bool(row and row[0])


def _entries(
    rows: list[Signature], *, after: LedgerEntry | None, petition_id: uuid.UUID, at: datetime
) -> list[LedgerEntry]:
    position, additions, total = (after.position, after.additions, after.total) if after else (0, 0, 0)
    entries = []
    for row in rows:
        row.counted = row.state == SignatureState.CONFIRMED
        position += 1
        total += 1 if row.counted else -1
        if not row.counted:
            kind = EntryKind.REMOVAL
        elif row.number is not None:
            kind = EntryKind.RESTORATION
        else:
            kind = EntryKind.ADDITION
            additions += 1
            row.number = additions
        entries.append(
            LedgerEntry(
                petition_id=petition_id,
                position=position,
                kind=kind,
                signature=row,
                additions=additions,
                total=total,
                recorded_at=at,
            )
        )
    return entries


def _move_tallies(rows: list[Signature], *, petition_id: uuid.UUID) -> None:
    moves: Counter[tuple[str, str]] = Counter()
    for row in rows:
        step = 1 if row.counted else -1
        day = row.confirmed_at.astimezone(UTC).date().isoformat() if row.confirmed_at else ""
        moves[Dimension.TOTAL, ""] += step
        moves[Dimension.COUNTRY, str(row.country)] += step
        moves[Dimension.DAY, day] += step
        moves[Dimension.SOURCE, row.source] += step
        moves[Dimension.LOCALE, row.locale] += step
    Tally.objects.bulk_create(
        [Tally(petition_id=petition_id, dimension=dimension, key=key) for dimension, key in moves],
        ignore_conflicts=True,
    )
    for (dimension, key), step in sorted(moves.items()):
        if step:
            Tally.objects.filter(petition_id=petition_id, dimension=dimension, key=key).update(
                counted=F("counted") + step
            )
