"""Which numbers could come next, in a tradition: the tradition writes them, and a line is compared with what it writes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache

from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions import Step, tradition
from campaign.regulations.traditions.base import NumberStyle

NUMBERED = (
    Kind.TITLE, Kind.CHAPTER, Kind.SECTION, Kind.DIVISION, Kind.ARTICLE, Kind.PARAGRAPH,
    Kind.DEFINITION, Kind.POINT, Kind.INDENT, Kind.RECITAL, Kind.ANNEX,
)  # fmt: skip
_SPACES = re.compile(r"[\s\u00a0\u202f\u3000]+")
_INSERTED = re.compile(r"(의\d+|の[一二三四五六七八九十]+|\s?(?:bis|ter|quater|quinquies)|[A-Za-z]{1,2})")
_FIRST = ("1", "a", "A", "i", "I", "가", "一", "イ", "ア", "１")
_LIKE_A_NUMBER = re.compile(
    r"[(（]?(?:\d{1,4}|[０-９]{1,4}|[ivxlcdmIVXLCDM]{1,6}|[A-Za-z]{1,2}|[가-하]|[ア-ン])[)）.．°]"
    r"|(?:\d{1,4}(?:\.\d{1,3}){0,4}[A-Za-z]{0,2}|[０-９]{1,4}|[一二三四五六七八九十百]{1,5}|[ア-ン]|[IVX]{1,5})(?:\s|\.\s|$)"
    r"|[①-⑳㉑-㉟㊱-㊿]|§|제\s*\d|第[一二三四五六七八九十百千0-9]"
)


def plain(text: str) -> str:
    """A line with single plain spaces, as labels are compared."""
    return _SPACES.sub(" ", text).strip()


@dataclass(slots=True)
class Open:
    """A unit that lines may still be put into, with the counts of what is below it."""

    kind: str
    number: str = ""
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A number at the beginning of a line. `level` is how many open units stay open around it."""

    level: int
    kind: str
    label: str
    number: str
    rest: str
    count: int | None  # None for one put between two others
    is_next: bool


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a unit of `kind` would stand: below how many open units, of which kinds, with which numbers."""

    level: int
    chain: tuple[str, ...]
    path: tuple[Step, ...]
    kind: str


class Labels:
    """Reads the numbers of one tradition in one language."""

    def __init__(self, key: str, language: str) -> None:
        self.form, self.language = tradition(key), language
        # Asked for each line and each open level: a law has few chains, and the answers do not change.
        self.may_contain = cache(self.form.may_contain)
        self.keywords = self._keywords()

    def looks_numbered(self, line: str) -> bool:
        """Whether a line begins as numbered ones do: with a figure or letter and a bracket, or with a word like Article."""
        if _LIKE_A_NUMBER.match(line):
            return True
        first, _space, rest = line.partition(" ")
        word = first.rstrip(".").casefold()
        if word not in self.keywords and not self._is_misspelt(word):
            return False
        return not rest or bool(re.match(r"[\dIVXLC]+[A-Za-z]{0,2}\b|[A-Z]\b|[—–-]", rest))

    def _is_misspelt(self, word: str) -> bool:
        return len(word) > 4 and any(
            SequenceMatcher(None, word, each).ratio() > 0.8 for each in self.keywords
        )

    def read(self, line: str, stack: list[Open]) -> list[Found]:
        """All that the number at the beginning of a line can be, those that come next first, the innermost first."""
        found = []
        for level in range(len(stack), 0, -1):
            chain = tuple(each.kind for each in stack[1:level])
            path = tuple(Step(each.kind, each.number) for each in stack[1:level])
            for kind in NUMBERED:
                if self.may_contain(chain, kind):
                    found += self._read_as(line, stack, _Spot(level, chain, path, kind))
        return sorted(found, key=lambda each: not each.is_next)

    def _read_as(self, line: str, stack: list[Open], spot: _Spot) -> list[Found]:
        style = self.form.style(spot.chain, spot.kind)
        counts = self.counted_at(stack, spot.level, spot.kind).counts
        following = counts.get(self._counted_as(spot.kind), 0) + 1
        if style is not None and not self.label(spot, style.write(following), following):
            following += 1  # the first one carries no number
        number = style.write(following) if style else ""
        for alone in (False, True) if following == 1 else (False,):
            label = self.label(spot, number, following, alone=alone)
            if (rest := _after(line, label)) is not None:
                return [Found(spot.level, spot.kind, label, number, rest, following, True)]
        return self._read_other(line, spot, style, following - 1) if style else []

    def _read_other(self, line: str, spot: _Spot, style: NumberStyle, count: int) -> list[Found]:
        """A number that does not follow: further on, put between two others, or before."""
        for number in self._numbers_in(line, spot, style):
            try:
                read = style.read(number, after=count)
            except ValueError:
                continue
            label = self.label(spot, number, 2)
            rest = _after(line, label)
            if rest is not None:
                return [Found(spot.level, spot.kind, label, number, rest, read, False)]
        return []

    def _numbers_in(self, line: str, spot: _Spot, style: NumberStyle) -> list[str]:
        """What could be the number, by what stands around a number in this tradition; the longest first."""
        second = style.write(2)
        before, there, after = self.label(spot, second, 2).rpartition(second)
        if not there:  # circled and the like: no figure stands in the label
            return [style.write(each) for each in range(1, 51)]
        end = re.escape(after) if after else r"(?!\w)"
        pattern = rf"{re.escape(before)}([^\s().,:;—–]{{1,8}}?){end}"
        match = re.match(pattern, line, re.IGNORECASE if len(before) > 2 else 0)
        if match is None:
            return []
        number = match[1]
        inserted = _INSERTED.match(line[match.end() :])
        return [f"{number}{inserted[1]}", number] if inserted else [number]

    def counted_at(self, stack: list[Open], level: int, kind: str) -> Open:
        """The open unit that counts units of `kind` at `level`: the parent, or further up where the count goes on."""
        if kind not in self.form.counts_on:
            return stack[level - 1]
        starts = self.form.counts_on[kind]
        return next((each for each in reversed(stack[1:level]) if each.kind in starts), stack[0])

    def take(self, stack: list[Open], found: Found) -> None:
        """Go on counting from a number that was taken."""
        if found.count is not None:
            at = self.counted_at(stack, found.level, found.kind)
            at.counts[self._counted_as(found.kind)] = found.count

    def _counted_as(self, kind: str) -> str:
        return self.form.counts_with.get(kind, kind)

    def label(self, spot: _Spot, number: str, ordinal: int, *, alone: bool = False) -> str:
        """The label of a unit that would be put there, as a line is compared with it."""
        step = Step(spot.kind, number, ordinal, alone=alone)
        return plain(self.form.label((*spot.path, step), spot.chain, self.language))

    def _keywords(self) -> frozenset[str]:
        words = set()
        for kind in (Kind.TITLE, Kind.CHAPTER, Kind.SECTION, Kind.ARTICLE, Kind.ANNEX):
            style = self.form.style((), kind)
            for count in (1, 2):
                label = self.label(_Spot(1, (), (), kind), style.write(count) if style else "", count)
                first = label.partition(" ")[0].rstrip(".")
                if len(first) > 2 and first.isalpha():
                    words.add(first.casefold())
        return frozenset(words)


def _after(line: str, label: str) -> str | None:
    """What follows a label at the beginning of a line; None when the line does not begin with it."""
    head = line[: len(label)]
    is_word = sum(letter.isalpha() for letter in label) > 3
    if not label or (head.casefold() != label.casefold() if is_word else head != label):
        return None
    rest = line[len(label) :]
    if not rest or rest[0].isspace():
        return rest.strip()
    if label[-1].isalnum() and label[-1].isascii() and rest[0] not in "—(:.":
        return None
    if rest[0].isdigit() or (label[-1] in "조条編編章節" and rest[0] in "의の"):
        return None
    return rest.strip()
