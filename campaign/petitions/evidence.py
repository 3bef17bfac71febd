"""Reads that prove: entries, tiles, heads, proofs, and what a receipt shows. A handful of queries each, at any size."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from campaign.core.merkle import TileId, TileTree, inclusion_holds, leaf_hash
from campaign.core.notes import (
    NoteRefused,
    VerifierKey,
    key_name,
    parse_checkpoint,
    public_key_of,
    signing_names,
    verified_text,
)
from campaign.petitions.models import (
    EntryKind,
    EntryReason,
    LedgerEntry,
    LedgerKey,
    LedgerTile,
    Signature,
    SignatureState,
    TreeHead,
)
from campaign.petitions.proofs import Receipt, commitment, leaf, origin, trace

LEAF_FIELDS = ("position", "kind", "reason", "additions", "total", "recorded_at", "mark")
LARGEST = 2**63 - 1  # what the database can compare


def last_entry(*, petition_id: uuid.UUID) -> LedgerEntry | None:
    return LedgerEntry.objects.filter(petition_id=petition_id).order_by("-position").first()


def last_head(*, petition_id: uuid.UUID) -> TreeHead | None:
    return TreeHead.objects.filter(petition_id=petition_id).order_by("-size").first()


def head_of_size(*, petition_id: uuid.UUID, size: int) -> TreeHead | None:
    return TreeHead.objects.filter(petition_id=petition_id, size=min(size, LARGEST)).first()


def petition_tree(*, petition_id: uuid.UUID, known: dict[TileId, bytes] | None = None) -> TileTree:
    """The tree of one petition; each answer takes one query. Tiles in `known` are not read again, and what is read joins them."""

    def read(wanted: set[TileId]) -> Mapping[TileId, bytes]:
        if known is None:
            return stored_tiles(petition_id=petition_id, wanted=wanted)
        known.update(stored_tiles(petition_id=petition_id, wanted=wanted - known.keys()))
        return known

    return TileTree(read)


def stored_tiles(*, petition_id: uuid.UUID, wanted: Iterable[TileId]) -> dict[TileId, bytes]:
    """Those of the wanted tiles that exist."""
    places = Q()
    for level, index in sorted(wanted):
        places |= Q(level=level, index=index)
    if not places:
        return {}
    rows = LedgerTile.objects.filter(places, petition_id=petition_id)
    return {
        (level, index): bytes(hashes) for level, index, hashes in rows.values_list("level", "index", "hashes")
    }


def leaves(*, petition_id: uuid.UUID, start: int, limit: int) -> list[str]:
    """The public text of up to `limit` entries from position `start` (from 1) on."""
    return [entry.leaf for entry in public_entries(petition_id=petition_id, start=start, limit=limit)]


class PublicEntry(NamedTuple):
    """An entry as the world sees it: `leaf` says it all, the rest is for counting."""

    position: int
    kind: str
    additions: int
    total: int
    leaf: str


def public_entries(*, petition_id: uuid.UUID, start: int, limit: int) -> Iterator[PublicEntry]:
    """Up to `limit` entries from position `start` (from 1) on, in one query."""
    petition, rows = str(petition_id), LedgerEntry.objects.filter(petition_id=petition_id)
    page = rows.filter(position__gte=min(start, LARGEST)).order_by("position")[:limit]
    for position, kind, reason, additions, total, recorded_at, mark in page.values_list(*LEAF_FIELDS):
        text = leaf(
            petition=petition,
            position=position,
            kind=kind,
            reason=reason,
            additions=additions,
            total=total,
            day=recorded_at.astimezone(UTC).date().isoformat(),
            mark=mark,
        )
        yield PublicEntry(position, kind, additions, total, text)


def own_key() -> VerifierKey:
    """The key this site signs heads with now."""
    return VerifierKey(key_name(settings.SITE_URL), public_key_of(settings.LEDGER_KEY))


def key_of_head(head: TreeHead) -> VerifierKey:
    """The key that a head says it was signed with."""
    return VerifierKey(signing_names(head.note)[0], bytes(head.public_key))


def keys_used() -> list[tuple[VerifierKey, datetime]]:
    """Every key that has signed heads here and since when, the newest first."""
    rows = LedgerKey.objects.order_by("-since", "-pk").values_list("name", "public_key", "since")
    return [(VerifierKey(name, bytes(key)), since) for name, key, since in rows]


@dataclass(frozen=True)
class Movements:
    """What the ledger has recorded so far: additions - removals + restorations = total."""

    additions: int
    withdrawn: int
    invalidated: int
    restorations: int

    @property
    def total(self) -> int:
        return self.additions - self.withdrawn - self.invalidated + self.restorations


def ledger_movements(*, petition_id: uuid.UUID, last: LedgerEntry | None) -> Movements:
    """Counted up to the last entry. Additions are read from it; what left or came back is few, and indexed."""
    rows = LedgerEntry.objects.filter(petition_id=petition_id, position__lte=last.position if last else 0)
    moved = rows.exclude(kind=EntryKind.ADDITION).aggregate(
        withdrawn=Count("pk", filter=Q(kind=EntryKind.REMOVAL) & ~Q(reason=EntryReason.MODERATOR)),
        invalidated=Count("pk", filter=Q(kind=EntryKind.REMOVAL, reason=EntryReason.MODERATOR)),
        restorations=Count("pk", filter=Q(kind=EntryKind.RESTORATION)),
    )
    return Movements(additions=last.additions if last else 0, **moved)


# --- Receipts ---------------------------------------------------------------
def counted_signatures(ids: Iterable[uuid.UUID]) -> QuerySet[Signature]:
    """Those of the rows that have a place in the ledger and a person behind them: who gets a receipt."""
    rows = Signature.objects.select_related("petition")
    return rows.filter(
        pk__in=ids, state=SignatureState.CONFIRMED, counted=True, number__isnull=False, email__isnull=False
    )


def receipts_of(*, signatures: Iterable[Signature]) -> dict[uuid.UUID, Receipt]:
    """The receipt of each signature that `counted_signatures` found, by its id, up to its petition's last head."""
    by_id = {row.pk: row for row in signatures}
    additions = LedgerEntry.objects.filter(signature_id__in=by_id, kind=EntryKind.ADDITION).order_by()
    entries = {entry.signature_id: entry for entry in additions}
    heads = {pk: last_head(petition_id=pk) for pk in {row.petition_id for row in by_id.values()}}
    trees = {pk: petition_tree(petition_id=pk, known={}) for pk in heads}
    receipts = {}
    for pk, entry in entries.items():
        head = heads[entry.petition_id]
        if head is not None and head.size >= entry.position:
            receipts[pk] = _receipt(by_id[pk], entry, head, trees[entry.petition_id])
    return receipts


