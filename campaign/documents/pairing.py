"""Which passage of an old text became which of the new one: by key, and without a key by words."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from campaign.documents.text_kinds import Passage
from campaign.documents.words import common_places, likeness, word_weights

ALIKE = 0.4  # a paragraph that keeps this much of its words is the same one, changed
MAX_PAIRED = 900  # pairs of paragraphs weighed against each other; above, they are taken in order


def passage_pairs(old: Sequence[Passage], new: Sequence[Passage]) -> dict[int, int]:
    """The place in `old` of each place in `new` that has one: by key, or by words where there is no key."""
    named, named_now = _named(old), _named(new)
    pairs = {place: named[key] for key, place in named_now.items() if key in named}
    before = [place for place, passage in enumerate(old) if named.get(passage.key) != place]
    after = [place for place, passage in enumerate(new) if named_now.get(passage.key) != place]
    for i, j in _by_words([_said(old[place]) for place in before], [_said(new[place]) for place in after]):
        pairs[after[j]] = before[i]
    return pairs


def _named(passages: Sequence[Passage]) -> dict[str, int]:
    """Where each key stands, the first time if it stands twice."""
    places: dict[str, int] = {}
    for place, passage in enumerate(passages):
        if passage.key:
            places.setdefault(passage.key, place)
    return places


def _said(passage: Passage) -> str:
    return f"{passage.heading}\n{passage.text}"


def _by_words(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """The same in order; the same elsewhere; then, between those in order, what is alike."""
    places = common_places(old, new)
    left, right = {i for i, _j in places}, {j for _i, j in places}
    elsewhere: defaultdict[str, list[int]] = defaultdict(list)
    for i in range(len(old) - 1, -1, -1):
        if i not in left:
            elsewhere[old[i]].append(i)
    moved = [(elsewhere[said].pop(), j) for j, said in enumerate(new) if j not in right and elsewhere[said]]
    left |= {i for i, _j in moved}
    right |= {j for _i, j in moved}
    alike: list[tuple[int, int]] = []
    start, other = 0, 0
    for i, j in [*places, (len(old), len(new))]:
        gap = [each for each in range(start, i) if each not in left]
        opposite = [each for each in range(other, j) if each not in right]
        alike += [(gap[a], opposite[b]) for a, b in _alike([old[a] for a in gap], [new[b] for b in opposite])]
        start, other = i + 1, j + 1
    return places + moved + alike


def _alike(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Pairs in order that have most words in common together."""
    before, after = [word_weights(said) for said in old], [word_weights(said) for said in new]
    if len(old) * len(new) > MAX_PAIRED:
        rows = enumerate(zip(before, after, strict=False))
        return [(place, place) for place, (left, right) in rows if likeness(left, right) >= ALIKE]
    best = [[0.0] * (len(new) + 1) for _row in range(len(old) + 1)]
    for i, left in enumerate(before):
        for j, right in enumerate(after):
            value = likeness(left, right)
            both = best[i][j] + value if value >= ALIKE else 0.0
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], both)
    pairs: list[tuple[int, int]] = []
    i, j = len(old), len(new)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def places_in_order(pairs: dict[int, int]) -> set[int]:
    """The places in the new text that kept their order: as many as there can be. The others have moved."""
    ends: list[int] = []  # the lowest end of a rise of each length
    owners: list[int] = []
    before: dict[int, int | None] = {}
    for place in sorted(pairs):
        length = bisect_left(ends, pairs[place])
        before[place] = owners[length - 1] if length else None
        ends[length : length + 1] = [pairs[place]]
        owners[length : length + 1] = [place]
    kept: set[int] = set()
    last = owners[-1] if owners else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept
