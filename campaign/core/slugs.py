"""Names in addresses."""

import secrets
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

RESERVED = {"new", "import", "deadlines", "feed"}  # addresses of forms beside the pages that slugs name


def free_slug(text: str, *, taken: QuerySet[Any]) -> str:
    """A slug for `text` that no row of `taken` has now. Two at the same moment: the second insert fails whole."""
    stem = slugify(text)[:60].strip("-") or secrets.token_hex(4)
    if stem not in RESERVED and not taken.filter(slug=stem).exists():
        return stem
    return f"{stem}-{secrets.token_hex(3)}"
