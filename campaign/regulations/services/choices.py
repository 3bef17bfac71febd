"""Alternatives of a draft: groups of provisions of which one stands in the text. Each provision says which group it is of."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.regulations.models import ChoiceGroup, Edition
from campaign.regulations.services.opening import open_draft
from campaign.regulations.services.ordering import next_position, step_row
from campaign.regulations.services.seen import require_seen

MAX_NAME = 60


class NoSuchChoice(DomainError):
    message = _("Somebody has removed these alternatives meanwhile.")


class ChoiceInUse(DomainError):
    """`keys` are those of the provisions that are its alternatives."""

    message = _("Provisions are alternatives of it. Make them something else or take them out first.")

    def __init__(self, keys: list[str]) -> None:
        super().__init__()
        self.keys = keys


@transaction.atomic
def add_choice(*, edition: Edition, label: str, required: bool, help_text: str) -> ChoiceGroup:
    """Begin a group of alternatives, after those there are. Its name is made of its label. Raises DraftIsPublished."""
    draft = open_draft(edition)
    groups = draft.choice_groups.all()
    return ChoiceGroup.objects.create(
        edition=draft,
        position=next_position(groups),
        name=_free_name(label, set(groups.values_list("name", flat=True))),
        label=label,
        required=required,
        help=help_text,
    )


def _free_name(label: str, taken: set[str]) -> str:
    stem = slugify(label)[: MAX_NAME - 4].strip("-_") or "choice"
    name, count = stem, 1
    while name in taken:
        count += 1
        name = f"{stem}-{count}"
    return name


@transaction.atomic
def change_choice(
    *, edition: Edition, name: str, label: str, required: bool, help_text: str, seen: str | None = None
) -> ChoiceGroup:
    """Say anew what is decided between. `seen`: see `seen_of`. Raises DraftIsPublished, NoSuchChoice, RowChanged."""
    row = _row(open_draft(edition), name)
    require_seen(row, seen, {"label": label, "required": required, "help": help_text})
    row.label, row.required, row.help = label, required, help_text
    row.save(update_fields=["label", "required", "help"])
    return row


@transaction.atomic
def remove_choice(*, edition: Edition, name: str, seen: str | None = None) -> None:
    """Raises DraftIsPublished, NoSuchChoice, RowChanged, and ChoiceInUse while provisions are its alternatives."""
    draft = open_draft(edition)
    row = _row(draft, name)
    require_seen(row, seen)
    members = draft.provisions.filter(choice=name).order_by("position", "pk")
    if keys := list(members.values_list("key", flat=True)):
        raise ChoiceInUse(keys)
    row.delete()


@transaction.atomic
def move_choice(*, edition: Edition, name: str, step: int) -> None:
    """One place up (-1) or down (1); at the end nothing changes. Raises DraftIsPublished, NoSuchChoice."""
    draft = open_draft(edition)
    step_row(draft.choice_groups.all(), _row(draft, name), step)


def _row(draft: Edition, name: str) -> ChoiceGroup:
    found = draft.choice_groups.filter(name=name).first()
    if found is None:
        raise NoSuchChoice
    return found
