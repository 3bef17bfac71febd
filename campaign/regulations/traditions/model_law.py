"""Model laws of UNCITRAL, and treaties, which are built alike.

What stands in square brackets (“[State enters its authority]”) and the notes beside it are the drafter's text.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.regulations.kinds import CONTAINERS
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions.base import Step, register_tradition
from campaign.regulations.traditions.common import EnglishPath, Names
from campaign.regulations.traditions.numbers import Arabic, Capitals, Inserted, Letters, Roman
from campaign.regulations.values import NBSP

LATIN = " (?:bis|ter|quater|quinquies|sexies|septies|octies|novies|decies)"
PLAIN = Inserted(f"(?:{LATIN})?")
BELOW = (Letters(between=LATIN), Roman(between=f"(?:{LATIN})?"), Capitals())


class ModelLaw(EnglishPath):
    key = "model-law"
    name: str | Promise = _("Model law or treaty")
    layout = "law-un"
    number_example = "5 bis or b"
    gap = " "
    styles = {
        Kind.RECITAL: (Arabic(),),
        Kind.TITLE: (Roman(upper=True, between=f"(?:{LATIN})?"),),
        Kind.CHAPTER: (Roman(upper=True, between=f"(?:{LATIN})?"),),
        Kind.SECTION: (PLAIN,),
        Kind.DIVISION: (Capitals(),),
        Kind.ARTICLE: (PLAIN,),
        Kind.PARAGRAPH: (PLAIN,),
        Kind.POINT: BELOW,
        Kind.DEFINITION: BELOW,
        Kind.AMENDING_POINT: BELOW,
        Kind.ANNEX: (Roman(upper=True),),
    }
    names: dict[str, Names] = {
        "en": {
            Kind.TITLE: ("part",),
            Kind.CHAPTER: ("chapter",),
            Kind.SECTION: ("section",),
            Kind.DIVISION: ("subsection",),
            Kind.ARTICLE: ("article",),
            Kind.PARAGRAPH: ("paragraph",),
            Kind.POINT: ("subparagraph",),
            Kind.DEFINITION: ("subparagraph",),
            Kind.AMENDING_POINT: ("subparagraph",),
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
        if step.kind in {*CONTAINERS, Kind.ARTICLE, Kind.ANNEX}:
            return f"{self.noun(step.kind, 0, language).capitalize()}{NBSP}{step.number}"
        return f"{step.number}." if step.kind == Kind.PARAGRAPH else f"({step.number})"

    def below(self, steps: tuple[Step, ...], at: int, language: str) -> str:
        """article 5, paragraph 2 (a)(i); in an article without paragraphs article 5 (a)."""
        said = ""
        for index in range(at + 1, len(steps)):
            if steps[index].kind == Kind.PARAGRAPH:
                said += f", paragraph {steps[index].number}"
            else:
                follows = steps[index - 1].kind in {Kind.ARTICLE, Kind.PARAGRAPH, Kind.ANNEX}
                said += f"{' ' if follows else ''}({steps[index].number})"
        return said

    def bare(self, steps: tuple[Step, ...], at: int, language: str) -> str:
        return steps[at].number if steps[at].kind == Kind.PARAGRAPH else super().bare(steps, at, language)

    def of_act(self, words: str, act: str, language: str) -> str:
        return f"{words}{',' if ', ' in words else ''} of {act or 'this Law'}"

    def frame(self, language: str, kinds: frozenset[str]) -> dict[str, list[str]]:
        before = ["Considering that:"] if Kind.RECITAL in kinds else []
        # Who makes a treaty is named above its preamble, in place of a citation; what follows is what they did.
        enacting = ["Have agreed as follows:"] if Kind.CITATION in kinds else []
        return {"preamble": [], "before_recitals": before, "enacting": enacting, "end": []}


register_tradition(ModelLaw())
