"""Text as it is compared and looked for: the same on every database."""

import re
import unicodedata

# Accents and other marks that Latin, Greek and Cyrillic letters carry. In other scripts marks are vowels.
_ACCENTS = re.compile("[\u0300-\u036f]")
SIGNIFICANT = "LMN"  # letters, marks, numbers


def folded(text: str) -> str:
    """Text without case, accents and punctuation, one space between words."""
    # Case first: a Greek iota below its letter is an accent that becomes a letter with it.
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold()
    composed = unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", plain)))
    signs = (sign if unicodedata.category(sign)[0] in SIGNIFICANT else " " for sign in composed)
    return " ".join("".join(signs).split())
