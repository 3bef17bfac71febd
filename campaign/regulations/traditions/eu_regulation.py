"""Regulations of the European Union, as the Joint Practical Guide and the Official Journal have them."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.regulations.kinds import CONTAINERS
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions.base import (
    SENTENCE,
    HeadingForm,
    NumberStyle,
    Place,
    Step,
    register_tradition,
)
from campaign.regulations.traditions.numbers import ORDINALS, Arabic, Letters, Roman, ordinal_word
from campaign.regulations.values import NBSP, VariableSpec, english_value

BELOW_ARTICLE = {
    Kind.PARAGRAPH,
    Kind.SUBPARAGRAPH,
    Kind.POINT,
    Kind.DEFINITION,
    Kind.AMENDING_POINT,
    Kind.INDENT,
}
CHILDREN: dict[str, set[Kind]] = {
    "": {Kind.CITATION, Kind.RECITAL, Kind.TITLE, Kind.CHAPTER, Kind.ARTICLE, Kind.ANNEX},
    Kind.TITLE: {Kind.CHAPTER, Kind.ARTICLE},
    Kind.CHAPTER: {Kind.SECTION, Kind.ARTICLE},
    Kind.SECTION: {Kind.DIVISION, Kind.ARTICLE},
    Kind.DIVISION: {Kind.ARTICLE},
    Kind.ARTICLE: BELOW_ARTICLE,
    Kind.PARAGRAPH: {Kind.SUBPARAGRAPH, Kind.POINT, Kind.INDENT},
    Kind.SUBPARAGRAPH: {Kind.POINT, Kind.INDENT},
    Kind.POINT: {Kind.POINT, Kind.INDENT},
    Kind.DEFINITION: {Kind.POINT, Kind.INDENT},
    Kind.AMENDING_POINT: {Kind.AMENDING_POINT, Kind.QUOTED},
    # Without a place in the other act: only what stands on its own there.
    Kind.QUOTED: {Kind.RECITAL, Kind.CHAPTER, Kind.SECTION, Kind.ARTICLE, Kind.ANNEX},
    Kind.ANNEX: {Kind.SECTION, Kind.PARAGRAPH, Kind.SUBPARAGRAPH, Kind.POINT, Kind.INDENT},
}
NESTED = {Kind.POINT: 2, Kind.AMENDING_POINT: 3}  # how many of a kind may stand in each other
ORDER = {Kind.CITATION: 0, Kind.RECITAL: 1, Kind.ANNEX: 3}
UNNUMBERED = {Kind.CITATION, Kind.SUBPARAGRAPH, Kind.INDENT, Kind.QUOTED}
NAMES = {
    Kind.DIVISION: "subsection",
    Kind.DEFINITION: "point",
    Kind.AMENDING_POINT: "point",
    Kind.QUOTED: "quoted text",
}
HEADS = {Kind.RECITAL, Kind.ARTICLE, Kind.ANNEX, *CONTAINERS}
BARE = re.compile(r"(Article|paragraph|point|recital) (\(?\w+\)?)")
GOES_ON = re.compile(r" \w")
BOUND = re.compile(
    r"(\b(?:Articles?|[Pp]aragraphs?|[Pp]oints?|[Rr]ecitals?|Annex|Chapter|Section|Title|No)|\((?:EU|EC)\)) (?=[\d(IVXivx])"
)


class EuRegulation:
    key = "eu-regulation"
    name: str | Promise = _("EU regulation")
    languages = frozenset({"en"})
    layout = "law-eu"
    counts_on: dict[str, frozenset[str]] = {
        Kind.RECITAL: frozenset(),
        Kind.TITLE: frozenset(),
        Kind.CHAPTER: frozenset({Kind.TITLE}),
        Kind.SECTION: frozenset({Kind.TITLE, Kind.CHAPTER, Kind.ANNEX}),
        Kind.DIVISION: frozenset({Kind.SECTION}),
        Kind.ARTICLE: frozenset(),
        Kind.ANNEX: frozenset(),
    }
    joints = frozenset({" and ", " or ", " to ", ", "})
    counts_with: dict[str, str] = {}
    continues: frozenset[str] = frozenset({Kind.SUBPARAGRAPH})
    cites_first = True
    counts_lines = False
    counts_sentences = False
    names_chapeau = False
    apart: frozenset[str] = frozenset()
    number_example = "53a or da"
    flags_quoted_terms = True

    # --- structure ---
    def may_contain(self, chain: tuple[str, ...], kind: str) -> bool:
        parent = chain[-1] if chain else ""
        if kind not in CHILDREN.get(parent, set()):
            return False
        return kind != parent or _trailing(chain, kind) < NESTED.get(Kind(kind), 1)

    def order_at_top(self, kind: str) -> int:
        return ORDER.get(Kind(kind), 2)

    def mixture_problem(self, kinds: list[str], has_body: bool) -> str:
        others = set(kinds) - {Kind.PARAGRAPH}
        if Kind.PARAGRAPH not in kinds:
            return ""
        if others - {Kind.SECTION}:
            return "numbered paragraphs and other units stand side by side; put the others into a paragraph."
        if has_body:
            return "text stands before numbered paragraphs; make it the first paragraph."
        return ""

    # --- numbers ---
    def style(self, chain: tuple[str, ...], kind: str) -> NumberStyle | None:
        if kind in UNNUMBERED:
            return None
        if kind in {Kind.TITLE, Kind.CHAPTER, Kind.ANNEX}:
            return Roman(upper=True)
        depth = _trailing(chain, kind)
        if kind == Kind.POINT:
            return Roman() if depth else Letters()
        if kind == Kind.AMENDING_POINT and depth:
            return Letters() if depth == 1 else Roman()
        return Arabic()

    def label(self, steps: tuple[Step, ...], chain: tuple[str, ...], language: str) -> str:
        step = steps[-1]
        if step.kind == Kind.INDENT:
            return "–"
        if step.kind == Kind.ANNEX and step.alone:
            return "ANNEX"
        if not step.number:
            return ""
        if step.kind == Kind.PARAGRAPH:
            return f"{step.number}."
        if step.kind in {Kind.TITLE, Kind.CHAPTER, Kind.ANNEX}:
            return f"{step.kind.upper()} {step.number}"
        if step.kind in {Kind.ARTICLE, Kind.SECTION}:
            return f"{step.kind.capitalize()} {step.number}"
        if step.kind == Kind.DIVISION:
            return f"Subsection {step.number}"
        return f"({step.number})"

    def kind_name(self, kind: str, chain: tuple[str, ...], language: str) -> str:
        return NAMES.get(Kind(kind), kind)

    def heading(self, kind: str, language: str) -> HeadingForm:
        return HeadingForm()

    # --- references ---
    def can_be_cited(self, kind: str) -> bool:
        return kind not in {Kind.CITATION, Kind.QUOTED}

    def reference(self, target: Place, source: Place | None, language: str) -> str:
        *above, last = target.steps or (Step(""),)
        if last.kind == SENTENCE:
            counted = f"the {ordinal_word(last.ordinal)} sentence"
            if source and (source.steps, source.act) == (tuple(above), target.act):
                return counted
            inner = self.reference(Place(tuple(above), target.act), source, language)
            return f"{counted} of {f'the {inner}' if inner.partition(' ')[0] in ORDINALS else inner}"
        words = self._reference(target, source)
        is_counted = words.partition(" ")[0] in ORDINALS
        return f"the {words}" if is_counted and source is not None and source.steps else words

    def _reference(self, target: Place, source: Place | None) -> str:
        steps = _from_head(target.steps)
        same_act = source is None or source.act == target.act
        if not same_act:
            words = _full(steps)
            comma = "," if ", " in words else ""
            return f"{words}{comma} of {target.act or 'this Regulation'}"
        here = _from_head(source.steps) if source else ()
        if here and here[0] == steps[0] and steps[0].kind == Kind.ARTICLE:
            return _within_article(steps, here)
        return _full(steps, here=source.steps if source else ())

    def link(self, words: list[str], after: str, language: str) -> list[str]:
        bare = [BARE.fullmatch(said) for said in words]
        if len(words) > 1 and all(bare) and len({match[1] for match in bare if match}) == 1:
            first, *others = [match for match in bare if match]
            words = [f"{first[1]}s {first[2]}", *(match[2] for match in others)]
        # “Article 5(1), point (d), applies”: an insertion that is opened by a comma is closed by one.
        return [
            f"{said}," if ", " in said and GOES_ON.match(follows) else said
            for said, follows in zip(words, [*([" and"] * (len(words) - 1)), after], strict=True)
        ]

    # --- words ---
    def definition(self, term: str, language: str) -> str:
        return f"‘{term}’ "

    def quote_marks(self, language: str) -> tuple[str, str]:
        return "‘", "’"

    def closing(self, last_in_list: bool) -> str:
        return "." if last_in_list else ";"

    def value(self, spec: VariableSpec, value: str, language: str) -> str:
        return english_value(spec, value)

    def meet(self, before: str, said: str, language: str) -> tuple[str, str]:
        return before, said

    def bind(self, text: str, language: str) -> str:
        return BOUND.sub(rf"\1{NBSP}", text)

    def frame(self, language: str, kinds: frozenset[str]) -> dict[str, list[str]]:
        return {
            "preamble": ["THE EUROPEAN PARLIAMENT AND THE COUNCIL OF THE EUROPEAN UNION,"],
            "before_recitals": ["Whereas:"],
            "enacting": ["HAVE ADOPTED THIS REGULATION:"],
            "end": [
                "This Regulation shall be binding in its entirety and directly applicable in all Member States.",
                "Done at …,",
                "For the European Parliament\nThe President",
                "For the Council\nThe President",
            ],
        }


def _trailing(chain: tuple[str, ...], kind: str) -> int:
    """How many units of `kind` the chain ends with."""
    count = 0
    for above in reversed(chain):
        if above != kind:
            break
        count += 1
    return count


def _from_head(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps from the article, annex or recital down; of a chapter or section only itself (and what it stands in)."""
    for index, step in enumerate(steps):
        if step.kind in {Kind.ARTICLE, Kind.ANNEX, Kind.RECITAL}:
            return steps[index:]
    return steps


