"""Whether what was asked is answered, and fits."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from campaign.consultations.conditions import questions_that_apply
from campaign.consultations.findings import Finding
from campaign.consultations.limits import (
    Usage,
    answer_limits,
    answer_usages,
    submission_limits,
    submission_usages,
)
from campaign.consultations.models import Answer, Question, QuestionKind, Submission
from campaign.consultations.queries import ordered_questions
from campaign.consultations.requirements import InForce
from campaign.consultations.values import value_problem
from campaign.consultations.workspace import uploads_of


def answer_findings(submission: Submission, answers: list[Answer], in_force: InForce) -> list[Finding]:
    """In reading order."""
    written = [answer for answer in answers if answer.is_written]
    if not written and not uploads_of(submission.pk):
        return [
            Finding(
                True,
                _("No question is answered yet."),
                code="nothing-answered",
                mend=_("Answer at least one question."),
                address=reverse("submission_detail", args=[submission.pk]),
            )
        ]
    return [
        *_questions(submission, answers),
        *_missing_short(submission, in_force, written),
        *_limits(submission, in_force, answers),
    ]


def _questions(submission: Submission, answers: list[Answer]) -> Iterator[Finding]:
    """What is missing, what was not asked, and what is no answer to what was asked."""
    by_question = {answer.question_id: answer for answer in answers}
    questions = list(ordered_questions(consultation=submission.consultation))
    applying = questions_that_apply(questions, by_question)
    for question in questions:
        answer = by_question.get(question.pk)
        place = answer_address(submission, question)
        if question.pk not in applying:
            if answer and answer.is_written:
                yield Finding(
                    False,
                    _("By what is chosen elsewhere, this question need not be answered."),
                    question.number,
                    code="does-not-apply",
                    mend=_("Empty its answer, or look at what was chosen."),
                    address=place,
                )
        elif question.kind == QuestionKind.UPLOAD:
            pass  # a file is asked for: checks of the workspace say whether it is there
        elif answer is None or not _is_answered(question, answer):
            missing = _("This question must be answered.")
            yield Finding(
                question.is_required,
                missing if question.is_required else _("This question has no answer."),
                question.number,
                code="no-answer",
                mend=_("Write the answer."),
                address=place,
            )
        if answer and answer.is_outdated:
            yield Finding(
                False,
                _("The authority changed this question after its answer was written."),
                question.number,
                code="outdated",
                about=question.digest,
                mend=_("Read the question again, then save the answer."),
                address=place,
            )
        if answer and (problem := value_problem(question, answer.short_text)):
            yield Finding(
                True,
                problem,
                question.number,
                code="no-such-value",
                about=answer.short_text,
                mend=_("Choose or write the answer again."),
                address=place,
            )


def answer_address(submission: Submission, question: Question) -> str:
    """Where the answer is written."""
    return reverse("answer_edit", args=[submission.pk, question.number])


def _is_answered(question: Question, answer: Answer) -> bool:
    """Reasons alone are no answer where a choice, a number or a date is asked."""
    return answer.is_written and (question.takes_text or bool(answer.short_text.strip()))


def _missing_short(submission: Submission, in_force: InForce, written: list[Answer]) -> Iterator[Finding]:
    shared = submission_limits(in_force)
    for answer in written:
        limited = answer.question.takes_text and (shared or answer_limits(in_force, answer.question))
        if limited and not answer.short_text.strip():
            yield Finding(
                False,
                _("There is no short answer for the portal's box."),
                answer.question.number,
                code="no-short-answer",
                mend=_("Write the short one too, or the box stays without it."),
                address=answer_address(submission, answer.question),
            )


def _limits(submission: Submission, in_force: InForce, answers: list[Answer]) -> Iterator[Finding]:
    for usage in submission_usages(in_force, answers):
        if usage.is_over:
            yield over_limit(
                usage, address=reverse("submission_detail", args=[submission.pk]), code="over-shared-limit"
            )
    for answer in answers:
        for usage in answer_usages(in_force, answer.question, answer.short_text):
            if usage.is_over:
                yield over_limit(
                    usage,
                    number=answer.question.number,
                    address=answer_address(submission, answer.question),
                    code="over-limit",
                )


def over_limit(usage: Usage, *, address: str, code: str, number: str = "", name: str = "") -> Finding:
    """An error; where nobody verified the limit, one that the lead may override.

    `name` is of an organization that passes it with its own part counted in.
    """
    words = {
        "name": name,
        "over": number_format(usage.over_by, force_grouping=True),
        "maximum": number_format(usage.limit.maximum, force_grouping=True),
        "unit": usage.limit.unit_words,
        "status": usage.limit.status_words,
    }
    common = _("%(over)s over the limit of %(maximum)s %(unit)s (%(status)s).")
    with_part = _(
        "%(name)s is %(over)s over the limit of %(maximum)s %(unit)s, its own part counted with the common answer "
        "(%(status)s)."
    )
    shorten = _("Shorten the short answers. The full ones stay as long as they are.")
    return Finding(
        True,
        (with_part if name else common) % words,
        number,
        code=code,
        about=f"{name} {usage.used}/{usage.limit.maximum} {usage.limit.unit} {usage.limit.status}",
        may_override=not usage.limit.binds,
        mend=_("Shorten the own part, or the common answer.") if name else shorten,
        address=address,
    )
