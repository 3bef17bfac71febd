"""Kinds of questions, conditions and limits: from the file to the frozen text."""

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.checks import freeze_findings
from campaign.consultations.models import Answer, Consultation, Question
from campaign.core.yamlfile import FileError
from tests.consultations.test_importer import SAMPLE, ground, load
from tests.consultations.walk import freeze
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import AnswerFactory, QuestionFactory, SubmissionFactory

__all__ = ["ground"]

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()
MORE = """\
      - {number: "3", type: number, text: "How many?", minimum: -5, maximum: 2.5, max_words: 7}
      - {number: "4", type: date, text: "When?", condition: [{question: "2", options: [yes please]}]}
"""


def with_question(entry):
    return SAMPLE + f"      - {entry}\n"


@pytest.mark.usefixtures("ground")
def test_import_stores_kinds_bounds_and_conditions():
    load(SAMPLE + MORE)

    number, day = Question.objects.get(number="3"), Question.objects.get(number="4")
    assert (number.kind, str(number.minimum), str(number.maximum), number.max_words) == (
        "number",
        "-5.0000",
        "2.5000",
        7,
    )
    assert (day.kind, day.condition) == ("date", [{"question": "2", "options": ["yes please"]}])


@pytest.mark.usefixtures("ground")
@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (
            '{number: "3", type: date, text: T, condition: [{question: "9", options: [x]}]}',
            "no question before this one has the number “9”",
        ),
        (
            '{number: "3", type: date, text: T, condition: [{question: "3", options: [x]}]}',
            "no question before this one has the number “3”",
        ),
        (
            '{number: "3", type: date, text: T, condition: [{question: "1", options: [x]}]}',
            "question 1 offers no choice",
        ),
        (
            '{number: "3", type: date, text: T, condition: [{question: "2", options: [perhaps]}]}',
            "“perhaps” is not known. Use one of: no thanks, yes please",
        ),
        (
            '{number: "3", type: date, text: T, condition: [{question: "2", options: []}]}',
            "name at least one of the options",
        ),
        ('{number: "3", type: date, text: T, condition: [{question: "2"}]}', "“options” is missing"),
        ('{number: "3", type: date, text: T, minimum: 4}', "only a question of the type number"),
        ('{number: "3", type: number, text: T, minimum: many}', "a number like 10, -5 or 2.5"),
        ('{number: "3", type: number, text: T, minimum: 5, maximum: 4}', "cannot be above the largest"),
        ('{number: "3", type: free-text, text: T, max_words: 0}', "a whole number from 1 to"),
        ('{number: "3", type: single-choice, text: T, options: [a, " a"]}', "stands there twice"),
    ],
)
def test_import_mistake_in_a_question_names_its_line_and_stores_nothing(entry, told):
    with pytest.raises(FileError, match=r"^sample\.yaml, line 29, “sections") as caught:
        load(with_question(entry))

    assert told in str(caught.value)
    assert not Consultation.objects.exists()


@pytest.fixture
def asked():
    """A choice, and a required question that is asked of those who chose yes, with a part."""
    choice = QuestionFactory(kind="single-choice", options=["Yes", "No"], position=1)
    condition = [{"question": "1", "options": ["Yes"]}]
    why = QuestionFactory(consultation=choice.consultation, position=2, is_required=True, condition=condition)
    part = QuestionFactory(consultation=choice.consultation, position=3, parent=why, is_required=True)
    return SubmissionFactory(consultation=choice.consultation), choice, why, part


def found(submission):
    return [
        (each.question_number, each.is_error, str(each.message)[:30])
        for each in freeze_findings(submission=submission, at=NOW)
    ]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("No", []),
        (
            "Yes",
            [("2", True, "This question must be answered"), ("3", True, "This question must be answered")],
        ),
        ("", [("1", False, "This question has no answer.")]),
    ],
)
def test_required_question_that_does_not_apply_needs_no_answer(asked, chosen, expected):
    submission, choice, _why, _part = asked
    AnswerFactory(submission=submission, question=choice, short_text=chosen)

    assert found(submission) == expected


def test_answer_to_a_question_that_does_not_apply_is_a_warning(asked):
    submission, choice, why, _part = asked
    AnswerFactory(submission=submission, question=choice, short_text="No")
    AnswerFactory(submission=submission, question=why)

    assert found(submission) == [("2", False, "By what is chosen elsewhere, t")]


def test_condition_on_a_question_that_does_not_apply_never_holds(asked):
    submission, choice, _why, _part = asked
    hidden = QuestionFactory(
        consultation=choice.consultation,
        position=4,
        kind="multi-choice",
        options=["A", "B"],
        condition=[{"question": "1", "options": ["Yes"]}],
    )
    QuestionFactory(
        consultation=choice.consultation,
        position=5,
        is_required=True,
        condition=[{"question": "4", "options": ["B"]}],
    )
    AnswerFactory(submission=submission, question=choice, short_text="No")
    AnswerFactory(submission=submission, question=hidden, short_text="A\nB", text="")

    assert found(submission) == [("4", False, "By what is chosen elsewhere, t")]


