"""A draft as its drafters see it: numbered and printed as far as it is sound, with what is switched off still there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace

from campaign.documents.canonical import digest_of
from campaign.regulations.checks import chain_of
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.marks import pieces, reference_mark
from campaign.regulations.numbered import NumberedProvision, walk_numbered
from campaign.regulations.numbering import number_tree
from campaign.regulations.options import can_be_switched, effective
from campaign.regulations.printing import numbered_text
from campaign.regulations.sentences import sentences
from campaign.regulations.traditions import Place as CitedPlace
from campaign.regulations.traditions import tradition
from campaign.regulations.tree import MAX_DEPTH, LegalText, Unit, copy_units, walk
from campaign.regulations.values import ValueRefused

_MARK = re.compile(r"\[\[[^\[\]]*\]\]")


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One provision of a draft. `printed` is None for what does not stand in the text; `is_off` when itself is switched off."""

    unit: Unit
    depth: int
    parent: str
    before: str  # the sibling before it; empty for the first
    printed: NumberedProvision | None
    can_be_switched: bool
    is_off: bool

    @property
    def number(self) -> str:
        return self.printed.number if self.printed else ""

    @property
    def heading(self) -> str:
        return self.printed.heading_text if self.printed else self.unit.heading

    @property
    def body(self) -> str:
        if self.printed:
            return f"{self.printed.opening}{self.printed.body_text}{self.printed.closing}"
        return self.unit.body

    @property
    def name(self) -> str:
        """How people call it: as it is cited, or by its number, heading or first words."""
        if self.printed and (self.printed.citation or self.printed.number):
            return self.printed.citation or self.printed.number
        return self.opening(60)

    def name_and_words(self, length: int) -> str:
        """Its name with its heading or first words, for who does not know the numbers by heart."""
        said, name = self.opening(length), self.name
        return f"{name} · {said}" if said and self.printed and name != self.opening(60) else said or name

    def opening(self, length: int) -> str:
        """Its heading, term or first words, cut to a length."""
        said = _MARK.sub("…", self.heading or self.unit.term or self.body)
        return said if len(said) <= length else f"{said[: length - 1]}…"


def draft_rows(text: LegalText) -> list[DraftRow]:
    """Every provision of a draft in reading order."""
    stands = effective(text)
    printed = _printed(stands)
    rows: list[DraftRow] = []
    last: dict[str, str] = {}
    for unit, above in walk(text.provisions):
        parent = above[-1].key if above else ""
        rows.append(
            DraftRow(
                unit=unit,
                depth=len(above),
                parent=parent,
                before=last.get(parent, ""),
                printed=printed.get(unit.key),
                can_be_switched=can_be_switched(unit),
                is_off=can_be_switched(unit) and not text.switches.get(unit.key, unit.is_default),
            )
        )
        last[parent] = unit.key
    return rows


def name_in(text: LegalText, key: str) -> str:
    """How people call a provision, as `DraftRow.name` has it, without printing the others; empty when it is not there."""
    unit = next((each for each, _above in walk(text.provisions) if each.key == key), None)
    if unit is None:
        return ""
    stands = effective(text)
    form = tradition(stands.tradition)
    numbering = number_tree(stands.provisions, tradition=form, language=stands.language)
    if key in numbering.places:
        cited = form.can_be_cited(unit.kind)
        name = form.reference(numbering.places[key], CitedPlace(steps=()), stands.language) if cited else ""
        if name or numbering.labels[key]:
            return name or numbering.labels[key]
    alone = DraftRow(unit, 0, "", "", None, False, False)
    return alone.name


def _printed(stands: LegalText) -> dict[str, NumberedProvision]:
    """The provisions as they print, by key. Marks that lead nowhere are left as plain words."""
    values = {name: value for name in stands.variables if (value := _sound_value(stands, name))}
    soft = replace(
        stands,
        provisions=copy_units(stands.provisions),
        variables={name: stands.variables[name] for name in values},
        values=values,
    )
    form = tradition(soft.tradition)
    units = {unit.key: unit for unit, _above in walk(soft.provisions)}

    def is_there(key: str, sentence: int) -> bool:
        target = units.get(key)
        if target is None or not form.can_be_cited(target.kind):
            return False
        return not sentence or sentence <= len(sentences(target.body, soft.language))

    for unit in units.values():
        unit.body = _softened(unit.body, values, is_there)
        unit.heading = _softened(unit.heading, values, is_there)
    return {item.key: item for _depth, item in walk_numbered(numbered_text(soft).provisions)}


def _sound_value(text: LegalText, name: str) -> str:
    """The value given, or the default where that does not fit; empty where neither does."""
    spec = text.variables[name]
    for value in (text.values.get(name, ""), spec.default):
        try:
            if value:
                spec.check(value)
                return value
        except ValueRefused:
            continue
    return ""


