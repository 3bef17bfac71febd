"""Defined terms: how their use is found in a text."""

import re

NO_SPACES = {"ko", "ja", "zh"}  # particles and endings follow a word without a space
BENT = {"de", "fr"}  # endings change with case, number and gender


def term_pattern(term: str, language: str = "en") -> re.Pattern[str]:
    """Finds a term and its plural, whatever its case and the white space in it; in other languages with their endings."""
    if language in NO_SPACES:
        return re.compile(r"\s*".join(re.escape(word) for word in term.split()), re.IGNORECASE)
    if language in BENT:
        return re.compile(
            r"\b" + r"\s+".join(rf"{re.escape(word)}\w{{0,2}}" for word in term.split()) + r"\b",
            re.IGNORECASE,
        )
    words = [re.escape(word) for word in term.split()]
    *others, last = words
    plural = f"{last}(?:s|es)?" if not last.endswith("y") else f"(?:{last}|{last[:-1]}ies)"
    spaced = r"\s+".join([*others, plural])
    return re.compile(rf"\b{spaced}\b", re.IGNORECASE)
