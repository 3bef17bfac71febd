"""Recounting a ledger: rows, entries, public numbers, tree and signed heads must all say the same.

Public numbers are derived: where they differ from the rows they are mended. Nothing else is ever changed here.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC

from django.db import connection, transaction
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncDate

from campaign.core.merkle import HASH_BYTES, TILE_WIDTH, Frontier, leaf_hash
from campaign.core.notes import NoteRefused, VerifierKey, parse_checkpoint, signing_names, verified_text
from campaign.petitions.evidence import PublicEntry, last_head, public_entries
from campaign.petitions.models import (
    Dimension,
    EntryKind,
    LedgerEntry,
    LedgerTile,
    Petition,
    Signature,
    Tally,
    TreeHead,
)
from campaign.petitions.proofs import head as head_statement
from campaign.petitions.services.ledger.lock import wait_to_be_only_sequencer

logger = logging.getLogger(__name__)

CHUNK = 20 * TILE_WIDTH  # entries in memory at a time: whole tiles
MOST_FINDINGS = 20  # of one kind: after a flaw at the root of all, thousands of lines help nobody

# Additions whose row is gone or has another number, and rows that are counted against what their entries say.
WRONG_NUMBERS = """
SELECT COUNT(*) FROM petitions_ledgerentry AS entry
LEFT JOIN petitions_signature AS row ON row.id = entry.signature_id
WHERE entry.petition_id = %s AND entry.position <= %s AND entry.kind = 'addition'
AND (row.id IS NULL OR row.number IS NULL OR row.number <> entry.additions OR row.petition_id <> entry.petition_id)
"""
WRONGLY_COUNTED = """
SELECT COUNT(*) FROM (
    SELECT signature_id, SUM(CASE WHEN kind = 'removal' THEN -1 ELSE 1 END) AS standing
    FROM petitions_ledgerentry WHERE petition_id = %s AND position <= %s GROUP BY signature_id
) AS entries
LEFT JOIN petitions_signature AS row ON row.id = entries.signature_id
WHERE row.id IS NULL OR entries.standing <> CASE WHEN row.counted THEN 1 ELSE 0 END
"""


@dataclass
class Findings:
    """What a check found. `wrong` and `mended` are lines for the operator; they hold numbers and ids only."""

    petition_id: uuid.UUID
    slug: str
    entries: int = 0
    heads: int = 0
    total: int = 0
    wrong: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.wrong


def verify_ledgers(*, repair: bool = True) -> list[Findings]:
    """Check every petition; what is wrong or mended is logged. Returns one result for each."""
    results = []
    for petition in Petition.objects.only("id", "slug").order_by("pk"):
        findings = verify_ledger(petition=petition, repair=repair)
        for line in findings.wrong:
            logger.error("ledger of petition %s: %s", petition.pk, line)
        for line in findings.mended:
            logger.warning("public numbers of petition %s: %s", petition.pk, line)
        results.append(findings)
    return results


def verify_ledger(*, petition: Petition, repair: bool = True) -> Findings:
    """Check one petition. Numbering goes on meanwhile; only what looks wrong is looked at again while it waits.

    With `repair`, public numbers that differ from the rows are set right.
    """
    findings = Findings(petition.pk, petition.slug)
    if _counting_flaws(petition.pk) or _wrong_tallies(petition.pk):
        # The sequencer may have moved between our queries. With its lock nothing moves.
        with transaction.atomic():
            wait_to_be_only_sequencer(petition.pk)
            findings.wrong += _counting_flaws(petition.pk)
            # Rows that contradict the ledger must not become the public number.
            _check_tallies(findings, repair=repair and findings.holds)
    _check_tree(findings)
    return findings


# --- Rows and entries -------------------------------------------------------
def _counting_flaws(petition_id: uuid.UUID) -> list[str]:
    last = LedgerEntry.objects.filter(petition_id=petition_id).order_by("-position").first()
    position = last.position if last else 0
    entries = LedgerEntry.objects.filter(petition_id=petition_id, position__lte=position)
    seen = entries.aggregate(
        entries=Count("pk"),
        first=Min("position"),
        last=Max("position"),
        additions=Count("pk", filter=Q(kind=EntryKind.ADDITION)),
        removals=Count("pk", filter=Q(kind=EntryKind.REMOVAL)),
        restorations=Count("pk", filter=Q(kind=EntryKind.RESTORATION)),
    )
    rows = Signature.objects.filter(petition_id=petition_id)
    counted = rows.filter(counted=True).count()
    numbered = rows.filter(number__isnull=False).count()
    total = seen["additions"] - seen["removals"] + seen["restorations"]
    flaws = {
        "positions have gaps": (seen["entries"], seen["first"]) != (position, 1 if position else None),
        f"the last entry says {last.total if last else 0}, its entries add up to {total}": (
            last.total if last else 0
        )
        != total,
        f"{counted} rows are counted, the entries add up to {total}": counted != total,
        f"{numbered} rows have a number, {seen['additions']} were added": numbered != seen["additions"],
    }
    wrong = [line for line, is_wrong in flaws.items() if is_wrong]
    if number := _count(WRONG_NUMBERS, petition_id, position):
        wrong.append(f"{number} additions whose row is gone or has another number")
    if number := _count(WRONGLY_COUNTED, petition_id, position):
        wrong.append(f"{number} rows are counted against what their entries say")
    return wrong


def _count(sql: str, petition_id: uuid.UUID, position: int) -> int:
    stored = LedgerEntry._meta.get_field("petition").get_db_prep_value(petition_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, [stored, position])
        return int(cursor.fetchone()[0])


# --- Public numbers ---------------------------------------------------------
Numbers = dict[tuple[str, str], int]


def _counted_now(petition_id: uuid.UUID) -> Numbers:
    """Every public number as the rows have it."""
    rows = Signature.objects.filter(petition_id=petition_id, counted=True).order_by()
    numbers: Numbers = {(Dimension.TOTAL.value, ""): rows.count()}
    sources = {Dimension.COUNTRY: "country", Dimension.SOURCE: "source", Dimension.LOCALE: "locale"}
    for dimension, column in sources.items():
        for key, count in rows.values_list(column).annotate(Count("pk")):
            numbers[dimension.value, str(key)] = count
    days = rows.values_list(TruncDate("confirmed_at", tzinfo=UTC)).annotate(Count("pk"))
    numbers |= {(Dimension.DAY.value, day.isoformat() if day else ""): count for day, count in days}
    return {key: count for key, count in numbers.items() if count}


def _wrong_tallies(petition_id: uuid.UUID) -> dict[tuple[str, str], tuple[int, int]]:
    """(shown, right) of each public number that differs from the rows."""
    tallies = Tally.objects.filter(petition_id=petition_id, counted__gt=0)
    shown: Numbers = {
        (dimension, key): counted
        for dimension, key, counted in tallies.values_list("dimension", "key", "counted")
    }
    right = _counted_now(petition_id)
    both = shown.keys() | right.keys()
    return {
        key: (shown.get(key, 0), right.get(key, 0))
        for key in sorted(both)
        if shown.get(key, 0) != right.get(key, 0)
    }


def _check_tallies(findings: Findings, *, repair: bool) -> None:
    for (dimension, key), (shown, right) in _wrong_tallies(findings.petition_id).items():
        name = f"{dimension} {key}".strip()
        if not repair:
            findings.wrong.append(f"{name} shows {shown}, the rows have {right}")
            continue
        Tally.objects.update_or_create(
            petition_id=findings.petition_id, dimension=dimension, key=key, defaults={"counted": right}
        )
        findings.mended.append(f"{name} showed {shown}, now {right}")


# --- Tree and heads ---------------------------------------------------------
def _check_tree(findings: Findings) -> None:
    """Recompute the tree from the entries up to the last head; compare each tile and each head with it. Memory stays flat."""
    last = LedgerEntry.objects.filter(petition_id=findings.petition_id).aggregate(Max("position"))
    head = last_head(
        petition_id=findings.petition_id
    )  # read second: a batch brings its entries and its head together
    size = head.size if head else 0
    if size < (last["position__max"] or 0):
        findings.wrong.append(f"entries after {size} are not in the tree")
    seen = Recount(findings)
    for chunk in _chunks(findings.petition_id, size):
        heads = _heads_between(findings.petition_id, chunk[0].position, chunk[-1].position)
        for entry in chunk:
            seen.add(entry)
            if entry.position in heads:
                _check_head(findings, heads[entry.position], root=seen.tree.root(), total=entry.total)
        seen.compare_leaf_tiles()
    seen.compare_upper_tiles()
    findings.entries, findings.total = seen.tree.size, seen.total
    if seen.tree.size != size:
        findings.wrong.append(f"a head says {size} entries, there are {seen.tree.size}")


def _chunks(petition_id: uuid.UUID, size: int) -> Iterator[list[PublicEntry]]:
    done = 0
    while done < size:
        page = public_entries(petition_id=petition_id, start=done + 1, limit=min(CHUNK, size - done))
        chunk = list(page)
        if not chunk:
            return
        yield chunk
        done = chunk[-1].position


def _heads_between(petition_id: uuid.UUID, first: int, last: int) -> dict[int, TreeHead]:
    heads = TreeHead.objects.filter(petition_id=petition_id, size__gte=first, size__lte=last)
    return {head.size: head for head in heads.order_by("size")}


class Recount:
    """The entries read so far: running numbers, the tree's frontier, and the hashes that its tiles should hold."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.tree = Frontier()
        self.additions = self.total = 0
        self._moves: Counter[str] = Counter()
        self._leaves: list[bytes] = []  # of this chunk
        self._upper: dict[int, list[bytes]] = {}  # level: hashes of the tile that is not yet full
        self._index: Counter[int] = Counter()  # level: tiles compared

    def add(self, entry: PublicEntry) -> None:
        self.additions += entry.kind == EntryKind.ADDITION
        self.total += -1 if entry.kind == EntryKind.REMOVAL else 1
        right = (self.tree.size + 1, self.additions, self.total)
        if (entry.position, entry.additions, entry.total) != right:
            self._tell(f"entry {entry.position} does not follow from the one before it")
        hashed = leaf_hash(entry.leaf.encode())
        self.tree.append(hashed)
        self._leaves.append(hashed)

    def compare_leaf_tiles(self) -> None:
        """The tiles of the leaves since the last time, which ended with a full tile."""
        first = (self.tree.size - len(self._leaves)) // TILE_WIDTH
        count = -(-len(self._leaves) // TILE_WIDTH)
        stored = self._stored(0, first, first + count)
        for offset in range(count):
            hashes = self._leaves[offset * TILE_WIDTH : (offset + 1) * TILE_WIDTH]
            self._compare(0, first + offset, hashes, stored.get(first + offset, b""))
            if len(hashes) == TILE_WIDTH:
                self._grow(1, hashes)
        self._leaves = []

    def compare_upper_tiles(self) -> None:
        for level, hashes in self._upper.items():
            if hashes:
                index = self._index[level]
                self._compare(level, index, hashes, self._stored(level, index, index + 1).get(index, b""))

    def _grow(self, level: int, hashes: list[bytes]) -> None:
        subtree = Frontier()
        for each in hashes:
            subtree.append(each)
        row = self._upper.setdefault(level, [])
        row.append(subtree.root())
        if len(row) == TILE_WIDTH:
            index = self._index[level]
            self._compare(level, index, row, self._stored(level, index, index + 1).get(index, b""))
            self._index[level] += 1
            self._upper[level] = []
            self._grow(level + 1, row)

    def _stored(self, level: int, first: int, end: int) -> dict[int, bytes]:
        rows = LedgerTile.objects.filter(
            petition_id=self.findings.petition_id, level=level, index__gte=first, index__lt=end
        )
        return {index: bytes(hashes) for index, hashes in rows.values_list("index", "hashes")}

    def _compare(self, level: int, index: int, hashes: list[bytes], stored: bytes) -> None:
        # Entries may have been added since we looked: a longer tile must begin with what we have.
        if stored[: len(hashes) * HASH_BYTES] != b"".join(hashes):
            self._tell(f"tile {index} of level {level} does not hold the hashes of its entries")

    def _tell(self, line: str) -> None:
        kind = line.split()[0]
        self._moves[kind] += 1
        if self._moves[kind] <= MOST_FINDINGS:
            self.findings.wrong.append(line)


def _check_head(findings: Findings, head: TreeHead, *, root: bytes, total: int) -> None:
    findings.heads += 1
    if bytes(head.root) != root or head.total != total:
        findings.wrong.append(f"the head of size {head.size} is not that of the entries")
        return
    key = bytes(head.public_key)
    try:
        name = signing_names(head.note)[0]
        statement = parse_checkpoint(verified_text(head.note, keys=[VerifierKey(name, key)]))
    except NoteRefused as refusal:
        findings.wrong.append(f"the note of size {head.size} is not signed by its key: {refusal}")
        return
    right = head_statement(
        key_name=name,
        petition_id=findings.petition_id,
        size=head.size,
        root=root,
        total=total,
        at=head.signed_at.astimezone(UTC),
    )
    if statement != right:
        findings.wrong.append(f"the note of size {head.size} says something else than its head")