@pytest.mark.parametrize(
    ("fields", "stored", "told"),
    [
        ({"kind": "number", "maximum": 5}, "5.0001", "The number must be 5 or less."),
        ({"kind": "number", "minimum": 0}, "-1", "The number must be 0 or more."),
        ({"kind": "number"}, "NaN", "A number is asked. Write one, without words."),
        ({"kind": "number"}, "about ten", "A number is asked. Write one, without words."),
        ({"kind": "date"}, "2026-02-30", "A date is asked. Give one."),
        (
            {"kind": "single-choice", "options": ["A", "B"]},
            "C",
            "What was chosen is not among the answers that are offered. Choose again.",
        ),
        (
            {"kind": "single-choice", "options": ["A", "B"]},
            "A\nB",
            "Only one of the answers can be chosen. Choose again.",
        ),
    ],
)
def test_answer_that_is_not_what_was_asked_stands_in_the_way(fields, stored, told):
    question = QuestionFactory(**fields)
    submission = SubmissionFactory(consultation=question.consultation)
    AnswerFactory(submission=submission, question=question, short_text=stored)

    errors = [str(each.message) for each in freeze_findings(submission=submission, at=NOW) if each.is_error]

    assert errors == [told]


def test_reasons_alone_are_no_answer_to_a_choice():
    question = QuestionFactory(kind="single-choice", options=["A", "B"], is_required=True)
    submission = SubmissionFactory(consultation=question.consultation)
    AnswerFactory(submission=submission, question=question, short_text="")

    assert found(submission) == [(question.number, True, "This question must be answered")]


def test_own_limit_in_words_is_an_error_when_passed():
    submission = SubmissionFactory()
    AnswerFactory(submission=submission, question__max_words=2, short_text="one two three")

    errors = [str(each.message) for each in freeze_findings(submission=submission, at=NOW) if each.is_error]

    assert errors == ["1 over the limit of 2 words (read in an official source)."]


# --- the page of an answer ---


def answered(client, data, **fields):
    """Sends an answer to a question of those `fields`."""
    question = QuestionFactory(**fields)
    submission = SubmissionFactory(consultation=question.consultation)
    client.force_login(TeamMemberFactory(campaign=submission.campaign, role="editor").user)
    address = reverse("answer_edit", args=[submission.pk, question.number])
    return client.post(address, {"text": "", "version": "0", "stay": "1", **data})


@pytest.mark.parametrize(
    ("kind", "sent", "stored"),
    [
        ("number", "1200.50", "1200.5"),
        ("number", " -3 ", "-3"),
        ("number", "1000", "1000"),
        ("number", "", ""),
        ("date", "2026-03-01", "2026-03-01"),
        ("date", "", ""),
        ("upload", "statutes.pdf", "statutes.pdf"),
    ],
)
def test_answer_of_a_kind_is_stored_plainly_and_shown_again(client, kind, sent, stored):
    response = answered(client, {"short_text": sent}, kind=kind)

    assert Answer.objects.get().short_text == stored
    assert client.get(response.url).context["form"]["short_text"].value() == stored


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        ({"kind": "number"}, "ten"),
        ({"kind": "number"}, "1e400"),
        ({"kind": "number"}, "1.00001"),
        ({"kind": "number", "maximum": 3}, "4"),
        ({"kind": "date"}, "soon"),
        ({"kind": "date"}, "2026-02-30"),
    ],
)
def test_answer_that_is_not_of_the_kind_is_told_and_keeps_what_was_typed(client, fields, sent):
    response = answered(client, {"short_text": sent, "text": "Because"}, **fields)

    form = response.context["form"]
    assert response.status_code == 422
    assert list(form.errors) == ["short_text"]
    assert (form["short_text"].value(), form["text"].value()) == (sent, "Because")
    assert not Answer.objects.exists()


def test_answer_page_says_when_the_question_does_not_apply(client, asked):
    submission, choice, why, _part = asked
    AnswerFactory(submission=submission, question=choice, short_text="No")
    client.force_login(TeamMemberFactory(campaign=submission.campaign, role="editor").user)

    context = client.get(reverse("answer_edit", args=[submission.pk, why.number])).context

    assert context["applies"] is False


def test_consultation_page_says_what_a_question_asks_of_its_answer(client):
    choice = QuestionFactory(kind="single-choice", options=["Yes", "No"], position=1)
    QuestionFactory(
        consultation=choice.consultation,
        position=2,
        kind="number",
        minimum=10,
        maximum="2.5",
        is_required=True,
        condition=[{"question": "1", "options": ["Yes"]}],
    )

    page = client.get(reverse("consultation_detail", args=[choice.consultation.slug])).content.decode()

    for told in (
        "Answer only if this was chosen in question 1:",
        "An answer is required.",
        "A number is asked. At least 10. At most 2.5.",
    ):
        assert told in page


def test_frozen_text_holds_a_number_and_its_reasons():
    question = QuestionFactory(kind="number")
    submission = SubmissionFactory(consultation=question.consultation)
    AnswerFactory(submission=submission, question=question, short_text="12", text="As counted.")

    frozen = freeze(submission, at=NOW).frozen_text

    row = frozen.data["sections"][0]["questions"][0]
    assert (row["answer"], row["short_answer"]) == ("**12**\n\nAs counted.", "12")
