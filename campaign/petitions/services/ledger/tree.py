"""Extending the petition's Merkle tree and signing its head, in the sequencer's transaction."""

import uuid
from datetime import UTC, datetime

from django.conf import settings

from campaign.core.merkle import TileTree, edge_tiles, extended, leaf_hash
from campaign.core.notes import signed_note
from campaign.petitions import proofs
from campaign.petitions.evidence import key_of_head, last_head, leaves, own_key, stored_tiles
from campaign.petitions.models import LedgerKey, LedgerTile, TreeHead

CHUNK = 5_000


def extend_tree(*, petition_id: uuid.UUID, new: list[bytes], position: int, total: int, at: datetime) -> None:
    """Bring the tree up to `position` and sign what it is then. `new` are the leaf hashes of the last entries.

    Entries that are older than the tree itself are read and added first. `total` is the count after the last entry.
    """
    head = last_head(petition_id=petition_id)
    size = head.size if head else 0
    if position == size:
        return
    hashes = _missing(petition_id, after=size, upto=position - len(new)) + new
    tiles = stored_tiles(petition_id=petition_id, wanted=edge_tiles(size))
    changed = extended(size=size, leaves=hashes, edge=tiles)
    LedgerTile.objects.bulk_create(
        [
            LedgerTile(petition_id=petition_id, level=level, index=index, hashes=content)
            for (level, index), content in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["petition", "level", "index"],
        update_fields=["hashes"],
    )
    root = TileTree(lambda wanted: tiles | changed).root(position)
    _sign(petition_id, previous=head, size=position, root=root, total=total, at=at)


def _missing(petition_id: uuid.UUID, *, after: int, upto: int) -> list[bytes]:
    """Leaf hashes of entries made before there was a tree."""
    hashes: list[bytes] = []
    while after + len(hashes) < upto:
        start = after + len(hashes) + 1
        page = leaves(petition_id=petition_id, start=start, limit=min(CHUNK, upto - start + 1))
        hashes += [leaf_hash(text.encode()) for text in page]
    return hashes


def _sign(
    petition_id: uuid.UUID, *, previous: TreeHead | None, size: int, root: bytes, total: int, at: datetime
) -> None:
    key = own_key()
    if previous is None or key_of_head(previous) != key:
        LedgerKey.objects.bulk_create(
            [LedgerKey(name=key.name, public_key=key.public_key, since=at)], ignore_conflicts=True
        )
    checkpoint = proofs.head(
        key_name=key.name,
        petition_id=petition_id,
        size=size,
        root=root,
        total=total,
        at=at.astimezone(UTC),
    )
    TreeHead.objects.create(
        petition_id=petition_id,
        size=size,
        root=root,
        total=total,
        public_key=key.public_key,
        note=signed_note(str(checkpoint), name=key.name, seed=settings.LEDGER_KEY),
        signed_at=at,
    )
