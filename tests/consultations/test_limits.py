import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.consultations.limits import (
    answer_limits,
    box_text,
    folded,
    measure,
    submission_limits,
    submission_usages,
)
from tests.factories.consultations import (
    AnswerFactory,
    ConsultationFactory,
    PortalProfileFactory,
    QuestionFactory,
    SubmissionFactory,
)


@pytest.mark.parametrize(
    ("text", "unit", "length"),
    [
        ("e\u0301", "characters", 1),
        ("a\r\nb", "characters", 3),
        ("  padded \n", "characters", 6),
        ("\U0001f600", "characters", 1),
        ("한국", "bytes", 6),
        ("한국", "characters-and-bytes", 6),
        ("“x”", "characters-and-bytes", 7),
        ("one two\nthree", "words", 3),
        ("", "words", 0),
    ],
)
def test_measure_counts_as_portals_do(text, unit, length):
    assert measure(text, unit) == length


@given(st.text())
def test_measure_bytes_is_never_below_characters(text):
    text = text.encode("utf-8", "ignore").decode()

    assert measure(text, "characters") <= measure(text, "bytes") == measure(text, "characters-and-bytes")


@given(st.text())
def test_folded_twice_is_once(text):
    assert folded(folded(text)) == folded(text)


def test_measure_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="unknown unit"):
        measure("x", "lines")


def profile_limit(**changes):
    entry = {"scope": "submission", "unit": "characters", "max": 100, "status": "verified"}
    return PortalProfileFactory(data={"text_limits": [{**entry, **changes}]})


@pytest.mark.django_db
def test_submission_limit_of_the_call_beats_the_portals():
    consultation = ConsultationFactory(
        profile=profile_limit(),
        constraints={"whole_submission": {"max_chars": 40, "counts": "characters", "status": "reported"}},
    )

    [limit] = submission_limits(consultation)

    assert (limit.maximum, limit.unit, limit.origin, limit.binds) == (40, "characters", "call", False)


@pytest.mark.django_db
def test_submission_limit_falls_back_to_the_portals():
    [limit] = submission_limits(ConsultationFactory(profile=profile_limit(unit="characters-and-bytes")))

    assert (limit.maximum, limit.unit, limit.origin, limit.binds) == (
        100,
        "characters-and-bytes",
        "portal",
        True,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"max": None}, {"scope": "page"}, {"unit": "pages"}])
def test_submission_limit_not_stated_is_none(changes):
    assert submission_limits(ConsultationFactory(profile=profile_limit(**changes))) == []


@pytest.mark.django_db
def test_answer_limit_of_the_question_binds():
    question = QuestionFactory(max_chars=30)

    assert [limit.maximum for limit in answer_limits(question.consultation, question)] == [30]


@pytest.mark.django_db
def test_box_text_counts_labels_and_blank_lines_and_skips_empty_answers():
    submission = SubmissionFactory(consultation__constraints={"whole_submission": {"max_chars": 20}})
    rows = [
        AnswerFactory(submission=submission, question__position=1, short_text="One. "),
        AnswerFactory(submission=submission, question__position=2, short_text="  "),
        AnswerFactory(submission=submission, question__position=3, short_text="Three"),
    ]

    [usage] = submission_usages(submission.consultation, rows)

    assert box_text(rows) == "1. One.\n\n3. Three"
    assert (usage.used, usage.left, usage.is_over, usage.is_near) == (17, 3, False, False)


@pytest.mark.django_db
def test_usage_over_the_limit_says_by_how_much():
    answer = AnswerFactory(
        submission__consultation__constraints={"whole_submission": {"max_chars": 5}},
        question__position=1,
        short_text="abcdef",
    )

    [usage] = submission_usages(answer.submission.consultation, [answer])

    assert (usage.is_over, usage.over_by, usage.share) == (True, 4, 100)


@pytest.mark.django_db
def test_submission_limits_hold_characters_and_words_alike():
    stated = {"whole_submission": {"max_chars": 40, "max_words": 5, "status": "verified"}}

    limits = submission_limits(ConsultationFactory(constraints=stated))

    assert [(limit.unit, limit.maximum) for limit in limits] == [("characters", 40), ("words", 5)]


@pytest.mark.django_db
def test_submission_limits_of_one_unit_are_the_smallest_with_its_note():
    entries = [
        {"scope": "submission", "unit": "words", "max": 2000, "status": "verified", "applies_to": "general"},
        {"scope": "submission", "unit": "words", "max": 1500, "status": "verified", "applies_to": "special"},
    ]

    [limit] = submission_limits(
        ConsultationFactory(profile=PortalProfileFactory(data={"text_limits": entries}))
    )

    assert (limit.maximum, limit.note) == (1500, "special")
