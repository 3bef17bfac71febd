"""Petitions found by words, the same on every database: what is stored and what is typed are folded by one function."""

from campaign.core.folding import folded

MAX_WORDS = 10  # of a question; what stands behind is not looked for


def search_words(question: str) -> list[str]:
    """The words somebody looks for, folded, each once."""
    return list(dict.fromkeys(folded(question).split()))[:MAX_WORDS]


def search_text(*, title: str, text: str, addressee: str, campaign: str) -> str:
    """What a petition is found by. Words never run from one part into the next."""
    return "\n".join(folded(part) for part in (title, addressee, campaign, text))
