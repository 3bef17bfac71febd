"""Whether what was asked is answered, and fits."""

from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from campaign.consultations.checks.drafted import Drafted, answer_address, whole_address
from campaign.consultations.findings import Finding
from campaign.consultations.limits import (
    Usage,
    answer_limits,
    answer_usages,
    fits,
    submission_limits,
    submission_usages,
)
from campaign.consultations.models import Answer, Question, QuestionKind
from campaign.consultations.values import value_problem


def answer_findings(drafted: Drafted) -> list[Finding]:
    """In reading order."""
    submission = drafted.submission
    written = [answer for answer in drafted.answers if answer.is_written]
    if not written and not drafted.uploads:
        return [
            Finding(
                True,
                _("No question is answered yet."),
                code="nothing-answered",
                mend=_("Answer at least one question."),
                address=whole_address(submission),
            )
        ]
    return [
        *_questions(drafted),
        *_missing_short(drafted, written),
        *_limits(drafted),
    ]


def _questions(drafted: Drafted) -> Iterator[Finding]:
    """What is missing, what was not asked, and what is no answer to what was asked."""
    for question in drafted.questions:
        answer = drafted.by_question.get(question.pk)
        place = answer_address(drafted.submission, question)
        if question.pk not in drafted.applying:
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


def _is_answered(question: Question, answer: Answer) -> bool:
    """Reasons alone are no answer where a choice, a number or a date is asked."""
    return answer.is_written and (question.takes_text or bool(answer.short_text.strip()))


def _missing_short(drafted: Drafted, written: list[Answer]) -> Iterator[Finding]:
    shared = submission_limits(drafted.in_force)
    for answer in written:
        limits = answer_limits(drafted.in_force, answer.question)
        limited = answer.question.takes_text and (shared or limits)
        if limited and not answer.short_text.strip():
            box_stays_empty = _("Write the short one too, or the box stays without it.")
            box_takes_full = _("Write the short one too, or the full one goes into the box.")
            takes_full = not shared and fits(drafted.boxed.get(answer.question_id, ""), limits)
            yield Finding(
                False,
                _("There is no short answer for the portal's box."),
                answer.question.number,
                code="no-short-answer",
                mend=box_takes_full if takes_full else box_stays_empty,
                address=answer_address(drafted.submission, answer.question),
            )


def _limits(drafted: Drafted) -> Iterator[Finding]:
    submission = drafted.submission
    for usage in submission_usages(drafted.in_force, drafted.answers):
        if usage.is_over:
            yield over_limit(usage, address=whole_address(submission), code="over-shared-limit")
    for answer in drafted.answers:
        # Where none must be given, a full answer that is too long leaves its box empty: the warning above says so.
        full = drafted.boxed.get(answer.question_id, "") if answer.question.is_required else ""
        boxed = answer.short_text or full
        for usage in answer_usages(drafted.in_force, answer.question, boxed):
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
