"""Public Bills of the United Kingdom Parliament, as the Office of the Parliamentary Counsel drafts them."""

from __future__ import annotations

from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.regulations.kinds import CONTAINERS
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions.base import SENTENCE, NumberStyle, Step, register_tradition
from campaign.regulations.traditions.common import (
    LISTED,
    EnglishPath,
    Names,
    depth_of,
)
from campaign.regulations.traditions.numbers import Arabic, Capitals, Inserted, Letters, Roman
from campaign.regulations.values import NBSP, VariableSpec, british_value

PLAIN = Inserted("(?:Z?[A-Z]){0,3}", before="Z{0,2}[A-Z]?")
BELOW = (Letters(), Roman(between="[a-z]?"), Capitals())
LEVELS = ("paragraph", "sub-paragraph", "sub-sub-paragraph")
# What stands in a schedule goes by other names than what stands in the body.
IN_SCHEDULE = {Kind.ARTICLE: "schedule-paragraph", Kind.PARAGRAPH: "schedule-sub-paragraph"}

ENACTING = (
    "BE IT ENACTED by the King’s most Excellent Majesty, by and with the advice and consent of the Lords Spiritual and Temporal, "
    "and Commons, in this present Parliament assembled, and by the authority of the same, as follows:—"
)


class UkBill(EnglishPath):
    """What stands right below a schedule is its paragraphs, articles as well. Cross-headings and definitions have no number."""

    key = "uk-bill"
    name: str | Promise = _("United Kingdom bill")
    layout = "law-uk"
    number_example = "1A, ZA1 or za"
    uncited = frozenset({Kind.CITATION, Kind.QUOTED, Kind.INDENT, Kind.SECTION, Kind.DIVISION})
    counts_with = {Kind.AMENDING_POINT: Kind.POINT}
    styles = {
        Kind.RECITAL: (Arabic(),),
        Kind.TITLE: (PLAIN,),
        Kind.CHAPTER: (PLAIN,),
        Kind.ARTICLE: (PLAIN,),
        Kind.PARAGRAPH: (PLAIN,),
        Kind.POINT: BELOW,
        Kind.AMENDING_POINT: BELOW,
        Kind.ANNEX: (PLAIN,),
    }
    names: dict[str, Names] = {
        "en": {
            Kind.TITLE: ("Part",),
            Kind.CHAPTER: ("Chapter",),
            Kind.SECTION: ("cross-heading",),
            Kind.DIVISION: ("cross-heading",),
            Kind.ARTICLE: ("section",),
            Kind.PARAGRAPH: ("subsection",),
            Kind.SUBPARAGRAPH: ("unnumbered paragraph",),
            Kind.POINT: LEVELS,
            Kind.AMENDING_POINT: LEVELS,
            Kind.DEFINITION: ("definition",),
            Kind.ANNEX: ("Schedule",),
            IN_SCHEDULE[Kind.ARTICLE]: ("paragraph",),
            IN_SCHEDULE[Kind.PARAGRAPH]: ("sub-paragraph",),
        }
    }

    def style(self, chain: tuple[str, ...], kind: str) -> NumberStyle | None:
        # A definition has no letter of its own, so a list in it begins with (a).
        if kind in LISTED and Kind.DEFINITION in chain:
            below = len(chain) - chain.index(Kind.DEFINITION) - 1
            return BELOW[min(below, len(BELOW) - 1)] if kind != Kind.DEFINITION else None
        return super().style(chain, kind)

    def deepest(self, kind: str) -> int:
        return len(BELOW) + (kind == Kind.POINT)

    def kind_name(self, kind: str, chain: tuple[str, ...], language: str) -> str:
        if Kind.ANNEX in chain and kind in {Kind.ARTICLE, Kind.PARAGRAPH}:
            return "paragraph" if kind == Kind.ARTICLE or chain[-1] != Kind.ARTICLE else "sub-paragraph"
        if not chain and kind == Kind.ARTICLE:
            return "clause"
        return self.noun(kind, depth_of(chain, kind), language)

    def label(self, steps: tuple[Step, ...], chain: tuple[str, ...], language: str) -> str:
        step = steps[-1]
        if step.kind == Kind.INDENT:
            return "—"
        if step.kind == Kind.ANNEX and step.alone:
            return "SCHEDULE"
        if not step.number or step.kind == Kind.DEFINITION:
            return ""
        if step.kind in {*CONTAINERS, Kind.ANNEX}:
            return f"{self.noun(step.kind, 0, language).upper()}{NBSP}{step.number}"
        if step.kind == Kind.ARTICLE or (step.kind == Kind.PARAGRAPH and chain[-1:] == (Kind.ANNEX,)):
            return step.number
        return f"({step.number})"

    # --- references ---
    def cite(self, steps: tuple[Step, ...], here: tuple[Step, ...], language: str) -> str:
        steps, here = _renamed(steps), _renamed(here)
        at = next((at for at, step in enumerate(steps) if step.kind == Kind.DEFINITION), None)
        if at is not None and steps[-1].kind != SENTENCE:
            return self._definition(steps, at, here, language)
        return super().cite(steps, here, language)

    def _definition(self, steps: tuple[Step, ...], at: int, here: tuple[Step, ...], language: str) -> str:
        """the definition of “model” in section 2; paragraph (a) of that definition; inside it this definition."""
        words = "this definition"
        if here[: at + 1] != steps[: at + 1]:
            words = f"the definition of {self.quotes[0]}{steps[at].number}{self.quotes[1]}"
            if here[:at] != steps[:at]:
                words += f" in {self.cite(steps[:at], here, language)}"
        if at + 1 == len(steps):
            return words
        below = super().cite(steps[at + 1 :], here[at + 1 :] if words == "this definition" else (), language)
        return below if words == "this definition" else f"{below} of {words}"

    def bare(self, steps: tuple[Step, ...], at: int, language: str) -> str:
        return (
            steps[at].number
            if steps[at].kind == IN_SCHEDULE[Kind.ARTICLE]
            else super().bare(steps, at, language)
        )

    # --- words ---
    def value(self, spec: VariableSpec, value: str, language: str) -> str:
        return british_value(spec, value)

    def frame(self, language: str, kinds: frozenset[str]) -> dict[str, list[str]]:
        return {
            "above": ["A BILL TO"],
            "preamble": [],
            "before_recitals": ["Whereas:"],
            "enacting": [
                ENACTING,
            ],
            "end": [],
        }


def _renamed(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The way down a schedule in the words for its units; its parts are left out, they do not part its paragraphs."""
    if not steps or steps[0].kind != Kind.ANNEX or steps[-1].kind in CONTAINERS:
        return steps
    below = [step for step in steps[1:] if step.kind not in CONTAINERS]
    if below and below[0].kind == Kind.PARAGRAPH:
        below[0] = replace(below[0], kind=IN_SCHEDULE[Kind.ARTICLE])
    renamed = (
        replace(step, kind=IN_SCHEDULE[Kind(step.kind)]) if step.kind in IN_SCHEDULE else step
        for step in below
    )
    return (steps[0], *renamed)


register_tradition(UkBill())
