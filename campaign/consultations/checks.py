"""What stands in the way of freezing: errors forbid it, warnings ask to be read."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaign.consultations.limits import (
    Usage,
    answer_limits,
    answer_usages,
    submission_limits,
    submission_usages,
)
from campaign.consultations.models import Answer, Submission
from campaign.consultations.queries import ordered_answers, ordered_questions
from campaign.consultations.requirements import InForce, requirements_of


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
    in_force = requirements_of(submission.consultation)
    findings = [*_emptiness(submission, in_force, written, answers), *_limits(in_force, answers)]
    return sorted(findings, key=lambda finding: not finding.is_error)


def _emptiness(
    submission: Submission, in_force: InForce, written: list[Answer], answers: list[Answer]
) -> list[Finding]:
    if not written:
        return [Finding(True, _("No question is answered yet."))]
    findings = []
    answered = {answer.question_id for answer in written}
    for question in ordered_questions(consultation=submission.consultation):
        if question.pk not in answered and question.is_required:
            findings.append(Finding(True, _("This question must be answered."), question.number))
        elif question.pk not in answered:
            findings.append(Finding(False, _("This question has no answer."), question.number))
    shared = submission_limits(in_force)
    findings += [
        Finding(False, _("There is no short answer for the portal's box."), answer.question.number)
        for answer in written
        if not answer.short_text.strip() and (shared or answer_limits(in_force, answer.question))
    ]
    return findings


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
