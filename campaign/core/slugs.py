"""Names in addresses."""

import secrets
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify


def free_slug(text: str, *, taken: QuerySet[Any]) -> str:
    """A slug for `text` that no row of `taken` has. A unique constraint keeps the promise in a race."""
    stem = slugify(text)[:60].strip("-") or secrets.token_hex(4)
    if not taken.filter(slug=stem).exists():
        return stem
    return f"{stem}-{secrets.token_hex(3)}"
