"""What stands in a text: optional provisions, alternatives, and what depends on what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.marks import Piece, pieces
from campaign.regulations.terms import term_pattern
from campaign.regulations.tree import LegalText, Unit, walk
from campaign.regulations.values import CHOICES

NOT_BINDING = {Kind.RECITAL, Kind.CITATION}  # a term that only these use is not used


@dataclass(frozen=True, slots=True)
class OptionProblem:
    """Options that cannot stand as they are set. `remedy` is a sentence that says what to do."""

    key: str
    remedy: str


def can_be_switched(unit: Unit) -> bool:
    """Whether a drafter decides if the unit stands in the text."""
    return unit.is_optional or bool(unit.choice)


def is_switched_on(unit: Unit, text: LegalText) -> bool:
    """Whether a unit is on by itself, whatever is above it."""
    return text.switches.get(unit.key, unit.is_default) if can_be_switched(unit) else True


def effective(text: LegalText) -> LegalText:
    """The text as its switches have it: units that are off are left out, and definitions that only these used.

    Numbering, printing, comparing and exports work on an effective text.
    """
    if not any(can_be_switched(unit) for unit, _above in walk(text.provisions)):
        return text
    kept = _standing(
        text.provisions, {unit.key for unit, _a in walk(text.provisions) if not is_switched_on(unit, text)}
    )
    idle = _idle_definitions(text, kept)
    return replace(text, provisions=_standing(kept, idle) if idle else kept)


def _standing(units: list[Unit], off: set[str]) -> list[Unit]:
    """A copy of the tree without the units in `off` and all below them. Iterates: depth is checked elsewhere."""
    top: list[Unit] = []
    todo = [(units, top)]
    while todo:
        source, target = todo.pop()
        for unit in source:
            if unit.key not in off:
                copy = replace(unit, children=[])
                target.append(copy)
                todo.append((unit.children, copy.children))
    return top


def _idle_definitions(text: LegalText, kept: list[Unit]) -> set[str]:
    """Definitions whose term only units that are left out use."""
    present = {unit.key for unit, _above in walk(kept)}
    gone = [unit for unit, _above in walk(text.provisions) if unit.key not in present]
    idle: set[str] = set()
    while gone:
        standing = [unit for unit, _above in walk(kept) if unit.key not in idle]
        more = [
            unit.key
            for unit in standing
            if unit.kind == Kind.DEFINITION
            and unit.term
            and not _are_used(text, unit, standing)
            and _are_used(text, unit, gone)
        ]
        if not more:
            break
        idle.update(more)  # and what only these definitions used goes next
        gone = [unit for unit, _above in walk(text.provisions) if unit.key not in present or unit.key in idle]
    return idle


def _are_used(text: LegalText, definition: Unit, others: list[Unit]) -> bool:
    """Whether the term is used, or the definition or what is below it referred to, by provisions outside it."""
    pattern = term_pattern(definition.term, text.language)
    own = {below.key for below, _above in walk([definition])}
    return any(
        (piece.reference in own) if piece.reference else bool(pattern.search(_said(text, piece)))
        for other in others
        if other.key not in own and other.kind not in NOT_BINDING
        for words in (other.heading, other.body)
        for piece in pieces(words)
    )


def _said(text: LegalText, piece: Piece) -> str:
    """The words of a piece; of a variable those its choice prints."""
    if piece.variable not in text.variables:
        return piece.text
    value = text.value_of(piece.variable)
    return next((each.text for each in text.variables[piece.variable].options if each.key == value), value)


def option_problems(text: LegalText) -> Iterator[OptionProblem]:
    """Everything that stands against the options as they are set, and against how they are declared."""
    units = {unit.key: unit for unit, _above in walk(text.provisions)}
    standing = {unit.key for unit, _above in walk(effective(text).provisions)}
    yield from _switch_problems(text, units)
    yield from _choice_problems(text, units)
    for unit in units.values():
        for condition in unit.needs:
            yield from _condition_problems(text, units, standing, unit, condition, wanted=True)
        for condition in unit.excludes:
            yield from _condition_problems(text, units, standing, unit, condition, wanted=False)


def _switch_problems(text: LegalText, units: dict[str, Unit]) -> Iterator[OptionProblem]:
    for unit in units.values():
        if not unit.is_default and not can_be_switched(unit):
            yield OptionProblem(unit.key, "it is off from the start and not optional. Make it optional.")
    for key in text.switches:
        if key not in units:
            yield OptionProblem(key, "a switch is set for a provision that is not there. Remove the switch.")
        elif not can_be_switched(units[key]):
            yield OptionProblem(
                key, "a switch is set for a provision that is not optional. Remove the switch."
            )


def _choice_problems(text: LegalText, units: dict[str, Unit]) -> Iterator[OptionProblem]:
    groups: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in units.values():
        if unit.choice:
            groups[unit.choice].append(unit)
    for name, members in groups.items():
        if name not in text.choices:
            yield OptionProblem(
                members[0].key, f"the choice “{name}” is not declared. Declare it or correct the name."
            )
            continue
        label = text.choices[name].label
        on = [unit.key for unit in members if is_switched_on(unit, text)]
        if len(members) < 2:
            yield OptionProblem(
                members[0].key, f"it is the only alternative of “{label}”. Add another or make it optional."
            )
        if len(on) > 1:
            yield OptionProblem(
                on[1], f"of “{label}” only one may stand, and {len(on)} do. Switch the others off."
            )
        if not on and text.choices[name].required:
            yield OptionProblem(
                members[0].key, f"of “{label}” one has to stand, and none does. Switch one on."
            )
    for name in text.choices.keys() - groups.keys():
        yield OptionProblem("", f"the choice “{name}” has no alternatives. Add them or remove the choice.")


def _condition_problems(
    text: LegalText, units: dict[str, Unit], standing: set[str], unit: Unit, condition: str, *, wanted: bool
) -> Iterator[OptionProblem]:
    name, is_value, option = condition.partition("=")
    if is_value:
        spec = text.variables.get(name)
        if spec is None or spec.type not in CHOICES or option not in {each.key for each in spec.options}:
            yield OptionProblem(
                unit.key,
                f"“{condition}” names no option of a variable. Write name=option, or a provision’s key.",
            )
            return
        holds, what = text.value_of(name) == option, f"“{spec.label}” is set to “{spec.label_of(option)}”"
    elif name not in units:
        yield OptionProblem(
            unit.key, f"“{condition}” is no provision. Correct the key or remove the condition."
        )
        return
    else:
        holds, what = name in standing, f"“{name}” stands in the text"
    if unit.key in standing and holds != wanted:
        remedy = f"it stands only where {what}." if wanted else f"it cannot stand where {what}."
        yield OptionProblem(unit.key, f"{remedy} Switch one of the two.")
