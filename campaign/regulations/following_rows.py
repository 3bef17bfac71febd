"""What a model's newer edition changes beside its text: its name, open values, alternatives, law it leans on, objections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from campaign.documents.canonical import digest_of
from campaign.regulations.following import ModelMove
from campaign.regulations.marks import pieces
from campaign.regulations.tree import Unit


class RowKind(StrEnum):
    FACT = "fact"
    VARIABLE = "variable"
    CHOICE = "choice"
    HOOK = "hook"
    OBJECTION = "objection"


# What a row is known by; then what it is found again by when that was changed.
KNOWN_BY = {
    RowKind.FACT: ("name",),
    RowKind.VARIABLE: ("name",),
    RowKind.CHOICE: ("name",),
    RowKind.HOOK: ("citation", "address"),
    RowKind.OBJECTION: ("argument", "reply"),
}

FACTS = ("title", "summary", "disclaimer")  # of the instrument
LONG_TITLE = "long-title"  # of the edition

Row = dict[str, Any]  # what it says, by the names of its fields; `pk` where it has no name
Rows = dict[RowKind, list[Row]]


@dataclass(frozen=True)
class RowChange:
    """One row that the model changed. `old` and `new` are the model's, `ours` the adaptation's; each may be missing.

    `changed` names the fields in which the model's differ: taken over, these alone become the model's. `is_ours_untouched` says
    that the adaptation left them as the model had them.
    """

    kind: RowKind
    move: ModelMove  # added, removed or changed
    old: Row | None
    new: Row | None
    ours: Row | None
    changed: tuple[str, ...]
    count: int = 1  # of several that the model knows by the same words

    @cached_property
    def name(self) -> str:
        """What the model knows it by: its name; the citation of a law; the argument of an objection."""
        row = self.old or self.new or {}
        return str(row[KNOWN_BY[self.kind][0]])

    @cached_property
    def key(self) -> str:
        """By which it is decided on. No provision has a key like it."""
        is_named = len(KNOWN_BY[self.kind]) == 1
        said = self.name if is_named else digest_of(self.name)[:16]
        return f"{self.kind}:{said}" if self.count == 1 else f"{self.kind}:{said}-{self.count}"

    @cached_property
    def digest(self) -> str:
        """Of what the model says now: an answer holds as long as it says that."""
        return digest_of(_said(self.new) if self.new else None)

    @cached_property
    def ours_digest(self) -> str:
        """Of what ours says: it is taken over as long as it says what was looked at."""
        return digest_of(_said(self.ours) if self.ours else None)

    @property
    def replaces_ours(self) -> bool:
        """Whether words of the adaptation's own go when it is taken over. Rows have no earlier words."""
        return self.ours is not None and not self.is_ours_untouched

    @property
    def is_ours_untouched(self) -> bool:
        if self.old is None or self.ours is None:
            return False
        return all(self.ours[name] == self.old[name] for name in self.changed)

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to decide: the adaptation says it already, or it is none of its own."""
        if self.move == ModelMove.ADDED:
            return self.ours is not None
        if self.ours is None:
            # Law of another place is not taken along when an adaptation begins.
            return self.move == ModelMove.REMOVED or self.kind == RowKind.HOOK
        return self.new is not None and all(self.ours[name] == self.new[name] for name in self.changed)


def row_changes(*, old: Rows, new: Rows, ours: Rows) -> list[RowChange]:
    """What became of the model's rows from `old` to `new`; only what `ours` can still decide on."""
    found = [
        change
        for kind in RowKind
        for change in _changes_of(kind, old.get(kind, []), new.get(kind, []), ours.get(kind, []))
    ]
    return [change for change in found if not change.is_settled]


def variables_used(unit: Unit) -> set[str]:
    """The variables that a provision prints or has a condition on."""
    found = {
        piece.variable for words in (unit.heading, unit.body) for piece in pieces(words) if piece.variable
    }
    conditions = [each.partition("=") for each in (*unit.needs, *unit.excludes)]
    return found | {name for name, sign, _option in conditions if sign}


def _changes_of(kind: RowKind, old: list[Row], new: list[Row], ours: list[Row]) -> Iterator[RowChange]:
    pairs = _pairs(kind, old, new)
    counts: Counter[Any] = Counter()
    for (before, now), mine in zip(pairs, _ours_of(kind, pairs, ours), strict=True):
        known_by = (before or now or {})[KNOWN_BY[kind][0]]
        counts[known_by] += 1
        names = [name for name in (now or before or {}) if name != "pk"]
        if before and now:
            changed = tuple(name for name in names if before[name] != now[name])
            if not changed:
                continue
            move = ModelMove.CHANGED
        else:
            changed = tuple(names)
            move = ModelMove.ADDED if now else ModelMove.REMOVED
        yield RowChange(kind, move, before, now, mine, changed, counts[known_by])


def _pairs(kind: RowKind, old: list[Row], new: list[Row]) -> list[tuple[Row | None, Row | None]]:
    """The model's rows before and now side by side, in their new order; what is gone last."""
    left = list(old)
    partners: dict[int, Row] = {}
    for name in KNOWN_BY[kind]:
        for place, row in enumerate(new):
            if place in partners:
                continue
            same = next((each for each in left if each[name] == row[name]), None)
            if same is not None:
                partners[place] = same
                left.remove(same)
    pairs: list[tuple[Row | None, Row | None]] = [(partners.get(place), row) for place, row in enumerate(new)]
    return pairs + [(row, None) for row in left]


def _ours_of(kind: RowKind, pairs: list[tuple[Row | None, Row | None]], ours: list[Row]) -> list[Row | None]:
    """The rows of the adaptation that came of the model's, each of one alone: known by what it was, or is, called there.

    Of several called so, first those that are alike in all they are known by.
    """
    left = list(ours)
    found: list[Row | None] = [None] * len(pairs)
    for names in (KNOWN_BY[kind], KNOWN_BY[kind][:1]):
        for side in (0, 1):
            for place, pair in enumerate(pairs):
                theirs = pair[side]
                if theirs is None or found[place] is not None:
                    continue
                same = next((row for row in left if all(row[name] == theirs[name] for name in names)), None)
                if same is not None:
                    found[place] = same
                    left.remove(same)
    return found


def _said(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "pk"}
