"""What a text must fulfil before it is published: every check names the place and says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.core.cleaning import clean_text
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.kinds import VariableType
from campaign.regulations.marks import pieces, reference_mark, stray_mark
from campaign.regulations.numbering import Numbering, number_tree
from campaign.regulations.options import (
    NOT_BINDING,
    OptionProblem,
    can_be_switched,
    effective,
    option_problems,
)
from campaign.regulations.sentences import sentences
from campaign.regulations.terms import term_pattern
from campaign.regulations.traditions import Tradition, UnknownTradition, tradition, tradition_keys
from campaign.regulations.tree import KEY_FORM, MAX_DEPTH, MAX_KEY, MAX_PROVISIONS, LegalText, Unit, walk
from campaign.regulations.values import CHOICES, ValueRefused

QUOTED_TERM = re.compile(r"‘([^‘’]{2,80})’")
FREE_OF_TERMS = {Kind.AMENDING_POINT, Kind.QUOTED, Kind.CITATION, Kind.RECITAL}
VARIABLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_QUOTED = re.compile(r"“([a-z0-9-]+)”")


class Mend(StrEnum):
    """Where a problem is mended."""

    PROVISION = "provision"
    VARIABLE = "variable"
    OPTIONS = "options"  # what stands in the text, and the values
    CHOICES = "choices"  # the groups of alternatives
    FACTS = "facts"  # tradition and language
    TEXT = "text"  # the text as a whole


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason not to publish. `place` is a provision's key or a variable's name.

    `sentence` says what to do, with a placeholder for each of the `details`; those in `keys` are keys of provisions.
    """

    place: str
    sentence: str
    about_variable: bool = False
    details: tuple[tuple[str, str], ...] = ()
    keys: frozenset[str] = frozenset()
    mend: Mend = Mend.PROVISION

    @classmethod
    def of(cls, place: str, sentence: str, *, mend: Mend = Mend.PROVISION, **details: str) -> Problem:
        """Details named like `above_key` are keys of provisions."""
        keys = frozenset(name for name in details if name.endswith("key"))
        return cls(place, sentence, mend == Mend.VARIABLE, tuple(details.items()), keys, mend)

    @property
    def remedy(self) -> str:
        """What to do, provisions named by their keys as files name them."""
        return self.said({})

    def said(self, names: Mapping[str, str]) -> str:
        """What to do, provisions named by these names, by key."""
        if not self.details:
            return self.sentence
        return self.sentence % {
            name: names.get(said, said) if name in self.keys else said for name, said in self.details
        }


def problems_of(text: LegalText, *, as_enacted: bool = False) -> list[Problem]:
    """Everything that stands against publishing the text, in reading order of the checks; empty when it may be published.

    A text `as_enacted` is taken as the legislator wrote it: its structure, marks and characters are checked, not its drafting.
    """
    try:
        form = tradition(text.tradition)
    except UnknownTradition:
        sentence = _("the tradition “%(name)s” is not known. Use one of: %(known)s.")
        known = ", ".join(tradition_keys())
        return [Problem.of("", sentence, name=text.tradition, known=known, mend=Mend.FACTS)]
    if text.language not in form.languages:
        sentence = _("this tradition has no forms for the language “%(name)s”. Use one of: %(known)s.")
        known = ", ".join(sorted(form.languages))
        return [Problem.of("", sentence, name=text.language, known=known, mend=Mend.FACTS)]
    # Numbering and references need a sound tree: what breaks it is told first, alone.
    structure = list(_structure(text, form))
    if structure:
        return structure
    units = {item.key: item for item, _above in walk(text.provisions)}
    options = [_option_problem(text, units, found) for found in option_problems(text)]
    reading = _Reading(text, form)
    return options + list(reading.faults() if as_enacted else reading.problems())


def _option_problem(text: LegalText, units: dict[str, Unit], found: OptionProblem) -> Problem:
    """How options are set is mended where they are set; how they are declared, at the provision or its group."""
    mend = Mend.OPTIONS if found.key else Mend.CHOICES
    if (unit := units.get(found.key)) and not _is_declared_well(text, units, unit):
        mend = Mend.PROVISION
    named = dict.fromkeys(key for key in _QUOTED.findall(found.remedy) if key in units)
    sentence = found.remedy.replace("%", "%%") if named else found.remedy
    details = {f"{place}_key": key for place, key in enumerate(named)}
    for name, key in details.items():
        sentence = sentence.replace(f"“{key}”", f"“%({name})s”")
    return Problem.of(found.key, sentence, mend=mend, **details)


def _is_declared_well(text: LegalText, units: dict[str, Unit], unit: Unit) -> bool:
    """Whether what is said about its options can be meant: only how they are set may be wrong then."""
    if not (unit.is_default or can_be_switched(unit)):
        return False
    if unit.choice and sum(each.choice == unit.choice for each in units.values()) < 2:
        return False
    names = [condition.partition("=") for condition in (*unit.needs, *unit.excludes)]
    return (not unit.choice or unit.choice in text.choices) and all(
        name in text.variables and option in {each.key for each in text.variables[name].options}
        if is_value
        else name in units
        for name, is_value, option in names
    )


