"""Take a provision of a draft out with all below it, and put it back. What was taken out is kept until the draft is published."""

from __future__ import annotations

from collections.abc import Iterable
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
from campaign.regulations.services.options import drop_switches, put_back_switches
from campaign.regulations.services.placing import (
    CannotStandThere,
    DraftTree,
    ProvisionGone,
    Spot,
    TooManyProvisions,
)
from campaign.regulations.services.storing import BATCH, unit_rows
from campaign.regulations.tree import MAX_PROVISIONS, Unit, walk

MAX_FORMER = 100  # siblings before what was taken out that are remembered


class ProvisionIsBack(ProvisionGone):
    message = _("Somebody has put this back meanwhile.")


class StandsAlready(ProvisionIsBack):
    """The text has provisions of `removed` again, by another way: `keys`. Both cannot stand in it."""

    message = _(
        "This stands in the text again: somebody took the model’s version over meanwhile. Copy the words you want from here."
    )

    def __init__(self, removed: RemovedProvision, keys: list[str]) -> None:
        super().__init__()
        self.removed, self.keys = removed, keys


class ParentIsOut(DomainError):
    """`removed` stood in something that is out itself, and can stand nowhere without it: put back `parent` first."""

    message = _("This stood in a provision that is taken out, too. Put that one back first.")

    def __init__(self, removed: RemovedProvision, parent: RemovedProvision) -> None:
        super().__init__()
        self.removed, self.parent = removed, parent


class NotBothBack(DomainError):
    """Of two that were to be put back `removed` could not be, for `reason`. Neither was."""

    message = _("Nothing was put back.")

    def __init__(self, removed: RemovedProvision, reason: DomainError) -> None:
        super().__init__()
        self.removed, self.reason = removed, reason


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
    return take_out(tree, tree.row(key), person, at)


def take_out(tree: DraftTree, row: Provision, person: User, at: datetime) -> RemovedProvision:
    """Take a row of a locked draft out. The tree stays as it was read."""
    draft, unit = tree.edition, tree.by_key[row.key]
    keys = {below.key for below, _above in walk([unit])}
    edits = list(
        draft.provisions.filter(key__in=keys).values_list("key", "version", "edited_by", "edited_at")
    )
    removed = RemovedProvision.objects.create(
        edition=draft,
        key=row.key,
        parent_key=tree.parent_of(row.key),
        after_key=tree.before(row.key),
        former=_former(tree, row.key),
        version=max(version for _key, version, _by, _at in edits),
        subtree=asdict(unit),
        switches={key: is_on for key, is_on in draft.switches.items() if key in keys},
        edits={key: [by and str(by), on.isoformat()] for key, _version, by, on in edits if on},
        removed_by=person,
        removed_at=at,
    )
    drop_switches(draft, keys)
    row.delete()
    return removed


def _former(tree: DraftTree, key: str) -> list[str]:
    """The siblings before a provision, the nearest first; also those that were taken out of their row and may come back."""
    parent = tree.parent_of(key)
    out: dict[str, list[str]] = {}
    rows = tree.edition.removed_provisions.filter(parent_key=parent).order_by("removed_at", "pk")
    for after, gone in rows.values_list("after_key", "key"):
        out.setdefault(after, []).append(gone)
    siblings = [unit.key for unit in tree.siblings(parent)]
    found: list[str] = []
    seen = {key}
    for standing in ["", *siblings[: siblings.index(key)]][::-1]:
        found += reversed(_with_those_out(standing, out, seen))
        if len(found) >= MAX_FORMER:
            break
    return [each for each in found if each][:MAX_FORMER]


def _with_those_out(first: str, out: dict[str, list[str]], seen: set[str]) -> list[str]:
    """A sibling with those taken out from behind it, in their order: of two, the one taken out first stood nearer."""
    block, todo = [], [first]
    while todo:
        key = todo.pop()
        if key in seen:
            continue
        seen.add(key)
        block.append(key)
        todo += reversed(out.get(key, []))
    return block


@transaction.atomic
def restore_both(*, edition: Edition, removed_id: UUID, then: UUID) -> str:
    """Put back what was taken out, and then what stood in it; both or neither. Gives the key of the second.

    Raises DraftIsPublished, ProvisionIsBack, ParentIsOut, and NotBothBack with the one that could not be put back and why.
    """
    known = {row.pk: row for row in edition.removed_provisions.filter(pk__in=[removed_id, then])}
    key = ""
    for each in (removed_id, then):
        try:
            key = restore_provision(edition=edition, removed_id=each)
        except (ParentIsOut, StandsAlready):
            raise
        except DomainError as error:
            if each not in known:
                raise
            raise NotBothBack(known[each], error) from None
    return key


