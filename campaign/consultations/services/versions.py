"""What answers and own parts were, save by save: both are written over and kept by the same rules."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from campaign.consultations.models import Answer, AnswerVersion, OwnPart, OwnPartVersion
from campaign.core.errors import DomainError
from campaign.documents.words import word_weights

Written = TypeVar("Written", Answer, OwnPart)

SITTING = timedelta(minutes=10)  # within it, one person's automatic saves are one version
MOSTLY = 0.9  # of the words of the version before, by their length


def write_over(
    *,
    model: type[Written],
    place: Mapping[str, Any],
    version: int,
    values: Mapping[str, Any],
    clash: type[DomainError],
) -> Written:
    """Store `values` in the row at `place` that was edited from `version` (0: there was none yet).

    Raises `clash` when somebody else stored a newer one: nobody's text is overwritten unseen.
    """
    if version == 0:
        try:
            with transaction.atomic():
                return model.objects.create(**place, **values)
        except IntegrityError:
            raise clash from None
    rows = model.objects.filter(**place)
    if not rows.filter(version=version).update(version=version + 1, **values):
        raise clash
    return rows.get()


def keep_version(
    *,
    row: Answer | OwnPart,
    at: datetime,
    is_autosave: bool = False,
    restored_number: int | None = None,
) -> None:
    """Keep an answer or an own part as it stands. In a transaction that holds the submission's lock.

    Nothing new is kept where no word changed. A save takes the place of the newest version where that was made by autosave, by
    the same person, begun less than SITTING ago, and is nearly all in the text of now: so the history shows sittings, not pauses
    between words, and what was taken out at a stroke can be had back.
    """
    newest: AnswerVersion | OwnPartVersion | None = row.versions.order_by("-number").first()
    if newest and _says_the_same(newest, row):
        if newest.is_autosave and not is_autosave and newest.saved_by_id == row.changed_by_id:
            row.versions.filter(pk=newest.pk).update(is_autosave=False)
        return
    values = {
        "text": row.text,
        "short_text": row.short_text,
        "is_autosave": is_autosave,
        "saved_at": at,
    }
    if isinstance(row, Answer):
        values["question_digest"] = row.question_digest
    if newest and restored_number is None and _is_same_sitting(newest, row, at):
        row.versions.filter(pk=newest.pk).update(**values)
        return
    row.versions.create(
        number=newest.number + 1 if newest else 1,
        restored_number=restored_number,
        begun_at=at,
        saved_by_id=row.changed_by_id,
        **values,
    )


def _says_the_same(kept: AnswerVersion | OwnPartVersion, row: Answer | OwnPart) -> bool:
    return (kept.text, kept.short_text) == (row.text, row.short_text)


def _is_same_sitting(kept: AnswerVersion | OwnPartVersion, row: Answer | OwnPart, at: datetime) -> bool:
    is_same_person = kept.saved_by_id is not None and kept.saved_by_id == row.changed_by_id
    goes_on = _grew_from(kept.text, row.text) and _grew_from(kept.short_text, row.short_text)
    return kept.is_autosave and is_same_person and goes_on and at - kept.begun_at < SITTING


def _grew_from(before: str, now: str) -> bool:
    """Whether what was written before is nearly all there: else somebody wrote it elsewhere, or took it out."""
    words, kept = word_weights(before), word_weights(now)
    there = sum(min(weight, kept.get(word, 0)) for word, weight in words.items())
    return there >= MOSTLY * sum(words.values())
