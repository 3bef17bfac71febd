"""Japanese acts, as the Cabinet Legislation Bureau has them; in English as the Ministry of Justice translates them."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.regulations.kinds import CONTAINERS
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions.base import CHAPEAU, SENTENCE, HeadingForm, Step, register_tradition
from campaign.regulations.traditions.common import (
    IN_ROWS,
    LISTED,
    Common,
    Names,
    common_start,
    english_row,
    listed_before,
    without_shared,
)
from campaign.regulations.traditions.numbers import Inserted, Letters, Named, Roman, Row, ordinal_word
from campaign.regulations.values import NBSP, VariableSpec, international_value, japanese_value, kanji

SUPPLEMENT = "附則"  # the fixed number of an annex that holds the supplementary provisions
PLAIN = Inserted("(?:の[2-9]|の[1-9][0-9])?")
IROHA = Row("イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス")
BELOW = (PLAIN, IROHA, PLAIN, Roman())
UNIT = re.compile(
    r"第[一二三四五六七八九十百千]+[編章節款条項号](?:の[一二三四五六七八九十]+)*|[イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス]|\((?:\d+|[ivxl]+)\)"
)
SUFFIX = {
    Kind.TITLE: "編",
    Kind.CHAPTER: "章",
    Kind.SECTION: "節",
    Kind.DIVISION: "款",
    Kind.ARTICLE: "条",
    Kind.PARAGRAPH: "項",
}
LEVELS = ("号", "イロハ", "細目", "細々目")
ENGLISH_LEVELS = ("item", "sub-item", "sub-item", "sub-item")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


class JapaneseAct(Common):
    """The first paragraph of an article carries no number, and is the first one all the same."""

    key = "japanese-act"
    name: str | Promise = _("Japanese act")
    languages = frozenset({"ja", "en"})
    layout = "law-ja"
    number_example = "3の2"
    joints = IN_ROWS | {"及び", "、", "又は", "から", "並びに", "若しくは", "と"}
    apart = frozenset({SUPPLEMENT})
    names_chapeau = True
    counts_with = {Kind.DEFINITION: Kind.POINT}
    uncited = frozenset({Kind.CITATION, Kind.QUOTED, Kind.INDENT, Kind.AMENDING_POINT})
    styles = {
        Kind.RECITAL: (PLAIN,),
        Kind.TITLE: (PLAIN,),
        Kind.CHAPTER: (PLAIN,),
        Kind.SECTION: (PLAIN,),
        Kind.DIVISION: (PLAIN,),
        Kind.ARTICLE: (PLAIN,),
        Kind.PARAGRAPH: (PLAIN,),
        Kind.POINT: BELOW,
        Kind.DEFINITION: BELOW,
        Kind.ANNEX: (Named(PLAIN, apart),),
    }
    names: dict[str, Names] = {
        "ja": {
            Kind.CITATION: ("根拠",),
            Kind.RECITAL: ("理由",),
            **{kind: (suffix,) for kind, suffix in SUFFIX.items()},
            Kind.SUBPARAGRAPH: ("段",),
            Kind.POINT: LEVELS,
            Kind.DEFINITION: LEVELS,
            Kind.INDENT: ("細目",),
            Kind.AMENDING_POINT: ("改め文",),
            Kind.QUOTED: ("加える文",),
            Kind.ANNEX: ("別表",),
        },
        "en": {
            Kind.TITLE: ("part",),
            Kind.CHAPTER: ("chapter",),
            Kind.SECTION: ("section",),
            Kind.DIVISION: ("subsection",),
            Kind.ARTICLE: ("article",),
            Kind.PARAGRAPH: ("paragraph",),
            Kind.POINT: ENGLISH_LEVELS,
            Kind.DEFINITION: ENGLISH_LEVELS,
            Kind.AMENDING_POINT: ("amendment",),
            Kind.ANNEX: ("appended table",),
        },
    }

    # --- numbers ---
    def label(self, steps: tuple[Step, ...], chain: tuple[str, ...], language: str) -> str:
        step = steps[-1]
        if step.kind == Kind.INDENT:
            return "－" if language == "ja" else "–"
        if step.kind == Kind.ANNEX:
            return self._annex(step, language, label=True)
        if not step.number:
            return ""
        if step.kind in LISTED:
            return self._listed_label(step, listed_before(steps[:-1]), language)
        if step.kind == Kind.PARAGRAPH:
            if language == "en":
                return "" if step.alone else f"({_hyphened(step.number)})"
            return "" if step.number == "1" else _wide(step.number)
        if step.kind == Kind.RECITAL:
            return f"{_wide(step.number)}．" if language == "ja" else f"{step.number}."
        if language == "en":
            return f"{self.noun(step.kind, 0, 'en').capitalize()}{NBSP}{_hyphened(step.number)}"
        return _counted(step.number, SUFFIX[Kind(step.kind)])

    def _listed_label(self, step: Step, depth: int, language: str) -> str:
        if language == "en":
            return f"({_roman_or_letter(step.number, depth)})"
        return kanji_number(step.number) if not depth else step.number if depth == 1 else f"({step.number})"

    def _annex(self, step: Step, language: str, *, label: bool = False) -> str:
        if step.number == SUPPLEMENT:
            if language == "ja":
                return SUPPLEMENT
            return "Supplementary Provisions" if label else "the Supplementary Provisions"
        number = "" if step.alone else step.number
        if language == "ja":
            return f"別表第{kanji_number(number)}" if number else "別表"
        words = f"Appended Table{NBSP}{_hyphened(number)}" if number else "Appended Table"
        return words if label or number else f"the {words}"

    def heading(self, kind: str, language: str) -> HeadingForm:
        if kind != Kind.ARTICLE:
            return super().heading(kind, language)
        return HeadingForm("（", "）") if language == "ja" else HeadingForm("(", ")")

    # --- references ---
    def cite(self, steps: tuple[Step, ...], here: tuple[Step, ...], language: str) -> str:
        if language == "en":
            return self._english(steps, here)
        if steps[-1].kind == SENTENCE:
            return self._sentence(steps, here)
        shared = common_start(steps, here)
        if shared == len(steps):
            depth = listed_before(steps[:-1])
            return (
                "この細目"
                if depth and steps[-1].kind in LISTED
                else f"この{self.noun(steps[-1].kind, 0, 'ja')}"
            )
        return "".join(self._part(steps, at) for at in range(shared, len(steps)))

    def _part(self, steps: tuple[Step, ...], at: int) -> str:
        step = steps[at]
        if step.kind == Kind.ANNEX:
            return self._annex(step, "ja")
        if step.kind == Kind.SUBPARAGRAPH:
            return f"第{kanji(step.ordinal)}段"
        if step.kind in LISTED:
            depth = listed_before(steps[:at])
            if not depth:
                return _counted(step.number, "号")
            return step.number if depth == 1 else f"({step.number})"
        if step.kind == Kind.RECITAL:
            return f"理由{kanji_number(step.number)}"
        return _counted(step.number, SUFFIX[Kind(step.kind)])

    def _sentence(self, steps: tuple[Step, ...], here: tuple[Step, ...]) -> str:
        """第一項後段; an exception is a ただし書, what it is one to 本文."""
        *above, last = steps
        unit = tuple(step for step in above if step.kind != CHAPEAU)
        words = "" if here == unit else self.cite(unit, here, "ja")
        listed = "各号列記以外の部分" if len(unit) < len(above) and not listed_before(unit) else ""
        return f"{words}{listed}{_sentence_name(last)}"

    def _english(self, steps: tuple[Step, ...], here: tuple[Step, ...]) -> str:
        """Article 30-4, paragraph (1), item (ii), (a)."""
        shared = common_start(steps, here)
        *above, last = steps
        if last.kind == SENTENCE:
            unit = tuple(step for step in above if step.kind != CHAPEAU)
            part = f"the {'proviso' if last.is_proviso else f'{ordinal_word(last.ordinal)} sentence'}"
            return part if here == unit else f"{part} of {self._english(unit, here)}"
        if last.kind in CONTAINERS:
            own = range(len(steps) - 1, min(shared, len(steps) - 1) - 1, -1)
            return " of ".join(
                f"{self.noun(steps[at].kind, 0, 'en').capitalize()} {_hyphened(steps[at].number)}"
                for at in own
            )
        if shared == len(steps):
            name = self.noun(last.kind, listed_before(tuple(above)), "en")
            return f"this {name.capitalize() if last.kind == Kind.ARTICLE else name}"
        if steps[0].kind == Kind.ANNEX and len(steps) > 1:
            words = self._english(steps[1:], here[1:] if shared else ())
            return words if shared else f"{words} of {self._annex(steps[0], 'en')}"
        return ", ".join(self._english_part(steps, at, shared) for at in range(shared, len(steps)))

    def _english_part(self, steps: tuple[Step, ...], at: int, start: int) -> str:
        step, depth = steps[at], listed_before(steps[:at])
        if step.kind == Kind.ANNEX:
            return self._annex(step, "en")
        if step.kind == Kind.SUBPARAGRAPH:
            return f"{ordinal_word(step.ordinal)} unnumbered paragraph"
        if step.kind in LISTED:
            number = f"({_roman_or_letter(step.number, depth)})"
            return number if depth and at > start else f"{self.noun(step.kind, depth, 'en')} {number}"
        if step.kind == Kind.PARAGRAPH:
            return f"paragraph ({_hyphened(step.number)})"
        name = self.noun(step.kind, 0, "en")
        return f"{name.capitalize() if step.kind == Kind.ARTICLE else name} {_hyphened(step.number)}"

    def of_act(self, words: str, act: str, language: str) -> str:
        if language == "en":
            return f"{words} of {act or 'this Act'}"
        return f"{act}{words}" if act else f"この法律{words}"

    def link(self, words: list[str], after: str, language: str) -> list[str]:
        return english_row(words) if language == "en" else without_shared(words, UNIT)

    # --- words ---
    def definition(self, term: str, language: str) -> str:
        return f"{term}　" if language == "ja" else f"the term “{term}” "

    def quote_marks(self, language: str) -> tuple[str, str]:
        """None: a new article stands below the sentence that brings it in."""
        return "", ""

    def closing(self, last_in_list: bool) -> str:
        return ""

    def value(self, spec: VariableSpec, value: str, language: str) -> str:
        return japanese_value(spec, value) if language == "ja" else international_value(spec, value)

    def bind(self, text: str, language: str) -> str:
        return text if language == "ja" else super().bind(text, language)

    def frame(self, language: str, kinds: frozenset[str]) -> dict[str, list[str]]:
        reasons = "理由" if language == "ja" else "Reasons"
        return {"preamble": [], "before_recitals": [reasons], "enacting": [], "end": []}


def kanji_number(number: str) -> str:
    """三, 三の二."""
    plain, of, inserted = number.partition("の")
    return f"{kanji(int(plain))}{of}{kanji(int(inserted)) if inserted else ''}"


def _counted(number: str, suffix: str) -> str:
    """第三条, 第三条の二."""
    plain, of, inserted = number.partition("の")
    return f"第{kanji(int(plain))}{suffix}{of}{kanji(int(inserted)) if inserted else ''}"


def _wide(number: str) -> str:
    """２ for one figure, 12 for more: half-width figures share one place."""
    return number.translate(WIDE) if len(number) == 1 else number


def _hyphened(number: str) -> str:
    """30-4 for 三十の四."""
    return number.replace("の", "-")


def _roman_or_letter(number: str, depth: int) -> str:
    """ii for the second item, a for イ, 1 below it."""
    if depth == 1:
        return Letters().write(IROHA.read(number, after=0) or 1)
    if depth:
        return number
    plain, _of, inserted = number.partition("の")
    return Roman().write(int(plain)) + (f"-{inserted}" if inserted else "")


def _sentence_name(step: Step) -> str:
    if step.is_proviso:
        return "ただし書"
    if step.has_proviso and step.total == 2:
        return "本文"
    if step.has_proviso or step.total < 2 or step.total > 3:
        return f"第{kanji(step.ordinal)}文"
    names = ("前段", "後段") if step.total == 2 else ("前段", "中段", "後段")
    return names[step.ordinal - 1]


register_tradition(JapaneseAct())