def _softened(words: str, values: dict[str, str], is_there: Callable[[str, int], bool]) -> str:
    """Marks without a target as words in single brackets, so that printing leaves them."""
    if "[[" not in words:
        return words
    said = []
    for piece in pieces(words):
        if piece.variable:
            said.append(f"[[{piece.variable}]]" if piece.variable in values else f"[{piece.variable}]")
        elif piece.reference:
            mark = reference_mark(piece.reference, piece.sentence)
            said.append(mark if is_there(piece.reference, piece.sentence) else mark[1:-1])
        else:
            said.append(piece.text)
    return "".join(said)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a provision can be moved to: behind `row`, or the first in it; without a row, the first of all."""

    row: DraftRow | None
    is_in: bool
    parent: str
    after: str
    is_here: bool

    @property
    def value(self) -> str:
        """As a form sends it."""
        return f"{'in' if self.is_in else 'after'}:{self.row.unit.key if self.row else ''}"

    @property
    def indent(self) -> str:
        """No-break spaces that show how deep it is: a list of places has no other way."""
        return "\u00a0\u00a0\u00a0" * (self.row.depth + self.is_in) if self.row else ""

    @property
    def name(self) -> str:
        """The provision that it is told by: its number and first words."""
        if self.row is None:
            return ""
        return self.row.name_and_words(50)


def places_for(text: LegalText, rows: list[DraftRow], key: str) -> list[Place]:
    """Where a provision may stand in the tradition with all below it, in reading order; where it stands now among them."""
    by_key = {row.unit.key: row for row in rows}
    moved = by_key[key]
    own = {unit.key for unit, _above in walk([moved.unit])}
    fits = _Fit(text, by_key, moved.unit)
    places: list[Place] = []

    def note(row: DraftRow | None, parent: str, after: str) -> None:
        is_here = (parent, after) == (moved.parent, moved.before)
        if is_here or fits.below(parent):
            is_in = row is None or parent == row.unit.key
            places.append(Place(row, is_in, parent, after, is_here))

    note(None, "", "")
    left: list[DraftRow] = []  # units whose end is not reached yet
    for row in rows:
        if row.unit.key in own:
            continue
        while left and left[-1].depth >= row.depth:
            ended = left.pop()
            note(ended, ended.parent, ended.unit.key)
        note(row, row.unit.key, "")
        left.append(row)
    while left:
        ended = left.pop()
        note(ended, ended.parent, ended.unit.key)
    return places


def steps_for(rows: list[DraftRow], row: DraftRow) -> dict[str, tuple[str, str]]:
    """Parent and neighbor of the places one step away: up, down, in, out. Some of these steps there may not be."""
    by_key = {each.unit.key: each for each in rows}
    steps = {}
    if row.before:
        steps["up"] = (row.parent, by_key[row.before].before)
        inside = by_key[row.before].unit.children
        steps["in"] = (row.before, inside[-1].key if inside else "")
    if following := next((each for each in rows if each.before == row.unit.key), None):
        steps["down"] = (row.parent, following.unit.key)
    if row.parent:
        steps["out"] = (by_key[row.parent].parent, row.parent)
    return steps


class _Fit:
    """Whether a unit may stand below another; what was misplaced before may stay so."""

    def __init__(self, text: LegalText, by_key: dict[str, DraftRow], unit: Unit) -> None:
        self.form, self.by_key = tradition(text.tradition), by_key
        self.units = list(walk([unit]))
        self.height = max(len(above) for _unit, above in self.units)
        outer = self._above(by_key[unit.key].parent)
        self.misplaced = {
            each.key for each, inner in self.units if not self._is_allowed(outer, inner, each.kind)
        }
        self.known: dict[str, bool] = {}
        self.by_chain: dict[tuple[str, ...], bool] = {}

    def below(self, parent: str) -> bool:
        if parent not in self.known:
            above = self._above(parent)
            chain = chain_of(above)
            if chain not in self.by_chain:
                self.by_chain[chain] = all(
                    each.key in self.misplaced or self._is_allowed(above, inner, each.kind)
                    for each, inner in self.units
                )
            self.known[parent] = self.by_chain[chain] and len(above) + self.height < MAX_DEPTH
        return self.known[parent]

    def _above(self, parent: str) -> tuple[Unit, ...]:
        chain = []
        while parent:
            chain.append(self.by_key[parent].unit)
            parent = self.by_key[parent].parent
        return tuple(reversed(chain))

    def _is_allowed(self, outer: tuple[Unit, ...], inner: tuple[Unit, ...], kind: str) -> bool:
        return self.form.may_contain(chain_of((*outer, *inner)), kind)


def text_digest(text: LegalText) -> str:
    """SHA-256 of all a draft says, to tell whether it changed between looking and publishing."""
    return digest_of(asdict(text))


def kinds_for(text: LegalText, ancestors: Iterable[Unit]) -> list[Kind]:
    """The kinds of provisions that may stand below these ancestors in the text's tradition."""
    chain = chain_of(tuple(ancestors))
    form = tradition(text.tradition)
    return [kind for kind in Kind if form.may_contain(chain, kind)]
