"""Korean acts, as the Ministry of Government Legislation has them; in English as its official translations go."""

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
from campaign.regulations.traditions.numbers import Inserted, Letters, Named, Row, ordinal_word
from campaign.regulations.values import NBSP, VariableSpec, international_value, korean_value

SUPPLEMENT = "부칙"  # the fixed number of an annex that holds the supplementary provisions
PLAIN = Inserted("(?:의[2-9]|의[1-9][0-9])?")
SYLLABLES = Row(
    "".join(
        row
        for row in (
            "가나다라마바사아자차카타파하", "거너더러머버서어저처커터퍼허", "고노도로모보소오조초코토포호",
            "구누두루무부수우주추쿠투푸후", "그느드르므브스으즈츠크트프흐", "기니디리미비시이지치키티피히",
        )
    ),
    between="의[2-9]|의[1-9][0-9]",
)  # fmt: skip
BELOW = (PLAIN, SYLLABLES, PLAIN, SYLLABLES)
UNIT = re.compile(r"제\d+(?:편|장|절|관|조|항|호)(?:의\d+)?|[가-힣](?:의\d+)?목|\d+\)|[가-힣]\)")
SUFFIX = {
    Kind.TITLE: "편",
    Kind.CHAPTER: "장",
    Kind.SECTION: "절",
    Kind.DIVISION: "관",
    Kind.ARTICLE: "조",
    Kind.PARAGRAPH: "항",
}
LEVELS = ("호", "목", "세목", "세세목")
ENGLISH_LEVELS = ("subparagraph", "item", "sub-item", "sub-sub-item")
COUNTED = ("첫", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
FINAL_SOUND = set("013678LMNRlmnr")  # figures and letters that are read with a consonant at the end


class KoreanAct(Common):
    key = "korean-act"
    name: str | Promise = _("Korean act")
    languages = frozenset({"ko", "en"})
    layout = "law-ko"
    number_example = "3의2 or 가의2"
    joints = IN_ROWS | {" 및 ", " 또는 ", " 또는", "부터 ", "와 ", "과 ", "ㆍ", "·", " 내지 "}
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
        "ko": {
            Kind.CITATION: ("근거",),
            Kind.RECITAL: ("제안이유",),
            **{kind: (suffix,) for kind, suffix in SUFFIX.items()},
            Kind.SUBPARAGRAPH: ("문단",),
            Kind.POINT: LEVELS,
            Kind.DEFINITION: LEVELS,
            Kind.INDENT: ("줄표",),
            Kind.AMENDING_POINT: ("개정문",),
            Kind.QUOTED: ("신설문",),
            Kind.ANNEX: ("별표",),
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
            Kind.ANNEX: ("attached table",),
        },
    }

    # --- numbers ---
    def label(self, steps: tuple[Step, ...], chain: tuple[str, ...], language: str) -> str:
        step = steps[-1]
        if step.kind == Kind.INDENT:
            return "-"
        if step.kind == Kind.ANNEX:
            return self._annex(step, language, label=True)
        if not step.number:
            return ""
        if step.kind in LISTED:
            return self._listed_label(step, listed_before(steps[:-1]), language)
        if step.kind == Kind.PARAGRAPH:
            return circled(step.number) if language == "ko" else f"({_hyphened(step.number)})"
        if step.kind == Kind.RECITAL:
            return f"{step.number}."
        if language == "en":
            name = self.noun(step.kind, 0, "en").capitalize()
            name = name.upper() if step.kind in CONTAINERS else name
            return f"{name}{NBSP}{_hyphened(step.number)}"
        return _counted(step.number, SUFFIX[Kind(step.kind)])

    def _listed_label(self, step: Step, depth: int, language: str) -> str:
        if language == "en":
            number = _latin(step.number) if depth % 2 else _hyphened(step.number)
            return (f"{number}.", f"({number})", f"{number})", f"{number})")[min(depth, 3)]
        return f"{step.number}{'.' if depth < 2 else ')'}"

    def _annex(self, step: Step, language: str, *, label: bool = False) -> str:
        if step.number == SUPPLEMENT:
            return SUPPLEMENT if language == "ko" else "ADDENDA" if label else "the Addenda"
        number = "" if step.alone else step.number
        if language == "ko":
            return f"별표{NBSP}{number}" if number else "별표"
        words = f"Table{NBSP}{_hyphened(number)}" if number else "Table"
        return f"Attached {words}" if label or number else f"the attached {words}"

    def heading(self, kind: str, language: str) -> HeadingForm:
        return HeadingForm("(", ")") if kind == Kind.ARTICLE else super().heading(kind, language)

    # --- references ---
    def cite(self, steps: tuple[Step, ...], here: tuple[Step, ...], language: str) -> str:
        if language == "en":
            return self._english(steps, here)
        shared = common_start(steps, here)
        if steps[-1].kind == SENTENCE:
            return self._sentence(steps, here)
        if shared == len(steps):
            return f"이{NBSP}{self.noun(steps[-1].kind, listed_before(steps[:-1]), 'ko')}"
        return "".join(self._part(steps, at, shared) for at in range(shared, len(steps)))

    def _part(self, steps: tuple[Step, ...], at: int, start: int) -> str:
        step = steps[at]
        gap = " " if at > start else ""
        if step.kind == Kind.ANNEX:
            return self._annex(step, "ko")
        if step.kind == Kind.SUBPARAGRAPH:
            return f"{gap}{_ordinal(step.ordinal)} 문단"
        if step.kind in LISTED:
            depth = listed_before(steps[:at])
            if depth > 1:
                return f"{step.number})"
            return f"{step.number}목" if depth else _counted(step.number, "호")
        if step.kind == Kind.RECITAL:
            return f"제안이유 {step.number}"
        above_is_annex = at and steps[at - 1].kind == Kind.ANNEX
        return f"{gap if above_is_annex else ''}{_counted(step.number, SUFFIX[Kind(step.kind)])}"

    def _sentence(self, steps: tuple[Step, ...], here: tuple[Step, ...]) -> str:
        """제1항 후단, and of a text above a list 제1항 각 호 외의 부분 후단; an exception is a 단서."""
        *above, last = steps
        unit = tuple(step for step in above if step.kind != CHAPEAU)
        depth = listed_before(unit)
        said = [] if here == unit else [self.cite(unit, here, "ko")]
        if len(unit) < len(above):
            said.append("각 목 외의 부분" if depth else "각 호 외의 부분")
        return " ".join([*said, _sentence_name(last)])

    def _english(self, steps: tuple[Step, ...], here: tuple[Step, ...]) -> str:
        """Article 15(2)3(b); paragraph (2)3(b), subparagraph 3(b), item (b)."""
        shared = common_start(steps, here)
        *above, last = steps
        if last.kind == SENTENCE:
            unit = tuple(step for step in above if step.kind != CHAPEAU)
            name = "proviso" if last.is_proviso else f"{ordinal_word(last.ordinal)} sentence"
            part = f"the {name}" + (" of the part other than the list" if len(unit) < len(above) else "")
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
        if steps[0].kind == Kind.ANNEX:
            annex = self._annex(steps[0], "en")
            if len(steps) == 1:
                return annex
            inside = shared > 0
            words = self._english(steps[1:], here[1:] if inside else ())
            return words if inside else f"{words} of {annex}"
        return self._english_path(steps, shared)

    def _english_path(self, steps: tuple[Step, ...], shared: int) -> str:
        said = ""
        for at in range(shared, len(steps)):
            step, depth = steps[at], listed_before(steps[:at])
            if step.kind == Kind.SUBPARAGRAPH:
                said += f"{', ' if said else 'the '}{ordinal_word(step.ordinal)} unnumbered paragraph"
                continue
            number = _latin(step.number) if step.kind in LISTED and depth % 2 else _hyphened(step.number)
            bracketed = step.kind == Kind.PARAGRAPH or (step.kind in LISTED and depth)
            number = f"({number})" if bracketed else number
            if said and step.kind in LISTED and not depth and not said.endswith(")"):
                said += f", {self.noun(step.kind, 0, 'en')} {number}"
                continue
            if said:
                said += number
                continue
            name = self.noun(step.kind, depth, "en")
            said = f"{name.capitalize() if step.kind == Kind.ARTICLE else name} {number}"
        return said

    def of_act(self, words: str, act: str, language: str) -> str:
        if language == "en":
            return f"{words} of {act or 'this Act'}"
        return f"「{act}」 {words}" if act else f"이 법 {words}"

    def link(self, words: list[str], after: str, language: str) -> list[str]:
        return english_row(words) if language == "en" else without_shared(words, UNIT)

    # --- words ---
    def definition(self, term: str, language: str) -> str:
        if language == "en":
            return f"The term “{term}” "
        return f"“{term}”{'이란' if ends_in_consonant(term) else '란'} "

    def quote_marks(self, language: str) -> tuple[str, str]:
        """None: a new article stands below the sentence that brings it in."""
        return "", ""

    def closing(self, last_in_list: bool) -> str:
        return ""

    def value(self, spec: VariableSpec, value: str, language: str) -> str:
        return korean_value(spec, value) if language == "ko" else international_value(spec, value)

    def bind(self, text: str, language: str) -> str:
        return text if language == "ko" else super().bind(text, language)

    def frame(self, language: str, kinds: frozenset[str]) -> dict[str, list[str]]:
        reasons = "제안이유" if language == "ko" else "Reasons for the proposal"
        return {"preamble": [], "before_recitals": [reasons], "enacting": [], "end": []}


