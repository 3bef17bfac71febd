"""What a unit is called in Akoma Ntoso, and the identifiers of its naming convention."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import icu  # type: ignore[import-untyped]

from campaign.regulations.kinds import InstrumentKind
from campaign.regulations.kinds import ProvisionKind as Kind

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
BILLS = {InstrumentKind.ACT, InstrumentKind.AMENDING_ACT}
# Whose law a tradition drafts; other traditions belong to no state.
COUNTRIES = {
    "eu-regulation": "eu",
    "us-bill": "us",
    "uk-bill": "gb",
    "korean-act": "kr",
    "japanese-act": "jp",
    "french-act": "fr",
    "german-act": "de",
    "model-law": "un",
}
NO_COUNTRY = "zz"

ELEMENTS: dict[str, str] = {
    "title": "title",
    "chapter": "chapter",
    "section": "section",
    "division": "division",
    "article": "article",
    "paragraph": "paragraph",
    "subparagraph": "subparagraph",
    "point": "point",
    "indent": "indent",
    "definition": "point",
    "amending-point": "point",
    "citation": "citation",
    "recital": "recital",
}
# Traditions that call the same units otherwise.
OWN_ELEMENTS: dict[str, dict[str, str]] = {
    "us-bill": {
        "chapter": "subtitle", "section": "part", "division": "subpart", "article": "section", "paragraph": "subsection",
        "subparagraph": "alinea",
    },
    "uk-bill": {
        "title": "part", "section": "division", "article": "clause", "paragraph": "subsection", "subparagraph": "alinea",
    },
    "korean-act": {"title": "part", "division": "subsection"},
    "japanese-act": {"title": "part", "division": "subsection"},
    "french-act": {"division": "subsection", "subparagraph": "alinea"},
    "german-act": {"title": "part", "division": "subsection"},
    "contract": {"article": "clause", "paragraph": "subclause"},
}  # fmt: skip
# What the points of a tradition are called as they nest, where the depth decides.
POINTS: dict[str, tuple[str, ...]] = {
    "us-bill": ("paragraph", "subparagraph", "clause", "subclause", "level"),
    "uk-bill": ("paragraph", "subparagraph", "level"),
}
# Short forms of the naming convention; what is not here is written out.
SHORT = {
    "alinea": "al", "article": "art", "attachment": "att", "blockList": "list", "chapter": "chp", "citation": "cit",
    "citations": "cits", "clause": "cl", "division": "dvs", "paragraph": "para", "quotedStructure": "qstr",
    "quotedText": "qtext", "recital": "rec", "recitals": "recs", "section": "sec", "subclause": "subcl",
    "subparagraph": "subpara", "subsection": "subsec", "wrapUp": "wrapup", "hcontainer": "hcont",
}  # fmt: skip
LIST_KINDS = {Kind.POINT, Kind.INDENT, Kind.DEFINITION, Kind.AMENDING_POINT}

MAX_BARE = 4  # a longer word alone (“ANNEX”) names the unit and numbers nothing
_DIGITS = re.compile(r"\d+(?:er\b|[A-Za-z]{1,2}(?![A-Za-z]))?(?:[-.]\d+)*")
_CJK_NUMBER = re.compile("[〇一二三四五六七八九十百千]+(?:-[〇一二三四五六七八九十百千]+)*")
_INSERTED = re.compile("[조条]?[의の]")  # 제3조의2, 第三条の二: what stands between the two numbers


def element_name(kind: str, tradition: str, point_depth: int = 0) -> str:
    """The element for a unit. `point_depth` counts the points it stands in."""
    if kind in LIST_KINDS - {Kind.INDENT} and tradition in POINTS:
        names = POINTS[tradition]
        return names[min(point_depth, len(names) - 1)]
    return OWN_ELEMENTS.get(tradition, {}).get(kind, ELEMENTS.get(kind, "hcontainer"))


def country_of(tradition: str) -> str:
    """The country code of a tradition; "zz", which stands for none, where it belongs to no state."""
    return COUNTRIES.get(tradition, NO_COUNTRY)


def language_code(language: str) -> str:
    """The three letters of ISO 639-2 for a language: "eng"."""
    return str(icu.Locale.forLanguageTag(language).getISO3Language()) or "und"


def bare_number(printed: str) -> str:
    """The number within what is printed: “Article 5a” is 5a, “(ii)” is ii, “CHAPTER II” is II, “①” is 1; "" for none."""
    plain = _INSERTED.sub("-", unicodedata.normalize("NFKC", printed))
    for pattern in (_DIGITS, _CJK_NUMBER):
        if found := pattern.search(plain):
            return found[0].replace(".", "-")
    words = re.findall(r"[^\W_]+", plain)
    return words[-1] if words and (len(words) > 1 or len(words[0]) <= MAX_BARE) else ""


class Identifiers:
    """Gives out eIds, none twice."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.counts: Counter[tuple[str, str]] = Counter()

    def new(self, element: str, *, parent: str = "", number: str = "") -> str:
        """The eId of an element below `parent`. Without a number its place among its like counts."""
        short = SHORT.get(element, element)
        lead = f"{parent}__" if parent else ""
        if not number:
            self.counts[parent, short] += 1
            number = str(self.counts[parent, short])
        wanted = found = f"{lead}{short}_{number}"
        again = 1
        while found in self.taken:
            again += 1
            found = f"{wanted}_{again}"
        self.taken.add(found)
        return found
