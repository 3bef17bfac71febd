"""From one text to another in as few steps as it takes, each of which names the place it is about.

A step holds what it found as well as what it puts there, so that it can tell whether a text is the one it was drawn up for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from campaign.documents.pairing import places_in_order
from campaign.regulations.comparing.errors import SameKeyTwice, StepDoesNotFit
from campaign.regulations.tree import LegalText, Unit

UNIT_FIELDS = tuple(field.name for field in fields(Unit) if field.name not in {"key", "children"})
TEXT_FIELDS = ("title", "language", "tradition")
TABLES = ("variables", "values", "choices", "switches")


@dataclass(frozen=True, slots=True)
class SetText:
    """The title, language or tradition of the text."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SetEntry:
    """An entry of one of the text's tables (its variables, values, choices, switches); None where there is none."""

    table: str
    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class OrderEntries:
    """The order in which the entries of a table stand."""

    table: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InsertUnit:
    """A new unit with what is new below it, below `parent` (empty: at the top), after a sibling (empty: first)."""

    unit: Unit
    parent: str
    after: str


@dataclass(frozen=True, slots=True)
class MoveUnit:
    """A unit with all below it, from one parent to another, or to another place below the same."""

    key: str
    before: str
    parent: str
    after: str


@dataclass(frozen=True, slots=True)
class RemoveUnit:
    """A unit with all that is left below it."""

    unit: Unit
    parent: str


@dataclass(frozen=True, slots=True)
class SetUnit:
    """One field of a unit: its kind, heading, body, fixed number, term, act, place, or how it is switched."""

    key: str
    field: str
    before: Any
    after: Any


AmendingStep = SetText | SetEntry | OrderEntries | InsertUnit | MoveUnit | RemoveUnit | SetUnit


def amending_steps(old: LegalText, new: LegalText) -> tuple[AmendingStep, ...]:
    """The steps that make `new` of `old`: fields of the text, then its units from the top down, then what goes.

    Raises SameKeyTwice.
    """
    before, after = _Tree(old.provisions), _Tree(new.provisions)
    return (*_text_steps(old, new), *_unit_steps(before, after), *_removals(before, after))


def apply_steps(old: LegalText, steps: tuple[AmendingStep, ...]) -> LegalText:
    """The text after the steps; `old` stays as it is. Raises StepDoesNotFit when a step does not find what it expects."""
    text = replace(old, provisions=[])
    for table in TABLES:
        setattr(text, table, dict(getattr(old, table)))
    tree = _Tree(old.provisions)
    for step in steps:
        if isinstance(step, SetText | SetEntry | OrderEntries):
            _apply_to_text(text, step)
        else:
            tree.apply(step)
    text.provisions = tree.provisions()
    return text


def is_same_tree(one: list[Unit], other: list[Unit]) -> bool:
    """Whether two trees say the same, however deep they are."""
    return list(_flat(one)) == list(_flat(other))


class _Tree:
    """Units by key without those below them, and the keys below each; at the top below an empty key."""

    def __init__(self, provisions: list[Unit]) -> None:
        self.units: dict[str, Unit] = {}
        self.parents: dict[str, str] = {}
        self.below: dict[str, list[str]] = {"": []}
        self._enter(provisions, "", 0)

    def provisions(self) -> list[Unit]:
        """The whole tree as units that hold each other."""
        return self._built("", lambda key: True)

    def only(self, key: str, is_meant: Callable[[str], bool]) -> Unit:
        """A unit with those of the units below it that are meant; below others nothing is looked for."""
        return _bare(self.units[key], self._built(key, is_meant))

    def apply(self, step: InsertUnit | MoveUnit | RemoveUnit | SetUnit) -> None:
        if isinstance(step, SetUnit):
            unit = self.units.get(step.key)
            if unit is None or getattr(unit, step.field) != step.before:
                raise StepDoesNotFit(step.key)
            setattr(unit, step.field, step.after)
        elif isinstance(step, InsertUnit):
            for _parent, unit in _with_parents([step.unit], step.parent):
                if unit.key in self.units:
                    raise StepDoesNotFit(unit.key)
            self._enter([step.unit], step.parent, self._place(step.parent, step.after))
        elif isinstance(step, MoveUnit):
            self._move(step)
        else:
            self._remove(step)

    def _move(self, step: MoveUnit) -> None:
        self._find(step.key, step.before)
        above = step.parent
        while above:
            if above == step.key or above not in self.units:
                raise StepDoesNotFit(above)
            above = self.parents[above]
        self.below[step.before].remove(step.key)
        self.below[step.parent].insert(self._place(step.parent, step.after), step.key)
        self.parents[step.key] = step.parent

    def _remove(self, step: RemoveUnit) -> None:
        key = step.unit.key
        self._find(key, step.parent)
        if not is_same_tree([self.only(key, lambda key: True)], [step.unit]):
            raise StepDoesNotFit(key)
        self.below[step.parent].remove(key)
        for _parent, unit in _with_parents([step.unit], ""):
            del self.units[unit.key], self.parents[unit.key], self.below[unit.key]

    def _find(self, key: str, parent: str) -> None:
        if key not in self.units or self.parents[key] != parent:
            raise StepDoesNotFit(key)

    def _place(self, parent: str, after: str) -> int:
        if parent not in self.below:
            raise StepDoesNotFit(parent)
        if not after:
            return 0
        if self.parents.get(after) != parent or after not in self.below[parent]:
            raise StepDoesNotFit(after)
        return self.below[parent].index(after) + 1

    def _enter(self, units: list[Unit], parent: str, place: int) -> None:
        """Put in units with all below them."""
        self.below[parent][place:place] = [unit.key for unit in units]
        for above, unit in _with_parents(units, parent):
            if unit.key in self.units:
                raise SameKeyTwice(unit.key)
            self.units[unit.key] = _bare(unit, [])
            self.parents[unit.key] = above
            self.below[unit.key] = [child.key for child in unit.children]

    def _built(self, key: str, is_meant: Callable[[str], bool]) -> list[Unit]:
        top: list[Unit] = []
        stack = [(key, top)]
        while stack:
            above, siblings = stack.pop()
            for child in self.below[above]:
                if is_meant(child):
                    siblings.append(_bare(self.units[child], []))
                    stack.append((child, siblings[-1].children))
        return top


