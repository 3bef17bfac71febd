"""Bills of the United States Congress, as the drafting manuals of both houses have them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.regulations.kinds import CONTAINERS
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions.base import HeadingForm, Step, register_tradition
from campaign.regulations.traditions.common import EnglishPath, Names
from campaign.regulations.traditions.numbers import Arabic, Capitals, Inserted, Letters, Repeated, Roman
from campaign.regulations.values import NBSP, VariableSpec, american_value

PLAIN = Inserted("[A-Z]{0,2}")
BELOW = (PLAIN, Capitals(), Roman(), Roman(upper=True), Repeated(), Repeated(upper=True))
LEVELS = ("paragraph", "subparagraph", "clause", "subclause", "item", "subitem")
SMALL = frozenset(
    {Kind.CHAPTER, Kind.DIVISION}
)  # “Subtitle A—General”, where titles and parts stand in capitals


class UsBill(EnglishPath):
    key = "us-bill"
    name: str | Promise = _("United States bill")
    layout = "law-us"
    number_example = "2A or b"
    styles = {
        Kind.RECITAL: (Arabic(),),
        Kind.TITLE: (Roman(upper=True),),
        Kind.CHAPTER: (Capitals(),),
        Kind.SECTION: (PLAIN,),
        Kind.DIVISION: (Capitals(),),
        Kind.ARTICLE: (PLAIN,),
        Kind.PARAGRAPH: (Letters(),),
        Kind.POINT: BELOW,
        Kind.DEFINITION: BELOW,
        Kind.AMENDING_POINT: BELOW,
        Kind.ANNEX: (Capitals(),),
    }
    names: dict[str, Names] = {
        "en": {
            Kind.TITLE: ("title",),
            Kind.CHAPTER: ("subtitle",),
            Kind.SECTION: ("part",),
            Kind.DIVISION: ("subpart",),
            Kind.ARTICLE: ("section",),
            Kind.PARAGRAPH: ("subsection",),
            Kind.SUBPARAGRAPH: ("undesignated paragraph",),
            Kind.POINT: LEVELS,
            Kind.DEFINITION: LEVELS,
            Kind.AMENDING_POINT: LEVELS,
            Kind.ANNEX: ("appendix",),
        }
    }

    def label(self, steps: tuple[Step, ...], chain: tuple[str, ...], language: str) -> str:
        step = steps[-1]
        if step.kind == Kind.ARTICLE:
            return f"SECTION{NBSP}1." if step.number == "1" else f"SEC.{NBSP}{step.number}."
        if step.kind == Kind.INDENT:
            return "—"
        if step.kind == Kind.ANNEX and step.alone:
            return "APPENDIX"
        if not step.number:
            return ""
        if step.kind in {*CONTAINERS, Kind.ANNEX}:
            name = self.noun(step.kind, 0, language)
            return f"{name.capitalize() if step.kind in SMALL else name.upper()}{NBSP}{step.number}"
        return f"({step.number})"

    def heading(self, kind: str, language: str) -> HeadingForm:
        if kind in {*CONTAINERS, Kind.ANNEX}:
            return HeadingForm(before="—", is_upper=kind not in SMALL)
        return HeadingForm(after="." if kind == Kind.ARTICLE else ".—", is_upper=True)

    def definition(self, term: str, language: str) -> str:
        return f"{term.upper()}.—The term “{term}” "

    def value(self, spec: VariableSpec, value: str, language: str) -> str:
        return american_value(spec, value)

    def frame(self, language: str, kinds: frozenset[str]) -> dict[str, list[str]]:
        return {
            "above": ["A BILL"],
            "preamble": [],
            "before_recitals": ["Whereas:"],
            "enacting": [
                "Be it enacted by the Senate and House of Representatives of the United States of America in Congress assembled,"
            ],
            "end": [],
        }


register_tradition(UsBill())