def _receipt(row: Signature, entry: LedgerEntry, head: TreeHead, tree: TileTree) -> Receipt:
    petition = row.petition
    return Receipt(
        petition_id=petition.pk,
        title=petition.title,
        address=settings.SITE_URL + reverse("petition_detail", args=[petition.slug]),
        number=entry.additions,
        position=entry.position,
        leaf=leaf_of(entry),
        salt=bytes.fromhex(row.salt or ""),
        size=head.size,
        path=tuple(tree.inclusion_path(entry.position - 1, head.size)),
        checkpoint=head.note,
        verifier_key=str(key_of_head(head)),
    )


def leaf_of(entry: LedgerEntry) -> str:
    return leaf(
        petition=str(entry.petition_id),
        position=entry.position,
        kind=entry.kind,
        reason=entry.reason,
        additions=entry.additions,
        total=entry.total,
        day=entry.recorded_at.astimezone(UTC).date().isoformat(),
        mark=entry.mark,
    )


class Standing(StrEnum):
    """What a receipt and an address show, taken together."""

    IN = "in"
    REMOVED = "removed"
    OTHER_ADDRESS = "other_address"
    UNBOUND = "unbound"  # its entry is older than commitments: it names no address
    NOT_HERE = "not_here"  # of another petition, or of another site
    ALTERED = "altered"  # the receipt is not as it was made
    CONTRADICTED = "contradicted"  # the receipt is as it was made, and the ledger says something else


@dataclass(frozen=True)
class ReceiptAnswer:
    standing: Standing
    number: int | None = None
    removed_on: date | None = None
    removed_by: str = ""  # EntryReason


def receipt_answer(*, petition_id: uuid.UUID, receipt: Receipt, address: str) -> ReceiptAnswer:
    """Check a receipt against the ledger as it is now. Stores nothing."""
    if receipt.petition_id != petition_id:
        return ReceiptAnswer(Standing.NOT_HERE)
    root = _signed_root(receipt)
    if root is None:
        return ReceiptAnswer(Standing.ALTERED)
    head = last_head(petition_id=petition_id)
    if head is None or head.size < receipt.size:
        return ReceiptAnswer(Standing.CONTRADICTED)
    if petition_tree(petition_id=petition_id).root(receipt.size) != root:
        return ReceiptAnswer(Standing.CONTRADICTED)
    entry = LedgerEntry.objects.filter(petition_id=petition_id, position=receipt.position).first()
    if entry is None or leaf_of(entry) != receipt.leaf:
        return ReceiptAnswer(Standing.CONTRADICTED)
    return _personal_answer(entry, receipt, address)


def _signed_root(receipt: Receipt) -> bytes | None:
    """The root in the receipt's checkpoint, when we have signed it and the receipt's leaf leads up to it."""
    keys = [key for key, _since in keys_used()]
    try:
        checkpoint = parse_checkpoint(verified_text(receipt.checkpoint, keys=keys))
    except NoteRefused:
        return None
    logs = {origin(key_name=key.name, petition_id=receipt.petition_id) for key in keys}
    if checkpoint.origin not in logs or checkpoint.size != receipt.size:
        return None
    is_in = inclusion_holds(
        leaf=leaf_hash(receipt.leaf.encode()),
        index=receipt.position - 1,
        size=receipt.size,
        path=receipt.path,
        root=checkpoint.root,
    )
    return checkpoint.root if is_in else None


def _personal_answer(entry: LedgerEntry, receipt: Receipt, address: str) -> ReceiptAnswer:
    if entry.kind != EntryKind.ADDITION or entry.additions != receipt.number:
        return ReceiptAnswer(Standing.ALTERED)
    if entry.mark is None:
        return ReceiptAnswer(Standing.UNBOUND, number=entry.additions)
    if bytes(entry.mark) != commitment(salt=receipt.salt, address=address):
        return ReceiptAnswer(Standing.OTHER_ADDRESS, number=entry.additions)
    moves = LedgerEntry.objects.filter(signature_id=entry.signature_id, petition_id=entry.petition_id)
    last = moves.filter(mark=trace(salt=receipt.salt, address=address)).order_by("-position").first()
    if last is None or last.kind != EntryKind.REMOVAL:
        return ReceiptAnswer(Standing.IN, number=entry.additions)
    return ReceiptAnswer(
        Standing.REMOVED,
        number=entry.additions,
        removed_on=last.recorded_at.astimezone(UTC).date(),
        removed_by=last.reason,
    )
