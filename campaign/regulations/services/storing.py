"""A text in memory becomes the rows of an edition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from campaign.regulations.models import ChoiceGroup, Edition, Hook, Objection, Provision, Variable
from campaign.regulations.tree import LegalText, Unit, walk

BATCH = 500


def store_text(*, edition: Edition, text: LegalText) -> None:
    """Store the provisions, variables and choices of an edition that has none yet. Its own fields are the caller's."""
    rows = unit_rows(edition=edition, units=text.provisions)
    Provision.objects.bulk_create(rows, batch_size=BATCH)
    Variable.objects.bulk_create(
        Variable(edition=edition, position=position, **asdict(spec))
        for position, spec in enumerate(text.variables.values())
    )
    ChoiceGroup.objects.bulk_create(
        ChoiceGroup(edition=edition, position=position, **asdict(spec))
        for position, spec in enumerate(text.choices.values())
    )


def store_surroundings(*, edition: Edition, hooks: Iterable[Any], objections: Iterable[Any]) -> None:
    """Store the hooks and objections of an edition that has none yet: rows of another edition, or read from a file."""
    Hook.objects.bulk_create(
        Hook(
            edition=edition,
            position=position,
            **_fields(hook, "citation", "address", "note", "checked_by", "checked_on"),
        )
        for position, hook in enumerate(hooks)
    )
    Objection.objects.bulk_create(
        Objection(edition=edition, position=position, **_fields(item, "argument", "reply"))
        for position, item in enumerate(objections)
    )


def _fields(item: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(item, name) for name in names}


def unit_rows(*, edition: Edition, units: list[Unit]) -> list[Provision]:
    """Unsaved rows of a tree at the top of an edition, parents before their children: one pass, in batches."""
    rows: dict[str, Provision] = {}
    positions = {id(child): index for index, child in enumerate(units)}
    for unit, ancestors in walk(units):
        positions.update((id(child), index) for index, child in enumerate(unit.children))
        parent = rows[ancestors[-1].key] if ancestors else None
        rows[unit.key] = unit_row(edition=edition, unit=unit, parent=parent, position=positions[id(unit)])
    return list(rows.values())


def unit_row(*, edition: Edition, unit: Unit, parent: Provision | None, position: int) -> Provision:
    """An unsaved row of one unit, without what is below it."""
    return Provision(
        edition=edition,
        key=unit.key,
        parent=parent,
        position=position,
        kind=unit.kind,
        heading=unit.heading,
        body=unit.body,
        fixed_number=unit.fixed_number,
        term=unit.term,
        act=unit.act,
        place=[list(step) for step in unit.place],
        is_optional=unit.is_optional,
        is_default=unit.is_default,
        choice=unit.choice,
        needs=list(unit.needs),
        excludes=list(unit.excludes),
    )
