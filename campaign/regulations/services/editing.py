"""Work on the provisions of a draft: put in, write, move, split, take out and put back. Numbers follow by themselves."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.regulations.checks import chain_of
from campaign.regulations.kinds import EditionState
from campaign.regulations.models import Edition, Provision, ProvisionRevision, RemovedProvision
from campaign.regulations.queries import edition_tree
from campaign.regulations.services.storing import BATCH, unit_row, unit_rows
from campaign.regulations.traditions import tradition
from campaign.regulations.tree import KEY_FORM, MAX_DEPTH, MAX_KEY, MAX_PROVISIONS, Unit, walk

MAX_PARTS = 100
PAGE_IDS = {
    "adaptations",
    "contents",
    "draft-text",
    "draft-token",
    "editions",
    "hooks",
    "main",
    "objections",
    "options",
    "removed",
    "variables",
}  # fmt: skip  what pages that show a law call parts of themselves
ONE_SITTING = timedelta(minutes=10)  # of one person's saves within it, the words before the first are kept


class DraftIsPublished(DomainError):
    message = _("This edition has been published meanwhile and never changes. Begin a new edition to go on.")


class ProvisionGone(DomainError):
    message = _(
        "Somebody has taken this provision out meanwhile. It stands under “Taken out” and can be put back."
    )


class ProvisionIsBack(ProvisionGone):
    message = _("Somebody has put this back meanwhile.")


class WordsChanged(DomainError):
    """Somebody saved other words first. `current` is the provision as it stands; nothing was stored."""

    message = _(
        "Somebody else saved this provision while you wrote. Nothing is lost: theirs and yours stand below. "
        "Take into yours what should stay, and save again."
    )

    def __init__(self, current: Provision) -> None:
        super().__init__()
        self.current = current


class CannotStandThere(DomainError):
    message = _(
        "A provision of this kind cannot stand there in this tradition. Choose another place or another kind."
    )


class WouldContainItself(DomainError):
    message = _("A provision cannot be moved into itself or below itself. Choose another place.")


class TooDeep(DomainError):
    message = _("Provisions can be nested 16 levels deep. Choose a place further up.")


class TooManyProvisions(DomainError):
    message = _("An edition holds at most 10,000 provisions. Split the instrument.")


class TooManyParts(DomainError):
    message = _("At most 100 provisions come of one at once. Split a part of it first.")


class KeyTaken(DomainError):
    message = _("Another provision of this edition has this key, or had it. Choose another.")


class KeyMalformed(DomainError):
    message = _("Write the key in small letters, digits and single hyphens, at most 80 characters.")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a provision stands or shall stand: below `parent` (a key, empty for the top), after `after` (empty: first)."""

    parent: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What a person writes in a provision, cleaned: single lines without control characters."""

    heading: str = ""
    body: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class Traits:
    """What a provision is, apart from its words and its place."""

    kind: str
    fixed_number: str = ""
    act: str = ""
    place: tuple[tuple[str, str], ...] = ()
    is_optional: bool = False
    is_default: bool = True
    choice: str = ""
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()

    def as_row(self) -> dict[str, Any]:
        """As the columns of a provision hold it."""
        row = asdict(self)
        return row | {
            "place": [list(step) for step in self.place],
            "needs": list(self.needs),
            "excludes": list(self.excludes),
        }


@dataclass(slots=True)
class _Tree:
    """The tree of a draft as ids, to decide where something may stand."""

    edition: Edition
    units: list[Unit]
    by_key: dict[str, Unit] = field(default_factory=dict)
    above: dict[str, tuple[Unit, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, edition: Edition) -> _Tree:
        tree = cls(edition, edition_tree(edition=edition))
        for unit, ancestors in walk(tree.units):
            tree.by_key[unit.key], tree.above[unit.key] = unit, ancestors
        return tree

    def siblings(self, parent: str) -> list[Unit]:
        return self.by_key[parent].children if parent else self.units

    def parent_of(self, key: str) -> str:
        return self.above[key][-1].key if self.above[key] else ""

    def before(self, key: str) -> str:
        """The sibling before a unit; empty for the first."""
        keys = [unit.key for unit in self.siblings(self.parent_of(key))]
        return keys[keys.index(key) - 1] if keys.index(key) else ""

    def ancestors_at(self, parent: str) -> tuple[Unit, ...]:
        return (*self.above[parent], self.by_key[parent]) if parent else ()

    def check(self, units: Iterable[Unit], parent: str) -> None:
        """Raises CannotStandThere or TooDeep when one of the units, or something below it, cannot stand below `parent`."""
        form = tradition(self.edition.template.tradition)
        outer = self.ancestors_at(parent)
        for unit, inner in walk(list(units)):
            ancestors = (*outer, *inner)
            if len(ancestors) >= MAX_DEPTH:
                raise TooDeep
            if not form.may_contain(chain_of(ancestors), unit.kind):
                raise CannotStandThere


def _open_draft(edition: Edition) -> Edition:
    """The draft, locked: of two who change its structure at once, one waits. Raises DraftIsPublished."""
    locked = Edition.objects.select_for_update().filter(pk=edition.pk, state=EditionState.DRAFT)
    draft = locked.first()
    if draft is None:
        raise DraftIsPublished
    draft.template = edition.template
    return draft


def _row(edition: Edition, key: str) -> Provision:
    found = edition.provisions.filter(key=key).first()
    if found is None:
        raise ProvisionGone
    return found


def _parent_row(edition: Edition, tree: _Tree, parent: str) -> Provision | None:
    if not parent:
        return None
    if parent not in tree.by_key:
        raise ProvisionGone
    return _row(edition, parent)


@transaction.atomic
def insert_provision(
    *, edition: Edition, traits: Traits, words: Words, spot: Spot, person: User, at: datetime, key: str = ""
) -> Provision:
    """Put a new provision into a draft. Its key is made from its heading unless one is given, and kept for good.

    Raises DraftIsPublished, ProvisionGone (the parent), CannotStandThere, TooDeep, TooManyProvisions, KeyTaken, KeyMalformed.
    """
    draft = _open_draft(edition)
    tree = _Tree.of(draft)
    parent = _parent_row(draft, tree, spot.parent)
    if len(tree.by_key) >= MAX_PROVISIONS:
        raise TooManyProvisions
    unit = Unit(
        key=_new_key(draft, tree, key, words.heading or words.term or traits.kind),
        heading=words.heading,
        body=words.body,
        term=words.term,
        **asdict(traits) | {"place": traits.place},
    )
    tree.check([unit], spot.parent)
    position = _make_room(draft, tree, spot, 1)
    row = unit_row(edition=draft, unit=unit, parent=parent, position=position)
    row.edited_by, row.edited_at = person, at
    row.save(force_insert=True)
    return row


def _new_key(edition: Edition, tree: _Tree, wanted: str, said: str) -> str:
    """`wanted`, or one made of what the provision says. Keys of the editions before and of what was taken out stay theirs."""
    taken = (
        PAGE_IDS
        | set(tree.by_key)
        | set(Provision.objects.filter(edition__template=edition.template_id).values_list("key", flat=True))
    )
    for subtree in edition.removed_provisions.values_list("subtree", flat=True):
        taken |= _keys_in(subtree)
    if wanted:
        if not KEY_FORM.fullmatch(wanted) or len(wanted) > MAX_KEY:
            raise KeyMalformed
        if wanted in taken:
            raise KeyTaken
        return wanted
    stem = slugify(said)[:50].strip("-_").replace("_", "-")
    stem = stem if KEY_FORM.fullmatch(stem) else "provision"
    key = stem
    while key in taken:
        key = f"{stem}-{secrets.token_hex(2)}"
    return key


def _keys_in(subtree: dict[str, Any]) -> set[str]:
    found, todo = set(), [subtree]
    while todo:
        unit = todo.pop()
        found.add(unit["key"])
        todo.extend(unit["children"])
    return found


def _make_room(edition: Edition, tree: _Tree, spot: Spot, size: int) -> int:
    """The position after `spot.after`, with `size` places free from there on. Gone neighbors: at the end."""
    siblings = tree.siblings(spot.parent)
    keys = [unit.key for unit in siblings]
    if spot.after and spot.after not in keys:
        spot = Spot(spot.parent, keys[-1] if keys else "")
    rows = (
        edition.provisions.filter(parent__key=spot.parent)
        if spot.parent
        else edition.provisions.filter(parent=None)
    )
    position = 0
    if spot.after:
        position = 1 + rows.values_list("position", flat=True).get(key=spot.after)
    rows.filter(position__gte=position).update(position=F("position") + size)
    return position


def save_words(
    *, edition: Edition, key: str, version: int, words: Words, person: User, at: datetime
) -> Provision:
    """Store what somebody wrote, if the provision is still as they opened it (`version`). The words before are kept.

    Saving what stands there already changes nothing. Raises DraftIsPublished, ProvisionGone, WordsChanged.
    """
    with transaction.atomic():
        # Publishing waits for words on their way, or they for it: what is stored is what was frozen. And always the draft before
        # its provisions: who renames a value in all of them locks in the same order.
        _open_draft(edition)
        row = edition.provisions.select_for_update().filter(key=key).first()
        if row is None:
            raise ProvisionGone
        if Words(row.heading, row.body, row.term) == words:
            return row
        if row.version != version:
            raise WordsChanged(row)
        _keep_words(row, person, at)
        claimed = edition.provisions.filter(
            pk=row.pk, version=version, edition__state=EditionState.DRAFT
        ).update(**asdict(words), version=F("version") + 1, edited_by=person, edited_at=at)
        row.refresh_from_db()
        if not claimed:
            raise WordsChanged(row)
    return row


def _keep_words(row: Provision, person: User, at: datetime) -> None:
    """Keep what is about to be replaced, unless the same person wrote it just now."""
    same_sitting = (
        row.edited_by_id == person.pk and row.edited_at is not None and at - row.edited_at < ONE_SITTING
    )
    if same_sitting and row.version > 1:
        return
    ProvisionRevision.objects.create(
        edition_id=row.edition_id,
        key=row.key,
        heading=row.heading,
        term=row.term,
        body=row.body,
        written_by_id=row.edited_by_id,
        replaced_at=at,
    )


@transaction.atomic
def change_traits(*, edition: Edition, key: str, traits: Traits) -> Provision:
    """Make a provision another kind, give it a fixed number, make it optional. Raises as `insert_provision` does."""
    draft = _open_draft(edition)
    tree = _Tree.of(draft)
    row = _row(draft, key)
    unit = tree.by_key[key]
    unit.kind, unit.place, unit.act = traits.kind, traits.place, traits.act
    tree.check([unit], tree.parent_of(key))
    for name, value in traits.as_row().items():
        setattr(row, name, value)
    row.save(update_fields=list(traits.as_row()))
    if not (traits.is_optional or traits.choice):
        drop_switches(draft, {key})
    return row


def drop_switches(draft: Edition, keys: set[str]) -> None:
    """Forget how provisions were switched that cannot be any more: a switch that is left stands against publishing."""
    if keys & draft.switches.keys():
        draft.switches = {key: is_on for key, is_on in draft.switches.items() if key not in keys}
        draft.save(update_fields=["switches"])


@transaction.atomic
def move_provision(*, edition: Edition, key: str, spot: Spot) -> None:
    """Move a provision with all below it. Raises WouldContainItself, and as `insert_provision` does."""
    draft = _open_draft(edition)
    tree = _Tree.of(draft)
    row = _row(draft, key)
    unit = tree.by_key[key]
    if (
        spot.parent == key
        or key in {above.key for above in tree.ancestors_at(spot.parent)}
        or spot.after == key
    ):
        raise WouldContainItself
    parent = _parent_row(draft, tree, spot.parent)
    tree.check([unit], spot.parent)
    row.position = _make_room(draft, tree, spot, 1)
    row.parent = parent
    row.save(update_fields=["position", "parent"])


@transaction.atomic
def split_provision(
    *,
    edition: Edition,
    key: str,
    version: int,
    words: Words,
    parts: Sequence[str],
    person: User,
    at: datetime,
) -> list[Provision]:
    """Make several provisions of one: `words` stay, each of the `parts` after them becomes one of the same kind after it.

    What stands below the provision stays with the first. Raises TooManyParts, and as `save_words` and `insert_provision` do.
    """
    if len(parts) >= MAX_PARTS:
        raise TooManyParts
    draft = _open_draft(edition)
    row = _row(draft, key)
    rows = [save_words(edition=draft, key=key, version=version, words=words, person=person, at=at)]
    parent = _Tree.of(draft).parent_of(key)
    for part in parts:
        rows.append(
            insert_provision(
                edition=draft,
                traits=Traits(kind=row.kind),
                words=Words(body=part),
                spot=Spot(parent, rows[-1].key),
                person=person,
                at=at,
            )
        )
    return rows


@transaction.atomic
def remove_provision(*, edition: Edition, key: str, person: User, at: datetime) -> RemovedProvision:
    """Take a provision out with all below it; `restore_provision` puts it back. Raises DraftIsPublished, ProvisionGone."""
    draft = _open_draft(edition)
    tree = _Tree.of(draft)
    row = _row(draft, key)
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

    Raises DraftIsPublished, ProvisionIsBack, CannotStandThere, TooManyProvisions.
    """
    draft = _open_draft(edition)
    removed = draft.removed_provisions.filter(pk=removed_id).first()
    if removed is None:
        raise ProvisionIsBack
    tree = _Tree.of(draft)
    unit = unit_of_data(removed.subtree)
    if len(tree.by_key) + len(_keys_in(removed.subtree)) > MAX_PROVISIONS:
        raise TooManyProvisions
    if _keys_in(removed.subtree) & set(tree.by_key):
        raise ProvisionIsBack
    spot = Spot(removed.parent_key, removed.after_key)
    if removed.parent_key not in {"", *tree.by_key}:
        spot = Spot("", tree.units[-1].key if tree.units else "")
    tree.check([unit], spot.parent)
    position = _make_room(draft, tree, spot, 1)
    rows = unit_rows(edition=draft, units=[unit])
    rows[0].parent, rows[0].position = _parent_row(draft, tree, spot.parent), position
    for row in rows:
        row.version = removed.version + 1  # whoever has older words open is told
    Provision.objects.bulk_create(rows, batch_size=BATCH)
    removed.delete()
    return unit.key


def _versions(edition: Edition, unit: Unit) -> list[int]:
    keys = [below.key for below, _above in walk([unit])]
    return list(edition.provisions.filter(key__in=keys).values_list("version", flat=True))


def unit_of_data(data: dict[str, Any]) -> Unit:
    """A unit with all below it from the plain data `asdict` makes of one."""
    children = [unit_of_data(child) for child in data["children"]]
    steps = tuple((kind, number) for kind, number in data["place"])
    lists = {"needs": tuple(data["needs"]), "excludes": tuple(data["excludes"])}
    return Unit(**{**data, **lists, "place": steps, "children": children})
