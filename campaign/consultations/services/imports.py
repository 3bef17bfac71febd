"""Changing a consultation by a file: brought, seen, then said yes to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.consultations.importer import (
    Call,
    Changes,
    SectionData,
    changes_of,
    changes_of_questions,
    known_consultation,
    outline,
    read_call,
    sections_from_json,
    sections_to_json,
    store_call,
)
from campaign.consultations.models import Brought, Consultation, ImportDraft
from campaign.consultations.services.questionnaire import replace_questions
from campaign.core.errors import DomainError


class ConsultationChangedMeanwhile(DomainError):
    message = _("The consultation changed meanwhile. Here is what the file would change now.")


class DraftIsGone(DomainError):
    message = _("This file was used or replaced meanwhile. Import it again.")


def bring_call(*, raw: bytes, file: str, by: User, at: datetime) -> Consultation | ImportDraft:
    """Import a new consultation, or keep a changed one's file until `by` has seen what it changes.

    The same bytes again change nothing, and give the consultation. Raises FileError, nothing stored.
    """
    call = read_call(raw=raw, file=file)
    with transaction.atomic():
        known = known_consultation(call, by=by, lock=True)
        if known is None:
            return store_call(call, None, at=at, by=by)
        if known.file_digest == call.digest:
            return known
        call.check_names()
        draft, _created = ImportDraft.objects.update_or_create(
            consultation=known,
            by=by,
            defaults={"holds": Brought.CALL, "text": raw.decode(), "brought_at": at},
        )
        return draft


def bring_questions(
    *, consultation: Consultation, sections: list[SectionData], by: User, at: datetime
) -> ImportDraft:
    """Keep questions that were read from a list or a text until `by` has seen what they change. Raises OutlineDoesNotHold."""
    outline.check(sections)
    draft, _created = ImportDraft.objects.update_or_create(
        consultation=consultation,
        by=by,
        defaults={"holds": Brought.QUESTIONS, "text": sections_to_json(sections), "brought_at": at},
    )
    return draft


def draft_call(draft: ImportDraft) -> Call:
    """What the file of a draft says. Raises FileError when that can no longer be read."""
    return read_call(raw=draft.text.encode(), file=draft.consultation.slug)


def draft_changes(draft: ImportDraft) -> Changes:
    """What a draft would change now. Raises FileError when its file can no longer be read."""
    if draft.holds == Brought.QUESTIONS:
        return changes_of_questions(sections_from_json(draft.text), draft.consultation)
    return changes_of(draft_call(draft), draft.consultation)


@transaction.atomic
def apply_draft(*, draft: ImportDraft, seen: int, by: User, at: datetime) -> Consultation:
    """Change the consultation as the file says. Answers stay with their questions. `seen`: its revision that was shown.

    Raises ConsultationChangedMeanwhile, DraftIsGone, or FileError, nothing stored.
    """
    consultation = Consultation.objects.select_for_update(of=("self",), no_key=True).get(
        pk=draft.consultation_id
    )
    current = ImportDraft.objects.select_for_update().filter(pk=draft.pk, brought_at=draft.brought_at).first()
    if current is None:
        raise DraftIsGone
    if consultation.revision != seen:
        raise ConsultationChangedMeanwhile
    if current.holds == Brought.QUESTIONS:
        replace_questions(consultation=consultation, sections=sections_from_json(current.text), at=at)
    else:
        store_call(draft_call(current), consultation, at=at, by=by)
    current.delete()
    return consultation


def drop_draft(*, draft: ImportDraft) -> None:
    """Forget a file that was brought. Twice is once."""
    ImportDraft.objects.filter(pk=draft.pk).delete()
