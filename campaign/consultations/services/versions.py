"""What an answer was, save by save."""

from datetime import datetime, timedelta

from campaign.consultations.models import Answer, AnswerVersion
from campaign.documents.words import word_weights

SITTING = timedelta(minutes=10)  # within it, one person's automatic saves are one version
MOSTLY = 0.9  # of the words of the version before, by their length


def keep_version(
    *, answer: Answer, at: datetime, is_autosave: bool = False, restored_number: int | None = None
) -> None:
    """Keep the answer as it stands. In a transaction that holds the submission's lock.

    Nothing new is kept where no word changed. A save takes the place of the newest version where that was made by autosave, by
    the same person, begun less than SITTING ago, and is nearly all in the text of now: so the history shows sittings, not pauses
    between words, and what was taken out at a stroke can be had back.
    """
    newest = answer.versions.order_by("-number").first()
    if newest and _says_the_same(newest, answer):
        if newest.is_autosave and not is_autosave and newest.saved_by_id == answer.changed_by_id:
            AnswerVersion.objects.filter(pk=newest.pk).update(is_autosave=False)
        return
    values = {
        "text": answer.text,
        "short_text": answer.short_text,
        "question_digest": answer.question_digest,
        "is_autosave": is_autosave,
        "saved_at": at,
    }
    if newest and restored_number is None and _is_same_sitting(newest, answer, at):
        AnswerVersion.objects.filter(pk=newest.pk).update(**values)
        return
    AnswerVersion.objects.create(
        answer=answer,
        number=newest.number + 1 if newest else 1,
        restored_number=restored_number,
        begun_at=at,
        saved_by_id=answer.changed_by_id,
        **values,
    )


def _says_the_same(kept: AnswerVersion, answer: Answer) -> bool:
    return (kept.text, kept.short_text) == (answer.text, answer.short_text)


def _is_same_sitting(kept: AnswerVersion, answer: Answer, at: datetime) -> bool:
    is_same_person = kept.saved_by_id is not None and kept.saved_by_id == answer.changed_by_id
    goes_on = _grew_from(kept.text, answer.text) and _grew_from(kept.short_text, answer.short_text)
    return kept.is_autosave and is_same_person and goes_on and at - kept.begun_at < SITTING


def _grew_from(before: str, now: str) -> bool:
    """Whether what was written before is nearly all there: else somebody wrote it elsewhere, or took it out."""
    words, kept = word_weights(before), word_weights(now)
    there = sum(min(weight, kept.get(word, 0)) for word, weight in words.items())
    return there >= MOSTLY * sum(words.values())
