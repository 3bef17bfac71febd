"""French acts, as the Guide de légistique has them. Alinéas are units: all that begins a line is one, lists as well.

A reference is a noun phrase with its article, the smallest unit first: “le troisième alinéa du II de l’article 2”. After “à” and
“de” the article melts as it must (au, du, aux, des).
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
    LISTED,
    Common,
    Names,
    common_start,
    english_row,
    listed_before,
)
from campaign.regulations.traditions.numbers import Inserted, Letters, Roman, ordinal_word
from campaign.regulations.values import NBSP, NNBSP, VariableSpec, french_value, international_value

LATIN = (
    " (?:bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies|undecies|duodecies|terdecies|quaterdecies|quindecies"
    "|sexdecies|septdecies|octodecies|novodecies|vicies)(?: [A-Z])?| [A-Z]"
)
PLAIN = Inserted(f"(?:er)?(?:{LATIN})?")
UPPER = Roman(upper=True, between=f"(?:(?:er)?(?:{LATIN}))?")
BELOW = (Inserted(f"(?:{LATIN})?"), Letters(between=LATIN), Roman())
ORDINALS = (
    "premier", "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième", "huitième", "neuvième", "dixième",
    "onzième", "douzième", "treizième", "quatorzième", "quinzième", "seizième", "dix-septième", "dix-huitième",
    "dix-neuvième", "vingtième",
)  # fmt: skip
CONTAINER_NAMES = {
    Kind.TITLE: ("titre", "le"),
    Kind.CHAPTER: ("chapitre", "le"),
    Kind.SECTION: ("section", "la"),
    Kind.DIVISION: ("sous-section", "la"),
}
LEVELS = ("point", "sous-point", "subdivision")
_ARTICLE = re.compile(r"l’article (\S+(?: (?:bis|ter|quater|[a-z]+ies))?)")
_ALINEA = re.compile(r"le (\S+) alinéa( .*)?")
_UNIT = re.compile(r"le ((?:[IVXLC]+|\d+°|[a-z])(?: [a-z]+)?)( (?:du|de l’) ?.*)?")
_CONTRACTED = re.compile(r"\b(à|de|À|De)\s\Z")
_QUOTES = (
    (re.compile("«[ \u00a0\u202f]?"), f"«{NNBSP}"),
    (re.compile("[ \u00a0\u202f]?»"), f"{NNBSP}»"),
    (re.compile("[ \u00a0]([;!?])"), rf"{NNBSP}\1"),
    (re.compile(" :"), f"{NBSP}:"),
    (re.compile(r"\b(articles?|alinéas?|n°|titre|chapitre|section|annexe) (?=[\dIVX])"), rf"\1{NBSP}"),
)


class FrenchAct(Common):
    key = "french-act"
    name: str | Promise = _("French act")
    languages = frozenset({"fr", "en"})
    layout = "law-fr"
    number_example = "3 bis or 1 ter"
    joints = IN_ROWS | {" et ", " ou ", " à ", " ainsi que "}
    counts_lines = True
    styles = {
        Kind.RECITAL: (Inserted(""),),
        Kind.TITLE: (UPPER,),
        Kind.CHAPTER: (UPPER,),
        Kind.SECTION: (PLAIN,),
        Kind.DIVISION: (PLAIN,),
        Kind.ARTICLE: (PLAIN,),
        Kind.PARAGRAPH: (UPPER,),
        Kind.POINT: BELOW,
        Kind.DEFINITION: BELOW,
        Kind.AMENDING_POINT: BELOW,
        Kind.ANNEX: (UPPER,),
    }
    names: dict[str, Names] = {
        "fr": {
            Kind.CITATION: ("visa",),
            Kind.RECITAL: ("considérant",),
            **{kind: (name,) for kind, (name, _article) in CONTAINER_NAMES.items()},
            Kind.ARTICLE: ("article",),
            Kind.PARAGRAPH: ("paragraphe",),
            Kind.SUBPARAGRAPH: ("alinéa",),
            Kind.POINT: LEVELS,
            Kind.DEFINITION: LEVELS,
            Kind.AMENDING_POINT: LEVELS,
            Kind.INDENT: ("tiret",),
            Kind.QUOTED: ("texte inséré",),
            Kind.ANNEX: ("annexe",),
        },
        "en": {
            Kind.TITLE: ("title",),
            Kind.CHAPTER: ("chapter",),
            Kind.SECTION: ("section",),
            Kind.DIVISION: ("subsection",),
            Kind.ARTICLE: ("article",),
            Kind.PARAGRAPH: ("part",),
            Kind.SUBPARAGRAPH: ("paragraph",),
            Kind.POINT: ("point",),
            Kind.DEFINITION: ("point",),
            Kind.AMENDING_POINT: ("point",),
        },
    }

    # --- numbers ---
    def label(self, steps: tuple[Step, ...], chain: tuple[str, ...], language: str) -> str:
        step = steps[-1]
        if step.kind == Kind.INDENT:
            return "–"
        if step.kind == Kind.ANNEX:
            name = "ANNEXE" if language == "fr" else "ANNEX"
            return name if step.alone else f"{name}{NBSP}{step.number}"
        if not step.number:
            return ""
        if step.kind in LISTED:
            return _listed(step.number, listed_before(steps[:-1]), bracket=")")
        if step.kind == Kind.PARAGRAPH:
            return f"{step.number}.{NBSP}–"
        if step.kind == Kind.RECITAL:
            return f"({step.number})"
        name = self.noun(step.kind, 0, language)
        name = name.upper() if step.kind == Kind.TITLE else name.capitalize()
        return f"{name}{NBSP}{self._counted(step, language)}"

    # --- references ---
    def cite(self, steps: tuple[Step, ...], here: tuple[Step, ...], language: str) -> str:
        if language == "en":
            return self._english(steps, here)
        shared = common_start(steps, here)
        if shared == len(steps):
            return self._this(steps)
        # Inside one article what is shared is said shortly: the smallest unit around the reader.
        parts = [self._part(steps, at) for at in range(len(steps) - 1, shared - 1, -1)]
        if shared and steps[0].kind not in CONTAINERS and steps[shared].kind != SENTENCE:
            parts.append(self._this(steps[:shared]))
        said = parts[0]
        for part in parts[1:]:
            said += f" {_of(part)}"
        return said

    def _this(self, steps: tuple[Step, ...]) -> str:
        step = steps[-1]
        if step.kind in {Kind.ANNEX, Kind.SECTION, Kind.DIVISION}:
            return f"la présente {self.noun(step.kind, 0, 'fr')}"
        if step.kind in {Kind.PARAGRAPH, *LISTED}:
            return f"le présent {self._part(steps, len(steps) - 1).removeprefix('le ')}"
        return f"le présent {self.noun(step.kind, 0, 'fr')}"

    def _part(self, steps: tuple[Step, ...], at: int) -> str:
        step = steps[at]
        if step.kind == SENTENCE:
            return f"la {'première' if step.ordinal == 1 else _ordinal(step.ordinal)} phrase"
        if step.kind == Kind.SUBPARAGRAPH:
            return f"le {_ordinal(step.ordinal)} alinéa"
        if step.kind == Kind.INDENT:
            return f"le {_ordinal(step.ordinal)} tiret"
        if step.kind in LISTED:
            return f"le {_listed(step.number, listed_before(steps[:at]), bracket='')}"
        if step.kind == Kind.PARAGRAPH:
            return f"le {step.number}"
        if step.kind == Kind.ARTICLE:
            return f"l’article {_first(step.number, 'fr')}"
        if step.kind == Kind.ANNEX:
            return "l’annexe" if step.alone else f"l’annexe {step.number}"
        if step.kind == Kind.RECITAL:
            return f"le considérant {step.number}"
        name, article = CONTAINER_NAMES[Kind(step.kind)]
        return f"{article} {name} {self._counted(step, 'fr')}"

    def _counted(self, step: Step, language: str) -> str:
        """Ier for the first title and chapter, 1er for the first article; a section is feminine and has just 1."""
        feminine = step.kind in {Kind.SECTION, Kind.DIVISION}
        return step.number if feminine else _first(step.number, language)

    def _english(self, steps: tuple[Step, ...], here: tuple[Step, ...]) -> str:
        """the third paragraph of II of Article 2."""
        shared = common_start(steps, here)
        if shared == len(steps):
            name = self.noun(steps[-1].kind, 0, "en")
            return f"this {name.capitalize() if steps[-1].kind in {Kind.ARTICLE, *CONTAINERS} else name}"
        parts = [self._english_part(steps, at) for at in range(len(steps) - 1, shared - 1, -1)]
        if shared and steps[0].kind not in CONTAINERS and steps[shared].kind != SENTENCE:
            parts.append(self._english(steps[:shared], here))
        return " of ".join(parts)

    def _english_part(self, steps: tuple[Step, ...], at: int) -> str:
        step = steps[at]
        counted = {SENTENCE: "sentence", Kind.SUBPARAGRAPH: "paragraph", Kind.INDENT: "indent"}.get(step.kind)
        if counted:
            return f"the {ordinal_word(step.ordinal)} {counted}"
        if step.kind in LISTED:
            return f"point {_listed(step.number, listed_before(steps[:at]), bracket='')}"
        if step.kind == Kind.PARAGRAPH:
            return step.number
        if step.kind == Kind.RECITAL:
            return f"recital {step.number}"
        if step.kind == Kind.ANNEX and step.alone:
            return "the Annex"
        return f"{self.noun(step.kind, 0, 'en').capitalize()} {step.number}"

    def of_act(self, words: str, act: str, language: str) -> str:
        if language == "en":
            return f"{words} of {act or 'this Act'}"
        # The name of the other act is typed with its article: “la loi n° 78-17”, “le code de la propriété intellectuelle”.
        return f"{words} {_of(act)}" if act else f"{words} de la présente loi"

    def link(self, words: list[str], after: str, language: str) -> list[str]:
        """les articles 5, 6 et 7; les I et II de l’article 2; les premier et deuxième alinéas."""
        if language == "en":
            return english_row(words)
        if len(words) < 2:
            return words
        if all(found := [_ARTICLE.fullmatch(said) for said in words]):
            numbers = [match[1] for match in found if match]
            return [f"les articles {numbers[0]}", *numbers[1:]]
        for pattern, name in ((_ALINEA, " alinéas"), (_UNIT, "")):
            matches = [match for said in words if (match := pattern.fullmatch(said))]
            if len(matches) == len(words) and len({match[2] for match in matches}) == 1:
                *others, last = [match[1] for match in matches]
                said = [*others, f"{last}{name}{matches[-1][2] or ''}"]
                return [f"les {said[0]}", *said[1:]]
        return words

    # --- words ---
    def definition(self, term: str, language: str) -> str:
        return f"«{NNBSP}{term}{NNBSP}»{NBSP}: " if language == "fr" else f"“{term}”: "

    def quote_marks(self, language: str) -> tuple[str, str]:
        return (f"«{NNBSP}", f"{NNBSP}»") if language == "fr" else ("“", "”")

    def closing(self, last_in_list: bool) -> str:
        return "." if last_in_list else f"{NNBSP};"

    def value(self, spec: VariableSpec, value: str, language: str) -> str:
        return french_value(spec, value) if language == "fr" else international_value(spec, value)

    def meet(self, before: str, said: str, language: str) -> tuple[str, str]:
        """à + le → au, de + les → des; de la and de l’ stay."""
        found = _CONTRACTED.search(before)
        if language != "fr" or not found:
            return before, said
        article, _space, rest = said.partition(" ")
        melted = {"à le": "au", "à les": "aux", "de le": "du", "de les": "des"}.get(
            f"{found[1].lower()} {article}"
        )
        if melted is None:
            return before, said
        return before[
            : found.start()
        ], f"{melted.capitalize() if found[1].isupper() or found[1] == 'De' else melted} {rest}"

    def bind(self, text: str, language: str) -> str:
        if language != "fr":
            return super().bind(text, language)
        for pattern, words in _QUOTES:
            text = pattern.sub(words, text)
        return text

    def frame(self, language: str, kinds: frozenset[str]) -> dict[str, list[str]]:
        if language == "en":
            enacting = [
                "The National Assembly and the Senate have adopted,",
                "The President of the Republic promulgates the following Act:",
            ]
            return {"preamble": [], "before_recitals": ["Considering that:"], "enacting": enacting, "end": []}
        return {
            "preamble": [],
            "before_recitals": [f"Considérant ce qui suit{NBSP}:"],
            "enacting": [
                "L’Assemblée nationale et le Sénat ont adopté,",
                f"Le Président de la République promulgue la loi dont la teneur suit{NBSP}:",
            ],
            "end": [],
        }


def _first(number: str, language: str) -> str:
    """1er for the first one only, 1er bis after it."""
    plain, space, added = (
        number.removeprefix("1er").partition(" ") if number.startswith("1er") else number.partition(" ")
    )
    if number.startswith("1er"):
        return f"1er{space}{added}" if language == "fr" else f"1{space}{added}"
    if plain in {"1", "I"} and language == "fr":
        return f"{plain}er{space}{added}"
    return number


def _listed(number: str, depth: int, *, bracket: str) -> str:
    """1°, 1° bis, a), i)."""
    plain, space, added = number.partition(" ")
    if not depth:
        return f"{plain}°{space}{added}"
    return f"{plain}{space}{added}{bracket}"


def _ordinal(count: int) -> str:
    return ORDINALS[count - 1] if count <= len(ORDINALS) else f"{count}e"


def _of(phrase: str) -> str:
    """A noun phrase after “de”: du II, de l’article 2, de la section 1."""
    for article, melted in (("le ", "du "), ("les ", "des ")):
        if phrase.startswith(article):
            return melted + phrase.removeprefix(article)
    return f"de {phrase}"


register_tradition(FrenchAct())
