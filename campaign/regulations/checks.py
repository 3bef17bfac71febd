"""What a text must fulfil before it is published: every check names the place and says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from campaign.core.cleaning import clean_text
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.kinds import VariableType
from campaign.regulations.marks import pieces, stray_mark
from campaign.regulations.numbering import Numbering, number_tree
from campaign.regulations.options import NOT_BINDING, effective, option_problems
from campaign.regulations.sentences import sentences
from campaign.regulations.terms import term_pattern
from campaign.regulations.traditions import Tradition, UnknownTradition, tradition, tradition_keys
from campaign.regulations.tree import KEY_FORM, MAX_DEPTH, MAX_KEY, MAX_PROVISIONS, LegalText, Unit, walk
from campaign.regulations.values import CHOICES, ValueRefused

QUOTED_TERM = re.compile(r"‘([^‘’]{2,80})’")
FREE_OF_TERMS = {Kind.AMENDING_POINT, Kind.QUOTED, Kind.CITATION, Kind.RECITAL}
VARIABLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason not to publish. `place` is a provision's key or a variable's name; `remedy` a sentence that says what to do."""

    place: str
    remedy: str
    about_variable: bool = False


def problems_of(text: LegalText, *, as_enacted: bool = False) -> list[Problem]:
    """Everything that stands against publishing the text, in reading order of the checks; empty when it may be published.

    A text `as_enacted` is taken as the legislator wrote it: its structure, marks and characters are checked, not its drafting.
    """
    try:
        form = tradition(text.tradition)
    except UnknownTradition:
        known = ", ".join(tradition_keys())
        return [Problem("", f"the tradition “{text.tradition}” is not known. Use one of: {known}.")]
    if text.language not in form.languages:
        known = ", ".join(sorted(form.languages))
        return [
            Problem(
                "", f"this tradition has no forms for the language “{text.language}”. Use one of: {known}."
            )
        ]
    # Numbering and references need a sound tree: what breaks it is told first, alone.
    structure = list(_structure(text, form))
    if structure:
        return structure
    options = [Problem(found.key, found.remedy) for found in option_problems(text)]
    reading = _Reading(text, form)
    return options + list(reading.faults() if as_enacted else reading.problems())


def _structure(text: LegalText, form: Tradition) -> Iterator[Problem]:
    if not text.provisions:
        yield Problem("", "there is no provision. Add at least one.")
    seen: set[str] = set()
    for count, (item, ancestors) in enumerate(walk(text.provisions), start=1):
        if count > MAX_PROVISIONS:
            yield Problem(
                item.key, f"an edition holds at most {MAX_PROVISIONS:,} provisions. Split the instrument."
            )
            return
        if len(ancestors) >= MAX_DEPTH:
            yield Problem(item.key, f"it stands deeper than {MAX_DEPTH} levels. Move it up.")
            return
        yield from _key_problems(item, seen)
        yield from _nesting_problems(item, ancestors, form)
    yield from _order_problems(text.provisions, form)


def _key_problems(item: Unit, seen: set[str]) -> Iterator[Problem]:
    if item.key in seen:
        yield Problem(item.key, "the key stands twice. Give one of the two another key.")
    if not KEY_FORM.fullmatch(item.key) or len(item.key) > MAX_KEY:
        remedy = f"write the key in small letters, digits and single hyphens, at most {MAX_KEY} characters."
        yield Problem(item.key, remedy)
    seen.add(item.key)


def _nesting_problems(item: Unit, ancestors: tuple[Unit, ...], form: Tradition) -> Iterator[Problem]:
    chain = chain_of(ancestors)
    if not form.may_contain(chain, item.kind):
        above = (
            f"below “{ancestors[-1].key}”, which is of kind {ancestors[-1].kind}"
            if ancestors
            else "at the top"
        )
        yield Problem(
            item.key, f"a provision of kind {item.kind} cannot stand {above}. Move it or change its kind."
        )
    mixture = form.mixture_problem([child.kind for child in item.children], bool(item.body))
    if mixture:
        yield Problem(item.key, mixture)
    if item.kind == Kind.QUOTED and not item.act:
        yield Problem(item.key, "it does not say which act the text is put into. Add “act”.")


