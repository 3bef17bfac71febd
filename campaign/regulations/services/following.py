"""An adaptation follows its model: what a newer edition changed is taken over, or not, provision by provision and row by row."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.regulations.following import FollowedChange, ModelMove
from campaign.regulations.following_rows import RowChange
from campaign.regulations.models import Edition, ModelChange, ModelDecision, Provision
from campaign.regulations.options import can_be_switched
from campaign.regulations.queries import newer_model_edition, open_changes
from campaign.regulations.services.choices import ChoiceInUse
from campaign.regulations.services.editing import keep_words, move_row
from campaign.regulations.services.following_rows import is_row_taken_at_once, take_row
from campaign.regulations.services.luggage import Luggage
from campaign.regulations.services.opening import open_draft
from campaign.regulations.services.options import drop_switches
from campaign.regulations.services.placing import DraftTree, Spot
from campaign.regulations.services.removing import take_out, versions_of_removed
from campaign.regulations.services.seen import RowChanged
from campaign.regulations.services.storing import BATCH, unit_row, unit_rows
from campaign.regulations.services.surroundings import CitationTaken
from campaign.regulations.services.variables import VariableInUse
from campaign.regulations.tree import Unit, copy_units, walk


class NothingToFollow(DomainError):
    message = _("There is nothing left to decide about this.")


class ModelMovedOn(DomainError):
    message = _("The model has published another edition meanwhile. Look at what it changed, then decide.")


class OursChanged(RowChanged):
    message = _(
        "Somebody has changed yours since you opened this page. Look at it as it is now, then decide."
    )


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


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of a decision: how many changes are left, or were taken; and what came along, as people know it."""

    count: int
    brought: tuple[str, ...] = ()


@transaction.atomic
def follow_model(
    *,
    edition: Edition,
    key: str,
    decision: ModelDecision,
    person: User,
    at: datetime,
    model_edition_id: UUID | None = None,
    ours_seen: str | None = None,
) -> Followed:
    """Take over what the model changed about one provision or row, or keep yours. How many are left to decide.

    `model_edition_id` is the edition of the model that the person looked at, `ours_seen` what ours said of a row then
    (`RowChange.ours_digest`). With the last one decided, the draft rests on the newer edition. Words of a provision of yours
    that are replaced are kept; of a row they are not. What a provision needs to stand comes along. Raises DraftIsPublished,
    NothingToFollow, ModelMovedOn, OursChanged, TakeOverAboveFirst, TakeOverMovesFirst, VariableInUse, ChoiceInUse,
    CitationTaken.
    """
    draft, newer = _followed_draft(edition, model_edition_id)
    found = open_changes(edition=draft)
    changes = {change.key: change for change in found.provisions}
    rows = {change.key: change for change in found.rows}
    answered: list[FollowedChange | RowChange] = []
    brought: tuple[str, ...] = ()
    if key in rows:
        answered.append(rows[key])
        if decision == ModelDecision.TAKEN:
            if ours_seen not in {None, rows[key].ours_digest}:
                raise OursChanged
            take_row(draft, rows[key])
    elif key in changes:
        answered.append(changes[key])
        if decision == ModelDecision.TAKEN:
            _require_moves_done(changes[key], changes)
            taking = _Taking.into(draft, newer, person, at)
            taking.take(changes[key])
            answered += taking.take_conditions(changes[key], changes)
            brought = tuple(taking.luggage.brought)
    else:
        raise NothingToFollow
    _record(draft, newer, answered, decision, person, at)
    return Followed(_left(draft, newer), brought)


@transaction.atomic
def take_over_untouched(
    *, edition: Edition, person: User, at: datetime, model_edition_id: UUID | None = None
) -> Followed:
    """Take over, in one go, every change of the model to what the draft left as the model had it, and what the model added.

    Additions below a provision that the draft does not have, and law that the model names anew, are left to be decided. How
    many were taken over. Raises DraftIsPublished, NothingToFollow, ModelMovedOn.
    """
    draft, newer = _followed_draft(edition, model_edition_id)
    # Nobody saves words between looking whether they are untouched and writing over them.
    list(draft.provisions.select_for_update().order_by("pk").values_list("pk", flat=True))
    taking = _Taking.into(draft, newer, person, at)
    taken: list[FollowedChange | RowChange] = []
    for change in open_changes(edition=draft).provisions:
        if change.new is not None and is_taken_at_once(change) and taking.has_parent(change):
            taking.take(change)
            taken.append(change)
    _record(draft, newer, taken, ModelDecision.TAKEN, person, at)
    # Only now: what was moved out of a removed provision is not taken along by it any more.
    gone: list[FollowedChange | RowChange] = []
    for change in open_changes(edition=draft).provisions:
        if change.new is None and is_taken_at_once(change):
            if change.key in taking.tree.by_key:
                taking.take(change)
            gone.append(change)
    # And last what no provision uses any more.
    rows = open_changes(edition=draft).rows
    gone += [row for row in rows if is_row_taken_at_once(row) and _could_take(draft, row)]
    _record(draft, newer, gone, ModelDecision.TAKEN, person, at)
    _left(draft, newer)
    return Followed(len(taken) + len(gone), tuple(taking.luggage.brought))


def _could_take(draft: Edition, row: RowChange) -> bool:
    try:
        with transaction.atomic():
            take_row(draft, row)
    except (VariableInUse, ChoiceInUse, CitationTaken):
        return False
    return True


def _left(draft: Edition, newer: Edition) -> int:
    """How many changes are left to decide. After the last one the draft rests on the newer edition."""
    draft.refresh_from_db()
    left = len(open_changes(edition=draft))
    if not left:
        _rest_on(draft, newer)
    return left


