"""What stands in the way of freezing: errors forbid it, warnings ask to be read."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.consultations.conditions import questions_that_apply
from campaign.consultations.limits import (
    Usage,
    answer_limits,
    answer_usages,
    submission_limits,
    submission_usages,
)
from campaign.consultations.models import Answer, Question, Submission
from campaign.consultations.queries import ordered_answers, ordered_questions
from campaign.consultations.requirements import InForce, requirements_of
from campaign.consultations.values import value_problem

_UNANSWERED = gettext_lazy("This question has no answer.")
_OUTDATED = gettext_lazy(
    "The authority changed this question after its answer was written. Read the question again, then save the answer."
)
_DOES_NOT_APPLY = gettext_lazy(
    "By what is chosen elsewhere, this question need not be answered. Empty its answer, or look at what was chosen."
)


@dataclass(frozen=True)
class Finding:
    """One sentence; `question_number` is "" when it is about everything."""

    is_error: bool
    message: str | Promise
    question_number: str = ""


def freeze_findings(*, submission: Submission) -> list[Finding]:
    """Errors first, then warnings, in reading order."""
    answers = ordered_answers(submission=submission)
    written = [answer for answer in answers if answer.is_written]
    if not written:
        return [Finding(True, _("No question is answered yet."))]
    in_force = requirements_of(submission.consultation)
    findings = [
        *_questions(submission, answers),
        *_missing_short(in_force, written),
        *_limits(in_force, answers),
    ]
    return sorted(findings, key=lambda finding: not finding.is_error)


def _questions(submission: Submission, answers: list[Answer]) -> Iterator[Finding]:
    """What is missing, what was not asked, and what is no answer to what was asked."""
    by_question = {answer.question_id: answer for answer in answers}
    questions = list(ordered_questions(consultation=submission.consultation))
    applying = questions_that_apply(questions, by_question)
    for question in questions:
        answer = by_question.get(question.pk)
        if question.pk not in applying:
            if answer and answer.is_written:
                yield Finding(False, _DOES_NOT_APPLY, question.number)
        elif answer is None or not _is_answered(question, answer):
            missing = _("This question must be answered.") if question.is_required else _UNANSWERED
            yield Finding(question.is_required, missing, question.number)
        if answer and answer.is_outdated:
            yield Finding(False, _OUTDATED, question.number)
        if answer and (problem := value_problem(question, answer.short_text)):
            yield Finding(True, problem, question.number)


def _is_answered(question: Question, answer: Answer) -> bool:
    """Reasons alone are no answer where a choice, a number or a date is asked."""
    return answer.is_written and (question.takes_text or bool(answer.short_text.strip()))


def _missing_short(in_force: InForce, written: list[Answer]) -> list[Finding]:
    shared = submission_limits(in_force)
    return [
        Finding(False, _("There is no short answer for the portal's box."), answer.question.number)
        for answer in written
        if answer.question.takes_text
        and not answer.short_text.strip()
        and (shared or answer_limits(in_force, answer.question))
    ]


def _limits(in_force: InForce, answers: list[Answer]) -> list[Finding]:
    findings = [
        Finding(usage.limit.binds, _over(usage))
        for usage in submission_usages(in_force, answers)
        if usage.is_over
    ]
    for answer in answers:
        findings += [
            Finding(usage.limit.binds, _over(usage), answer.question.number)
            for usage in answer_usages(in_force, answer.question, answer.short_text)
            if usage.is_over
        ]
    return findings


def _over(usage: Usage) -> str:
    return _("%(over)s over the limit of %(maximum)s %(unit)s (%(status)s).") % {
        "over": f"{usage.over_by:,}",
        "maximum": f"{usage.limit.maximum:,}",
        "unit": usage.limit.unit_words,
        "status": usage.limit.status_words,
    }
