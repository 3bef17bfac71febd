"""The sequencer: turns confirmed signatures into consecutive numbers, and moves every public number with them.

A signature row says what its signer (or a moderator) decided; the ledger follows until both agree. One transaction takes a
batch, appends its entries, extends the tree and signs its head, moves the tallies and marks the rows: a crash leaves all of it or
nothing. No row is locked before the last statement: signing, confirming and withdrawing do not wait for a batch.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate

from campaign.core.merkle import leaf_hash
from campaign.petitions.models import (
    Dimension,
    EntryKind,
    EntryReason,
    LedgerEntry,
    Petition,
    Signature,
    SignatureState,
    Tally,
    TreeHead,
)
from campaign.petitions.proofs import leaf
from campaign.petitions.services.ledger.lock import is_only_sequencer
from campaign.petitions.services.ledger.tree import extend_tree

logger = logging.getLogger(__name__)

BATCH = 5_000
KEYS_AT_ONCE = 500  # of tallies in one statement: databases limit its parameters

# Which entries count, and which number they give, in one statement for a batch. PostgreSQL and SQLite (3.33) read it alike.
MARK_ROWS = """
UPDATE petitions_signature
SET counted = (entry.kind <> 'removal'),
    number = CASE WHEN entry.kind = 'addition' THEN entry.additions ELSE petitions_signature.number END
FROM petitions_ledgerentry AS entry
WHERE entry.petition_id = %s AND entry.position BETWEEN %s AND %s AND petitions_signature.id = entry.signature_id
"""
MOVE_TALLIES = """
WITH moves (dimension, key, step) AS (VALUES {})
UPDATE petitions_tally SET counted = petitions_tally.counted + moves.step
FROM moves
WHERE petitions_tally.petition_id = %s AND petitions_tally.dimension = moves.dimension AND petitions_tally.key = moves.key
"""
COPY_ENTRIES = """
COPY petitions_ledgerentry
(petition_id, position, kind, reason, signature_id, additions, total, mark, recorded_at) FROM STDIN
"""


class SignatureVanished(Exception):
    """A row was deleted while it was being numbered. The batch is undone; the next one is without it."""


class Waiting(NamedTuple):
    """A row whose state the ledger has not yet recorded."""

    id: uuid.UUID
    state: str
    number: int | None
    country: str
    source: str
    locale: str
    day: date | None  # of confirmation, UTC
    commitment: bytes | None
    trace: bytes | None


class Entry(NamedTuple):
    """A ledger entry, in the order of COPY_ENTRIES."""

    petition_id: uuid.UUID
    position: int
    kind: str
    reason: str
    signature_id: uuid.UUID
    additions: int
    total: int
    mark: bytes | None
    recorded_at: datetime


def number_waiting_signatures(*, at: datetime) -> int:
    """Run the sequencer for each petition that has something to record. Returns how many entries were added.

    Petitions take turns, a batch each, so that a flood under one of them does not hold up the others.
    """
    added, waiting = 0, _petitions_with_rows_that_wait()
    while waiting:
        steps = {petition_id: _step(petition_id, at) for petition_id in waiting}
        added += sum(steps.values())
        waiting = [petition_id for petition_id in waiting if steps[petition_id]]
    return added


def _petitions_with_rows_that_wait() -> list[uuid.UUID]:
    waiting = Signature.objects.awaiting_ledger().order_by().values_list("petition_id", flat=True)
    return list(waiting.distinct())


def catch_up_trees(*, at: datetime) -> int:
    """Bring trees up to their petitions' entries, after an upgrade from before there was a tree. Returns how many."""
    entries = LedgerEntry.objects.filter(petition=OuterRef("pk")).order_by("-position")
    heads = TreeHead.objects.filter(petition=OuterRef("pk")).order_by("-size")
    behind = (
        Petition.objects.annotate(
            position=Subquery(entries.values("position")[:1]), size=Subquery(heads.values("size")[:1])
        )
        .filter(position__isnull=False)
        .filter(Q(size__isnull=True) | Q(size__lt=F("position")))
    )
    petitions = list(behind.values_list("pk", flat=True))
    for petition_id in petitions:
        _step(petition_id, at)
    return len(petitions)


def _step(petition_id: uuid.UUID, at: datetime) -> int:
    try:
        return number_signatures(petition_id=petition_id, at=at)
    except Exception:  # one petition's trouble, a broken tile too, must not stop the others' numbers
        logger.exception("petition %s cannot be numbered", petition_id)
        return 0


@transaction.atomic
def number_signatures(*, petition_id: uuid.UUID, at: datetime, batch: int = BATCH) -> int:
    """Record one batch of one petition. Returns how many entries were added; 0 also when another sequencer is at it.

    Raises SignatureVanished.
    """
    if not is_only_sequencer(petition_id):
        return 0
    rows = _waiting_rows(petition_id, batch)
    position, additions, total = _last_entry(petition_id)
    entries = list(_entries(rows, petition_id, (position, additions, total), at))
    if entries:
        _store(entries)
        total = entries[-1].total
    leaves = [leaf_hash(text.encode()) for text in _leaf_texts(entries)]
    extend_tree(petition_id=petition_id, new=leaves, position=position + len(entries), total=total, at=at)
    if entries:
        _move_tallies(rows, petition_id=petition_id)
        _mark_rows(petition_id, first=position + 1, last=position + len(entries))
    return len(entries)


