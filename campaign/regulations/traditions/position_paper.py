"""Position papers: sections 1, 1.1, paragraphs numbered below them, and nothing that only lawyers read."""

from __future__ import annotations

from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions.base import Step, register_tradition
from campaign.regulations.traditions.common import Common, EnglishPath, Names
from campaign.regulations.traditions.numbers import Arabic, Capitals, Inserted, Letters, Roman

PLAIN = Inserted("[a-z]?")
BELOW = (Letters(), Roman(), Letters())
DOTTED = frozenset({Kind.CHAPTER, Kind.SECTION, Kind.DIVISION, Kind.ARTICLE, Kind.PARAGRAPH})
SECTIONS = DOTTED - {Kind.PARAGRAPH}


class PositionPaper(EnglishPath):
    """Headed units of any level are sections. They share one count, so that no two have the same number."""

    key = "position-paper"
    name: str | Promise = _("Position paper")
    layout = "law-paper"
    number_example = "2a or ba"
    counts_on = {
        **Common.counts_on,
        Kind.ARTICLE: frozenset({Kind.CHAPTER, Kind.SECTION, Kind.DIVISION, Kind.ANNEX}),
        Kind.PARAGRAPH: frozenset({Kind.CHAPTER, Kind.SECTION, Kind.DIVISION, Kind.ARTICLE, Kind.ANNEX}),
    }
    counts_with = {
        **Common.counts_with,
        Kind.CHAPTER: Kind.ARTICLE,
        Kind.SECTION: Kind.ARTICLE,
        Kind.DIVISION: Kind.ARTICLE,
    }
    styles = {
        Kind.RECITAL: (Arabic(),),
        Kind.TITLE: (Capitals(),),
        Kind.CHAPTER: (PLAIN,),
        Kind.SECTION: (PLAIN,),
        Kind.DIVISION: (PLAIN,),
        Kind.ARTICLE: (PLAIN,),
        Kind.PARAGRAPH: (PLAIN,),
        Kind.POINT: BELOW,
        Kind.DEFINITION: BELOW,
        Kind.AMENDING_POINT: BELOW,
        Kind.ANNEX: (Arabic(),),
    }
    names: dict[str, Names] = {
        "en": {
            Kind.TITLE: ("part",),
            **dict.fromkeys(SECTIONS, ("section",)),
            Kind.PARAGRAPH: ("paragraph",),
            Kind.POINT: ("point",),
            Kind.DEFINITION: ("point",),
            Kind.AMENDING_POINT: ("point",),
        }
    }

    def label(self, steps: tuple[Step, ...], chain: tuple[str, ...], language: str) -> str:
        step = steps[-1]
        if step.kind == Kind.INDENT:
            return "–"
        if step.kind == Kind.ANNEX and step.alone:
            return "Annex"
        if not step.number:
            return ""
        if step.kind in {Kind.TITLE, Kind.ANNEX}:
            return f"{self.noun(step.kind, 0, language).capitalize()} {step.number}"
        return _dotted(steps) if step.kind in DOTTED else f"({step.number})"

    def cite(self, steps: tuple[Step, ...], here: tuple[Step, ...], language: str) -> str:
        return super().cite(_as_one(steps), _as_one(here), language)

    def head(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        return steps

    def container(self, steps: tuple[Step, ...], shared: int, language: str) -> str:
        return (
            self.this(steps, language)
            if shared == len(steps)
            else self.opening(steps, len(steps) - 1, language)
        )

    def bare(self, steps: tuple[Step, ...], at: int, language: str) -> str:
        return steps[at].number if steps[at].kind in DOTTED else super().bare(steps, at, language)

    def of_act(self, words: str, act: str, language: str) -> str:
        return f"{words} of {act or 'this paper'}"


def _dotted(steps: tuple[Step, ...]) -> str:
    """2.1: the numbers of all sections above, and its own."""
    return ".".join(step.number for step in steps if step.kind in DOTTED)


def _as_one(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The way down with sections in sections as one step, 2.1. A part does not part them."""
    found: list[Step] = []
    for step in steps:
        if step.kind == Kind.TITLE and step is not steps[-1]:
            continue
        if step.kind in DOTTED and found and found[-1].kind in DOTTED:
            found[-1] = replace(step, number=f"{found[-1].number}.{step.number}")
        else:
            found.append(step)
    return tuple(found)


register_tradition(PositionPaper())