@transaction.atomic
def restore_provision(*, edition: Edition, removed_id: UUID) -> str:
    """Put back what was taken out, at its place or, when that is gone, at the end of the text. Gives its key.

    It is switched as it was, unless another alternative stands in its place meanwhile. Raises DraftIsPublished, ProvisionIsBack,
    StandsAlready, ParentIsOut, CannotStandThere, TooManyProvisions.
    """
    draft = open_draft(edition)
    removed = draft.removed_provisions.filter(pk=removed_id).first()
    if removed is None:
        raise ProvisionIsBack
    tree = DraftTree.of(draft)
    unit = unit_of_data(removed.subtree)
    keys = keys_in(removed.subtree)
    if len(tree.by_key) + len(keys) > MAX_PROVISIONS:
        raise TooManyProvisions
    if there := [key for key in tree.by_key if key in keys]:
        raise StandsAlready(removed, there)
    if removed.parent_key not in {"", *tree.by_key}:
        spot = Spot("", tree.units[-1].key if tree.units else "")
    else:
        spot = Spot(removed.parent_key, _nearest_former(tree, removed))
    # At its own place it may stand as it stood, whatever tradition was chosen since: what has to be mended is listed.
    misplaced = keys if spot.parent == removed.parent_key else ()
    try:
        tree.check([unit], spot.parent, misplaced=misplaced)
    except CannotStandThere:
        if parent := _removed_parent(draft, tree, removed):
            raise ParentIsOut(removed, parent) from None
        raise
    position = tree.make_room(spot)
    rows = unit_rows(edition=draft, units=[unit])
    rows[0].parent, rows[0].position = tree.parent_row(spot.parent), position
    for row in rows:
        row.version = removed.version + 1  # whoever has older words open is told
    _sign(rows, removed)
    Provision.objects.bulk_create(rows, batch_size=BATCH)
    put_back_switches(draft, tree.units, [unit], removed.switches)
    removed.delete()
    return unit.key


def _nearest_former(tree: DraftTree, removed: RemovedProvision) -> str:
    """The sibling to put it after: the nearest of those it stood behind that is there; empty for the first."""
    if not removed.former:
        return removed.after_key
    siblings = {unit.key for unit in tree.siblings(removed.parent_key)}
    return next((key for key in removed.former if key in siblings), "")


def _sign(rows: Iterable[Provision], removed: RemovedProvision) -> None:
    """Say again who wrote the words and when. Who has left since is not named."""
    people = {by for by, _on in removed.edits.values() if by}
    known = {str(pk) for pk in User.objects.filter(pk__in=people).values_list("pk", flat=True)}
    for row in rows:
        by, on = removed.edits.get(row.key, (None, None))
        row.edited_by_id = UUID(by) if by in known else None
        row.edited_at = datetime.fromisoformat(on) if on else None


def versions_of_removed(draft: Edition) -> dict[str, int]:
    """The highest version that each provision taken out of a draft may have had, by key."""
    found: dict[str, int] = {}
    for version, subtree in draft.removed_provisions.values_list("version", "subtree"):
        for key in keys_in(subtree):
            found[key] = max(version, found.get(key, 0))
    return found


def _removed_parent(draft: Edition, tree: DraftTree, removed: RemovedProvision) -> RemovedProvision | None:
    """What was taken out with the parent of a removed provision in it, the latest first."""
    if removed.parent_key in {"", *tree.by_key}:
        return None
    others = draft.removed_provisions.exclude(pk=removed.pk).order_by("-removed_at", "-pk")
    return next((other for other in others if removed.parent_key in keys_in(other.subtree)), None)


def unit_of_data(data: dict[str, Any]) -> Unit:
    """A unit with all below it from the plain data `asdict` makes of one."""
    children = [unit_of_data(child) for child in data["children"]]
    steps = tuple((kind, number) for kind, number in data["place"])
    lists = {"needs": tuple(data["needs"]), "excludes": tuple(data["excludes"])}
    return Unit(**{**data, **lists, "place": steps, "children": children})
