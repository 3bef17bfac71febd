"""An adaptation follows its model: what a newer edition changed is taken over, or not, provision by provision."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.regulations.following import FollowedChange, ModelMove
from campaign.regulations.marks import pieces
from campaign.regulations.models import (
    ChoiceGroup,
    Edition,
    ModelChange,
    ModelDecision,
    Provision,
    ProvisionRevision,
    Variable,
)
from campaign.regulations.options import can_be_switched
from campaign.regulations.queries import newer_model_edition, open_model_changes
from campaign.regulations.services.drafting import open_draft
from campaign.regulations.services.editing import Spot, drop_switches, move_provision, remove_provision
from campaign.regulations.services.storing import BATCH, unit_row, unit_rows
from campaign.regulations.tree import Unit, walk


class NothingToFollow(DomainError):
    message = _("There is nothing left to decide about this provision.")


class ModelMovedOn(DomainError):
    message = _("The model has published another edition meanwhile. Look at what it changed, then decide.")


class StillToDecide(DomainError):
    message = _("Some changes of the model are not decided yet. Take them over or keep yours first.")


class TakeOverMovesFirst(DomainError):
    message = _(
        "Below this stands a provision that the model keeps at another place. Decide on that one first, or it would go, too."
    )


class TakeOverAboveFirst(DomainError):
    message = _(
        "The model puts this below a provision that your text does not have. Take that one over first."
    )


@transaction.atomic
def follow_model(
    *,
    edition: Edition,
    key: str,
    decision: ModelDecision,
    person: User,
    at: datetime,
    model_edition_id: UUID | None = None,
) -> int:
    """Take over what the model changed about one provision, or keep yours. How many are left to decide.

    `model_edition_id` is the edition of the model that the person looked at. With the last one decided, the draft rests on the
    newer edition. Words of yours that are replaced are kept. Raises DraftIsPublished, NothingToFollow, ModelMovedOn,
    TakeOverAboveFirst, TakeOverMovesFirst.
    """
    draft, newer = _followed_draft(edition, model_edition_id)
    changes = {change.key: change for change in open_model_changes(edition=draft)}
    if key not in changes:
        raise NothingToFollow
    if decision == ModelDecision.TAKEN:
        _require_moves_done(changes[key], changes)
        _take_over(draft, newer, changes[key], person, at)
    _record(draft, newer, [key], decision, person, at)
    left = len(open_model_changes(edition=draft))
    if not left:
        _rest_on(draft, newer)
    return left


@transaction.atomic
def take_over_untouched(
    *, edition: Edition, person: User, at: datetime, model_edition_id: UUID | None = None
) -> int:
    """Take over, in one go, every change of the model to what the draft left as the model had it, and what the model added.

    Additions below a provision that the draft does not have are left to be decided. How many were taken over. Raises
    DraftIsPublished, NothingToFollow, ModelMovedOn.
    """
    draft, newer = _followed_draft(edition, model_edition_id)
    # Nobody saves words between looking whether they are untouched and writing over them.
    list(draft.provisions.select_for_update().order_by("pk").values_list("pk", flat=True))
    taken = []
    for change in open_model_changes(edition=draft):
        if change.new is not None and is_taken_at_once(change) and _has_parent(draft, change):
            _take_over(draft, newer, change, person, at)
            taken.append(change.key)
    _record(draft, newer, taken, ModelDecision.TAKEN, person, at)
    # Only now: what was moved out of a removed provision is not taken along by it any more.
    removals = [change for change in open_model_changes(edition=draft) if change.new is None]
    gone = [change.key for change in removals if is_taken_at_once(change)]
    for change in removals:
        if change.key in gone and draft.provisions.filter(key=change.key).exists():
            _take_over(draft, newer, change, person, at)
    _record(draft, newer, gone, ModelDecision.TAKEN, person, at)
    if not open_model_changes(edition=draft):
        _rest_on(draft, newer)
    return len(taken) + len(gone)


def is_taken_at_once(change: FollowedChange) -> bool:
    """Whether `take_over_untouched` takes it: nothing that the drafters wrote or put there is replaced."""
    return change.is_ours_untouched or (change.move == ModelMove.ADDED and change.ours is None)


@transaction.atomic
def settle_model(*, edition: Edition, model_edition_id: UUID | None = None) -> None:
    """Let the draft rest on the newer edition of its model when nothing is left to decide.

    Raises DraftIsPublished, NothingToFollow, ModelMovedOn, StillToDecide.
    """
    draft, newer = _followed_draft(edition, model_edition_id)
    if open_model_changes(edition=draft):
        raise StillToDecide
    _rest_on(draft, newer)


def _followed_draft(edition: Edition, seen: UUID | None) -> tuple[Edition, Edition]:
    """The draft, locked, and the edition of the model it follows now."""
    draft = open_draft(edition)
    newer = newer_model_edition(edition=draft)
    if newer is None:
        raise NothingToFollow
    if seen is not None and newer.pk != seen:
        raise ModelMovedOn
    return draft, newer


def _record(
    draft: Edition, newer: Edition, keys: list[str], decision: ModelDecision, person: User, at: datetime
) -> None:
    ModelChange.objects.bulk_create(
        ModelChange(
            edition=draft,
            model_edition=newer,
            key=key,
            decision=decision,
            decided_by=person,
            decided_at=at,
        )
        for key in keys
    )


def _rest_on(draft: Edition, newer: Edition) -> None:
    """All is decided: from now on the model's next edition is compared with this one."""
    draft.model_edition = newer
    draft.save(update_fields=["model_edition"])


