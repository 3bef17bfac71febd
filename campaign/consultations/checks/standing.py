"""What a frozen text says, as if it were the draft: so that the same checks hold it against what the authority asks now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from campaign.consultations.boxes import frozen_questions
from campaign.consultations.checks.drafted import Drafted
from campaign.consultations.models import Answer, OwnPart, Question, Submission
from campaign.consultations.queries import ordered_questions
from campaign.consultations.requirements import requirements_of
from campaign.consultations.workspace import NamedPart
from campaign.organizations.models import Organization


def frozen_by_question(data: dict[str, Any], questions: list[Question]) -> dict[UUID, dict[str, Any]]:
    """What was frozen for each question that is asked now, by its id. Texts that were frozen without ids tell it by number."""
    by_id = {str(question.pk): question.pk for question in questions}
    by_number = {question.number: question.pk for question in questions}
    found = {}
    for was in frozen_questions(data):
        pk = by_id.get(was["id"]) if "id" in was else by_number.get(was["number"])
        if pk is not None:
            found[pk] = was
    return found


def read_frozen(submission: Submission, at: datetime) -> Drafted:
    """Everything that more than one check looks at, of the frozen text. Its rows are of this moment and never saved."""
    data = submission.frozen_text.data if submission.frozen_text else {"sections": []}
    questions = list(ordered_questions(consultation=submission.consultation))
    frozen = frozen_by_question(data, questions)
    said = [(question, frozen[question.pk]) for question in questions if question.pk in frozen]
    return Drafted(
        submission=submission,
        questions=questions,
        answers=[
            Answer(
                submission=submission,
                question=question,
                text=was["answer"],
                short_text=was["short_answer"],
                question_digest=question.digest,
            )
            for question, was in said
        ],
        parts={question.pk: list(_parts(submission, question, was)) for question, was in said},
        uploads={question.pk: was["upload"] for question, was in said if was.get("upload")},
        in_force=requirements_of(submission.consultation),
        at=at,
        payload=lambda: data,
    )


def _parts(submission: Submission, question: Question, was: dict[str, Any]) -> Iterator[NamedPart]:
    for part in was.get("own_parts", []):
        organization = Organization(pk=UUID(part["organization_id"]), display_name=part["organization"])
        yield NamedPart(
            organization,
            part["organization"],
            OwnPart(
                submission=submission,
                question=question,
                organization=organization,
                text=part["answer"],
                short_text=part["short_answer"],
            ),
        )
