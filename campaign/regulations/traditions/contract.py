"""Contracts, licenses and grant conditions: parties, background, clauses numbered 1., 1.1, (a), (i), and schedules."""

from __future__ import annotations

from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.regulations.kinds import CONTAINERS
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions.base import Step, register_tradition
from campaign.regulations.traditions.common import EnglishPath, Names
from campaign.regulations.traditions.numbers import Arabic, Capitals, Inserted, Letters, Roman
from campaign.regulations.values import NBSP, VariableSpec, british_value

PLAIN = Inserted("[A-Z]{0,2}")
BELOW = (Letters(), Roman(), Capitals())


class Contract(EnglishPath):
    """Parties are citations, the background is recitals."""

    key = "contract"
    name: str | Promise = _("Contract, license or grant condition")
    layout = "law-contract"
    number_example = "4A or ba"
    uncited = frozenset({Kind.QUOTED, Kind.INDENT})
    styles = {
        Kind.CITATION: (Arabic(),),
        Kind.RECITAL: (Capitals(),),
        Kind.TITLE: (Capitals(),),
        Kind.CHAPTER: (Arabic(),),
        Kind.SECTION: (Arabic(),),
        Kind.DIVISION: (Capitals(),),
        Kind.ARTICLE: (PLAIN,),
        Kind.PARAGRAPH: (PLAIN,),
        Kind.POINT: BELOW,
        Kind.DEFINITION: BELOW,
        Kind.AMENDING_POINT: BELOW,
        Kind.ANNEX: (Arabic(),),
    }
    names: dict[str, Names] = {
        "en": {
            Kind.CITATION: ("party",),
            Kind.TITLE: ("part",),
            Kind.CHAPTER: ("chapter",),
            Kind.SECTION: ("section",),
            Kind.DIVISION: ("division",),
            Kind.ARTICLE: ("clause",),
            Kind.PARAGRAPH: ("clause",),
            Kind.POINT: ("paragraph", "sub-paragraph"),
            Kind.DEFINITION: ("paragraph", "sub-paragraph"),
            Kind.AMENDING_POINT: ("paragraph", "sub-paragraph"),
            Kind.ANNEX: ("Schedule",),
        }
    }

    def label(self, steps: tuple[Step, ...], chain: tuple[str, ...], language: str) -> str:
        step = steps[-1]
        if step.kind == Kind.INDENT:
            return "–"
        if step.kind == Kind.ANNEX and step.alone:
            return "Schedule"
        if not step.number:
            return ""
        if step.kind in {*CONTAINERS, Kind.ANNEX}:
            return f"{self.noun(step.kind, 0, language).capitalize()}{NBSP}{step.number}"
        if step.kind == Kind.ARTICLE:
            return f"{step.number}."
        return dotted(steps) if step.kind == Kind.PARAGRAPH else f"({step.number})"

    def cite(self, steps: tuple[Step, ...], here: tuple[Step, ...], language: str) -> str:
        return super().cite(_joined(steps), _joined(here), language)

    def this(self, steps: tuple[Step, ...], language: str) -> str:
        """this clause 4.2: the number stays, since clauses stand in clauses."""
        return f"this {self.opening(steps, len(steps) - 1, language)}"

    def name_at(self, steps: tuple[Step, ...], at: int, language: str) -> str:
        return "paragraph" if steps[at].kind == IN_SCHEDULE else super().name_at(steps, at, language)

    def bare(self, steps: tuple[Step, ...], at: int, language: str) -> str:
        plain = steps[at].kind in {Kind.PARAGRAPH, IN_SCHEDULE}
        return steps[at].number if plain else super().bare(steps, at, language)

    def of_act(self, words: str, act: str, language: str) -> str:
        return f"{words} of {act or 'this agreement'}"

    def value(self, spec: VariableSpec, value: str, language: str) -> str:
        return british_value(spec, value)

    def frame(self, language: str, kinds: frozenset[str]) -> dict[str, list[str]]:
        """An agreement has parties who agree and sign; a license or a grant condition has none."""
        between = Kind.CITATION in kinds
        return {
            "preamble": ["PARTIES"] if between else [],
            "before_recitals": ["BACKGROUND"],
            "enacting": ["AGREED TERMS"] if between else [],
            "end": ["Signed for and on behalf of the parties:\n…"] if between else [],
        }


IN_SCHEDULE = "schedule-paragraph"  # paragraph 2.1 of Schedule 1: what is a clause in the body


def dotted(steps: tuple[Step, ...]) -> str:
    """The number of a clause in a clause: 4.2."""
    above = [step.number for step in steps[:-1] if step.kind == Kind.ARTICLE]
    return ".".join([*above[-1:], steps[-1].number])


def _joined(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The way down with 4 and 2 as one step, 4.2, and with what stands in a schedule under its name there."""
    kind = IN_SCHEDULE if steps and steps[0].kind == Kind.ANNEX else ""
    found: list[Step] = []
    for step in steps:
        if step.kind == Kind.PARAGRAPH and found and found[-1].kind in {Kind.ARTICLE, IN_SCHEDULE}:
            found[-1] = replace(step, kind=kind or step.kind, number=f"{found[-1].number}.{step.number}")
        elif step.kind in {Kind.ARTICLE, Kind.PARAGRAPH} and kind:
            found.append(replace(step, kind=kind))
        elif not kind or step.kind not in CONTAINERS:
            found.append(step)
    return tuple(found) if not steps or steps[-1].kind not in CONTAINERS else steps


register_tradition(Contract())
