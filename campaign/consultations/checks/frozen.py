"""Whether a frozen text still answers what the authority asks now, within the limits of now."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.consultations.checks.answers import over_limit
from campaign.consultations.findings import Finding
from campaign.consultations.limits import Usage, answer_limits, measure, submission_limits
from campaign.consultations.models import Question, Submission
from campaign.consultations.queries import ordered_questions
from campaign.consultations.requirements import InForce, requirements_of


def frozen_findings(submission: Submission) -> Iterator[Finding]:
    """What changed at the authority since the freeze, in the order of its questions; then what no longer fits."""
    if submission.frozen_text is None:
        return
    text = submission.frozen_text.data
    frozen = {each["number"]: each for section in text["sections"] for each in section["questions"]}
    questions = list(ordered_questions(consultation=submission.consultation))
    in_force = requirements_of(submission.consultation)
    place = reverse("submission_thaw", args=[submission.pk])
    for question in questions:
        yield from _question(question, frozen.get(question.number), in_force, place)
    asked = {question.number for question in questions}
    for number, was in frozen.items():
        if number not in asked and (was["answer"] or was["short_answer"] or was.get("upload")):
            yield Finding(
                False,
                _("The authority no longer asks this question. Its answer stands in the frozen text."),
                number,
                code="gone-since-freeze",
                mend=_("Open the text again to take it out, or leave it in."),
                address=place,
            )
    if text["box_text"]:
        for limit in submission_limits(in_force):
            usage = Usage(limit, measure(text["box_text"], limit.unit))
            if usage.is_over:
                yield over_limit(usage, address=place, code="over-shared-limit")


def _question(
    question: Question, was: dict[str, Any] | None, in_force: InForce, place: str
) -> Iterator[Finding]:
    mend = _("Open the text again and answer it.")
    if was is None:
        yield Finding(
            question.is_required,
            _("The authority asks this question since the text was frozen."),
            question.number,
            code="asked-since-freeze",
            about=question.digest,
            mend=mend,
            address=place,
        )
        return
    if (was["question"], was["options"]) != (question.text, question.options):
        yield Finding(
            False,
            _("The authority changed this question after the text was frozen."),
            question.number,
            code="changed-since-freeze",
            about=question.digest,
            mend=_("Read it again. If the answer is not right any more, open the text again."),
            address=place,
        )
    for limit in answer_limits(in_force, question):
        usage = Usage(limit, measure(was["short_answer"], limit.unit))
        if usage.is_over:
            yield over_limit(usage, number=question.number, address=place, code="over-limit")