def circled(number: str) -> str:
    """①, ② … ㊿; no further ones are made, so (51) after that, and ②의2 for one put between."""
    plain, _of, inserted = number.partition("의")
    count = int(plain)
    for last, first in ((20, "①"), (35, "㉑"), (50, "㊱")):
        if count <= last:
            said = chr(ord(first) + count - {20: 1, 35: 21, 50: 36}[last])
            return f"{said}의{inserted}" if inserted else said
    return f"({number})"


def ends_in_consonant(word: str) -> bool:
    """Whether a word is read with a consonant at its end, on which Korean particles depend."""
    last = word.rstrip("”’\"')）]")[-1:] or " "
    if "가" <= last <= "힣":
        return bool((ord(last) - ord("가")) % 28)
    return last in FINAL_SOUND


def _counted(number: str, suffix: str) -> str:
    """제3조, 제3조의2."""
    plain, of, inserted = number.partition("의")
    return f"제{plain}{suffix}{of}{inserted}"


def _hyphened(number: str) -> str:
    """3-2 for 3의2, as the official translations write it."""
    return number.replace("의", "-")


def _latin(number: str) -> str:
    """b for 나, a-2 for 가의2."""
    plain, _of, inserted = number.partition("의")
    count = SYLLABLES.read(plain, after=0) or 1
    return Letters().write(count) + (f"-{inserted}" if inserted else "")


def _ordinal(count: int) -> str:
    return f"{COUNTED[count - 1]} 번째" if count <= len(COUNTED) else f"{count}번째"


def _sentence_name(step: Step) -> str:
    if step.is_proviso:
        return "단서"
    if step.has_proviso and step.total == 2:
        return "본문"
    if step.total == 2 and not step.has_proviso:
        return "전단" if step.ordinal == 1 else "후단"
    return f"제{step.ordinal}문"


register_tradition(KoreanAct())
