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
from campaign.consultations.requirements import requirements_of
from tests.factories.consultations import (
    AnswerFactory,
    ConsultationFactory,
    QuestionFactory,
    RequirementFactory,
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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("verified", [(40, "call", True)]),
        ("reported", [(100, "shipped", True), (40, "call", False)]),
    ],
)
def test_submission_limit_of_the_call_beats_the_portals_when_it_is_verified(status, expected):
    consultation = ConsultationFactory()
    RequirementFactory(profile=consultation.profile)
    RequirementFactory(consultation=consultation, value=40, status=status)

    limits = submission_limits(requirements_of(consultation))

    assert [(limit.maximum, limit.origin, limit.binds) for limit in limits] == expected


@pytest.mark.django_db
def test_submission_limit_of_the_call_in_another_unit_is_all_there_is():
    consultation = ConsultationFactory()
    RequirementFactory(profile=consultation.profile)
    RequirementFactory(consultation=consultation, unit="words", value=40)

    limits = submission_limits(requirements_of(consultation))

    assert [(limit.unit, limit.maximum) for limit in limits] == [("words", 40)]


@pytest.mark.django_db
def test_submission_limit_falls_back_to_the_portals():
    consultation = ConsultationFactory()
    RequirementFactory(profile=consultation.profile, unit="characters-and-bytes")

    [limit] = submission_limits(requirements_of(consultation))

    assert (limit.maximum, limit.unit, limit.origin, limit.binds) == (
        100, "characters-and-bytes", "shipped", True,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"value": None}, {"subject": "page"}, {"unit": "pages"}])
def test_submission_limit_not_stated_is_none(changes):
    consultation = ConsultationFactory()
    RequirementFactory(profile=consultation.profile, **changes)

    assert submission_limits(requirements_of(consultation)) == []


@pytest.mark.django_db
def test_answer_limit_of_the_question_binds():
    question = QuestionFactory(max_chars=30)

    limits = answer_limits(requirements_of(question.consultation), question)

    assert [limit.maximum for limit in limits] == [30]


@pytest.mark.django_db
def test_box_text_counts_labels_and_blank_lines_and_skips_empty_answers():
    submission = SubmissionFactory()
    RequirementFactory(consultation=submission.consultation, value=20)
    rows = [
        AnswerFactory(submission=submission, question__position=1, short_text="One. "),
        AnswerFactory(submission=submission, question__position=2, short_text="  "),
        AnswerFactory(submission=submission, question__position=3, short_text="Three"),
    ]

    [usage] = submission_usages(requirements_of(submission.consultation), rows)

    assert box_text(rows) == "1. One.\n\n3. Three"
    assert (usage.used, usage.left, usage.is_over, usage.is_near) == (17, 3, False, False)


@pytest.mark.django_db
def test_usage_over_the_limit_says_by_how_much():
    answer = AnswerFactory(question__position=1, short_text="abcdef")
    RequirementFactory(consultation=answer.submission.consultation, value=5)

    [usage] = submission_usages(requirements_of(answer.submission.consultation), [answer])

    assert (usage.is_over, usage.over_by, usage.share) == (True, 4, 100)


@pytest.mark.django_db
def test_submission_limits_hold_characters_and_words_alike():
    consultation = ConsultationFactory()
    RequirementFactory(consultation=consultation, value=40)
    RequirementFactory(consultation=consultation, unit="words", value=5, position=1)

    limits = submission_limits(requirements_of(consultation))

    assert [(limit.unit, limit.maximum) for limit in limits] == [("characters", 40), ("words", 5)]


@pytest.mark.django_db
def test_submission_limits_of_one_unit_are_the_smallest_with_its_note():
    consultation = ConsultationFactory()
    RequirementFactory(profile=consultation.profile, unit="words", value=2000, applies_to="general")
    RequirementFactory(profile=consultation.profile, unit="words", value=1500, applies_to="special")

    [limit] = submission_limits(requirements_of(consultation))

    assert (limit.maximum, limit.note) == (1500, "special")


@pytest.mark.django_db
def test_a_smaller_limit_that_nobody_verified_hides_no_verified_one():
    consultation = ConsultationFactory()
    RequirementFactory(consultation=consultation, value=60, status="verified", applies_to="a")
    RequirementFactory(consultation=consultation, value=50, status="reported", applies_to="b")
    RequirementFactory(consultation=consultation, value=90, status="reported", applies_to="c")

    limits = submission_limits(requirements_of(consultation))

    assert sorted((limit.maximum, limit.binds) for limit in limits) == [(50, False), (60, True)]


@pytest.mark.django_db
def test_a_questions_own_limit_in_words_leaves_the_portals_in_characters():
    question = QuestionFactory(max_words=500)
    RequirementFactory(profile=question.consultation.profile, subject="answer", value=4000)

    limits = answer_limits(requirements_of(question.consultation), question)

    assert [(limit.unit, limit.maximum) for limit in limits] == [("words", 500), ("characters", 4000)]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["single-choice", "multi-choice", "number", "date", "upload"])
def test_what_is_not_typed_into_a_box_is_not_counted(kind):
    answer = AnswerFactory(question__kind=kind, question__options=["A rather long option"], short_text="1")
    RequirementFactory(profile=answer.question.consultation.profile, subject="answer", value=1)

    assert answer_limits(requirements_of(answer.question.consultation), answer.question) == []
    assert box_text([answer]) == ""