def _structure(text: LegalText, form: Tradition) -> Iterator[Problem]:
    if not text.provisions:
        yield Problem.of("", _("there is no provision. Add at least one."), mend=Mend.TEXT)
    seen: set[str] = set()
    for count, (item, ancestors) in enumerate(walk(text.provisions), start=1):
        if count > MAX_PROVISIONS:
            sentence = _("an edition holds at most %(most)s provisions. Split the instrument.")
            yield Problem.of(item.key, sentence, most=f"{MAX_PROVISIONS:,}")
            return
        if len(ancestors) >= MAX_DEPTH:
            sentence = _("it stands deeper than %(most)s levels. Move it up.")
            yield Problem.of(item.key, sentence, most=str(MAX_DEPTH))
            return
        yield from _key_problems(item, seen)
        yield from _nesting_problems(item, ancestors, form)
    yield from _order_problems(text.provisions, form)


def _key_problems(item: Unit, seen: set[str]) -> Iterator[Problem]:
    if item.key in seen:
        yield Problem(item.key, _("the key stands twice. Give one of the two another key."))
    if not KEY_FORM.fullmatch(item.key) or len(item.key) > MAX_KEY:
        sentence = _(
            "write the key in small letters, digits and single hyphens, at most %(most)s characters."
        )
        yield Problem.of(item.key, sentence, most=str(MAX_KEY))
    seen.add(item.key)


def _nesting_problems(item: Unit, ancestors: tuple[Unit, ...], form: Tradition) -> Iterator[Problem]:
    chain = chain_of(ancestors)
    if not form.may_contain(chain, item.kind):
        kind = _kind_name(item.kind)
        if ancestors:
            sentence = _(
                "a unit of the kind “%(kind)s” cannot stand in “%(above_key)s”, which is of the kind “%(above_kind)s”. "
                "Move it or change its kind."
            )
            above = ancestors[-1]
            yield Problem.of(
                item.key, sentence, kind=kind, above_key=above.key, above_kind=_kind_name(above.kind)
            )
        else:
            sentence = _("a unit of the kind “%(kind)s” cannot stand at the top. Move it or change its kind.")
            yield Problem.of(item.key, sentence, kind=kind)
    mixture = form.mixture_problem([child.kind for child in item.children], bool(item.body))
    if mixture:
        yield Problem(item.key, mixture)
    if item.kind == Kind.QUOTED and not item.act:
        yield Problem(item.key, _("it does not say which act the text is put into. Name the act."))


def _kind_name(kind: str) -> str:
    return str(Kind(kind).label) if kind in Kind.values else kind


def chain_of(ancestors: tuple[Unit, ...]) -> tuple[str, ...]:
    """The kinds above a provision; below text put into another act they are those of that act."""
    chain: list[str] = []
    for item in ancestors:
        if item.kind == Kind.QUOTED:
            chain = [kind for kind, _number in item.place] or [Kind.QUOTED]
        else:
            chain.append(item.kind)
    return tuple(chain)


def _order_problems(provisions: list[Unit], form: Tradition) -> Iterator[Problem]:
    rank = 0
    for item in provisions:
        own = form.order_at_top(item.kind)
        if own < rank:
            sentence = _("a unit of the kind “%(kind)s” stands too late. Move it up.")
            yield Problem.of(item.key, sentence, kind=_kind_name(item.kind))
        rank = max(rank, own)