def _text_steps(old: LegalText, new: LegalText) -> Iterator[AmendingStep]:
    for name in TEXT_FIELDS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield SetText(name, before, after)
    for table in TABLES:
        entries, entries_now = getattr(old, table), getattr(new, table)
        order = [name for name in entries if name in entries_now]
        order += [name for name in entries_now if name not in entries]
        for name in (*(name for name in entries if name not in entries_now), *order):
            if entries.get(name) != entries_now.get(name):
                yield SetEntry(table, name, entries.get(name), entries_now.get(name))
        if order != list(entries_now):
            yield OrderEntries(table, tuple(entries_now))


def _apply_to_text(text: LegalText, step: SetText | SetEntry | OrderEntries) -> None:
    if isinstance(step, SetText):
        if getattr(text, step.field) != step.before:
            raise StepDoesNotFit(step.field)
        setattr(text, step.field, step.after)
        return
    table = getattr(text, step.table)
    if isinstance(step, OrderEntries):
        if table.keys() != set(step.names):
            raise StepDoesNotFit(step.table)
        setattr(text, step.table, {name: table[name] for name in step.names})
        return
    if table.get(step.name) != step.before:
        raise StepDoesNotFit(step.name)
    if step.after is None:
        del table[step.name]
    else:
        table[step.name] = step.after


def _unit_steps(before: _Tree, after: _Tree) -> Iterator[AmendingStep]:
    """From the top down: a parent stands at its place before anything is put below it, so nothing comes to stand below itself."""
    stack = [""]
    while stack:
        parent = stack.pop()
        siblings = after.below[parent]
        stays = _stays(before.below.get(parent, []), siblings)
        last = ""
        for key in siblings:
            found = before.units.get(key)
            if found is None:
                # What is new below a new unit comes with it.
                if parent in before.below:
                    yield InsertUnit(after.only(key, lambda below: below not in before.units), parent, last)
            else:
                if key not in stays:
                    yield MoveUnit(key, before.parents[key], parent, last)
                yield from _field_steps(found, after.units[key])
            last = key
        stack += reversed(siblings)


def _stays(old: list[str], new: list[str]) -> set[str]:
    """Which of the siblings are below this parent already, and in order."""
    places = {key: place for place, key in enumerate(old)}
    stayed = {place: places[key] for place, key in enumerate(new) if key in places}
    return {new[place] for place in places_in_order(stayed)}


def _field_steps(old: Unit, new: Unit) -> Iterator[SetUnit]:
    for name in UNIT_FIELDS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield SetUnit(new.key, name, before, after)


def _removals(before: _Tree, after: _Tree) -> Iterator[RemoveUnit]:
    """What is in the old text alone. All that stays has been moved out of it by then."""
    for key, parent in before.parents.items():
        if key not in after.units and parent in after.below:
            yield RemoveUnit(before.only(key, lambda below: below not in after.units), parent)


def _bare(unit: Unit, children: list[Unit]) -> Unit:
    return Unit(key=unit.key, children=children, **{name: getattr(unit, name) for name in UNIT_FIELDS})


def _with_parents(units: list[Unit], parent: str) -> Iterator[tuple[str, Unit]]:
    stack = [(parent, unit) for unit in reversed(units)]
    while stack:
        above, unit = stack.pop()
        yield above, unit
        stack += [(unit.key, child) for child in reversed(unit.children)]


def _flat(units: list[Unit]) -> Iterator[tuple[Any, ...]]:
    for parent, unit in _with_parents(units, ""):
        yield (parent, unit.key, *(getattr(unit, name) for name in UNIT_FIELDS))
