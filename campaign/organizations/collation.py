"""Names in lists: which one stands there, and in which order (Unicode Technical Standard #10, with the tailorings of CLDR)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import icu  # type: ignore[import-untyped]

LONGEST_KEY = 590  # bytes that are kept of a key; longer names that are the same that far stand by their id
NORMAL_LABEL = 0  # of a letter; others stand for what comes before, between and after
RULES = "1"  # raised when the keys below are made in another way


@dataclass(frozen=True)
class Names:
    """What an organization calls itself: `own` by language, and `shown` wherever it has no name of its own."""

    shown: str
    own: Mapping[str, str]

    def in_language(self, locale: str) -> str:
        """Its name for readers of `locale`: "pt" serves "pt-br"."""
        return self.own.get(locale) or self.own.get(locale.partition("-")[0]) or self.shown


def sort_key(name: str, locale: str) -> bytes:
    """Bytes that order names as readers of `locale` expect: "Ö" after "O" in German and after "Z" in Swedish, 2 before 10.

    Scripts other than the reader's own stand after it, each in its own order. Signs before the first letter do not count.
    """
    begin = next((place for place, sign in enumerate(name) if sign.isalnum()), 0)
    return bytes(_collator(locale).getSortKey(name[begin:]))[:LONGEST_KEY]


def in_plain_latin(name: str) -> str:
    """A name in the letters a to z, for those who type it on another keyboard: "Lodz" for "Łódź", "Athena" for "Αθήνα"."""
    return str(_transliterator().transliterate(name))


def index_letters(locale: str) -> list[str]:
    """The letters a long list of `locale` is entered by, in its order; none where names are ordered by strokes."""
    labels = [label for label, kind in icu.AlphabeticIndex(_locale(locale)) if kind == NORMAL_LABEL]
    return [label for label in labels if label.isalpha()]


def collation_fingerprint(locale: str) -> str:
    """What the keys of a language depend on. Keys made under another fingerprint are made again."""
    return f"{RULES}:{locale}:{icu.ICU_VERSION}:{icu.UNICODE_VERSION}"


@cache
def _collator(locale: str) -> "icu.Collator":
    collator = icu.Collator.createInstance(_locale(locale))
    collator.setAttribute(icu.UCollAttribute.NUMERIC_COLLATION, icu.UCollAttributeValue.ON)
    return collator


@cache
def _transliterator() -> "icu.Transliterator":
    return icu.Transliterator.createInstance("Any-Latin; Latin-ASCII")


def _locale(tag: str) -> "icu.Locale":
    return icu.Locale.forLanguageTag(tag)
