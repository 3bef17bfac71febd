"""A Merkle tree over entries that are only ever added (RFC 9162, section 2.1), kept as tiles of 256 hashes.

Level 0 of the tiles holds leaf hashes; level n holds the roots of the full tiles of level n - 1. A proof reads a few tiles,
whatever the size of the tree. Everything here is pure: tiles come from a callback and go back as values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
TILE_BYTES = TILE_WIDTH * HASH_BYTES
EMPTY_ROOT = sha256(b"").digest()

TileId = tuple[int, int]  # level, place in the level
Node = tuple[
    int, int
]  # height, place: the root of the complete subtree over leaves [place << height, (place + 1) << height)
Span = tuple[int, int]  # leaves from the first up to, not with, the second
ReadTiles = Callable[[set[TileId]], Mapping[TileId, bytes]]


class TileMissing(Exception):
    """The reader has no such tile, or it is shorter than the tree needs."""


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


# --- Adding -----------------------------------------------------------------
def edge_tiles(size: int) -> set[TileId]:
    """The tiles at the right edge of a tree that are not full: what `extended` and its root need to read."""
    tiles, level = set(), 0
    while count := size >> (TILE_HEIGHT * level):
        if count % TILE_WIDTH:
            tiles.add((level, count // TILE_WIDTH))
        level += 1
    return tiles


def extended(*, size: int, leaves: Sequence[bytes], edge: Mapping[TileId, bytes]) -> dict[TileId, bytes]:
    """Every tile that is new or longer once leaf hashes follow the `size` ones there are.

    `edge` holds the tiles of `edge_tiles(size)`. Raises TileMissing when one is not there or has another length.
    """
    changed: dict[TileId, bytes] = {}
    added, level = list(leaves), 0
    while added:
        index, filled = divmod(size >> (TILE_HEIGHT * level), TILE_WIDTH)
        content = edge.get((level, index), b"") if filled else b""
        if len(content) != filled * HASH_BYTES:
            raise TileMissing((level, index))
        content += b"".join(added)
        added = []
        for place in range(0, len(content), TILE_BYTES):
            tile = content[place : place + TILE_BYTES]
            changed[level, index + place // TILE_BYTES] = tile
            if len(tile) == TILE_BYTES:
                added.append(_complete_root(tile))
        level += 1
    return changed


def _complete_root(hashes: bytes) -> bytes:
    """The root over hashes whose number is a power of two."""
    row = [hashes[place : place + HASH_BYTES] for place in range(0, len(hashes), HASH_BYTES)]
    while len(row) > 1:
        row = [node_hash(row[place], row[place + 1]) for place in range(0, len(row), 2)]
    return row[0]


class Frontier:
    """A tree that grows leaf by leaf and keeps no more than a hash for each height: for recounting."""

    def __init__(self) -> None:
        self.size = 0
        self._nodes: list[bytes] = []  # roots of the complete subtrees, the largest first

    def append(self, leaf: bytes) -> None:
        node, place = leaf, self.size
        while place & 1:
            node = node_hash(self._nodes.pop(), node)
            place >>= 1
        self._nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        return _folded(self._nodes)


def _folded(nodes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees that stand side by side, the largest first."""
    if not nodes:
        return EMPTY_ROOT
    root = nodes[-1]
    for node in reversed(nodes[:-1]):
        root = node_hash(node, root)
    return root


# --- Roots and proofs from tiles --------------------------------------------
class TileTree:
    """Roots and proofs of any size up to the stored one. `read` is called once for each answer, with all tiles it needs."""

    def __init__(self, read: ReadTiles) -> None:
        self._read = read

    def root(self, size: int) -> bytes:
        """Raises TileMissing when the tree is smaller, as all answers do."""
        return self._roots([(0, size)])[0]

    def inclusion_path(self, index: int, size: int) -> list[bytes]:
        """The hashes that lead from leaf `index` (from 0) to the root (RFC 9162, section 2.1.3.1)."""
        if not 0 <= index < size:
            raise ValueError("no such leaf")
        return self._roots(list(_inclusion_spans(index, size))[::-1])

    def consistency_path(self, old: int, size: int) -> list[bytes]:
        """The hashes that show the first `old` leaves unchanged in the tree of `size` (RFC 9162, section 2.1.4.1)."""
        if not 0 < old <= size:
            raise ValueError("no such tree")
        return self._roots(list(_consistency_spans(old, size))[::-1])

    def _roots(self, spans: list[Span]) -> list[bytes]:
        nodes = [list(_complete_subtrees(*span)) for span in spans]
        wanted = {_place_of(node)[0] for row in nodes for node in row}
        tiles = self._read(wanted) if wanted else {}
        return [_folded([_node_in(tiles, node) for node in row]) for row in nodes]


def _complete_subtrees(start: int, end: int) -> Iterator[Node]:
    """The largest complete subtrees that together cover the leaves, from left to right. `start` is where a subtree may begin."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def _place_of(node: Node) -> tuple[TileId, int, int]:
    """Tile, first and last byte of the hashes below a node."""
    height, place = node
    level, inside = divmod(height, TILE_HEIGHT)
    index, offset = divmod(place << inside, TILE_WIDTH)
    return (level, index), offset * HASH_BYTES, (offset + (1 << inside)) * HASH_BYTES


def _node_in(tiles: Mapping[TileId, bytes], node: Node) -> bytes:
    tile_id, first, last = _place_of(node)
    tile = tiles.get(tile_id, b"")
    if len(tile) < last:
        raise TileMissing(tile_id)
    return _complete_root(tile[first:last])


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _inclusion_spans(index: int, size: int) -> Iterator[Span]:
    """The subtrees beside the way from the root down to a leaf."""
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            yield middle, end
            end = middle
        else:
            yield start, middle
            start = middle


def _consistency_spans(old: int, size: int) -> Iterator[Span]:
    """The subtrees beside the way from the root down to where the older tree ends, and that end itself."""
    start, end = 0, size
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            yield middle, end
            end = middle
        else:
            yield start, middle
            start = middle
    if start:
        yield start, end


# --- Checking proofs --------------------------------------------------------
def inclusion_holds(*, leaf: bytes, index: int, size: int, path: Iterable[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at `index` (from 0) of the tree with that size and root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, node = index, size - 1, leaf
    for other in path:
        if last == 0 or len(other) != HASH_BYTES:  # a step of another length could stand for two
            return False
        if here & 1 or here == last:
            node = node_hash(other, node)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            node = node_hash(node, other)
        here, last = here >> 1, last >> 1
    return last == 0 and node == root


def consistency_holds(*, old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `size` begins with the older one (RFC 9162, section 2.1.4.2)."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not path and old_root == root
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not hashes or len(hashes[0]) != HASH_BYTES:
        return False
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    older = newer = hashes[0]
    for other in hashes[1:]:
        if last == 0 or len(other) != HASH_BYTES:
            return False
        if here & 1 or here == last:
            older, newer = node_hash(other, older), node_hash(other, newer)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            newer = node_hash(newer, other)
        here, last = here >> 1, last >> 1
    return last == 0 and older == old_root and newer == root
