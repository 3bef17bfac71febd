"""Rows of a draft that stand in an order of their own: at the end, one place up, one place down."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, QuerySet


def next_position(rows: QuerySet[Any]) -> int:
    """The position after the last of these rows."""
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def step_row(rows: QuerySet[Any], row: Any, step: int) -> None:
    """Let a row change places with the one before it (-1) or after it (1). The draft is locked by the caller.

    Positions may have holes or stand twice from before: they are counted anew.
    """
    ordered = list(rows.order_by("position", "pk"))
    place = next(index for index, each in enumerate(ordered) if each.pk == row.pk)
    other = place + step
    if 0 <= other < len(ordered):
        ordered[place], ordered[other] = ordered[other], ordered[place]
    changed = [each for position, each in enumerate(ordered) if each.position != position]
    for position, each in enumerate(ordered):
        each.position = position
    rows.model.objects.bulk_update(changed, ["position"])