class _Reading:
    """The checks that read the words of a text whose tree is sound: all of them, and the references of what stands."""

    def __init__(self, text: LegalText, form: Tradition) -> None:
        self.whole, self.text, self.form = text, effective(text), form
        self.by_key = {item.key: item for item, _above in walk(self.text.provisions)}
        self.off = {item.key for item, _above in walk(text.provisions)} - self.by_key.keys()
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
            if item.heading:
                yield Problem(item.key, _("it is only a heading. Write its text or remove it."))
            else:
                yield Problem(item.key, _("it says nothing. Write its text or remove it."))
        if item.kind == Kind.DEFINITION and not item.term:
            yield Problem(item.key, _("a definition needs the term it defines. Write the term."))
        if item.term and item.kind != Kind.DEFINITION:
            yield Problem(
                item.key, _("only a definition has a term of its own. Remove the term or change the kind.")
            )

    def _characters(self, item: Unit) -> Iterator[Problem]:
        for words in (item.heading, item.body, item.term, item.act):
            if clean_text(words) != words or "\n" in words:
                sentence = _(
                    "the text holds control characters, line ends or marks that reverse the reading order. Type it anew."
                )
                yield Problem(item.key, sentence)
                return

    # --- marks ---
    def _marks(self, item: Unit, ancestors: tuple[Unit, ...]) -> Iterator[Problem]:
        for words in (item.heading, item.body):
            if stray := stray_mark(words):
                sentence = _("near “%(words)s” a mark is not well formed. Write [[name]] or [[ref:key]].")
                yield Problem.of(item.key, sentence, words=stray)
            for piece in pieces(words):
                if piece.variable and piece.variable not in self.text.variables:
                    sentence = _(
                        "there is no open value [[%(name)s]]. Add it to the open values, or correct the name."
                    )
                    yield Problem.of(item.key, sentence, name=piece.variable)
                if piece.reference:
                    yield from self._reference(item, piece.reference, piece.sentence)

    def _reference(self, item: Unit, key: str, sentence: int) -> Iterator[Problem]:
        target = self.by_key.get(key)
        mark = reference_mark(key, sentence)
        if key in self.off:
            said = _(
                "%(mark)s points to “%(target_key)s”, which is left out of the text. Let it stand, or take the reference out."
            )
            yield Problem.of(item.key, said, mark=mark, target_key=key)
        elif target is None:
            said = _("the reference %(mark)s points to no provision. Correct the key or add the provision.")
            yield Problem.of(item.key, said, mark=mark)
        elif not self.form.can_be_cited(target.kind):
            said = _(
                "%(mark)s points to a unit of the kind “%(kind)s”, which cannot be cited. Point to the unit around or below it."
            )
            yield Problem.of(item.key, said, mark=mark, kind=_kind_name(target.kind))
        elif self.numbering.places[item.key].act and not self.numbering.places[key].act:
            said = _(
                "%(mark)s points from text put into another act to this instrument, which will have a number of its own only "
                "when adopted. Write the reference out or leave it."
            )
            yield Problem.of(item.key, said, mark=mark)
        elif sentence and sentence > (there := len(sentences(target.body, self.text.language))):
            said = ngettext(
                "%(mark)s points to a sentence that is not there: “%(target_key)s” has %(count)s sentence. Correct the count.",
                "%(mark)s points to a sentence that is not there: “%(target_key)s” has %(count)s sentences. Correct the count.",
                there,
            )
            yield Problem.of(item.key, said, mark=mark, target_key=key, count=str(there))

    # --- variables ---
    def _variables(self) -> Iterator[Problem]:
        used = _variables_in(self.text)
        used_somewhere = _variables_in(self.whole) | _variables_in_conditions(self.whole)
        for name, spec in self.text.variables.items():
            for sentence in self._variable_problems(name, used, used_somewhere):
                yield Problem.of(name, sentence, mend=Mend.VARIABLE)
            if spec.type in CHOICES and not spec.options:
                yield Problem.of(name, _("a choice needs options. Add them."), mend=Mend.VARIABLE)
        for name in self.text.values.keys() - self.text.variables.keys():
            sentence = _("a value is set for it, but there is no such open value. Add it, or set none.")
            yield Problem.of(name, sentence, mend=Mend.VARIABLE)

    def _variable_problems(self, name: str, used: set[str], used_somewhere: set[str]) -> Iterator[str]:
        spec, value = self.text.variables[name], self.text.value_of(name)
        if not VARIABLE_NAME.fullmatch(name):
            yield _("write the name in small letters, digits and underscores, beginning with a letter.")
        if name not in used_somewhere:
            yield _("the open value is used nowhere. Write [[%(name)s]] where it belongs, or remove it.") % {
                "name": name
            }
        yield from self._default_problems(name)
        if not value:
            if spec.required or name in used:
                yield _("it has no value. Set one, or give it a default.")
            return
        if spec.type in {VariableType.TEXT, VariableType.AUTHORITY} and "[[" in value:
            yield _("a value cannot hold marks. Write the words out.")
        try:
            spec.check(value)
        except ValueRefused as refusal:
            yield f"{refusal}."

    def _default_problems(self, name: str) -> Iterator[str]:
        for default in self.text.variables[name].defaults:
            try:
                self.text.variables[name].check(default.value)
            except ValueRefused as refusal:
                yield _("in its default for %(jurisdiction)s: %(refusal)s.") % {
                    "jurisdiction": default.jurisdiction,
                    "refusal": refusal,
                }

    # --- terms ---
    @cached_property
    def _definitions(self) -> list[Unit]:
        return [item for item in self.by_key.values() if item.kind == Kind.DEFINITION and item.term]

    def _terms(self) -> Iterator[Problem]:
        defined: dict[str, str] = {}
        for item in self._definitions:
            term = item.term.casefold()
            if term in defined:
                sentence = _(
                    "“%(term)s” is defined already in “%(first_key)s”. Give one term one meaning: keep one of the two."
                )
                yield Problem.of(item.key, sentence, term=item.term, first_key=defined[term])
            defined.setdefault(term, item.key)
            if not self._is_used(item):
                sentence = _(
                    "the term “%(term)s” is defined and used nowhere else. Use it or remove the definition."
                )
                yield Problem.of(item.key, sentence, term=item.term)
        yield from self._undefined_terms(set(defined))

    def _is_used(self, definition: Unit) -> bool:
        pattern = term_pattern(definition.term, self.text.language)
        own = {item.key for item, _above in walk([definition])}
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
                    sentence = _(
                        "‘%(term)s’ is used as a defined term and defined nowhere. Define it or take the quotes away."
                    )
                    yield Problem.of(item.key, sentence, term=term)


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
