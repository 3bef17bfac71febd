"""What stands in a text: optional provisions, alternatives, and what depends on what."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.marks import pieces
from campaign.regulations.terms import term_pattern
from campaign.regulations.tree import LegalText, Unit, copy_units, walk
from campaign.regulations.values import CHOICES

NOT_BINDING = {Kind.RECITAL, Kind.CITATION}  # a term that only these use is not used; what they refer to is
_DOTTED = str.maketrans("İı", "ii")
_BREAK = "\0"  # neither a space nor part of a word: no term is found across it


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
    off = {unit.key for unit, _above in walk(text.provisions) if not is_switched_on(unit, text)}
    kept = copy_units(text.provisions, without=off)
    idle = _idle_definitions(text, kept)
    return replace(text, provisions=copy_units(kept, without=idle) if idle else kept)


@dataclass(frozen=True, slots=True)
class _Speech:
    """What a unit says by itself: the words in which a term counts as used, and the keys that it refers to."""

    words: str
    folded: str
    references: frozenset[str]

    def uses(self, term: _Term) -> bool:
        """Whether it has the term of a definition in it, or refers to the definition or to what is below it."""
        if not term.own.isdisjoint(self.references):
            return True
        return term.stem in self.folded and bool(term.pattern.search(self.words))


@dataclass(frozen=True, slots=True)
class _Term:
    """A defined term. `stem` is in every form of it: looking for that first is far quicker. `own`: its definition’s keys."""

    pattern: re.Pattern[str]
    stem: str
    own: frozenset[str]

    @classmethod
    def of(cls, definition: Unit, language: str) -> _Term:
        first = "".join(definition.term.split()[:1])
        own = frozenset(unit.key for unit, _above in walk([definition]))
        return cls(term_pattern(definition.term, language), _folded(first).removesuffix("y"), own)


def _idle_definitions(text: LegalText, kept: list[Unit]) -> set[str]:
    """Definitions whose term only units that are left out use, among them definitions that are left out for that reason."""
    standing = {unit.key for unit, _above in walk(kept)}
    terms = {
        unit.key: _Term.of(unit, text.language)
        for unit, _above in walk(kept)
        if unit.kind == Kind.DEFINITION and unit.term
    }
    may_go = {key for term in terms.values() for key in term.own}
    speeches = {unit.key: _speech(text, unit) for unit, _above in walk(text.provisions)}
    stays = _together(speech for key, speech in speeches.items() if key in standing and key not in may_go)
    others = [(key, speech) for key, speech in speeches.items() if key not in standing or key in may_go]
    users: dict[str, set[str]] = {}
    used_in: defaultdict[str, list[str]] = defaultdict(list)
    todo: list[str] = []
    for definition, term in terms.items():
        if stays.uses(term):
            continue
        found = {key for key, speech in others if key not in term.own and speech.uses(term)}
        users[definition] = found & standing
        for key in users[definition]:
            used_in[key].append(definition)
        if found and not users[definition]:
            todo.append(definition)
    idle: set[str] = set()
    while todo:
        idle.add(definition := todo.pop())
        for gone in terms[definition].own:
            for used in used_in.pop(gone, []):
                users[used].discard(gone)
                if not users[used]:
                    todo.append(used)
    return idle


def _speech(text: LegalText, unit: Unit) -> _Speech:
    found = [piece for words in (unit.heading, unit.body) for piece in pieces(words)]
    said = (
        _printed(text, piece.variable) if piece.variable else piece.text
        for piece in found
        if not piece.reference
    )
    words = "" if unit.kind in NOT_BINDING else _BREAK.join(said)
    return _Speech(words, _folded(words), frozenset(piece.reference for piece in found if piece.reference))


def _together(speeches: Iterable[_Speech]) -> _Speech:
    each = list(speeches)
    return _Speech(
        _BREAK.join(speech.words for speech in each),
        _BREAK.join(speech.folded for speech in each),
        frozenset().union(*(speech.references for speech in each)),
    )


def _folded(words: str) -> str:
    """Alike wherever patterns that ignore case find letters alike, which take the i with and without its dot for one."""
    return words.translate(_DOTTED).casefold()


def _printed(text: LegalText, variable: str) -> str:
    """What a variable prints; one of a choice the words of the option."""
    if variable not in text.variables:
        return ""
    value = text.value_of(variable)
    return next((each.text for each in text.variables[variable].options if each.key == value), value)


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