def _full(steps: tuple[Step, ...], *, here: tuple[Step, ...] = ()) -> str:
    head, rest = steps[0], steps[1:]
    if head.kind == Kind.ANNEX:
        return _below_annex(head, rest)
    if head.kind in CONTAINERS:
        return _container(steps, here)
    if head.kind not in HEADS:
        return _units(steps)
    if head.kind == Kind.RECITAL:
        return f"recital ({head.number})"
    name = f"Article {head.number}"
    if rest and rest[0].kind == Kind.PARAGRAPH:
        name, rest = f"{name}({rest[0].number})", rest[1:]
        return _with_subparagraph(name, rest, "subparagraph")
    return _with_subparagraph(name, rest, "paragraph")


def _with_subparagraph(name: str, rest: tuple[Step, ...], word: str) -> str:
    """Add the units below: an unnumbered one alone comes first (“third subparagraph of …”), others follow in line."""
    if not rest:
        return name
    if rest[0].kind == Kind.SUBPARAGRAPH:
        counted = f"{ordinal_word(rest[0].ordinal)} {word}"
        if len(rest) == 1:
            return f"{counted} of {name}"
        return f"{name}, {counted}, {_units(rest[1:])}"
    return f"{name}, {_units(rest)}"


def _units(steps: tuple[Step, ...]) -> str:
    """point (d); point (d)(i); point (a), second indent."""
    parts: list[str] = []
    for step in steps:
        if step.kind == Kind.INDENT:
            parts.append(f"{ordinal_word(step.ordinal)} indent")
        elif step.kind == Kind.SUBPARAGRAPH:
            parts.append(f"{ordinal_word(step.ordinal)} subparagraph")
        elif step.kind == Kind.PARAGRAPH:
            parts.append(f"paragraph {step.number}")
        elif parts and parts[-1].startswith("point"):
            parts[-1] += f"({step.number})"
        else:
            parts.append(f"point ({step.number})")
    return ", ".join(parts)


