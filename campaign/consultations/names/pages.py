"""How names stand on pages: which lines on which page of which part, decided before anything is drawn.

So parts can be drawn by several workers at once, and the page numbers go on from one to the next.
"""

import json
import math
import unicodedata
from dataclasses import dataclass, field

from campaign.core.cleaning import clean_line

# With the type of campaign/documents/pdf/list.css: 249 mm in lines of 11 points.
LINES_PER_PAGE = 64
HEAD_LINES = 18  # what the first page says before the first name
PAGES_PER_PART = 32
EMS_PER_LINE = 46.0  # of 51: estimates may be a little short
MOST_LINES = 3
MOST_MARKS = 4  # accents on one letter
INVISIBLE = {
    "\u200b",
    "\u2060",
    "\u00ad",
    "\u200e",
    "\u200f",
    "\u061c",
    "\u034f",
    "\ufff9",
    "\ufffa",
    "\ufffb",
}
NO_CHARACTERS = {"Cn", "Co", "Cs", "Cc"}  # not assigned, private, half of one, control
MARKS = {"Mn", "Me"}

Line = tuple[str, int]  # what stands there, and how many lines high it is


@dataclass(frozen=True)
class PartPlan:
    """The pages of one part. The first of them has `first_page` for its number."""

    position: int
    first_page: int
    pages: list[list[Line]]

    def as_json(self) -> str:
        return json.dumps(self.pages, ensure_ascii=False, separators=(",", ":"))


@dataclass
class PageSetter:
    """Takes one line after another and says when a part is full."""

    position: int = 0
    first_page: int = 1
    pages: list[list[Line]] = field(default_factory=lambda: [[]])
    room: int = field(default_factory=lambda: LINES_PER_PAGE - HEAD_LINES)

    def add(self, text: str) -> PartPlan | None:
        """Put a line below the last one; gives the part before, when the line begins a new one."""
        height, full = lines_needed(text), None
        if height > self.room:
            if len(self.pages) == PAGES_PER_PART:
                full = self.rest()
                self.position, self.first_page, self.pages = (
                    self.position + 1,
                    self.first_page + PAGES_PER_PART,
                    [],
                )
            self.pages.append([])
            self.room = LINES_PER_PAGE
        self.pages[-1].append((text, height))
        self.room -= height
        return full

    def rest(self) -> PartPlan:
        """The part that is being filled."""
        return PartPlan(self.position, self.first_page, self.pages)


def name_line(name: str, country: str) -> str:
    """What stands in the annex for one person."""
    shown = printable(name)
    return f"{shown}, {country}" if country else shown


def printable(name: str) -> str:
    """A name as it can be printed: nothing that is no character, nothing invisible, no towers of accents."""
    kept: list[str] = []
    marks = 0
    for character in clean_line(name):
        category = unicodedata.category(character)
        marks = marks + 1 if category in MARKS else 0
        if category not in NO_CHARACTERS and character not in INVISIBLE and marks <= MOST_MARKS:
            kept.append(character)
    return " ".join("".join(kept).split())


def stretches(page: list[Line]) -> list[tuple[int, str]]:
    """The lines of a page from top to bottom: how high each is, and its text; neighbors of one line's height as one text."""
    found: list[tuple[int, str]] = []
    for text, height in page:
        if height == 1 and found and found[-1][0] == 1:
            found[-1] = (1, f"{found[-1][1]}\n{text}")
        else:
            found.append((height, text))
    return found


def lines_needed(text: str) -> int:
    """How many lines a text takes, by estimate."""
    return min(MOST_LINES, max(1, math.ceil(sum(map(_width, text)) / EMS_PER_LINE)))


def _width(character: str) -> float:
    if character.isascii():
        if character in "MW@mw%":
            return 0.9
        return 0.68 if character.isupper() else 0.56
    if unicodedata.category(character) in MARKS:
        return 0.0
    if unicodedata.east_asian_width(character) in {"W", "F", "A"}:
        return 1.0
    return 0.6 if ord(character) < 0x250 else 0.75
