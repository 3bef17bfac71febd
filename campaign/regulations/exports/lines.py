"""A printed law as a plain sequence of paragraphs: what text, Markdown and word processor files are made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from campaign.regulations.exports.origin import file_text
from campaign.regulations.kinds import HEADED
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.numbered import NumberedProvision, NumberedText, heading_gap

# Where the number of an article stands on a line of its own, above its heading or its text.
STACKED = {"law-eu", "law-fr", "law-de"}


class Role(StrEnum):
    TITLE = "title"
    FRAME = "frame"  # the tradition's fixed words
    HEADING = "heading"
    UNIT = "unit"
    END = "end"  # closing words and places of signatures


class Nest(StrEnum):
    """What a paragraph stands in, from the outside."""

    NUMBER = "number"  # below a unit whose number hangs before it
    QUOTE = "quote"  # in text put into another act


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph. `number` stands before it; `heading` is the unit's own, and opens the text of a unit that has both.

    `gap` parts number and heading. `depth` counts the headings above it, from 1. `text` of fixed words can hold line ends.
    """

    role: Role
    text: str = ""
    number: str = ""
    gap: str = " "
    heading: str = ""
    kind: str = ""
    key: str = ""
    nest: tuple[Nest, ...] = ()
    depth: int = 1

    @property
    def words(self) -> str:
        """All it says, as one line of plain text."""
        head = (
            f"{self.number}{self.gap}{self.heading}"
            if self.number and self.heading
            else self.number or self.heading
        )
        return " ".join(part for part in (head, self.text) if part)


def law_lines(law: NumberedText) -> Iterator[Line]:
    """Every paragraph of a law in the order it is printed."""
    yield from _fixed(law, "above")
    yield Line(Role.TITLE, file_text(law.title))
    yield from _fixed(law, "preamble")
    yield from _units(law.part(Kind.CITATION), law.layout)
    if recitals := law.part(Kind.RECITAL):
        yield from _fixed(law, "before_recitals")
        yield from _units(recitals, law.layout)
    yield from _fixed(law, "enacting")
    yield from _units(law.enacting, law.layout)
    yield from _fixed(law, "end", Role.END)
    yield from _units(law.part(Kind.ANNEX), law.layout)


def _fixed(law: NumberedText, part: str, role: Role = Role.FRAME) -> Iterator[Line]:
    for words in law.frame.get(part, []):
        yield Line(role, file_text(words))


def _units(provisions: Iterable[NumberedProvision], layout: str) -> Iterator[Line]:
    stack: list[tuple[NumberedProvision, tuple[Nest, ...], int]]
    stack = [(item, (), 1) for item in reversed(tuple(provisions))]
    while stack:
        item, nest, depth = stack.pop()
        own = list(_lines(item, nest, depth, layout))
        yield from own
        is_headed = any(line.role == Role.HEADING for line in own)
        below = _below(item, nest, is_headed)
        stack.extend((child, below, depth + is_headed) for child in reversed(item.children))


def _below(item: NumberedProvision, nest: tuple[Nest, ...], is_headed: bool) -> tuple[Nest, ...]:
    if item.kind == Kind.QUOTED:
        return (*nest, Nest.QUOTE)
    if item.number and not is_headed and item.kind not in HEADED:
        return (*nest, Nest.NUMBER)
    return nest


def _lines(item: NumberedProvision, nest: tuple[Nest, ...], depth: int, layout: str) -> Iterator[Line]:
    body = file_text(item.body_text)
    heading = file_text(item.heading_text)
    number = file_text(item.number)
    ends: dict[str, Any] = {"kind": item.kind, "key": item.key, "depth": depth, "gap": heading_gap(item)}
    if item.kind == Kind.QUOTED:
        nest = (*nest, Nest.QUOTE)
    is_headed = bool(heading) or (bool(number) and (not body or layout in STACKED))
    if item.kind in HEADED and is_headed:
        _first, number, heading = _opened(item.opening, number, heading)
        yield Line(Role.HEADING, number=number, heading=heading, nest=nest, **ends)
        if body or item.closing:
            yield Line(Role.UNIT, text=f"{body}{item.closing}", nest=nest, **ends)
        return
    first, number, heading = _opened(item.opening, number, heading)
    text = f"{first}{body}{item.closing}"
    if number or heading or text:
        yield Line(Role.UNIT, text=text, number=number, heading=heading, nest=nest, **ends)


def _opened(opening: str, number: str, heading: str) -> tuple[str, str, str]:
    """The opening mark before the first thing that is printed: number, heading, or what follows them."""
    if number:
        return "", f"{opening}{number}", heading
    if heading:
        return "", number, f"{opening}{heading}"
    return opening, number, heading
