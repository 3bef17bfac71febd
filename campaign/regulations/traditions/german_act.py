"""German acts, as the Handbuch der Rechtsförmlichkeit has them. Sentences are units: they are counted, and cited as Satz 2.

Units are cited without an article and are not bent: “nach § 3 Absatz 1”, “des § 3 Absatz 1”.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.regulations.kinds import CONTAINERS
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions.base import SENTENCE, Step, register_tradition
from campaign.regulations.traditions.common import (
    IN_ROWS,
    Common,
    Names,
    common_start,
    english_row,
    listed_before,
    without_shared,
)
from campaign.regulations.traditions.numbers import Arabic, Inserted, Letters, Repeated
from campaign.regulations.values import NBSP, VariableSpec, german_value, in_dative, international_value

PLAIN = Inserted("[a-z]?")
BELOW = (PLAIN, Letters(between="[1-9]"), Repeated(), Repeated(first=3))
LEVELS = ("Nummer", "Buchstabe", "Doppelbuchstabe", "Dreifachbuchstabe")
UNIT = re.compile(r"(?:§|[A-Z][a-zäöü]+) \S+")
PARTS = frozenset({"Teil", "Kapitel", "Abschnitt", "Unterabschnitt"})
ENGLISH_UNITS = ("number", "letter", "double letter", "triple letter")
BOUND = re.compile(
    r"(§§?|\b(?:Absatz|Satz|Nummer|Buchstabe|Artikel|Anlage|Teil|Kapitel|Abschnitt|Nr\.|Abs\.)) (?=[\da-z])"
)


class GermanAct(Common):
    key = "german-act"
    name: str | Promise = _("German act")
    languages = frozenset({"de", "en"})
    layout = "law-de"
    number_example = "3a"
    quotes = ("„", "“")
    joints = IN_ROWS | {" und ", " oder ", " bis ", " sowie "}
    counts_sentences = True
    styles = {
        Kind.RECITAL: (Arabic(),),
        Kind.TITLE: (PLAIN,),
        Kind.CHAPTER: (PLAIN,),
        Kind.SECTION: (PLAIN,),
        Kind.DIVISION: (PLAIN,),
        Kind.ARTICLE: (PLAIN,),
        Kind.PARAGRAPH: (PLAIN,),
        Kind.POINT: BELOW,
        Kind.DEFINITION: BELOW,
        Kind.AMENDING_POINT: BELOW,
        Kind.ANNEX: (PLAIN,),
    }
    names: dict[str, Names] = {
        "de": {
            Kind.CITATION: ("Bezugsvermerk",),
            Kind.RECITAL: ("Erwägungsgrund",),
            Kind.TITLE: ("Teil",),
            Kind.CHAPTER: ("Kapitel",),
            Kind.SECTION: ("Abschnitt",),
            Kind.DIVISION: ("Unterabschnitt",),
            Kind.ARTICLE: ("Paragraph",),
            Kind.PARAGRAPH: ("Absatz",),
            Kind.SUBPARAGRAPH: ("Satz",),
            SENTENCE: ("Satz",),
            Kind.POINT: LEVELS,
            Kind.DEFINITION: LEVELS,
            Kind.AMENDING_POINT: LEVELS,
            Kind.INDENT: ("Spiegelstrich",),
            Kind.QUOTED: ("eingefügter Text",),
            Kind.ANNEX: ("Anlage",),
        },
        "en": {
            Kind.TITLE: ("part",),
            Kind.CHAPTER: ("chapter",),
            Kind.SECTION: ("division",),
            Kind.DIVISION: ("subdivision",),
            Kind.ARTICLE: ("section",),
            Kind.PARAGRAPH: ("subsection",),
            Kind.SUBPARAGRAPH: ("sentence",),
            SENTENCE: ("sentence",),
            Kind.POINT: ENGLISH_UNITS,
            Kind.DEFINITION: ENGLISH_UNITS,
            Kind.AMENDING_POINT: ENGLISH_UNITS,
        },
    }

    def label(self, steps: tuple[Step, ...], chain: tuple[str, ...], language: str) -> str:
        step = steps[-1]
        if step.kind == Kind.INDENT:
            return "–"
        if step.kind == Kind.ANNEX and step.alone:
            return self.noun(Kind.ANNEX, 0, language).capitalize()
        if not step.number:
            return ""
        if step.kind == Kind.ARTICLE:
            return f"{'§' if language == 'de' else 'Section'}{NBSP}{step.number}"
        if step.kind in {*CONTAINERS, Kind.ANNEX}:
            return f"{self.noun(step.kind, 0, language).capitalize()}{NBSP}{step.number}"
        depth = listed_before(steps[:-1])
        if step.kind in {Kind.PARAGRAPH, Kind.RECITAL}:
            return f"({step.number})"
        if not depth:
            return f"{step.number}."
        return f"{step.number})" if language == "de" else f"({step.number})"

    # --- references ---
    def cite(self, steps: tuple[Step, ...], here: tuple[Step, ...], language: str) -> str:
        # A unit is never “this one”, which would have to be bent: at the least its own name is said.
        shared = min(common_start(steps, here), len(steps) - 1)
        if language == "en":
            return self._english(steps, shared)
        return " ".join(self._part(steps, at) for at in range(shared, len(steps)))

    def _part(self, steps: tuple[Step, ...], at: int) -> str:
        step = steps[at]
        if step.kind == Kind.ARTICLE:
            return f"§ {step.number}"
        if step.kind == Kind.ANNEX and step.alone:
            return "Anlage"
        return f"{self.noun(step.kind, listed_before(steps[:at]), 'de')} {step.number or step.ordinal}"

    def _english(self, steps: tuple[Step, ...], shared: int) -> str:
        """section 3(1), sentence 2, number 4(b), as the official translations go."""
        said = ""
        for at in range(shared, len(steps)):
            step = steps[at]
            name = self.noun(step.kind, listed_before(steps[:at]), "en")
            joins = said and (step.kind == Kind.PARAGRAPH or listed_before(steps[shared:at]))
            if joins and step.number:
                said += f"({step.number})"
                continue
            bracketed = step.kind == Kind.PARAGRAPH or (step.kind == Kind.POINT and listed_before(steps[:at]))
            number = f"({step.number})" if bracketed else step.number or str(step.ordinal)
            part = f"the {name}" if step.kind == Kind.ANNEX and step.alone else f"{name} {number}"
            said += f", {part}" if said else part
        return said

    def of_act(self, words: str, act: str, language: str) -> str:
        if language == "en":
            return f"{words} of {act or 'this Act'}"
        return f"{words} {act}" if act else f"{words} dieses Gesetzes"

    def link(self, words: list[str], after: str, language: str) -> list[str]:
        """§§ 3 und 4; § 3 Absatz 1 und 2: nothing is said twice in a row."""
        if language == "en":
            return english_row(words)
        if len(words) < 2:
            return words
        said = without_shared(words, UNIT, gap=" ")
        if all(re.fullmatch(r"§ \S+", each) for each in said):
            return [f"§{said[0]}", *(each[2:] for each in said[1:])]
        last = ""
        for index, each in enumerate(said):
            name, _space, number = each.rpartition(" ")
            # “Abschnitt 1 und 5” would want “die Abschnitte”: a part keeps its name.
            if index and name == last and " " not in name and name not in PARTS:
                said[index] = number
            last = name.rpartition(" ")[2]
        return said

    # --- words ---
    def definition(self, term: str, language: str) -> str:
        return f"{self.quotes[0]}{term}{self.quotes[1]} " if language == "de" else f"“{term}” "

    def quote_marks(self, language: str) -> tuple[str, str]:
        return self.quotes if language == "de" else ("“", "”")

    def closing(self, last_in_list: bool) -> str:
        return "."

    def value(self, spec: VariableSpec, value: str, language: str) -> str:
        return german_value(spec, value) if language == "de" else international_value(spec, value)

    def meet(self, before: str, said: str, language: str) -> tuple[str, str]:
        return before, in_dative(before, said) if language == "de" else said

    def bind(self, text: str, language: str) -> str:
        return BOUND.sub(rf"\1{NBSP}", text) if language == "de" else super().bind(text, language)

    def frame(self, language: str, kinds: frozenset[str]) -> dict[str, list[str]]:
        if language == "en":
            return {
                "preamble": [],
                "before_recitals": ["Whereas:"],
                "enacting": ["The Bundestag has adopted the following Act:"],
                "end": [],
            }
        return {
            "preamble": [],
            "before_recitals": ["In Erwägung nachstehender Gründe:"],
            "enacting": ["Der Bundestag hat das folgende Gesetz beschlossen:"],
            "end": [],
        }


register_tradition(GermanAct())
