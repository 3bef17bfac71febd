"""Consultations made and changed by hand: facts, questions, ways in. Stored as what a file says is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.models import Authority, Jurisdiction
from campaign.consultations.importer import (
    ChannelData,
    Clock,
    QuestionData,
    SectionData,
    Why,
    authority_called,
    clock_of,
    outline,
    outline_of,
    store_channels,
    store_history,
    store_questions,
)
from campaign.consultations.models import Channel, Consultation, PortalProfile
from campaign.core.errors import DomainError
from campaign.core.slugs import free_slug

Change = Callable[[list[SectionData]], Any]


class ConsultationWasChanged(DomainError):
    message = _(
        "Somebody else changed this consultation while you wrote. What stands there now is shown here. Saving again stores yours."
    )


class SectionHasQuestions(DomainError):
    message = _("Questions stand in this section. Move or remove them first.")


@dataclass(frozen=True)
class Facts:
    """What a consultation is, but for its deadline. The authority is a known one, or a name and a jurisdiction."""

    title: str
    authority: Authority | None
    authority_name: str
    jurisdiction: Jurisdiction | None
    profile: PortalProfile
    portal_url: str
    reference: str
    kind: str
    subject: str
    locale: str
    languages: list[str]
    opened_date: date
    has_official_numbers: bool
    source_url: str
    credit: str

    def values(self, consultation: Consultation | None) -> dict[str, Any]:
        """The fields of the row. What a file said beside them of source and license stays."""
        names = ("title", "profile", "portal_url", "reference", "kind", "subject", "locale", "languages")
        authority = self.authority
        if authority is None:
            if self.jurisdiction is None:
                raise ValueError("an authority without a jurisdiction")
            authority = authority_called(self.authority_name, self.jurisdiction)
        source, license_ = (consultation.source, consultation.license) if consultation else ({}, {})
        return {
            **{name: getattr(self, name) for name in names},
            "authority": authority,
            "opened_date": self.opened_date,
            "has_official_numbers": self.has_official_numbers,
            "source": _with(source, "primary", self.source_url),
            "license": _with(license_, "credit", self.credit),
        }


def _with(known: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    rest = {key: each for key, each in known.items() if key != name}
    return {**rest, name: value} if value else rest


@transaction.atomic
def make_consultation(
    *, facts: Facts, clock: Clock, sections: list[SectionData], by: User, at: datetime
) -> Consultation:
    """A new consultation, with the questions of a list if there was one. Raises OutlineDoesNotHold."""
    outline.check(sections)
    consultation = Consultation.objects.create(
        **facts.values(None),
        **clock.values,
        slug=free_slug(facts.title, taken=Consultation.objects.all()),
        imported_by=by,
    )
    store_questions(consultation, sections, at=at)
    return consultation


@transaction.atomic
def change_facts(*, consultation: Consultation, facts: Facts, seen: int) -> None:
    """Let a consultation's facts read otherwise. Raises ConsultationWasChanged."""
    locked = _locked(consultation, seen)
    for name, value in facts.values(locked).items():
        setattr(locked, name, value)
    _touch(locked)


@transaction.atomic
def move_deadline(
    *, consultation: Consultation, clock: Clock, why: Why, seen: int, by: User, at: datetime
) -> None:
    """Another deadline for the whole consultation. The one it had is kept. Raises ConsultationWasChanged."""
    locked = _locked(consultation, seen)
    earlier = clock_of(locked)
    for name, value in clock.values.items():
        setattr(locked, name, value)
    store_history(locked, None, [], earlier=earlier, now=clock, at=at, by=by, why=why)
    _touch(locked)


# --- Ways in --------------------------------------------------------------------
@transaction.atomic
def save_channel(
    *,
    consultation: Consultation,
    channel: Channel | None,
    said: ChannelData,
    why: Why,
    seen: int,
    by: User,
    at: datetime,
) -> None:
    """Add a way in, or let one read otherwise. A deadline of its own that it had is kept. Raises ConsultationWasChanged."""
    locked = _locked(consultation, seen)
    standing = _channels(locked)
    if channel is None:
        said = replace(said, key=_free_key(said.kind, {each.key for each in standing}))
        standing.append(said)
    else:
        said = replace(said, key=channel.key)
        standing = [said if each.key == channel.key else each for each in standing]
    store_channels(locked, standing, at=at, by=by, why={said.key: why})
    _touch(locked)


@transaction.atomic
def remove_channel(
    *, consultation: Consultation, channel: Channel, seen: int, by: User, at: datetime
) -> None:
    """Take out a way in. Raises ConsultationWasChanged."""
    locked = _locked(consultation, seen)
    store_channels(locked, [each for each in _channels(locked) if each.key != channel.key], at=at, by=by)
    _touch(locked)


def _channels(consultation: Consultation) -> list[ChannelData]:
    return [
        ChannelData(
            row.key, row.kind, row.url, row.address, row.publication, row.note, clock_of(row), history=[]
        )
        for row in consultation.channels.order_by("position", "pk")
    ]


def _free_key(kind: str, taken: set[str]) -> str:
    number = 1
    while (key := kind if number == 1 else f"{kind}-{number}") in taken:
        number += 1
    return key