def chain_of(ancestors: tuple[Unit, ...]) -> tuple[str, ...]:
    """The kinds above a provision; below text put into another act they are those of that act."""
    chain: list[str] = []
    for item in ancestors:
        if item.kind == Kind.QUOTED:
            chain = [kind for kind, _ in item.place] or [Kind.QUOTED]
        else:
            chain.append(item.kind)
    return tuple(chain)


def _order_problems(provisions: list[Unit], form: Tradition) -> Iterator[Problem]:
    rank = 0
    for item in provisions:
        own = form.order_at_top(item.kind)
        if own < rank:
            yield Problem(item.key, f"a provision of kind {item.kind} stands too late. Move it up.")
        rank = max(rank, own)


class _Reading:
    """The checks that read the words of a text whose tree is sound: all of them, and the references of what stands."""

    def __init__(self, text: LegalText, form: Tradition) -> None:
        self.whole, self.text, self.form = text, effective(text), form
        self.by_key = {item.key: item for item, _ in walk(self.text.provisions)}
        self.off = {item.key for item, _ in walk(text.provisions)} - self.by_key.keys()
        self.numbering: Numbering = number_tree(self.text.provisions, tradition=form, language=text.language)

    def problems(self) -> Iterator[Problem]:
        yield from self.faults()
        for item, _ancestors in walk(self.text.provisions):
            yield from self._substance(item)
        yield from self._terms()

    def faults(self) -> Iterator[Problem]:
        """What cannot be printed, whoever wrote it."""
        for found in self.numbering.problems:
            yield Problem(found.key, found.remedy)
        for item, ancestors in walk(self.text.provisions):
            yield from self._characters(item)
            yield from self._marks(item, ancestors)
        yield from self._variables()

    # --- words there are ---
    def _substance(self, item: Unit) -> Iterator[Problem]:
        if not item.body and not item.children:
            what = "it is only a heading" if item.heading else "it says nothing"
            yield Problem(item.key, f"{what}. Write its text or remove it.")
        if item.kind == Kind.DEFINITION and not item.term:
            yield Problem(item.key, "a definition needs the term it defines. Add “term”.")
        if item.term and item.kind != Kind.DEFINITION:
            yield Problem(item.key, "only a definition has a term. Remove “term” or change the kind.")

    def _characters(self, item: Unit) -> Iterator[Problem]:
        for words in (item.heading, item.body, item.term, item.act):
            if clean_text(words) != words or "\n" in words:
                remedy = "the text holds control characters, line ends or marks that reverse the reading order. Type it anew."
                yield Problem(item.key, remedy)
                return

    # --- marks ---
    def _marks(self, item: Unit, ancestors: tuple[Unit, ...]) -> Iterator[Problem]:
        for words in (item.heading, item.body):
            if stray := stray_mark(words):
                yield Problem(
                    item.key, f"near “{stray}” a mark is not well formed. Write [[name]] or [[ref:key]]."
                )
            for piece in pieces(words):
                if piece.variable and piece.variable not in self.text.variables:
                    remedy = (
                        f"the variable [[{piece.variable}]] is not declared. Declare it or correct the name."
                    )
                    yield Problem(item.key, remedy)
                if piece.reference:
                    yield from self._reference(item, piece.reference, piece.sentence)

    def _reference(self, item: Unit, key: str, sentence: int) -> Iterator[Problem]:
        target = self.by_key.get(key)
        if key in self.off:
            remedy = f"[[ref:{key}]] points to a provision that is switched off. Switch it on, or take the reference out."
            yield Problem(item.key, remedy)
        elif target is None:
            remedy = (
                f"the reference [[ref:{key}]] points to no provision. Correct the key or add the provision."
            )
            yield Problem(item.key, remedy)
        elif not self.form.can_be_cited(target.kind):
            remedy = f"[[ref:{key}]] points to a {target.kind}, which cannot be cited. Point to the unit around or below it."
            yield Problem(item.key, remedy)
        elif self.numbering.places[item.key].act and not self.numbering.places[key].act:
            remedy = (
                f"[[ref:{key}]] points from text put into another act to this instrument, which will have a number of its own "
                "only when adopted. Write the reference out or leave it."
            )
            yield Problem(item.key, remedy)
        elif sentence and sentence > (there := len(sentences(target.body, self.text.language))):
            remedy = f"[[ref:{key}#{sentence}]] points to a sentence that is not there: “{key}” has {there}. Correct the count."
            yield Problem(item.key, remedy)

    # --- variables ---
    def _variables(self) -> Iterator[Problem]:
        used = _variables_in(self.text)
        used_somewhere = _variables_in(self.whole) | _variables_in_conditions(self.whole)
        for name, spec in self.text.variables.items():
            for remedy in self._variable_problems(name, used, used_somewhere):
                yield Problem(name, remedy, about_variable=True)
            if spec.type in CHOICES and not spec.options:
                yield Problem(name, "a choice needs options. Add them.", about_variable=True)
        for name in self.text.values.keys() - self.text.variables.keys():
            yield Problem(name, "a value is given, but no such variable is declared.", about_variable=True)

    def _variable_problems(self, name: str, used: set[str], used_somewhere: set[str]) -> Iterator[str]:
        spec, value = self.text.variables[name], self.text.value_of(name)
        if not VARIABLE_NAME.fullmatch(name):
            yield "write the name in small letters, digits and underscores, beginning with a letter."
        if name not in used_somewhere:
            yield f"the variable is declared and used nowhere. Use [[{name}]] or remove it."
        yield from self._default_problems(name)
        if not value:
            if spec.required or name in used:
                yield "the variable has no value. Give it a default or a value."
            return
        if spec.type in {VariableType.TEXT, VariableType.AUTHORITY} and "[[" in value:
            yield "a value cannot hold marks. Write the words out."
        try:
            spec.check(value)
        except ValueRefused as refusal:
            yield f"{refusal}."

    def _default_problems(self, name: str) -> Iterator[str]:
        for default in self.text.variables[name].defaults:
            try:
                self.text.variables[name].check(default.value)
            except ValueRefused as refusal:
                yield f"of its default for {default.jurisdiction}: {refusal}."

    # --- terms ---
    @cached_property
    def _definitions(self) -> list[Unit]:
        return [item for item in self.by_key.values() if item.kind == Kind.DEFINITION and item.term]

    def _terms(self) -> Iterator[Problem]:
        defined: dict[str, str] = {}
        for item in self._definitions:
            term = item.term.casefold()
            if term in defined:
                remedy = f"“{item.term}” is defined already in “{defined[term]}”. One term has one meaning."
                yield Problem(item.key, remedy)
            defined.setdefault(term, item.key)
            if not self._is_used(item):
                remedy = f"the term “{item.term}” is defined and used nowhere else. Use it or remove the definition."
                yield Problem(item.key, remedy)
        yield from self._undefined_terms(set(defined))

    def _is_used(self, definition: Unit) -> bool:
        pattern = term_pattern(definition.term, self.text.language)
        own = {item.key for item, _ in walk([definition])}
        others = [item for item in self.by_key.values() if item.key not in own]
        return any(
            pattern.search(words)
            for item in others
            if item.kind not in NOT_BINDING
            for words in (item.heading, item.body, *self._values_in(item))
        ) or any(
            piece.reference in own
            for item in others
            for words in (item.heading, item.body)
            for piece in pieces(words)
            if piece.reference
        )

    def _values_in(self, item: Unit) -> list[str]:
        """What choices put into a text is part of it."""
        options = {
            name: option.text
            for name, spec in self.text.variables.items()
            for option in spec.options
            if option.key == self.text.value_of(name)
        }
        return [options[piece.variable] for piece in pieces(item.body) if piece.variable in options]

    def _undefined_terms(self, defined: set[str]) -> Iterator[Problem]:
        # Elsewhere the same marks quote words, names and titles as well.
        if not self.form.flags_quoted_terms:
            return
        for item in self.by_key.values():
            if item.kind in FREE_OF_TERMS:
                continue
            for term in QUOTED_TERM.findall(item.body):
                if term.casefold() not in defined:
                    remedy = f"‘{term}’ is used as a defined term and defined nowhere. Define it or take the quotes away."
                    yield Problem(item.key, remedy)


def _variables_in(text: LegalText) -> set[str]:
    return {
        piece.variable
        for item, _above in walk(text.provisions)
        for words in (item.heading, item.body)
        for piece in pieces(words)
        if piece.variable
    }


def _variables_in_conditions(text: LegalText) -> set[str]:
    """Those that decide whether a provision may stand: they need not be printed anywhere."""
    return {
        name
        for item, _above in walk(text.provisions)
        for condition in (*item.needs, *item.excludes)
        for name, is_value, _option in [condition.partition("=")]
        if is_value
    }
