"""Which words of one text are those of another: exact to the character, and done in bounded time.

The longest common subsequence is found with one bit for each pair of words, a row of them at a time (the bit-parallel method
after Hyyrö, 2004). It looks at every pair once, whatever the texts say, so that no text can keep it busy for long.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

Op = Literal["keep", "del", "ins"]
Piece = tuple[Op, str]

# Pairs of words compared at once: 16 MB, a tenth of a second. Longer stretches without a sentence in common are replaced whole.
MAX_PAIRS = 2**27

# Written without spaces; and Korean, whose endings change within a word.
_CJK = (
    "\u1100-\u11ff\u2e80-\u2fff\u3005-\u3007\u3021-\u303f\u3040-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_MARKS = "\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"  # written with the character before
_SIGNS = (
    "!-/:-@\\[-`{-~\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u055a-\u055f\u0589\u058a\u05be\u05f3"
    "\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965\u0e2f\u0e5a\u0e5b\u2010-\u2027\u2030-\u205e\u2190-\u2bff"
    "\u3001-\u3004\u3008-\u3020\u30fb\ufe10-\ufe19\ufe30-\ufe6b\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_LETTER = f"[^\\s{_SIGNS}{_CJK}]"
# A number with its points and commas; a word with its apostrophes; one character; a line end; spaces; any other sign.
_TOKEN = re.compile(
    rf"\d++(?:[.,]\d++){{1,8}}+(?!{_LETTER})|{_LETTER}++(?:['’]{_LETTER}++)*+|[{_CJK}][{_MARKS}]*+|\n|[^\S\n]++|.",
    re.DOTALL,
)
_SENTENCE = re.compile(r"[^\n.!?。！？؟।]*(?:[.!?。！？؟।]+[^\S\n]*|\n+|\Z)")


def word_changes(old: str, new: str) -> tuple[Piece, ...]:
    """What was kept, deleted and inserted, in reading order, a deletion before what took its place.

    The kept and deleted pieces joined are exactly `old`, the kept and inserted ones exactly `new`. Words and characters are
    never cut. No two neighbors have the same op, and no piece is empty.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if _fit(before, after):
        return _pieces(_compared(before, after))
    before, after = _sentences(old), _sentences(new)
    return _pieces(
        pair
        for deleted, inserted, is_kept in _stretches(before, after, common_places(before, after))
        for pair in (
            [(deleted, inserted, True)]
            if is_kept
            else _compared(_TOKEN.findall(deleted), _TOKEN.findall(inserted))
        )
    )


def common_places(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places (in `old`, in `new`) that hold the same, in order and as many as there can be.

    Of sequences with more than MAX_PAIRS pairs between their common ends, those ends alone.
    """
    head, tail = _common_ends(old, new)
    places = [(index, index) for index in range(head)]
    rest, other = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(rest) * len(other) <= MAX_PAIRS:
        places += [(head + i, head + j) for i, j in _longest_common(rest, other)]
    return places + [(len(old) - left, len(new) - left) for left in range(tail, 0, -1)]


def word_weights(text: str) -> dict[str, int]:
    """The words of a text and the characters they take up in all."""
    weights: dict[str, int] = {}
    for word in _TOKEN.findall(text):
        if not word.isspace():
            weights[word] = weights.get(word, 0) + len(word)
    return weights


def likeness(old: dict[str, int], new: dict[str, int]) -> float:
    """How much two texts have in common by their weights, from 0 to 1, whatever the order of their words."""
    total = sum(old.values()) + sum(new.values())
    common = sum(min(weight, new.get(word, 0)) for word, weight in old.items())
    return 2 * common / total if total else 1.0


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE.findall(text) if part]


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _fit(old: Sequence[str], new: Sequence[str]) -> bool:
    head, tail = _common_ends(old, new)
    return (len(old) - head - tail) * (len(new) - head - tail) <= MAX_PAIRS


def _longest_common(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Row by row: a bit is 0 where the common subsequence grows by one."""
    places: dict[str, int] = {}
    for index, item in enumerate(new):
        places[item] = places.get(item, 0) | 1 << index
    full = (1 << len(new)) - 1
    row, rows = full, []
    for item in old:
        if found := row & places.get(item, 0):
            row = (row + found | row - found) & full
        rows.append(row)
    pairs = []
    i, j = len(old), len(new)
    while i and j:
        if rows[i - 1] >> (j - 1) & 1:
            j -= 1
        else:
            i -= 1
            if not i or rows[i - 1] >> (j - 1) & 1:
                j -= 1
                pairs.append((i, j))
    return pairs[::-1]


Stretch = tuple[str, str, bool]  # as it was, as it is, whether that is the same


def _compared(old: Sequence[str], new: Sequence[str]) -> list[Stretch]:
    return list(_stretches(old, new, common_places(old, new)))


def _stretches(old: Sequence[str], new: Sequence[str], places: list[tuple[int, int]]) -> Iterator[Stretch]:
    """Both texts from beginning to end, cut where what they share begins and ends."""
    i = j = 0
    for place, other in [*places, (len(old), len(new))]:
        if place > i or other > j:
            yield "".join(old[i:place]), "".join(new[j:other]), False
        if place < len(old):
            yield old[place], new[other], True
        i, j = place + 1, other + 1


def _pieces(stretches: Iterator[Stretch] | list[Stretch]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for old, new, is_kept in _readable(stretches):
        if is_kept:
            pieces.append(("keep", old))
        else:
            pieces += [("del", old)] if old else []
            pieces += [("ins", new)] if new else []
    return tuple(pieces)


def _readable(stretches: Iterator[Stretch] | list[Stretch]) -> list[Stretch]:
    """Whole changes: a kept stretch that is shorter than the changes on both its sides (a space, “the”) becomes part of them."""
    done: list[Stretch] = []
    for is_kept, group in groupby(stretches, key=lambda stretch: stretch[2]):
        parts = list(group)
        done.append(("".join(part[0] for part in parts), "".join(part[1] for part in parts), is_kept))
        while len(done) >= 3 and not done[-1][2] and _is_lost(*done[-3:]):
            left, kept, right = done[-3:]
            done[-3:] = [(left[0] + kept[0] + right[0], left[1] + kept[1] + right[1], False)]
    return done


def _is_lost(left: Stretch, kept: Stretch, right: Stretch) -> bool:
    return len(kept[0]) <= min(max(len(left[0]), len(left[1])), max(len(right[0]), len(right[1])))
