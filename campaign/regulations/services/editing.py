"""Work on the provisions of a draft: put in, write, split, move. Numbers follow by themselves."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.regulations.models import Edition, Provision, ProvisionRevision
from campaign.regulations.services.opening import open_draft
from campaign.regulations.services.options import drop_switches
from campaign.regulations.services.placing import DraftTree, ProvisionGone, Spot, TooManyProvisions
from campaign.regulations.services.removing import keys_in
from campaign.regulations.services.seen import require_seen
from campaign.regulations.services.storing import BATCH, unit_row
from campaign.regulations.tree import KEY_FORM, MAX_KEY, MAX_PROVISIONS, Unit

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
MUCH = 200  # characters; of that many, more than half are not taken away without being kept


class WordsChanged(DomainError):
    """Somebody saved other words first. `current` is the provision as it stands; nothing was stored."""

    message = _(
        "Somebody else saved this provision while you wrote. Nothing is lost: theirs and yours stand below. "
        "Take into yours what should stay, and save again."
    )

    def __init__(self, current: Provision) -> None:
        super().__init__()
        self.current = current


class WouldContainItself(DomainError):
    message = _("A provision cannot be moved into itself or below itself. Choose another place.")


class NoFurther(DomainError):
    message = _("There is no further to go that way.")


class TooManyParts(DomainError):
    message = _("At most 100 provisions come of one at once. Split a part of it first.")


class KeyTaken(DomainError):
    message = _("Another provision of this edition has this key, or had it. Choose another.")


class KeyMalformed(DomainError):
    message = _("Write the key in small letters, digits and single hyphens, at most 80 characters.")


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


@transaction.atomic
def insert_provision(
    *, edition: Edition, traits: Traits, words: Words, spot: Spot, person: User, at: datetime, key: str = ""
) -> Provision:
    """Put a new provision into a draft. Its key is made from its heading unless one is given, and kept for good.

    Raises DraftIsPublished, ProvisionGone (the parent), CannotStandThere, TooDeep, TooManyProvisions, KeyTaken, KeyMalformed.
    """
    tree = DraftTree.of(open_draft(edition))
    return _insert(tree, traits, [words], spot, person, at, key=key)[0]


def _insert(
    tree: DraftTree,
    traits: Traits,
    said: Sequence[Words],
    spot: Spot,
    person: User,
    at: datetime,
    *,
    key: str = "",
) -> list[Provision]:
    """One provision for each of the words, one after the other."""
    parent = tree.parent_row(spot.parent)
    if len(tree.by_key) + len(said) > MAX_PROVISIONS:
        raise TooManyProvisions
    keys = _Keys(tree)
    units = [
        Unit(
            key=keys.checked(key) if key else keys.made_of(words.heading or words.term or traits.kind),
            **asdict(words),
            **asdict(traits) | {"place": traits.place},
        )
        for words in said
    ]
    tree.check(units, spot.parent)
    first = tree.make_room(spot, len(units))
    rows = [
        unit_row(edition=tree.edition, unit=unit, parent=parent, position=position)
        for position, unit in enumerate(units, start=first)
    ]
    for row in rows:
        row.edited_by, row.edited_at = person, at
    return Provision.objects.bulk_create(rows, batch_size=BATCH)


class _Keys:
    """Keys for new provisions. Those of the editions before and of what was taken out stay theirs."""

    def __init__(self, tree: DraftTree) -> None:
        draft = tree.edition
        before = Provision.objects.filter(edition__template=draft.template_id)
        self.taken = PAGE_IDS | set(tree.by_key) | set(before.values_list("key", flat=True))
        for subtree in draft.removed_provisions.values_list("subtree", flat=True):
            self.taken |= keys_in(subtree)

    def checked(self, wanted: str) -> str:
        """The key that somebody wants. Raises KeyMalformed, KeyTaken."""
        if not KEY_FORM.fullmatch(wanted) or len(wanted) > MAX_KEY:
            raise KeyMalformed
        if wanted in self.taken:
            raise KeyTaken
        return wanted

    def made_of(self, said: str) -> str:
        """A key made of what the provision says."""
        stem = slugify(said)[:50].strip("-_").replace("_", "-")
        stem = stem if KEY_FORM.fullmatch(stem) else "provision"
        key = stem
        while key in self.taken:
            key = f"{stem}-{secrets.token_hex(2)}"
        self.taken.add(key)
        return key


@transaction.atomic
def save_words(
    *,
    edition: Edition,
    key: str,
    version: int,
    words: Words,
    person: User,
    at: datetime,
    keeps_sitting: bool = False,
) -> Provision:
    """Store what somebody wrote, if the provision is still as they opened it (`version`). The words before are kept.

    Of what one person saves in a sitting only the words before it are, unless `keeps_sitting` asks for the last ones, too.
    Saving what stands there already changes nothing. Raises DraftIsPublished, ProvisionGone, WordsChanged.
    """
    # Publishing waits for words on their way, or they for it: what is stored is what was frozen. And always the draft before
    # its provisions: who renames a value in all of them locks in the same order.
    row = _row_to_write(open_draft(edition), key)
    if Words(row.heading, row.body, row.term) == words:
        return row
    if row.version != version:
        raise WordsChanged(row)
    if keeps_sitting or not _goes_on(row, words, person, at):
        keep_words(row, at)
    row.heading, row.body, row.term = words.heading, words.body, words.term
    row.version, row.edited_by, row.edited_at = version + 1, person, at
    row.save(update_fields=["heading", "body", "term", "version", "edited_by", "edited_at"])
    return row


def _row_to_write(draft: Edition, key: str) -> Provision:
    row = draft.provisions.select_for_update().filter(key=key).first()
    if row is None:
        raise ProvisionGone
    return row


def _goes_on(row: Provision, words: Words, person: User, at: datetime) -> bool:
    """Whether the same person goes on writing, and words from before this sitting are kept; and does not take much away."""
    if row.edited_by_id != person.pk or _takes_much_away(row, words):
        return False
    newest = ProvisionRevision.objects.filter(edition=row.edition_id, key=row.key).order_by("-replaced_at")
    began_at = newest.values_list("replaced_at", flat=True).first()
    return began_at is not None and at - began_at < ONE_SITTING


def _takes_much_away(row: Provision, words: Words) -> bool:
    before = len(row.heading) + len(row.term) + len(row.body)
    return before >= MUCH and 2 * (len(words.heading) + len(words.term) + len(words.body)) < before


def keep_words(row: Provision, at: datetime) -> None:
    """Keep the words of a provision that are about to be replaced."""
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
def change_traits(*, edition: Edition, key: str, traits: Traits, seen: str | None = None) -> Provision:
    """Make a provision another kind, give it a fixed number, make it optional.

    `seen` is the state it was written over (`seen_of`). Raises RowChanged, and as `insert_provision` does.
    """
    tree = DraftTree.of(open_draft(edition))
    row = tree.row(key)
    require_seen(row, seen, traits.as_row())
    unit = tree.by_key[key]
    misplaced = tree.misplaced(key)
    unit.kind, unit.place, unit.act = traits.kind, traits.place, traits.act
    tree.check([unit], tree.parent_of(key), misplaced=misplaced)
    for name, value in traits.as_row().items():
        setattr(row, name, value)
    row.save(update_fields=list(traits.as_row()))
    if not (traits.is_optional or traits.choice):
        drop_switches(tree.edition, {key})
    return row


@transaction.atomic
def move_provision(*, edition: Edition, key: str, spot: Spot) -> None:
    """Move a provision with all below it. Raises WouldContainItself, and as `insert_provision` does."""
    move_row(DraftTree.of(open_draft(edition)), key, spot)


Direction = Literal["up", "down", "in", "out"]


@transaction.atomic
def step_provision(*, edition: Edition, key: str, step: Direction) -> None:
    """Move a provision one place up or down among its siblings, into the one before it, or out behind its parent.

    Raises NoFurther where there is no such place, and as `move_provision` does.
    """
    tree = DraftTree.of(open_draft(edition))
    if key not in tree.by_key:
        raise ProvisionGone
    spot = _one_step(tree, key, step)
    if spot is None:
        raise NoFurther
    move_row(tree, key, spot)


def _one_step(tree: DraftTree, key: str, step: Direction) -> Spot | None:
    parent = tree.parent_of(key)
    siblings = [unit.key for unit in tree.siblings(parent)]
    place = siblings.index(key)
    if step == "out":
        return Spot(tree.parent_of(parent), parent) if parent else None
    if step == "down":
        return Spot(parent, siblings[place + 1]) if place + 1 < len(siblings) else None
    if not place:
        return None
    if step == "up":
        return Spot(parent, siblings[place - 2] if place > 1 else "")
    inside = tree.by_key[siblings[place - 1]]
    return Spot(inside.key, inside.children[-1].key if inside.children else "")


def move_row(tree: DraftTree, key: str, spot: Spot) -> None:
    """Move a row of a locked draft. The tree stays as it was read."""
    row, parent = tree.row(key), tree.parent_row(spot.parent)
    if key in {spot.parent, spot.after, *(above.key for above in tree.ancestors_at(spot.parent))}:
        raise WouldContainItself
    tree.check([tree.by_key[key]], spot.parent, misplaced=tree.misplaced(key))
    row.position, row.parent = tree.make_room(spot), parent
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

    What stands below the provision stays with the first. Raises TooManyParts, and as `save_words` and `insert_provision` do;
    WordsChanged also when the first stands there as it would be: whoever splits twice would double the parts.
    """
    if len(parts) >= MAX_PARTS:
        raise TooManyParts
    present = _row_to_write(open_draft(edition), key)
    if present.version != version:
        raise WordsChanged(present)
    first = save_words(edition=edition, key=key, version=version, words=words, person=person, at=at)
    tree = DraftTree.of(open_draft(edition))
    said = [Words(body=part) for part in parts]
    return [
        first,
        *_insert(tree, Traits(kind=first.kind), said, Spot(tree.parent_of(key), key), person, at),
    ]
