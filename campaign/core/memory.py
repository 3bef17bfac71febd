"""Small public facts, kept for seconds in each process's own memory, so that a crowd costs the database one read."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.core.cache import caches

Value = TypeVar("Value")


def remembered(key: str, read: Callable[[], Value | None], *, seconds: int) -> Value | None:
    """What `read` gave at most `seconds` ago. None is not kept. Nothing is kept where settings.PAGE_SECONDS is 0."""
    value: Value | None = caches["pages"].get(key)
    if value is None:
        value = read()
        if value is not None:
            caches["pages"].set(key, value, min(seconds, settings.PAGE_SECONDS))
    return value
