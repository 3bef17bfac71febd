"""Changing a consultation by a file: brought, seen, then said yes to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.consultations.importer import Call, known_consultation, read_call, store_call
from campaign.consultations.models import Consultation, ImportDraft
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
            consultation=known, by=by, defaults={"text": raw.decode(), "brought_at": at}
        )
        return draft


def draft_call(draft: ImportDraft) -> Call:
    """What the file of a draft says. Raises FileError when that can no longer be read."""
    return read_call(raw=draft.text.encode(), file=draft.consultation.slug)


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
    store_call(draft_call(current), consultation, at=at, by=by)
    current.delete()
    return consultation


def drop_draft(*, draft: ImportDraft) -> None:
    """Forget a file that was brought. Twice is once."""
    ImportDraft.objects.filter(pk=draft.pk).delete()
