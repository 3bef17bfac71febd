"""Take a provision of a draft out with all below it, and put it back. What was taken out is kept until the draft is published."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.regulations.models import Edition, Provision, RemovedProvision
from campaign.regulations.services.opening import open_draft
from campaign.regulations.services.options import drop_switches
from campaign.regulations.services.placing import (
    CannotStandThere,
    DraftTree,
    ProvisionGone,
    Spot,
    TooManyProvisions,
)
from campaign.regulations.services.storing import BATCH, unit_rows
from campaign.regulations.tree import MAX_PROVISIONS, Unit, walk


class ProvisionIsBack(ProvisionGone):
    message = _("Somebody has put this back meanwhile.")


class ParentIsOut(DomainError):
    """What was taken out stood in something that is out itself, and can stand nowhere without it: put back `parent` first."""

    message = _("This stood in a provision that is taken out, too. Put that one back first.")

    def __init__(self, parent: RemovedProvision) -> None:
        super().__init__()
        self.parent = parent


def keys_in(subtree: dict[str, Any]) -> set[str]:
    """The keys of all provisions in what was taken out."""
    found, todo = set(), [subtree]
    while todo:
        unit = todo.pop()
        found.add(unit["key"])
        todo.extend(unit["children"])
    return found


@transaction.atomic
def remove_provision(*, edition: Edition, key: str, person: User, at: datetime) -> RemovedProvision:
    """Take a provision out with all below it; `restore_provision` puts it back. Raises DraftIsPublished, ProvisionGone."""
    draft = open_draft(edition)
    tree = DraftTree.of(draft)
    row = tree.row(key)
    removed = RemovedProvision.objects.create(
        edition=draft,
        key=key,
        parent_key=tree.parent_of(key),
        after_key=tree.before(key),
        version=max(_versions(draft, tree.by_key[key])),
        subtree=asdict(tree.by_key[key]),
        removed_by=person,
        removed_at=at,
    )
    drop_switches(draft, {unit.key for unit, _above in walk([tree.by_key[key]])})
    row.delete()
    return removed


@transaction.atomic
def restore_provision(*, edition: Edition, removed_id: UUID) -> str:
    """Put back what was taken out, at its place or, when that is gone, at the end of the text. Gives its key.

    Raises DraftIsPublished, ProvisionIsBack, ParentIsOut, CannotStandThere, TooManyProvisions.
    """
    draft = open_draft(edition)
    removed = draft.removed_provisions.filter(pk=removed_id).first()
    if removed is None:
        raise ProvisionIsBack
    tree = DraftTree.of(draft)
    unit = unit_of_data(removed.subtree)
    if len(tree.by_key) + len(keys_in(removed.subtree)) > MAX_PROVISIONS:
        raise TooManyProvisions
    if keys_in(removed.subtree) & set(tree.by_key):
        raise ProvisionIsBack
    spot = Spot(removed.parent_key, removed.after_key)
    if removed.parent_key not in {"", *tree.by_key}:
        spot = Spot("", tree.units[-1].key if tree.units else "")
    # At its own place it may stand as it stood, whatever tradition was chosen since: what has to be mended is listed.
    misplaced = keys_in(removed.subtree) if spot.parent == removed.parent_key else ()
    try:
        tree.check([unit], spot.parent, misplaced=misplaced)
    except CannotStandThere:
        if parent := _removed_parent(draft, tree, removed):
            raise ParentIsOut(parent) from None
        raise
    position = tree.make_room(spot)
    rows = unit_rows(edition=draft, units=[unit])
    rows[0].parent, rows[0].position = tree.parent_row(spot.parent), position
    for row in rows:
        row.version = removed.version + 1  # whoever has older words open is told
    Provision.objects.bulk_create(rows, batch_size=BATCH)
    removed.delete()
    return unit.key


def _removed_parent(draft: Edition, tree: DraftTree, removed: RemovedProvision) -> RemovedProvision | None:
    """What was taken out with the parent of a removed provision in it, the latest first."""
    if removed.parent_key in {"", *tree.by_key}:
        return None
    others = draft.removed_provisions.exclude(pk=removed.pk).order_by("-removed_at", "-pk")
    return next((other for other in others if removed.parent_key in keys_in(other.subtree)), None)


def _versions(edition: Edition, unit: Unit) -> list[int]:
    keys = [below.key for below, _above in walk([unit])]
    return list(edition.provisions.filter(key__in=keys).values_list("version", flat=True))


def unit_of_data(data: dict[str, Any]) -> Unit:
    """A unit with all below it from the plain data `asdict` makes of one."""
    children = [unit_of_data(child) for child in data["children"]]
    steps = tuple((kind, number) for kind, number in data["place"])
    lists = {"needs": tuple(data["needs"]), "excludes": tuple(data["excludes"])}
    return Unit(**{**data, **lists, "place": steps, "children": children})
