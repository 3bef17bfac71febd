"""What most traditions do alike: the structure they allow, the way down to a unit, and what stays silent unless one says it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.functional import Promise

from campaign.regulations.kinds import CONTAINERS
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions.base import SENTENCE, HeadingForm, NumberStyle, Place, Step
from campaign.regulations.traditions.numbers import ordinal_word
from campaign.regulations.values import NBSP, VariableSpec, international_value

LISTED = frozenset({Kind.POINT, Kind.DEFINITION, Kind.AMENDING_POINT})
HEADS = frozenset({Kind.ARTICLE, Kind.ANNEX, Kind.RECITAL, Kind.CITATION})
ORDER = {Kind.CITATION: 0, Kind.RECITAL: 1, Kind.ANNEX: 3}
TOP = {*CONTAINERS, Kind.ARTICLE}
IN_POINT = {Kind.POINT, Kind.INDENT, Kind.SUBPARAGRAPH, Kind.QUOTED}
IN_TEXT = {*IN_POINT, Kind.DEFINITION, Kind.AMENDING_POINT}
CHILDREN: dict[str, set[Kind]] = {
    "": {Kind.CITATION, Kind.RECITAL, *TOP, Kind.ANNEX},
    Kind.TITLE: {Kind.CHAPTER, Kind.SECTION, Kind.DIVISION, Kind.ARTICLE},
    Kind.CHAPTER: {Kind.SECTION, Kind.DIVISION, Kind.ARTICLE},
    Kind.SECTION: {Kind.DIVISION, Kind.ARTICLE},
    Kind.DIVISION: {Kind.ARTICLE},
    Kind.ARTICLE: {Kind.PARAGRAPH, *IN_TEXT},
    Kind.PARAGRAPH: IN_TEXT,
    Kind.SUBPARAGRAPH: {Kind.POINT, Kind.INDENT, Kind.DEFINITION, Kind.AMENDING_POINT, Kind.QUOTED},
    Kind.POINT: IN_POINT,
    Kind.DEFINITION: {Kind.POINT, Kind.INDENT, Kind.SUBPARAGRAPH},
    Kind.AMENDING_POINT: {Kind.AMENDING_POINT, Kind.POINT, Kind.QUOTED},
    # Without a place in the other act: only what stands on its own there.
    Kind.QUOTED: {Kind.RECITAL, *TOP, Kind.ANNEX},
    Kind.ANNEX: {*TOP, Kind.PARAGRAPH, Kind.SUBPARAGRAPH, Kind.POINT, Kind.INDENT},
}
IN_ROWS = frozenset({" and ", " or ", " to ", " through ", ", ", ", and ", ", or "})
_NOUN = re.compile(r"([A-Za-z][a-z-]*) ((?:\(|\d|[A-Z]{1,2}\d|[IVXLC]+\b)[^\s,]*)")

Names = Mapping[str, tuple[str, ...]]  # kind → what it is called, by depth


class Common:
    """A tradition whose parts are tables. A subclass fills them and words its references in `cite`."""

    key: str
    name: str | Promise
    languages = frozenset({"en"})
    layout: str
    counts_on: dict[str, frozenset[str]] = {
        Kind.RECITAL: frozenset(),
        Kind.CITATION: frozenset(),
        Kind.TITLE: frozenset({Kind.ANNEX}),
        Kind.CHAPTER: frozenset({Kind.TITLE, Kind.ANNEX}),
        Kind.SECTION: frozenset({Kind.TITLE, Kind.CHAPTER, Kind.ANNEX}),
        Kind.DIVISION: frozenset({Kind.TITLE, Kind.CHAPTER, Kind.SECTION, Kind.ANNEX}),
        Kind.ARTICLE: frozenset({Kind.ANNEX}),
        Kind.ANNEX: frozenset(),
    }
    counts_with: dict[str, str] = {Kind.DEFINITION: Kind.POINT, Kind.AMENDING_POINT: Kind.POINT}
    joints = IN_ROWS
    continues: frozenset[str] = frozenset({Kind.SUBPARAGRAPH})
    cites_first = False
    counts_lines = False
    counts_sentences = False
    names_chapeau = False
    apart: frozenset[str] = frozenset()
    number_example = "53a or da"
    flags_quoted_terms = False

    styles: Mapping[
        str, tuple[NumberStyle, ...]
    ]  # kind → style by depth; a kind that is missing carries no number
    names: Mapping[str, Names]  # language → names
    uncited: frozenset[str] = frozenset({Kind.CITATION, Kind.QUOTED, Kind.INDENT})
    quotes: tuple[str, str] = ("“", "”")
    bound: re.Pattern[str] = re.compile(
        r"(\b(?:[Aa]rticles?|[Ss]ections?|[Ss]ubsections?|[Cc]lauses?|[Pp]aragraphs?|[Ss]ub-?paragraphs?|[Pp]oints?|[Ss]chedules?"
        r"|[Rr]ecitals?|[Pp]arts?|[Cc]hapters?|[Tt]itles?|[Aa]nnex(?:es)?|No)) (?=[\d(IVX])"
    )

    # --- structure ---
    def may_contain(self, chain: tuple[str, ...], kind: str) -> bool:
        parent = chain[-1] if chain else ""
        if kind not in CHILDREN.get(parent, set()):
            return False
        if parent == Kind.AMENDING_POINT and kind == Kind.POINT and parent not in self.styles:
            return False  # a list needs something above it that can be cited
        return kind not in LISTED or depth_of(chain, kind) < self.deepest(kind)

    def deepest(self, kind: str) -> int:
        """How many listed units may stand in each other: as many as have numbers."""
        return len(self.styles.get(kind) or self.styles[Kind.POINT])

    def order_at_top(self, kind: str) -> int:
        return ORDER.get(Kind(kind), 2)

    def mixture_problem(self, kinds: list[str], has_body: bool) -> str:
        if Kind.PARAGRAPH not in kinds:
            return ""
        if set(kinds) - {Kind.PARAGRAPH, *CONTAINERS}:
            return "numbered paragraphs and other units stand side by side; put the others into a paragraph."
        if has_body:
            return "text stands before numbered paragraphs; make it the first paragraph."
        return ""

    # --- numbers ---
    def style(self, chain: tuple[str, ...], kind: str) -> NumberStyle | None:
        row = self.styles.get(kind, ())
        return row[min(depth_of(chain, kind), len(row) - 1)] if row else None

    def kind_name(self, kind: str, chain: tuple[str, ...], language: str) -> str:
        return self.noun(kind, depth_of(chain, kind), language)

    def noun(self, kind: str, depth: int, language: str) -> str:
        """What such a unit is called; the word of the language for all traditions where this one has none."""
        row = self.names[language].get(kind) or COMMON_NAMES.get(language, {}).get(kind) or (kind,)
        return row[min(depth, len(row) - 1)]

    def heading(self, kind: str, language: str) -> HeadingForm:
        return HeadingForm() if kind in {*CONTAINERS, Kind.ARTICLE, Kind.ANNEX} else HeadingForm(after=".")

    # --- references ---
    def can_be_cited(self, kind: str) -> bool:
        return kind not in self.uncited

    def reference(self, target: Place, source: Place | None, language: str) -> str:
        elsewhere = source is not None and source.act != target.act
        here = source.steps if source is not None and not elsewhere else ()
        steps = target.steps
        if steps and any(step.kind in HEADS for step in steps):
            steps, here = self.head(steps), self.head(here)
        words = self.cite(steps, here, language)
        return self.of_act(words, target.act, language) if elsewhere else words

    def head(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        """The way from the unit that is cited on its own, an article or an annex."""
        return from_head(steps)

    def cite(self, steps: tuple[Step, ...], here: tuple[Step, ...], language: str) -> str:
        """The words for the way `steps`, read at the end of `here`; the full form where the two have no beginning in common."""
        raise NotImplementedError

    def of_act(self, words: str, act: str, language: str) -> str:
        """A unit of another act; of the instrument itself where `act` is empty."""
        return f"{words} of {act or 'this Act'}"

    def link(self, words: list[str], after: str, language: str) -> list[str]:
        return english_row(words)

    # --- words ---
    def definition(self, term: str, language: str) -> str:
        return f"{self.quotes[0]}{term}{self.quotes[1]} "

    def quote_marks(self, language: str) -> tuple[str, str]:
        return self.quotes

    def closing(self, last_in_list: bool) -> str:
        return "." if last_in_list else ";"

    def value(self, spec: VariableSpec, value: str, language: str) -> str:
        return international_value(spec, value)

    def meet(self, before: str, said: str, language: str) -> tuple[str, str]:
        return before, said

    def bind(self, text: str, language: str) -> str:
        return self.bound.sub(rf"\1{NBSP}", text)

    def frame(self, language: str, kinds: frozenset[str]) -> dict[str, list[str]]:
        return {"preamble": [], "before_recitals": [], "enacting": [], "end": []}


COMMON_NAMES: dict[str, Names] = {
    "en": {
        Kind.CITATION: ("citation",),
        Kind.RECITAL: ("recital",),
        Kind.SUBPARAGRAPH: ("unnumbered paragraph",),
        Kind.INDENT: ("indent",),
        Kind.QUOTED: ("quoted text",),
        Kind.ANNEX: ("annex",),
    },
}


class EnglishPath(Common):
    """Units cited from the top in one word: section 3(b)(1), and from inside by the first level that differs: paragraph (1).

    What stands in an annex is cited from there: paragraph 4(1) of Schedule 2.
    """

    gap = ""  # between a noun's number and the numbers below

    def cite(self, steps: tuple[Step, ...], here: tuple[Step, ...], language: str) -> str:
        shared = common_start(steps, here)
        *above, last = steps
        if last.kind == SENTENCE:
            counted = f"the {ordinal_word(last.ordinal)} sentence"
            return (
                counted if here == tuple(above) else f"{counted} of {self.cite(tuple(above), here, language)}"
            )
        if steps[0].kind == Kind.ANNEX and len(steps) > 1 and last.kind not in CONTAINERS:
            inside = here[:1] == steps[:1]
            words = self.cite(steps[1:], here[1:] if inside else (), language)
            return words if inside else f"{words} of {self.cite(steps[:1], (), language)}"
        if last.kind in CONTAINERS:
            return self.container(steps, shared, language)
        if shared == len(steps):
            return self.this(steps, language)
        counted_at = next(
            (
                at
                for at in range(len(steps) - 1, -1, -1)
                if steps[at].kind in {Kind.SUBPARAGRAPH, Kind.INDENT}
            ),
            None,
        )
        if counted_at is not None and counted_at >= shared:
            return self.counted(steps, counted_at, here, language)
        return self.opening(steps, shared, language) + self.below(steps, shared, language)

    def this(self, steps: tuple[Step, ...], language: str) -> str:
        """How a unit speaks of itself."""
        return f"this {self.name_at(steps, len(steps) - 1, language)}"

    def opening(self, steps: tuple[Step, ...], at: int, language: str) -> str:
        """The first level that is named, with its number."""
        step = steps[at]
        name = self.name_at(steps, at, language)
        if step.kind == Kind.ANNEX and step.alone:
            return f"the {name}"
        return f"{name} {self.bare(steps, at, language)}"

    def below(self, steps: tuple[Step, ...], at: int, language: str) -> str:
        """The numbers below the level that is named."""
        return "".join(self.gap + self.bare(steps, index, language) for index in range(at + 1, len(steps)))

    def bare(self, steps: tuple[Step, ...], at: int, language: str) -> str:
        """The number of one level as a reference has it: “3”, “(b)”."""
        step = steps[at]
        return step.number if step.kind in HEADS or step.kind in CONTAINERS else f"({step.number})"

    def name_at(self, steps: tuple[Step, ...], at: int, language: str) -> str:
        return self.noun(steps[at].kind, listed_before(steps[:at]), language)

    def counted(self, steps: tuple[Step, ...], at: int, here: tuple[Step, ...], language: str) -> str:
        """Below or at a unit that is only counted."""
        name = f"{ordinal_word(steps[at].ordinal)} {self.noun(steps[at].kind, 0, language)}"
        if steps[: at + 1] == here[: at + 1]:
            words = f"this {self.noun(steps[at].kind, 0, language)}"
        elif at:
            words = f"the {name} of {self.cite(steps[:at], here, language)}"
        else:
            words = f"the {name}"
        if at + 1 == len(steps):
            return words
        return f"{self.opening(steps, at + 1, language)}{self.below(steps, at + 1, language)} of {words}"

    def container(self, steps: tuple[Step, ...], shared: int, language: str) -> str:
        """part 2 of title I; from inside that title part 2, and inside the part this part."""
        if shared == len(steps):
            return f"this {self.noun(steps[-1].kind, 0, language)}"
        named = [self.opening(steps, at, language) for at in range(len(steps) - 1, shared - 1, -1)]
        return " of ".join(named)


def depth_of(chain: tuple[str, ...], kind: str) -> int:
    """How many listed units a listed one stands in; 0 for other kinds. Unnumbered text between them changes nothing."""
    return listed_in(chain) if kind in LISTED else 0


def listed_in(chain: tuple[str, ...]) -> int:
    """How many listed units end a chain of kinds."""
    count = 0
    for above in reversed(chain):
        if above in LISTED:
            count += 1
        elif above != Kind.SUBPARAGRAPH:
            break
    return count


def listed_before(steps: tuple[Step, ...]) -> int:
    """How many listed units the way down has passed."""
    return sum(step.kind in LISTED for step in steps)


def from_head(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps from the first unit that is cited on its own: of an annex also when it holds articles."""
    for index, step in enumerate(steps):
        if step.kind in HEADS:
            return steps[index:]
    return steps


