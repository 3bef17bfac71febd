"""Where sentences end: what “the second sentence”, “Satz 2” and 後段 are counted by."""

from __future__ import annotations

import re
from functools import lru_cache

_MARK = re.compile(r"\[\[[^\[\]]*\]\]")
# A row of full stops is tried from its first one alone: from each of them, a long row would take the square of its length.
_ENDS = re.compile(
    r"(?<![.!?…])[.!?…]+[’”»\"')\]]*(?=\s+(\S))|(?<![。！？])[。！？]+[」』）]*(?=([^」』）]))"
)
_OPENERS = "‘“„«\"'([§"
_BRACKETS = re.compile(r"「[^「」]*」|（[^（）]*）|『[^『』]*』")

# Words whose full stop ends no sentence, as they stand before it.
ABBREVIATIONS = {
    "en": "art arts no nos para paras p pp s ss sec secs subsec cl ch pt vol ed eg e.g ie i.e cf viz v vs al etc approx inc ltd "
    "co corp dr mr mrs ms prof st stat pub fed reg u.s.c c.f.r",
    "fr": "art al p pp n° no cf ex m mm mme dr prof vol éd env st",
    "de": "abs art aufl bgbl buchst bzw ca d.h d.i evtl ggf i.d.r i.s.d i.s.v i.v.m incl inkl nr nrn o.ä s s.o s.u sog u.a u.u "
    "usw v.h vgl z.b z.t zzgl dr prof st",
    "ko": "no art p",
    "ja": "no",
}
# German writes ordinals with a full stop: before these words a figure ends no sentence.
_AFTER_ORDINAL = re.compile(
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Halbsatz|Alternative|Halbjahr|Quartal"
    r"|Jahrhunderts?|Legislaturperiode|Lebensjahr(?:es|s)?|Tag(?:es|e)?)\b"
)
_PROVISO = {"ko": re.compile(r"다만[,\s]"), "ja": re.compile("ただし、")}


@lru_cache(maxsize=4096)
def sentences(text: str, language: str) -> tuple[str, ...]:
    """The sentences of a provision's own text, with its marks in it; () for a text without words."""
    veiled = _MARK.sub(lambda match: "M" * len(match[0]), text)
    if language == "ja":
        # What a quotation or a bracket holds is part of the sentence around it.
        veiled = _BRACKETS.sub(lambda match: "括" * len(match[0]), veiled)
    found: list[str] = []
    start = 0
    for end in _ENDS.finditer(veiled):
        if _is_end(veiled, end, language):
            found.append(text[start : end.end()].strip())
            start = end.end()
    rest = text[start:].strip()
    return tuple([*found, rest] if rest else found)


def is_proviso(sentence: str, language: str) -> bool:
    """Whether a sentence is the exception to the one before (다만, …; ただし、…), which has a name of its own."""
    pattern = _PROVISO.get(language)
    return bool(pattern and pattern.match(sentence))


def _is_end(text: str, end: re.Match[str], language: str) -> bool:
    if end[2]:
        return True
    following, before = end[1], text[: end.start()].rpartition(" ")[2].lstrip("([‘“„«\"'").lower()
    if not (following.isupper() or following.isdigit() or following in _OPENERS or _has_no_case(following)):
        return False
    if end[0][0] != ".":
        return True
    if before in _words_of(language) or (len(before) == 1 and before.isalpha() and not _has_no_case(before)):
        return False
    if re.fullmatch(r"(?:\w\.)+\w", before):  # U.S., z.B.
        return False
    if before.isdigit():
        return _figure_ends(text[end.end() :].lstrip(), language)
    return True


def _figure_ends(following: str, language: str) -> bool:
    """A figure and a full stop: an ordinal in German, part of a date in Korean (2027. 1. 1.)."""
    if language == "ko":
        return False
    return not (language == "de" and _AFTER_ORDINAL.match(following))


def _has_no_case(letter: str) -> bool:
    return letter.isalpha() and letter.lower() == letter.upper()


@lru_cache(maxsize=16)
def _words_of(language: str) -> frozenset[str]:
    return frozenset(ABBREVIATIONS.get(language, "").split())
