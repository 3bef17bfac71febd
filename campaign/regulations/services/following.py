"""An adaptation follows its model: what a newer edition changed is taken over, or not, provision by provision."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.regulations.following import FollowedChange, ModelMove
from campaign.regulations.kinds import EditionState
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
from campaign.regulations.queries import newer_model_edition, open_model_changes
from campaign.regulations.services.editing import (
    DraftIsPublished,
    Spot,
    move_provision,
    remove_provision,
)
from campaign.regulations.services.storing import unit_row
from campaign.regulations.tree import Unit


class NothingToFollow(DomainError):
    message = _("There is nothing left to decide about this provision.")


class TakeOverAboveFirst(DomainError):
    message = _(
        "The model puts this below a provision that your text does not have. Take that one over first."
    )


@transaction.atomic
def follow_model(*, edition: Edition, key: str, decision: ModelDecision, person: User, at: datetime) -> int:
    """Take over what the model changed about one provision, or keep yours. How many are left to decide.

    With the last one decided, the draft rests on the newer edition. Words of yours that are replaced are kept. Raises
    DraftIsPublished, NothingToFollow, TakeOverAboveFirst.
    """
    draft = Edition.objects.select_for_update().filter(pk=edition.pk, state=EditionState.DRAFT).first()
    if draft is None:
        raise DraftIsPublished
    draft.template = edition.template
    newer = newer_model_edition(edition=draft)
    changes = {change.key: change for change in open_model_changes(edition=draft)} if newer else {}
    if newer is None or key not in changes:
        raise NothingToFollow
    if decision == ModelDecision.TAKEN:
        _take_over(draft, newer, changes[key], person, at)
    ModelChange.objects.create(
        edition=draft, model_edition=newer, key=key, decision=decision, decided_by=person, decided_at=at
    )
    left = len(open_model_changes(edition=draft))
    if not left:
        rest_on(draft, newer)
    return left


def rest_on(draft: Edition, newer: Edition) -> None:
    """All is decided: from now on the model's next edition is compared with this one."""
    draft.model_edition = newer
    draft.save(update_fields=["model_edition"])


def _take_over(draft: Edition, newer: Edition, change: FollowedChange, person: User, at: datetime) -> None:
    if change.new is None:
        if change.ours is not None:
            remove_provision(edition=draft, key=change.key, person=person, at=at)
        return
    _bring_what_it_uses(draft, newer, change.new)
    if change.ours is None:
        _put_in(draft, change, person, at)
        return
    if change.move in {ModelMove.MOVED, ModelMove.CHANGED_AND_MOVED}:
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


def _put_in(draft: Edition, change: FollowedChange, person: User, at: datetime) -> None:
    assert change.new is not None  # something was added  # noqa: S101
    parent = _require_parent(draft, change)
    row = unit_row(edition=draft, unit=replace(change.new, children=[]), parent=parent, position=0)
    row.position = 1 + max(
        draft.provisions.filter(parent=parent).values_list("position", flat=True), default=-1
    )
    row.edited_by, row.edited_at = person, at
    row.save(force_insert=True)
    spot = _spot(draft, change)
    move_provision(edition=draft, key=change.key, spot=spot)


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
