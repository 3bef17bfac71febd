"""What a draft says, read once for all checks before it is frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from campaign.consultations.boxes import box_of_texts, frozen_questions
from campaign.consultations.conditions import questions_that_apply
from campaign.consultations.limits import submission_limits
from campaign.consultations.models import Answer, Question, QuestionKind, Submission, SubmissionState
from campaign.consultations.payloads import submission_payload
from campaign.consultations.queries import ordered_answers, ordered_questions
from campaign.consultations.requirements import InForce, requirements_of
from campaign.consultations.workspace import NamedPart, named_parts, uploads_of


@dataclass(frozen=True)
class Text:
    """What stands under one question: a common answer, or an organization's own part, with the page where it is written."""

    question: Question
    full: str
    short: str
    address: str
    boxed: str  # what goes into the portal's box
    is_own: bool = False

    @property
    def number(self) -> str:
        return self.question.number

    @property
    def whole(self) -> str:
        return f"{self.full}\n{self.short}"


@dataclass(frozen=True)
class Drafted:
    """A submission as it stands: what is asked and what is answered, in reading order."""

    submission: Submission
    questions: list[Question]
    answers: list[Answer]
    parts: dict[UUID, list[NamedPart]]  # by question
    uploads: dict[UUID, dict[str, Any]]  # by question
    in_force: InForce
    at: datetime
    payload: Callable[[], dict[str, Any]]  # as it is frozen, or would be

    @property
    def is_frozen(self) -> bool:
        return self.submission.state != SubmissionState.DRAFTING

    @cached_property
    def boxed(self) -> dict[UUID, str]:
        """What goes into the boxes of questions that have a full answer alone, by question. None where all share one box: short
        answers alone go into that.
        """
        wanted = {
            str(answer.question_id)
            for answer in self.answers
            if answer.question.kind == QuestionKind.FREE_TEXT
            and answer.text.strip()
            and not answer.short_text.strip()
        }
        if not wanted or submission_limits(self.in_force):
            return {}
        data = self.payload()
        return {
            UUID(each["id"]): box_of_texts([each], data)
            for each in frozen_questions(data)
            if each.get("id") in wanted
        }

    @cached_property
    def by_question(self) -> dict[UUID, Answer]:
        return {answer.question_id: answer for answer in self.answers}

    @cached_property
    def applying(self) -> set[UUID]:
        return questions_that_apply(self.questions, self.by_question)

    def texts(self) -> Iterator[Text]:
        """Each answer and each own part: the common answer first."""
        for question in self.questions:
            if answer := self.by_question.get(question.pk):
                yield Text(
                    question,
                    answer.text,
                    answer.short_text,
                    answer_address(self.submission, question),
                    boxed=answer.short_text or self.boxed.get(question.pk, ""),
                )
            address = part_address(self.submission, question)
            for named in self.parts.get(question.pk, []):
                short = named.part.short_text
                yield Text(question, named.part.text, short, address, boxed=short, is_own=True)


def read(submission: Submission, at: datetime | None = None) -> Drafted:
    """Everything that more than one check looks at, as it would be frozen at `at`: now, when it is left out."""
    at = at or timezone.now()
    return Drafted(
        submission=submission,
        questions=list(ordered_questions(consultation=submission.consultation)),
        answers=ordered_answers(submission=submission),
        parts=named_parts(submission=submission),
        uploads=uploads_of(submission.pk),
        in_force=requirements_of(submission.consultation),
        at=at,
        payload=lambda: submission_payload(submission=submission, at=at),
    )


def answer_address(submission: Submission, question: Question) -> str:
    """Where the answer is written; where the text is opened again, once it is frozen."""
    if submission.state != SubmissionState.DRAFTING:
        return reverse("submission_thaw", args=[submission.pk])
    return reverse("answer_edit", args=[submission.pk, question.number])


def whole_address(submission: Submission) -> str:
    """Where everything is written; where the text is opened again, once it is frozen."""
    is_open = submission.state == SubmissionState.DRAFTING
    return reverse("submission_detail" if is_open else "submission_thaw", args=[submission.pk])


def part_address(submission: Submission, question: Question) -> str:
    """Where own parts are written; where the text is opened again, once it is frozen."""
    if submission.state != SubmissionState.DRAFTING:
        return reverse("submission_thaw", args=[submission.pk])
    return reverse("own_parts", args=[submission.pk, question.number])
