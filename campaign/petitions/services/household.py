"""Which row a request belongs to: one for each person of a mailbox.

Without the household rule a mailbox is one person's, in slot 1. With it, a second person counts whose name differs and whose
postcode is the same; a third does not. What nobody has confirmed gives way: else invented names could keep a mailbox's owner
out. What moderators invalidated goes first, then what was set aside, then what was signed first.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaign.petitions.models import Signature, SignatureState

SLOTS = (1, 2)


@dataclass(frozen=True)
class Person:
    """Who signs, as far as the rule looks: all indexes a row of theirs may hold."""

    name_keys: Sequence[int]  # the current one first
    postcode_keys: Sequence[int]


@dataclass(frozen=True)
class Place:
    """Where a request goes. With `row`: there; with `slot` alone: into a new row; with neither: the household is full."""

    row: Signature | None = None
    slot: int = 0


def place_of(person: Person, rows: Collection[Signature], *, household_rule: bool) -> Place:
    """The place of a person among the rows of their mailbox under one petition."""
    firm = [row for row in rows if not gives_way(row)]
    loose = sorted((row for row in rows if gives_way(row)), key=_weight)
    # The firmest first: rows of two mailboxes that a new rule made one may both be in a slot.
    standing = [*firm, *reversed(loose)]
    if not household_rule:
        row = next((row for row in standing if row.slot == 1), None)
        return Place(row=row) if row else Place(slot=1)
    for row in standing:
        if row.name_key in person.name_keys:
            return Place(row=row)
    if any(row.postcode_key not in person.postcode_keys for row in firm):
        return Place()
    elsewhere = [row for row in loose if row.postcode_key not in person.postcode_keys]
    free = [slot for slot in SLOTS if slot not in {row.slot for row in rows}]
    if elsewhere:
        return Place(row=elsewhere[0])
    if free:
        return Place(slot=free[0])
    return Place(row=loose[0]) if loose else Place()


def gives_way(row: Signature) -> bool:
    """Whether nobody ever confirmed it."""
    is_junk = row.state == SignatureState.INVALIDATED and row.state_before == SignatureState.PENDING
    return is_junk or row.state == SignatureState.PENDING


def _weight(row: Signature) -> tuple[bool, bool, datetime, int]:
    return row.state == SignatureState.PENDING, row.quarantined_at is None, row.signed_at, row.slot
