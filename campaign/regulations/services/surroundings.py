"""What stands around the text of a draft: the law it leans on, with who has checked it, and the objections with replies."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.regulations.models import Edition, Hook, Objection
from campaign.regulations.services.opening import open_draft
from campaign.regulations.services.ordering import next_position, step_row
from campaign.regulations.services.seen import require_seen


class HookGone(DomainError):
    message = _("Somebody has removed this reference meanwhile.")


class ObjectionGone(DomainError):
    message = _("Somebody has removed this objection meanwhile.")


class CitationTaken(DomainError):
    message = _("This draft names that law already. Change the one that is there.")


class CheckIncomplete(DomainError):
    message = _("A check has a name and a day. Give both or neither.")


@dataclass(frozen=True, slots=True)
class HookFacts:
    """Existing law, as cited; `checked_by` and `checked_on` both or neither."""

    citation: str
    address: str
    note: str = ""
    checked_by: str = ""
    checked_on: date | None = None


@transaction.atomic
def add_hook(*, edition: Edition, facts: HookFacts) -> Hook:
    """Name existing law that the draft leans on, after what is named. Raises DraftIsPublished, CitationTaken, CheckIncomplete."""
    draft = open_draft(edition)
    _check_hook(draft, facts)
    return Hook.objects.create(edition=draft, position=next_position(draft.hooks.all()), **asdict(facts))


@transaction.atomic
def change_hook(*, edition: Edition, hook_id: UUID, facts: HookFacts, seen: str | None = None) -> Hook:
    """The check goes when another law is cited. `seen` is the state it was written over (`seen_of`).

    Raises DraftIsPublished, HookGone, RowChanged, CitationTaken, CheckIncomplete.
    """
    draft = open_draft(edition)
    row = _hook(draft, hook_id)
    require_seen(row, seen, asdict(facts))
    _check_hook(draft, facts, present=row)
    is_other_law = (row.citation, row.address) != (facts.citation, facts.address)
    if is_other_law and (row.checked_by, row.checked_on) == (facts.checked_by, facts.checked_on):
        facts = replace(facts, checked_by="", checked_on=None)  # nobody checked that one
    for field, value in asdict(facts).items():
        setattr(row, field, value)
    row.save(update_fields=list(asdict(facts)))
    return row


def _check_hook(draft: Edition, facts: HookFacts, *, present: Hook | None = None) -> None:
    if bool(facts.checked_by) != bool(facts.checked_on):
        raise CheckIncomplete
    if draft.hooks.filter(citation=facts.citation).first() not in {None, present}:
        raise CitationTaken


@transaction.atomic
def remove_hook(*, edition: Edition, hook_id: UUID, seen: str | None = None) -> None:
    """Raises DraftIsPublished, HookGone, RowChanged."""
    row = _hook(open_draft(edition), hook_id)
    require_seen(row, seen)
    row.delete()


@transaction.atomic
def move_hook(*, edition: Edition, hook_id: UUID, step: int) -> None:
    """One place up (-1) or down (1); at the end nothing changes. Raises DraftIsPublished, HookGone."""
    draft = open_draft(edition)
    step_row(draft.hooks.all(), _hook(draft, hook_id), step)


def _hook(draft: Edition, hook_id: UUID) -> Hook:
    found = draft.hooks.filter(pk=hook_id).first()
    if found is None:
        raise HookGone
    return found


@transaction.atomic
def add_objection(*, edition: Edition, argument: str, reply: str) -> Objection:
    """Put down what opponents say, and the reply, after those there are. Raises DraftIsPublished."""
    draft = open_draft(edition)
    position = next_position(draft.objections.all())
    return Objection.objects.create(edition=draft, position=position, argument=argument, reply=reply)


@transaction.atomic
def change_objection(
    *, edition: Edition, objection_id: UUID, argument: str, reply: str, seen: str | None = None
) -> Objection:
    """`seen` is the state it was written over (`seen_of`). Raises DraftIsPublished, ObjectionGone, RowChanged."""
    row = _objection(open_draft(edition), objection_id)
    require_seen(row, seen, {"argument": argument, "reply": reply})
    row.argument, row.reply = argument, reply
    row.save(update_fields=["argument", "reply"])
    return row


@transaction.atomic
def remove_objection(*, edition: Edition, objection_id: UUID, seen: str | None = None) -> None:
    """Raises DraftIsPublished, ObjectionGone, RowChanged."""
    row = _objection(open_draft(edition), objection_id)
    require_seen(row, seen)
    row.delete()


@transaction.atomic
def move_objection(*, edition: Edition, objection_id: UUID, step: int) -> None:
    """One place up (-1) or down (1); at the end nothing changes. Raises DraftIsPublished, ObjectionGone."""
    draft = open_draft(edition)
    step_row(draft.objections.all(), _objection(draft, objection_id), step)


def _objection(draft: Edition, objection_id: UUID) -> Objection:
    found = draft.objections.filter(pk=objection_id).first()
    if found is None:
        raise ObjectionGone
    return found
