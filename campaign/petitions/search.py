"""Petitions found by words, the same on every database: what is stored and what is typed are folded by one function."""

import re
import unicodedata

# Accents and other marks that Latin, Greek and Cyrillic letters carry. In other scripts marks are vowels.
_ACCENTS = re.compile("[\u0300-\u036f]")
MAX_WORDS = 10  # of a question; what stands behind is not looked for
SIGNIFICANT = "LMN"  # letters, marks, numbers


def folded(text: str) -> str:
    """Text as it is compared: without case, accents and punctuation, one space between words."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    composed = unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", plain)))
    signs = (sign if unicodedata.category(sign)[0] in SIGNIFICANT else " " for sign in composed)
    return " ".join("".join(signs).split())


def search_words(question: str) -> list[str]:
    """The words somebody looks for, folded, each once."""
    return list(dict.fromkeys(folded(question).split()))[:MAX_WORDS]


def search_text(*, title: str, text: str, addressee: str, campaign: str) -> str:
    """What a petition is found by. Words never run from one part into the next."""
    return "\n".join(folded(part) for part in (title, addressee, campaign, text))