def _within_article(steps: tuple[Step, ...], here: tuple[Step, ...]) -> str:
    """The short form inside one article: this Article, paragraph 2, point (a), second subparagraph of paragraph 3."""
    rest, own = steps[1:], here[1:]
    if not rest:
        return "this Article"
    if rest[0].kind != Kind.PARAGRAPH:
        return _short(rest, own, "paragraph")
    if not own or own[0] != rest[0]:
        return _with_subparagraph(f"paragraph {rest[0].number}", rest[1:], "subparagraph")
    if len(rest) == 1:
        return "this paragraph"
    return _short(rest[1:], own[1:], "subparagraph")


def _short(rest: tuple[Step, ...], own: tuple[Step, ...], word: str) -> str:
    """What remains when article and paragraph are shared. Text without a count of its own is the first."""
    if rest[0].kind != Kind.SUBPARAGRAPH:
        return _units(rest)
    own_ordinal = own[0].ordinal if own and own[0].kind == Kind.SUBPARAGRAPH else 1
    counted = f"{ordinal_word(rest[0].ordinal)} {word}"
    if len(rest) == 1:
        return f"this {word}" if own_ordinal == rest[0].ordinal and own else counted
    if own_ordinal == rest[0].ordinal:
        return _units(rest[1:])
    return f"{counted}, {_units(rest[1:])}"


def _below_annex(head: Step, rest: tuple[Step, ...]) -> str:
    name = "the Annex" if head.alone else f"Annex {head.number}"
    if rest and rest[0].kind == Kind.SECTION:
        name, rest = f"{name}, Section {rest[0].number}", rest[1:]
    if rest and rest[0].kind == Kind.PARAGRAPH:
        name, rest = f"{name}, point {rest[0].number}", rest[1:]
    return _with_subparagraph(name, rest, "subparagraph" if len(name.split(", ")) > 1 else "paragraph")


def _container(steps: tuple[Step, ...], here: tuple[Step, ...]) -> str:
    """Chapter II; Section 2 of Chapter II, and just Section 2 inside that chapter."""
    *above, last = steps
    name = f"{NAMES.get(Kind(last.kind), last.kind).capitalize()} {last.number}"
    if last.kind == Kind.TITLE or not above or tuple(above) == here[: len(above)]:
        return name
    return f"{name} of {_container(tuple(above), here)}"


register_tradition(EuRegulation())