def _waiting_rows(petition_id: uuid.UUID, batch: int) -> list[Waiting]:
    """In the order of confirmation. Not locked: a row that changes meanwhile waits again afterwards, and is caught then."""
    rows = Signature.objects.awaiting_ledger().filter(petition_id=petition_id).order_by("confirmed_at", "id")
    days = rows.annotate(
        day=TruncDate("confirmed_at", tzinfo=UTC)
    )  # here: reading moments takes longest of all
    return [Waiting(*row) for row in days.values_list(*Waiting._fields)[:batch]]


def _last_entry(petition_id: uuid.UUID) -> tuple[int, int, int]:
    """Position, additions and total of the last entry; zeros when there is none."""
    rows = LedgerEntry.objects.filter(petition_id=petition_id).order_by("-position")
    return rows.values_list("position", "additions", "total").first() or (0, 0, 0)


def _entries(
    rows: list[Waiting], petition_id: uuid.UUID, last: tuple[int, int, int], at: datetime
) -> Iterator[Entry]:
    position, additions, total = last
    addition, confirmed = EntryKind.ADDITION.value, SignatureState.CONFIRMED.value
    for row in rows:
        position += 1
        if row.state != confirmed:
            total -= 1
            kind, mark = EntryKind.REMOVAL.value, row.trace
            by_signer = row.state == SignatureState.WITHDRAWN
            reason = EntryReason.SIGNER.value if by_signer else EntryReason.MODERATOR.value
        elif row.number is not None:
            total += 1
            kind, reason, mark = EntryKind.RESTORATION.value, EntryReason.MODERATOR.value, row.trace
        else:
            total, additions = total + 1, additions + 1
            kind, reason, mark = addition, "", row.commitment
        yield Entry(petition_id, position, kind, reason, row.id, additions, total, mark, at)


def _leaf_texts(entries: list[Entry]) -> Iterator[str]:
    if not entries:
        return
    petition, day = str(entries[0].petition_id), entries[0].recorded_at.astimezone(UTC).date().isoformat()
    for entry in entries:
        yield leaf(
            petition=petition,
            position=entry.position,
            kind=entry.kind,
            reason=entry.reason,
            additions=entry.additions,
            total=entry.total,
            day=day,
            mark=entry.mark,
        )


def _store(entries: list[Entry]) -> None:
    if connection.vendor != "postgresql":
        LedgerEntry.objects.bulk_create([LedgerEntry(**entry._asdict()) for entry in entries], batch_size=500)
        return
    # The text format of COPY, written here: row by row through the driver takes three times as long. Numbers, ids, fixed words
    # and hex digits have nothing to escape but the backslash before the hex.
    recorded_at = entries[0].recorded_at.isoformat()
    lines = [
        f"{entry.petition_id}\t{entry.position}\t{entry.kind}\t{entry.reason}\t{entry.signature_id}\t{entry.additions}\t"
        f"{entry.total}\t{_in_copy(entry.mark)}\t{recorded_at}\n"
        for entry in entries
    ]
    with connection.cursor() as cursor, cursor.copy(COPY_ENTRIES) as copy:
        copy.write("".join(lines))


def _in_copy(mark: bytes | None) -> str:
    return "\\N" if mark is None else f"\\\\x{mark.hex()}"


def _mark_rows(petition_id: uuid.UUID, *, first: int, last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MARK_ROWS, [_in_sql(petition_id), first, last])
        if cursor.rowcount != last - first + 1:
            raise SignatureVanished


def _in_sql(petition_id: uuid.UUID) -> Any:
    """The id as this database stores it."""
    return LedgerEntry._meta.get_field("petition").get_db_prep_value(petition_id, connection)


def _move_tallies(rows: list[Waiting], *, petition_id: uuid.UUID) -> None:
    moves = [move for move in _moves(rows).items() if move[1]]
    for start in range(0, len(moves), KEYS_AT_ONCE):
        part = moves[start : start + KEYS_AT_ONCE]
        # Made first and moved then: a new row of a negative step would fail its check before the old row is found.
        Tally.objects.bulk_create(
            [Tally(petition_id=petition_id, dimension=dimension, key=key) for (dimension, key), _ in part],
            ignore_conflicts=True,
        )
        values = ", ".join(["(CAST(%s AS text), CAST(%s AS text), CAST(%s AS bigint))"] * len(part))
        parameters = [value for (dimension, key), step in part for value in (dimension, key, step)]
        with connection.cursor() as cursor:
            cursor.execute(MOVE_TALLIES.format(values), [*parameters, _in_sql(petition_id)])


def _moves(rows: list[Waiting]) -> Counter[tuple[str, str]]:
    """How far each public number moves."""
    alike = Counter(
        (
            1 if row.state == SignatureState.CONFIRMED else -1,
            row.country,
            row.day,
            row.source,
            row.locale,
        )
        for row in rows
    )
    moves: Counter[tuple[str, str]] = Counter()
    for (sign, country, day, source, locale), people in alike.items():
        step = sign * people
        moves[Dimension.TOTAL.value, ""] += step
        moves[Dimension.COUNTRY.value, country] += step
        moves[Dimension.DAY.value, day.isoformat() if day else ""] += step
        moves[Dimension.SOURCE.value, source] += step
        moves[Dimension.LOCALE.value, locale] += step
    return moves