def is_taken_at_once(change: FollowedChange) -> bool:
    """Whether `take_over_untouched` takes it: nothing that the drafters wrote or put there is replaced."""
    return change.is_ours_untouched or (change.move == ModelMove.ADDED and change.ours is None)


@transaction.atomic
def settle_model(*, edition: Edition, model_edition_id: UUID | None = None) -> None:
    """Let the draft rest on the newer edition of its model when nothing is left to decide.

    Raises DraftIsPublished, NothingToFollow, ModelMovedOn, StillToDecide.
    """
    draft, newer = _followed_draft(edition, model_edition_id)
    if open_changes(edition=draft):
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
    draft: Edition,
    newer: Edition,
    changes: list[FollowedChange | RowChange],
    decision: ModelDecision,
    person: User,
    at: datetime,
) -> None:
    ModelChange.objects.bulk_create(
        ModelChange(
            edition=draft,
            model_edition=newer,
            key=change.key,
            digest=change.digest,
            decision=decision,
            decided_by=person,
            decided_at=at,
        )
        for change in changes
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


@dataclass(frozen=True, slots=True)
class _Taking:
    """Takes changes of the model over into a locked draft, whose tree is read once and follows what is taken."""

    draft: Edition
    luggage: Luggage
    tree: DraftTree
    removed: dict[str, int]  # versions of what was taken out, by key
    person: User
    at: datetime

    @classmethod
    def into(cls, draft: Edition, newer: Edition, person: User, at: datetime) -> _Taking:
        return cls(draft, Luggage(draft, newer), DraftTree.of(draft), versions_of_removed(draft), person, at)

    def has_parent(self, change: FollowedChange) -> bool:
        return not change.parent or change.parent in self.tree.by_key

    def take(self, change: FollowedChange) -> None:
        """Make one provision what it is in the model now."""
        if change.new is None:
            if change.ours is not None:
                take_out(self.tree, self.tree.row(change.key), self.person, self.at)
                self.tree.forget(change.key)
            return
        self.luggage.bring(change.new)
        if change.ours is None:
            self._put_in(change, change.new)
            return
        if change.is_moved:
            self._require_parent(change)
            spot = self._spot(change)
            move_row(self.tree, change.key, spot)
            self.tree.put(self.tree.forget(change.key), spot)
        if change.move != ModelMove.MOVED:
            self._replace(change.new)

    def take_conditions(
        self, change: FollowedChange, changes: dict[str, FollowedChange]
    ) -> list[FollowedChange | RowChange]:
        """Take over new provisions, too, that conditions of one just taken name: without them these would lead nowhere."""
        taken: dict[str, FollowedChange | RowChange] = {}
        todo = [change]
        while todo:
            unit = todo.pop().new
            for key in (*unit.needs, *unit.excludes) if unit else ():
                other = changes.get(key)
                if other is None or key in taken or key == change.key:
                    continue
                if other.move == ModelMove.ADDED and other.ours is None and self.has_parent(other):
                    self.take(other)
                    taken[key] = other
                    todo.append(other)
                    self.luggage.brought.append(_said(other))
        return list(taken.values())

    def _put_in(self, change: FollowedChange, new: Unit) -> None:
        self._require_parent(change)
        # What came with it is decided on by itself. What we had taken out with it comes back with it.
        children = [] if change.old is None else copy_units(new.children, without=set(self.tree.by_key))
        unit = replace(new, children=children)
        keys = {below.key for below, _above in walk([unit])}
        for below, _above in walk([unit]):
            self.luggage.bring(below)
        spot = self._spot(change)
        self.tree.check([unit], spot.parent, misplaced=keys)  # where it stands in the model it may stand
        rows = unit_rows(edition=self.draft, units=[unit])
        rows[0].parent, rows[0].position = self.tree.parent_row(spot.parent), self.tree.make_room(spot)
        for row in rows:
            row.edited_by, row.edited_at = self.person, self.at
            row.version = 1 + self.removed.get(row.key, 0)  # whoever has words from before open is told
        Provision.objects.bulk_create(rows, batch_size=BATCH)
        self.tree.put(unit, spot)

    def _require_parent(self, change: FollowedChange) -> None:
        if not self.has_parent(change):
            raise TakeOverAboveFirst

    def _spot(self, change: FollowedChange) -> Spot:
        """The model's place; after a neighbor that yours does not have: after the last one there."""
        return self.tree.nearest(Spot(change.parent, change.after), without=change.key)

    def _replace(self, new: Unit) -> None:
        """Make a provision what the model's is. Its words from before are kept, where these change."""
        row = self.draft.provisions.select_for_update().get(key=new.key)
        fresh = unit_row(edition=self.draft, unit=new, parent=row.parent, position=row.position)
        fresh.pk, fresh.created_at = row.pk, row.created_at
        fresh.version, fresh.edited_by_id, fresh.edited_at = row.version, row.edited_by_id, row.edited_at
        if (row.heading, row.body, row.term) != (new.heading, new.body, new.term):
            keep_words(row, self.at)
            fresh.version, fresh.edited_by, fresh.edited_at = row.version + 1, self.person, self.at
        fresh.save(force_update=True)
        present = self.tree.by_key[new.key]
        for each in fields(Unit):
            if each.name != "children":
                setattr(present, each.name, getattr(new, each.name))
        if not can_be_switched(new):
            drop_switches(self.draft, {new.key})


def _said(change: FollowedChange) -> str:
    """A few words of a provision, for a sentence."""
    unit = change.new
    said = unit.heading or unit.term or unit.body if unit else ""
    return said if len(said) <= 60 else f"{said[:59]}…"
