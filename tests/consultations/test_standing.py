"""What a frozen text is held against before it is filed, and what really goes into a portal's boxes."""

import pytest
from django.utils import timezone

from campaign.consultations.checks import filing_findings, freeze_findings
from campaign.consultations.kit import filing_kit
from campaign.consultations.models import Answer, Question
from campaign.consultations.printed.content import filed_texts
from campaign.consultations.printed.data import filing_text
from campaign.consultations.services import NotDecided, open_remark, prepare_filing, resolve_remark
from tests.consultations.walk import everything, freeze, prepare
from tests.factories.accounts import UserFactory
from tests.factories.consultations import (
    AnswerFactory,
    ConsultationFactory,
    OwnPartFactory,
    QuestionFactory,
    RequirementFactory,
    SourceFactory,
    SubmissionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()
FULL = "Release **all** of it. " * 20  # 460 characters as it is typed


def answered(**fields):
    """A submission with one answer to one question."""
    return AnswerFactory(**fields).submission


def codes(findings, *, errors_only=False):
    return [each.code for each in findings if each.is_error or not errors_only]


def kit_of(submission):
    return filing_kit(filing=prepare(freeze(submission, at=NOW), at=NOW), at=NOW)


# --- What goes into a box ---------------------------------------------------------------


def test_full_answer_too_long_for_the_box_of_a_required_question_stops():
    submission = answered(question__max_chars=100, question__is_required=True, text=FULL, short_text="")

    findings = freeze_findings(submission=submission, at=NOW)

    assert codes(findings, errors_only=True) == ["over-limit"]
    assert not findings[0].may_override


def test_full_answer_too_long_for_its_box_leaves_it_empty():
    submission = answered(question__max_chars=100, text=FULL, short_text="")

    [warning] = freeze_findings(submission=submission, at=NOW)

    assert (warning.code, warning.is_error) == ("no-short-answer", False)
    assert "the box stays without it" in str(warning.mend)
    assert kit_of(submission).boxes == []


def test_full_answer_that_fits_into_the_box_is_a_warning():
    submission = answered(question__max_chars=500, text=FULL, short_text="")

    assert codes(freeze_findings(submission=submission, at=NOW)) == ["no-short-answer"]


def test_sources_that_a_box_lists_are_measured_with_its_answer():
    submission = answered(
        question__max_chars=60, question__is_required=True, text="Release it.[^key]", short_text=""
    )
    SourceFactory(campaign=submission.campaign, key="key", title="A study of " + "all " * 20)

    assert "over-limit" in codes(freeze_findings(submission=submission, at=NOW), errors_only=True)


def test_emoji_in_a_full_answer_that_goes_into_the_box_is_refused():
    submission = answered(question__max_chars=500, text="Release it \U0001f600", short_text="")
    RequirementFactory(
        profile=submission.consultation.profile, topic="characters", subject="", unit="", value=["emoji"]
    )

    assert codes(freeze_findings(submission=submission, at=NOW), errors_only=True) == ["emoji"]


def test_one_box_for_everything_holds_short_answers_and_nothing_else():
    submission = answered(text=FULL, short_text="")
    RequirementFactory(profile=submission.consultation.profile, value=100)

    kit = kit_of(submission)

    assert kit.boxes == []


# --- What is chosen, and why --------------------------------------------------------------


@pytest.fixture
def chosen():
    """A free text and a choice with reasons."""
    consultation = ConsultationFactory()
    submission = SubmissionFactory(consultation=consultation)
    AnswerFactory(
        submission=submission,
        question=QuestionFactory(consultation=consultation, number="1", position=1),
        text="",
        short_text="Do this.",
    )
    AnswerFactory(
        submission=submission,
        question=QuestionFactory(
            consultation=consultation,
            number="2",
            position=2,
            kind="single-choice",
            options=["Yes", "No"],
            text="Is it so?",
        ),
        text="Because **it is**.",
        short_text="No",
    )
    return submission


@pytest.mark.parametrize("is_shared", [True, False])
def test_kit_says_what_to_choose_and_gives_the_reasons(chosen, is_shared):
    if is_shared:
        RequirementFactory(profile=chosen.consultation.profile, value=4_000)

    kit = kit_of(chosen)

    assert [(pick.number, pick.value) for pick in kit.picks] == [("2", "No")]
    boxes = [(box.number, box.text) for box in kit.boxes]
    first = ("", "1. Do this.") if is_shared else ("1", "Do this.")
    assert boxes == [first, ("2", "Because it is.")]


def test_text_for_pasting_has_the_reasons_of_a_choice(chosen):
    filing = prepare(freeze(chosen, at=NOW), at=NOW)

    assert "No\n\nBecause it is." in filing_text(filed_texts(filing.record))


# --- What changed since the freeze --------------------------------------------------------


def refused(submission, code):
    """Whether filing stops on this, whatever is decided."""
    findings = filing_findings(submission=submission, at=NOW)
    with pytest.raises(NotDecided):
        prepare_filing(submission=submission, decided=everything(findings), purpose="reply", by=None, at=NOW)
    return code in codes(findings, errors_only=True)


def test_question_that_must_be_answered_since_the_freeze_stops_the_filing():
    submission = answered()
    question = QuestionFactory(consultation=submission.consultation, position=90)
    frozen = freeze(submission, at=NOW)
    Question.objects.filter(pk=question.pk).update(is_required=True)

    assert refused(frozen, "no-answer")


def test_number_out_of_the_bounds_of_now_stops_the_filing():
    submission = answered(question__kind="number", text="", short_text="50")
    frozen = freeze(submission, at=NOW)
    Question.objects.update(maximum=10)

    assert refused(frozen, "no-such-value")


def test_kind_that_changed_is_read_once_more():
    frozen = freeze(answered(), at=NOW)
    Question.objects.update(kind="upload")

    assert "changed-since-freeze" in codes(filing_findings(submission=frozen, at=NOW))


@pytest.mark.parametrize(
    ("topic", "value", "code"), [("characters", ["emoji"], "emoji"), ("languages", ["fr"], "language")]
)
def test_what_a_notice_is_verified_to_refuse_since_the_freeze_stops_the_filing(topic, value, code):
    submission = answered(short_text="Release it \U0001f600")
    frozen = freeze(submission, at=NOW)
    RequirementFactory(consultation=submission.consultation, topic=topic, subject="", unit="", value=value)

    assert refused(frozen, code)


def test_own_part_over_a_limit_of_now_stops_the_filing():
    submission = answered(short_text="Release it.")
    OwnPartFactory(
        submission=submission,
        question=Question.objects.get(),
        organization=submission.campaign.owner,
        short_text="And more of it.",
    )
    frozen = freeze(submission, at=NOW)
    Question.objects.update(max_chars=20)

    assert refused(frozen, "own-part-over")


def test_answer_follows_its_question_to_another_number():
    submission = answered(short_text="Release it.", question__number="1")
    frozen = freeze(submission, at=NOW)
    Question.objects.filter(number="1").update(number="2")
    QuestionFactory(consultation=submission.consultation, number="1", position=90, text="New?")

    found = filing_findings(submission=frozen, at=NOW)

    assert [(each.code, each.question_number) for each in found] == [("asked-since-freeze", "1")]


def test_what_was_decided_for_this_very_text_is_not_asked_again():
    submission = answered(short_text="x" * 200)
    RequirementFactory(profile=submission.consultation.profile, value=100, status="reported")

    frozen = freeze(submission, at=NOW)

    assert codes(filing_findings(submission=frozen, at=NOW)) == []


def test_remark_opened_on_the_frozen_text_is_a_warning():
    frozen = freeze(answered(), at=NOW)
    open_remark(
        submission=frozen, question=None, quote="", text="A figure is wrong.", by=UserFactory(), at=NOW
    )

    assert codes(filing_findings(submission=frozen, at=NOW)) == ["remarks-open"]


def test_another_remark_is_another_warning():
    submission = answered()
    first = open_remark(submission=submission, question=None, quote="", text="One.", by=UserFactory(), at=NOW)
    [before] = [
        each for each in freeze_findings(submission=submission, at=NOW) if each.code == "remarks-open"
    ]
    resolve_remark(thread=first, by=UserFactory(), at=NOW)
    open_remark(submission=submission, question=None, quote="", text="Two.", by=UserFactory(), at=NOW)

    [after] = [each for each in freeze_findings(submission=submission, at=NOW) if each.code == "remarks-open"]

    assert before.key != after.key


def test_checks_of_a_frozen_text_store_nothing():
    frozen = freeze(answered(), at=NOW)
    before = Answer.objects.count()

    filing_findings(submission=frozen, at=NOW)

    assert Answer.objects.count() == before
