"""Whether a frozen text still answers what the authority asks now."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.consultations.boxes import frozen_questions
from campaign.consultations.checks.drafted import Drafted
from campaign.consultations.checks.standing import frozen_by_question
from campaign.consultations.findings import Finding
from campaign.consultations.models import Question


def frozen_findings(drafted: Drafted) -> Iterator[Finding]:
    """What changed at the authority since the freeze, in the order of its questions; then what it asks no more."""
    data = drafted.payload()
    frozen = frozen_by_question(data, drafted.questions)
    place = reverse("submission_thaw", args=[drafted.submission.pk])
    for question in drafted.questions:
        yield from _question(question, frozen.get(question.pk), place)
    standing = {id(was) for was in frozen.values()}
    for was in frozen_questions(data):
        if id(was) not in standing and (was["answer"] or was["short_answer"] or was.get("upload")):
            yield Finding(
                False,
                _("The authority no longer asks this question. Its answer stands in the frozen text."),
                was["number"],
                code="gone-since-freeze",
                mend=_("Open the text again to take it out, or leave it in."),
                address=place,
            )


def _question(question: Question, was: dict[str, Any] | None, place: str) -> Iterator[Finding]:
    if was is None:
        yield Finding(
            question.is_required,
            _("The authority asks this question since the text was frozen."),
            question.number,
            code="asked-since-freeze",
            about=question.digest,
            mend=_("Open the text again and answer it."),
            address=place,
        )
        return
    kind = was.get("kind", question.kind)
    if (was["question"], was["options"], kind) != (question.text, question.options, question.kind):
        yield Finding(
            False,
            _("The authority changed this question after the text was frozen."),
            question.number,
            code="changed-since-freeze",
            about=question.digest,
            mend=_("Read it again. If the answer is not right any more, open the text again."),
            address=place,
        )
