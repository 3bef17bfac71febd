"""Which questions are to be answered, by what was chosen in others: "answer only if"."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from campaign.consultations.models import Answer, Question


def questions_that_apply(questions: Iterable[Question], answers: Mapping[UUID, Answer]) -> set[UUID]:
    """The ids of those that apply. `questions` in reading order, `answers` by the id of their question.

    A part applies where its parent does. What was chosen in a question that does not apply decides nothing.
    """
    found: set[UUID] = set()
    chosen: dict[str, set[str]] = {}
    for question in questions:
        if question.parent_id and question.parent_id not in found:
            continue
        if not all(chosen.get(each["question"], set()) & set(each["options"]) for each in question.condition):
            continue
        found.add(question.pk)
        if question.offers_choice and (answer := answers.get(question.pk)):
            chosen[question.number] = set(answer.short_text.split("\n"))
    return found
