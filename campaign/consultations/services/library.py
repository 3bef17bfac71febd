"""Answers kept to begin others from, and submissions begun from earlier ones."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from campaign.accounts.models import User
from campaign.consultations.models import (
    Answer,
    LibraryAnswer,
    Question,
    Submission,
    SubmissionState,
)
from campaign.consultations.queries import ordered_answers, ordered_questions
from campaign.consultations.services.answer import SubmissionIsFrozen, lock_questions
from campaign.consultations.services.versions import keep_version
from campaign.consultations.values import value_problem


def keep_in_library(*, answer: Answer, title: str, by: User, at: datetime) -> LibraryAnswer:
    """Keep an answer as it stands in the library of its campaign. `answer` comes with its submission and question."""
    submission = answer.submission
    origin = _origin(submission.consultation.title, answer.question.number)
    return LibraryAnswer.objects.create(
        campaign=submission.campaign,
        title=title,
        text=answer.text,
        short_text=answer.short_text,
        locale=submission.locale,
        origin=origin,
        saved_at=at,
        saved_by=by,
    )


def remove_from_library(*, kept: LibraryAnswer) -> None:
    """Answers that were begun from it stay as they are."""
    LibraryAnswer.objects.filter(pk=kept.pk).delete()


@transaction.atomic
def copy_answers(*, source: Submission, target: Submission, by: User, at: datetime) -> int:
    """Begin the unanswered questions of `target` with the answers of `source`. Returns how many.

    An answer to the very same question comes first, then one to the same number; each answer is taken once. What is no answer to
    what is asked now (a choice that is not offered) is left out. Each is marked with where it is from until somebody saves it.
    Raises SubmissionIsFrozen.
    """
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=target.pk)
    if locked.state != SubmissionState.DRAFTING:
        raise SubmissionIsFrozen
    lock_questions(target.consultation_id)
    answered = {row.question_id for row in ordered_answers(submission=target)}
    questions = [row for row in ordered_questions(consultation=target.consultation) if row.pk not in answered]
    pairs = _pairs(questions, [row for row in ordered_answers(submission=source) if row.is_written])
    for question, answer in pairs:
        row = Answer.objects.create(
            submission=target,
            question=question,
            text=answer.text,
            short_text=answer.short_text,
            question_digest=question.digest,
            taken_from=_origin(source.title, answer.question.number),
            changed_at=at,
            changed_by=by,
        )
        keep_version(row=row, at=at)
    return len(pairs)


def _pairs(questions: list[Question], answers: list[Answer]) -> list[tuple[Question, Answer]]:
    by_digest: dict[str, Answer] = {}
    by_number: dict[str, Answer] = {}
    for answer in answers:
        by_digest.setdefault(answer.question.digest, answer)
        by_number.setdefault(answer.question.number, answer)
    wanted = [(row, by_digest.get(row.digest)) for row in questions]
    wanted += [(row, by_number.get(row.number)) for row in questions]
    found: dict[Question, Answer] = {}
    taken: set[UUID] = set()
    for question, candidate in wanted:
        if candidate is None or question in found or candidate.pk in taken:
            continue
        if _fits(question, candidate):
            found[question] = candidate
            taken.add(candidate.pk)
    return [(question, found[question]) for question in questions if question in found]


def _fits(question: Question, answer: Answer) -> bool:
    """Words for words, a choice for a choice that is offered."""
    same_kind = question.takes_text == answer.question.takes_text
    return same_kind and not value_problem(question, answer.short_text)


def _origin(title: str, number: str) -> str:
    return f"{title[:270]} ({number})"