def common_start(steps: tuple[Step, ...], here: tuple[Step, ...]) -> int:
    """How many steps two ways share from the beginning."""
    count = 0
    for one, other in zip(steps, here, strict=False):
        if one != other:
            break
        count += 1
    return count


def english_row(words: list[str]) -> list[str]:
    """Sections 5, 6 and 7; subsections (a) and (b): the noun once, in the plural, where all are of one kind."""
    found = [_NOUN.fullmatch(said) for said in words]
    if len(words) < 2 or not all(found) or len({match[1] for match in found if match}) != 1:
        return words
    first, *others = [match for match in found if match]
    noun = first[1]
    plural = f"{noun}es" if noun.endswith("x") else f"{noun}s"
    return [f"{plural} {first[2]}", *(match[2] for match in others)]


def without_shared(words: list[str], unit: re.Pattern[str], *, gap: str = "") -> list[str]:
    """Each reference of a row without the units it shares with the one before: 제1항 및 제2항, never the article twice."""
    said, before = [], unit.findall(words[0]) if words else []
    for index, each in enumerate(words):
        units = unit.findall(each)
        if gap.join(units) != each or not index:
            said.append(each)
            before = units if gap.join(units) == each else []
            continue
        shared = 0
        while shared < min(len(units), len(before)) - 1 and units[shared] == before[shared]:
            shared += 1
        said.append(gap.join(units[shared:]))
        before = units
    return said
