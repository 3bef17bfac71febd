from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.merkle import (
    EMPTY_ROOT,
    TILE_BYTES,
    Frontier,
    TileMissing,
    TileTree,
    consistency_holds,
    edge_tiles,
    extended,
    inclusion_holds,
    leaf_hash,
    node_hash,
)

# The eight entries that implementations of RFC 6962 and RFC 9162 check themselves with, and their published roots and proofs.
ENTRIES = [
    bytes.fromhex(text)
    for text in [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = [  # leaf (from 1), size, path
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        2,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CONSISTENCY = [  # old size, new size, path
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


def tree_of(hashes, *steps):
    """The tree that holds these leaf hashes, added in steps that end at the given sizes."""
    tiles, size = {}, 0
    for end in [*steps, len(hashes)]:
        edge = {place: tiles[place] for place in edge_tiles(size)}
        tiles |= extended(size=size, leaves=hashes[size:end], edge=edge)
        size = end
    return TileTree(lambda wanted: {place: tiles[place] for place in wanted if place in tiles}), tiles


def naive_root(hashes):
    """The definition (RFC 9162, section 2.1.1), word by word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return sha256(b"\x01" + naive_root(hashes[:half]) + naive_root(hashes[half:])).digest()


def some_hashes(count):
    return [leaf_hash(str(number).encode()) for number in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_root_of_the_known_entries(size):
    tree, _ = tree_of([leaf_hash(entry) for entry in ENTRIES])

    assert tree.root(size).hex() == ROOTS[size - 1]


def test_root_of_nothing_is_the_digest_of_nothing():
    tree, _ = tree_of([])

    assert tree.root(0) == EMPTY_ROOT == Frontier().root()


@pytest.mark.parametrize(("leaf", "size", "path"), INCLUSION)
def test_inclusion_of_the_known_entries(leaf, size, path):
    hashes = [leaf_hash(entry) for entry in ENTRIES]
    tree, _ = tree_of(hashes)

    found = tree.inclusion_path(leaf - 1, size)

    assert [step.hex() for step in found] == path
    root = bytes.fromhex(ROOTS[size - 1])
    assert inclusion_holds(leaf=hashes[leaf - 1], index=leaf - 1, size=size, path=found, root=root)


@pytest.mark.parametrize(("old", "size", "path"), CONSISTENCY)
def test_consistency_of_the_known_entries(old, size, path):
    tree, _ = tree_of([leaf_hash(entry) for entry in ENTRIES])

    found = tree.consistency_path(old, size)

    assert [step.hex() for step in found] == path
    roots = {"old_root": bytes.fromhex(ROOTS[old - 1]), "root": bytes.fromhex(ROOTS[size - 1])}
    assert consistency_holds(old=old, size=size, path=found, **roots)


@given(
    count=st.integers(1, 1_200),
    steps=st.lists(st.integers(1, 1_200), max_size=5),
    part=st.floats(0, 1, exclude_max=True),
)
def test_any_tree_in_any_steps_has_the_root_and_the_proofs_of_the_definition(count, steps, part):
    hashes = some_hashes(count)
    tree, _ = tree_of(hashes, *sorted(step for step in steps if step < count))
    old = 1 + int(part * count)
    root, old_root = naive_root(hashes), naive_root(hashes[:old])

    assert (tree.root(count), tree.root(old)) == (root, old_root)
    path = tree.inclusion_path(old - 1, count)
    assert inclusion_holds(leaf=hashes[old - 1], index=old - 1, size=count, path=path, root=root)
    path = tree.consistency_path(old, count)
    assert consistency_holds(old=old, old_root=old_root, size=count, root=root, path=path)


@given(count=st.integers(2, 600), place=st.integers(0, 599), bit=st.integers(0, 255), part=st.integers(0, 12))
def test_no_proof_holds_with_a_flipped_bit_or_in_another_place(count, place, bit, part):
    hashes, index = some_hashes(count), place % count
    tree, _ = tree_of(hashes)
    root, path = tree.root(count), tree.inclusion_path(index, count)

    def flipped(text):
        return (int.from_bytes(text) ^ 1 << bit).to_bytes(32)

    holds = {"leaf": hashes[index], "index": index, "size": count, "path": path, "root": root}
    bad = [*path]
    bad[part % len(path)] = flipped(bad[part % len(path)])
    assert not inclusion_holds(**holds | {"path": bad})
    assert not inclusion_holds(**holds | {"leaf": flipped(hashes[index])})
    assert not inclusion_holds(**holds | {"root": flipped(root)})
    assert not inclusion_holds(**holds | {"index": (index + 1) % count})
    assert not inclusion_holds(**holds | {"path": path[:-1]})
    assert not inclusion_holds(**holds | {"path": [*path, root]})


@given(count=st.integers(2, 600), place=st.integers(1, 599), bit=st.integers(0, 255), part=st.integers(0, 12))
def test_a_forked_tree_is_not_consistent(count, place, bit, part):
    old = place % (count - 1) + 1
    hashes = some_hashes(count)
    tree, _ = tree_of(hashes)
    path = tree.consistency_path(old, count)
    forked = naive_root([*hashes[: old - 1], leaf_hash(b"another")])

    holds = {"old": old, "old_root": tree.root(old), "size": count, "root": tree.root(count), "path": path}
    bad = [*path]
    bad[part % len(path)] = (int.from_bytes(bad[part % len(path)]) ^ 1 << bit).to_bytes(32)
    assert consistency_holds(**holds)
    assert not consistency_holds(**holds | {"old_root": forked})
    assert not consistency_holds(**holds | {"path": bad})
    assert not consistency_holds(**holds | {"path": path[:-1]})
    assert not consistency_holds(**holds | {"path": [*path, forked]})
    assert not consistency_holds(**holds | {"old": old + 1})


def test_frontier_has_the_root_after_each_leaf():
    hashes, frontier = some_hashes(300), Frontier()
    for count, each in enumerate(hashes, start=1):
        frontier.append(each)
        assert frontier.root() == naive_root(hashes[:count])


def test_tiles_hold_256_hashes_and_the_level_above_their_roots():
    hashes = some_hashes(600)

    _, tiles = tree_of(hashes)

    assert sorted(tiles) == [(0, 0), (0, 1), (0, 2), (1, 0)]
    assert [len(tiles[0, index]) for index in range(3)] == [TILE_BYTES, TILE_BYTES, 88 * 32]
    assert tiles[1, 0] == naive_root(hashes[:256]) + naive_root(hashes[256:512])


def test_proof_in_a_large_tree_reads_few_tiles_at_once():
    hashes = [sha256(number.to_bytes(8)).digest() for number in range(70_000)]
    _, tiles = tree_of(hashes)
    asked = []

    def read(wanted):
        asked.append(wanted)
        return {place: tiles[place] for place in wanted}

    TileTree(read).inclusion_path(12_345, 70_000)

    assert len(asked) == 1
    assert len(asked[0]) <= 6


@pytest.mark.parametrize("act", ["root", "extend"])
def test_missing_tile_is_told_and_not_guessed(act):
    _, tiles = tree_of(some_hashes(300))
    del tiles[0, 1]

    acts = {
        "root": lambda: TileTree(lambda wanted: tiles).root(300),
        "extend": lambda: extended(size=300, leaves=some_hashes(1), edge=tiles),
    }
    with pytest.raises(TileMissing):
        acts[act]()


@pytest.mark.parametrize(("index", "size"), [(3, 3), (-1, 3), (0, 0)])
def test_inclusion_of_a_leaf_that_is_not_there_is_refused(index, size):
    tree, _ = tree_of(some_hashes(3))

    with pytest.raises(ValueError, match="no such leaf"):
        tree.inclusion_path(index, size)
    assert not inclusion_holds(leaf=b"", index=index, size=size, path=[], root=EMPTY_ROOT)


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3)])
def test_consistency_with_no_tree_is_refused(old, size):
    tree, _ = tree_of(some_hashes(3))

    with pytest.raises(ValueError, match="no such tree"):
        tree.consistency_path(old, size)
    assert not consistency_holds(old=old, old_root=b"", size=size, root=b"", path=[])


def test_steps_of_another_length_prove_nothing():
    """Two hashes passed as one step would let a forged tree hash like a grown one."""
    first, second, third = (leaf_hash(bytes([number])) for number in range(3))
    pair = node_hash(first, second)
    old_root = node_hash(pair, third)
    forged, other = leaf_hash(b"forged"), leaf_hash(b"other")
    root = node_hash(pair + third, node_hash(b"", forged + other))

    grown = consistency_holds(
        old=3, old_root=old_root, size=4, root=root, path=[b"", forged + other, pair + third]
    )
    included = inclusion_holds(leaf=forged, index=2, size=4, path=[other, pair + third], root=root)

    assert (grown, included) == (False, False)