def _require_moves_done(change: FollowedChange, changes: dict[str, FollowedChange]) -> None:
    """What the model keeps elsewhere is not removed with what stood above it."""
    if change.new is not None or change.ours is None:
        return
    below = {unit.key for unit, _above in walk(change.ours.children)}
    if any(other.new is not None for key, other in changes.items() if key in below):
        raise TakeOverMovesFirst


def _has_parent(draft: Edition, change: FollowedChange) -> bool:
    return not change.parent or draft.provisions.filter(key=change.parent).exists()


def _take_over(draft: Edition, newer: Edition, change: FollowedChange, person: User, at: datetime) -> None:
    if change.new is None:
        if change.ours is not None:
            remove_provision(edition=draft, key=change.key, person=person, at=at)
        return
    _bring_what_it_uses(draft, newer, change.new)
    if change.ours is None:
        _put_in(draft, newer, change, person, at)
        return
    if change.is_moved:
        _require_parent(draft, change)
        move_provision(edition=draft, key=change.key, spot=_spot(draft, change))
    if change.move != ModelMove.MOVED:
        _replace_words(draft, change.new, person, at)


def _require_parent(draft: Edition, change: FollowedChange) -> Provision | None:
    if not change.parent:
        return None
    parent = draft.provisions.filter(key=change.parent).first()
    if parent is None:
        raise TakeOverAboveFirst
    return parent


def _spot(draft: Edition, change: FollowedChange) -> Spot:
    """The model's place; after a neighbor that yours does not have: after the last one there."""
    rows = (
        draft.provisions.filter(parent__key=change.parent)
        if change.parent
        else draft.provisions.filter(parent=None)
    )
    keys = [key for key in rows.order_by("position", "pk").values_list("key", flat=True) if key != change.key]
    if change.after and change.after not in keys:
        return Spot(change.parent, keys[-1] if keys else "")
    return Spot(change.parent, change.after)


def _put_in(draft: Edition, newer: Edition, change: FollowedChange, person: User, at: datetime) -> None:
    assert change.new is not None  # something was added  # noqa: S101
    parent = _require_parent(draft, change)
    present = set(draft.provisions.values_list("key", flat=True))
    # What came with it is decided on by itself. What we had taken out with it comes back with it.
    unit = replace(change.new, children=[]) if change.old is None else _without(change.new, present)
    for below, _above in walk([unit]):
        _bring_what_it_uses(draft, newer, below)
    rows = unit_rows(edition=draft, units=[unit])
    rows[0].parent = parent
    rows[0].position = 1 + max(
        draft.provisions.filter(parent=parent).values_list("position", flat=True), default=-1
    )
    for row in rows:
        row.edited_by, row.edited_at = person, at
    Provision.objects.bulk_create(rows, batch_size=BATCH)
    move_provision(edition=draft, key=change.key, spot=_spot(draft, change))


def _without(unit: Unit, keys: set[str]) -> Unit:
    """A copy of a unit and of what is below it, but for units of these keys."""
    return replace(unit, children=[_without(child, keys) for child in unit.children if child.key not in keys])


def _replace_words(draft: Edition, new: Unit, person: User, at: datetime) -> None:
    row = draft.provisions.select_for_update().get(key=new.key)
    ProvisionRevision.objects.create(
        edition=draft,
        key=row.key,
        heading=row.heading,
        term=row.term,
        body=row.body,
        written_by=row.edited_by,
        replaced_at=at,
    )
    fresh = unit_row(edition=draft, unit=new, parent=row.parent, position=row.position)
    fresh.pk, fresh.created_at = row.pk, row.created_at
    fresh.version, fresh.edited_by, fresh.edited_at = row.version + 1, person, at
    fresh.save(force_update=True)
    if not can_be_switched(new):
        drop_switches(draft, {new.key})


def _bring_what_it_uses(draft: Edition, newer: Edition, unit: Unit) -> None:
    """Variables and choices of the model that the provision uses and the adaptation lacks."""
    names = {
        piece.variable for words in (unit.heading, unit.body) for piece in pieces(words) if piece.variable
    }
    names |= {condition.partition("=")[0] for condition in (*unit.needs, *unit.excludes) if "=" in condition}
    present = set(draft.variables.values_list("name", flat=True))
    for row in newer.variables.filter(name__in=names - present).order_by("position"):
        Variable.objects.create(**_copied(row, draft), position=draft.variables.count())
    groups = set(draft.choice_groups.values_list("name", flat=True))
    if unit.choice and unit.choice not in groups:
        group = newer.choice_groups.get(name=unit.choice)
        ChoiceGroup.objects.create(**_copied(group, draft), position=draft.choice_groups.count())


def _copied(row: Any, edition: Edition) -> dict[str, Any]:
    apart = {"id", "created_at", "edition", "position"}
    names = [each.name for each in row._meta.concrete_fields if each.name not in apart]
    return {"edition": edition, **{name: getattr(row, name) for name in names}}
