"""What a model changed beside its text, taken over into a draft: only the fields that it changed."""

from __future__ import annotations

from typing import Any

from campaign.regulations.following import ModelMove
from campaign.regulations.following_rows import LONG_TITLE, Row, RowChange, RowKind
from campaign.regulations.models import ChoiceGroup, Edition, Template, Variable
from campaign.regulations.services.choices import remove_choice
from campaign.regulations.services.opening import open_draft
from campaign.regulations.services.ordering import next_position
from campaign.regulations.services.surroundings import (
    HookFacts,
    add_hook,
    add_objection,
    change_hook,
    change_objection,
    remove_hook,
    remove_objection,
)
from campaign.regulations.services.variables import remove_variable


def take_row(draft: Edition, change: RowChange) -> None:
    """Make a row of a locked draft say what the model's says now, where the model changed it.

    Raises VariableInUse and ChoiceInUse for what is still used, and CitationTaken.
    """
    take = {
        RowKind.FACT: _take_fact,
        RowKind.VARIABLE: _take_variable,
        RowKind.CHOICE: _take_choice,
        RowKind.HOOK: _take_hook,
        RowKind.OBJECTION: _take_objection,
    }
    take[change.kind](draft, change, _taken(change))


def is_row_taken_at_once(change: RowChange) -> bool:
    """Whether it is taken with all that was left untouched. New law is not: that of one place is no ground in another."""
    if change.move == ModelMove.ADDED:
        return change.kind == RowKind.OBJECTION
    return change.is_ours_untouched


def _taken(change: RowChange) -> Row:
    """What ours says once it is taken over; empty for what goes."""
    if change.new is None:
        return {}
    if change.ours is None:
        return {name: value for name, value in change.new.items() if name != "pk"}
    return {
        name: change.new[name] if name in change.changed else value
        for name, value in change.ours.items()
        if name != "pk"
    }


def _take_fact(draft: Edition, change: RowChange, row: Row) -> None:
    if change.name == LONG_TITLE:
        Edition.objects.filter(pk=draft.pk).update(title=row["text"])
    else:
        Template.objects.filter(pk=draft.template_id).update(**{change.name: row["text"]})


def _take_variable(draft: Edition, change: RowChange, row: Row) -> None:
    if not row:
        remove_variable(edition=draft, name=change.name)
        return
    value = row.pop("value")
    _store(Variable, draft, change, row)
    if change.ours is None or "value" in change.changed:
        _set_value(draft, change.name, value)


def _set_value(draft: Edition, name: str, value: str) -> None:
    fresh = open_draft(draft)
    others = {other: each for other, each in fresh.values.items() if other != name}
    fresh.values = others | ({name: value} if value else {})
    fresh.save(update_fields=["values"])


def _take_choice(draft: Edition, change: RowChange, row: Row) -> None:
    if row:
        _store(ChoiceGroup, draft, change, row)
    else:
        remove_choice(edition=draft, name=change.name)


def _store(kind: Any, draft: Edition, change: RowChange, row: Row) -> None:
    rows = kind.objects.filter(edition=draft)
    if change.ours is None:
        kind.objects.create(edition=draft, position=next_position(rows), **row)
    else:
        rows.filter(name=change.name).update(**row)


def _take_hook(draft: Edition, change: RowChange, row: Row) -> None:
    if not row:
        remove_hook(edition=draft, hook_id=_pk(change))
    elif change.ours is None:
        add_hook(edition=draft, facts=HookFacts(**row))
    else:
        hook = draft.hooks.get(pk=_pk(change))
        facts = HookFacts(**row, checked_by=hook.checked_by, checked_on=hook.checked_on)
        change_hook(edition=draft, hook_id=hook.pk, facts=facts)


def _take_objection(draft: Edition, change: RowChange, row: Row) -> None:
    if not row:
        remove_objection(edition=draft, objection_id=_pk(change))
    elif change.ours is None:
        add_objection(edition=draft, **row)
    else:
        change_objection(edition=draft, objection_id=_pk(change), **row)


def _pk(change: RowChange) -> Any:
    assert change.ours is not None  # what goes or changes is there  # noqa: S101
    return change.ours["pk"]
