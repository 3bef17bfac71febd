"""What is pasted into each portal's boxes: one reply, the golden text of every portal that comes with the software.

`golden/boxes.txt` is read by people. After a wanted change let the test write it once (`GOLDEN.write_text(all_boxes())`), then
read what changed.
"""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from campaign.consultations.kit import filing_kit
from campaign.consultations.limits import submission_usages
from campaign.consultations.models import Filing, PortalProfile, Topic
from campaign.consultations.queries import ordered_answers
from campaign.consultations.requirements import requirements_of
from tests.consultations.walk import freeze, prepare
from tests.factories.consultations import (
    AnswerFactory,
    ConsultationFactory,
    QuestionFactory,
    SourceFactory,
    SubmissionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
GOLDEN = Path(__file__).parent / "golden" / "boxes.txt"


def boxes_of(profile):
    """The boxes of a reply with a short answer, one in Korean, a full answer with a source, and a choice."""
    consultation = ConsultationFactory(profile=profile, locale="en")
    taken = requirements_of(consultation).value(Topic.LANGUAGES) or ["en"]
    locale = "en" if taken[0] == "all-eu" else taken[0]
    submission = SubmissionFactory(consultation=consultation, locale=locale)
    SourceFactory(campaign=submission.campaign, key="report", title="A report", url="https://example.org/r")
    asked = [
        {"text": "", "short_text": "Return the “weights”.\r\n\r\nNow."},
        {"text": "", "short_text": "가중치를 돌려주세요."},
        {
            "text": "**Publish** it[^report]:\n\n1. the data\n2. the [code](https://example.org/c)",
            "short_text": "",
        },
        {
            "question__kind": "single-choice",
            "question__options": ["Yes", "No"],
            "short_text": "Yes",
            "text": "",
        },
    ]
    for position, answer in enumerate(asked, start=1):
        question = {key.removeprefix("question__"): answer.pop(key) for key in list(answer) if "__" in key}
        AnswerFactory(
            submission=submission,
            question=QuestionFactory(consultation=consultation, position=position, **question),
            **answer,
        )
    now = timezone.now()
    filing = Filing.objects.get(pk=prepare(freeze(submission, at=now), at=now).pk)
    usages = submission_usages(requirements_of(consultation), ordered_answers(submission=submission))
    lines = [
        f"=== {profile.slug} ===",
        *(
            f"(all: {each.used} of {each.limit.maximum} {each.limit.unit}, {each.limit.status})"
            for each in usages
        ),
    ]
    kit = filing_kit(filing=filing, at=now)
    lines += [f"--- {pick.number}, to choose: {pick.value}" for pick in kit.picks]
    for box in kit.boxes:
        lines += [
            f"--- {box.number or 'one box'}: {box.length} characters, {box.byte_length} bytes",
            box.text,
        ]
    return "\n".join(lines)


def all_boxes():
    call_command("load_reference", verbosity=0)
    return "\n\n".join(boxes_of(profile) for profile in PortalProfile.objects.order_by("slug")) + "\n"


def test_boxes_of_every_portal_are_as_they_were_read():
    assert all_boxes() == GOLDEN.read_text()


def test_golden_boxes_count_what_they_show():
    for length, size, text in re.findall(
        r"--- [^\n]*: (\d+) characters, (\d+) bytes\n(.*?)(?=\n---|\n\n===|\n\Z)",
        GOLDEN.read_text(),
        re.DOTALL,
    ):
        assert (len(text), len(text.encode())) == (int(length), int(size))