# --- Questions and sections -----------------------------------------------------
def add_question(
    *, consultation: Consultation, said: QuestionData, place: str, seen: int, at: datetime
) -> UUID:
    """Put a new question into a place, one of `outline.places`. Returns its id.

    Raises ConsultationWasChanged, OutlineDoesNotHold, PlaceIsGone.
    """
    change_outline(
        consultation=consultation, change=lambda found: outline.put(found, said, place), seen=seen, at=at
    )
    if said.row is None:
        raise outline.PlaceIsGone
    return said.row


def change_question(
    *, consultation: Consultation, row: UUID, said: QuestionData, seen: int, at: datetime
) -> None:
    """Let a question read otherwise. Its answers stay, and are marked where it asks for something else now.

    Raises ConsultationWasChanged, OutlineDoesNotHold, PlaceIsGone.
    """
    change_outline(
        consultation=consultation, change=lambda found: outline.change(found, row, said), seen=seen, at=at
    )


def move_question(*, consultation: Consultation, row: UUID, place: str, seen: int, at: datetime) -> None:
    """Put a question with its parts elsewhere. Raises as `change_question` does."""

    def move(found: list[SectionData]) -> None:
        if place not in {value for value, *_rest in outline.places(found, moving=row)}:
            raise outline.PlaceIsGone
        outline.put(found, outline.take(found, row), place)

    change_outline(consultation=consultation, change=move, seen=seen, at=at)


def shift_question(*, consultation: Consultation, row: UUID, up: bool, seen: int, at: datetime) -> None:
    """One place up or down. Raises as `change_question` does."""
    change_outline(
        consultation=consultation, change=lambda found: outline.shift(found, row, up=up), seen=seen, at=at
    )


def remove_question(*, consultation: Consultation, row: UUID, seen: int, at: datetime) -> None:
    """Take a question out, with its parts. What was answered is kept beside the drafts. Raises as `change_question` does."""
    change_outline(consultation=consultation, change=lambda found: outline.take(found, row), seen=seen, at=at)


def add_section(*, consultation: Consultation, title: str, seen: int, at: datetime) -> None:
    """A new section at the end. Raises ConsultationWasChanged, OutlineDoesNotHold."""

    def add(found: list[SectionData]) -> None:
        key = _free_key(slugify(title)[:50] or "section", {each.key for each in found})
        found.append(SectionData(key, title, []))

    change_outline(consultation=consultation, change=add, seen=seen, at=at)


def rename_section(*, consultation: Consultation, index: int, title: str, seen: int, at: datetime) -> None:
    """Another title for the section in that place. Raises ConsultationWasChanged, PlaceIsGone."""

    def rename(found: list[SectionData]) -> None:
        _section(found, index).title = title

    change_outline(consultation=consultation, change=rename, seen=seen, at=at)


def remove_section(*, consultation: Consultation, index: int, seen: int, at: datetime) -> None:
    """Take out a section that is empty. Raises SectionHasQuestions, ConsultationWasChanged, PlaceIsGone."""

    def remove(found: list[SectionData]) -> None:
        if _section(found, index).questions:
            raise SectionHasQuestions
        found.pop(index)

    change_outline(consultation=consultation, change=remove, seen=seen, at=at)


def shift_section(*, consultation: Consultation, index: int, up: bool, seen: int, at: datetime) -> None:
    """A section with its questions one place up or down. Raises ConsultationWasChanged, OutlineDoesNotHold, PlaceIsGone."""

    def shift(found: list[SectionData]) -> None:
        to = index - 1 if up else index + 1
        section = _section(found, index)
        if 0 <= to < len(found):
            found[index], found[to] = found[to], section

    change_outline(consultation=consultation, change=shift, seen=seen, at=at)


def _section(found: list[SectionData], index: int) -> SectionData:
    if not 0 <= index < len(found):
        raise outline.PlaceIsGone
    return found[index]


@transaction.atomic
def change_outline(*, consultation: Consultation, change: Change, seen: int, at: datetime) -> None:
    """Do something to the questions as they stand, and store them as those of a file are stored.

    Raises ConsultationWasChanged, OutlineDoesNotHold, and whatever `change` raises; nothing is stored then.
    """
    locked = _locked(consultation, seen)
    found = outline_of(locked)
    before = [asdict(section) for section in found]
    change(found)
    outline.check(found)
    if [asdict(section) for section in found] == before:
        return
    store_questions(locked, found, at=at)
    _touch(locked)


def replace_questions(*, consultation: Consultation, sections: list[SectionData], at: datetime) -> None:
    """Let these questions stand in place of those that do; the consultation is locked."""
    store_questions(consultation, sections, at=at)
    _touch(consultation)


def _locked(consultation: Consultation, seen: int) -> Consultation:
    locked = Consultation.objects.select_for_update(of=("self",), no_key=True).get(pk=consultation.pk)
    if locked.revision != seen:
        raise ConsultationWasChanged
    return locked


def _touch(locked: Consultation) -> None:
    """It is no longer what its file says: the same file again would change it, and shows what."""
    locked.revision += 1
    locked.file_digest = ""
    locked.save()
