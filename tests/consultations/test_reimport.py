"""A changed file: what it changes is shown, answers stay, and nothing happens unseen."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.checks import freeze_findings
from campaign.consultations.importer import changes_of, read_call
from campaign.consultations.models import Answer, Consultation, ImportDraft, Question
from campaign.consultations.services import (
    ConsultationChangedMeanwhile,
    DraftIsGone,
    QuestionChangedMeanwhile,
    QuestionIsGone,
    apply_draft,
    bring_call,
    save_answer,
)
from campaign.core.yamlfile import FileError
from tests.consultations.test_importer import SAMPLE, ground, load
from tests.consultations.walk import freeze
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import AnswerFactory, ImportDraftFactory, SubmissionFactory
from tests.threads import in_threads

__all__ = ["ground"]

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()
HEAD = SAMPLE[: SAMPLE.index("      - number:")]
MANY = """\
      - number: "1"
        type: free-text
        text: "First?"
        parts: [{number: "1.1", type: free-text, text: "Please explain."}]
      - number: "2"
        type: free-text
        text: "Second?"
        parts: [{number: "2.1", type: free-text, text: "Please explain."}]
      - {number: "3", type: single-choice, text: "Third?", options: ["yes", "no"]}
"""
# A question was put in front, so that all others moved, and the third one reads otherwise.
MOVED = """\
      - {number: "1", type: free-text, text: "Who are you?"}
      - number: "2"
        type: free-text
        text: "First?"
        parts: [{number: "2.1", type: free-text, text: "Please explain."}]
      - number: "3"
        type: free-text
        text: "Second?"
        parts: [{number: "3.1", type: free-text, text: "Please explain."}]
      - {number: "4", type: single-choice, text: "Third?", options: ["yes", "no", "perhaps"]}
"""


@pytest.fixture
def answered(ground):
    """A consultation where each question has an answer that says its number."""
    consultation = load(HEAD + MANY)
    submission = SubmissionFactory(consultation=consultation)
    for question in consultation.questions.order_by("position"):
        text = f"To {question.number}"
        AnswerFactory(
            submission=submission,
            question=question,
            text=text,
            short_text="yes" if question.number == "3" else text,
        )
    return submission


def standing(submission):
    """By number, what was answered, and whether it is marked."""
    return {
        each.question.number: (each.text, each.is_outdated)
        for each in submission.answers.select_related("question").filter(question__gone_at=None)
    }


def test_answers_come_back_with_a_question_that_was_taken_out_by_mistake(answered):
    before = standing(answered)
    load(HEAD + MANY[: MANY.index('      - number: "2"')])

    load(HEAD + MANY)

    assert standing(answered) == before
    assert not Question.objects.filter(gone_at__isnull=False).exists()


def test_answers_stay_with_questions_that_moved_and_a_changed_one_is_marked(answered):
    load(HEAD + MOVED)

    assert standing(answered) == {
        "2": ("To 1", False),
        "2.1": ("To 1.1", False),
        "3": ("To 2", False),
        "3.1": ("To 2.1", False),
        "4": ("To 3", True),
    }
    rows = Question.objects.order_by("position").values_list("number", "position", "parent__number")
    assert list(rows) == [
        ("1", 1, None),
        ("2", 2, None),
        ("2.1", 3, "2"),
        ("3", 4, None),
        ("3.1", 5, "3"),
        ("4", 6, None),
    ]


def test_answer_is_marked_when_the_words_change_and_no_longer_when_they_change_back(answered):
    load(HEAD + MANY.replace("Second?", "Second, really?"))
    marked = [number for number, (_text, is_marked) in standing(answered).items() if is_marked]
    load(HEAD + MANY)

    assert marked == ["2"]
    assert not any(is_marked for _text, is_marked in standing(answered).values())


def test_answers_of_questions_that_go_are_kept_and_their_numbers_can_be_used_again(answered):
    load(HEAD + '      - {number: "1", type: free-text, text: "First?"}\n')
    load(HEAD + '      - {number: "1", type: free-text, text: "First?"}\n'
         '      - {number: "2", type: free-text, text: "Quite another one?"}\n')  # fmt: skip

    assert standing(answered) == {"1": ("To 1", False)}
    gone = answered.answers.filter(question__gone_at__isnull=False).order_by("question__position")
    assert [each.text for each in gone] == ["To 1.1", "To 2", "To 2.1", "To 3"]
    assert list(answered.consultation.questions.filter(gone_at=None).values_list("number", flat=True)) == [
        "1",
        "2",
    ]


def test_question_that_goes_without_an_answer_is_deleted(ground):
    load(HEAD + MANY)

    load(HEAD + '      - {number: "1", type: free-text, text: "First?"}\n')

    assert Question.objects.count() == 1


def test_frozen_text_stays_as_it_was(answered):
    frozen = freeze(answered, at=NOW).frozen_text
    before = (frozen.digest, frozen.data)

    load(HEAD + MOVED)

    frozen.refresh_from_db()
    assert (frozen.digest, frozen.data) == before


def test_freeze_warns_of_an_answer_whose_question_changed(answered):
    load(HEAD + MANY.replace("Second?", "Second, really?"))

    found = [
        (each.question_number, str(each.message)[:38])
        for each in freeze_findings(submission=answered, at=NOW)
    ]

    assert found == [("2", "The authority changed this question af")]


def test_freeze_leaves_out_answers_whose_question_is_gone(answered):
    load(HEAD + '      - {number: "1", type: free-text, text: "First?"}\n')

    frozen = freeze(answered, at=NOW).frozen_text

    questions = frozen.data["sections"][0]["questions"]
    assert [each["answer"] for each in questions] == ["To 1"]
    assert frozen.data["box_text"] == "1. To 1"


# --- what the page is told ---


def changed(consultation, text):
    changes = changes_of(read_call(raw=text.encode(), file="sample.yaml"), consultation)
    return changes, [(each.fate, each.former_number, each.number) for each in changes.marked]


def test_changes_name_what_was_added_moved_and_changed(answered):
    changes, marked = changed(answered.consultation, HEAD + MOVED)

    assert marked == [
        ("added", "", "1"),
        ("moved", "1", "2"),
        ("moved", "1.1", "2.1"),
        ("moved", "2", "3"),
        ("moved", "2.1", "3.1"),
        ("changed", "3", "4"),
    ]
    assert [(each.label, each.before, each.after) for each in changes.marked[-1].differences] == [
        ("Answers to choose from", "yes\nno", "yes\nno\nperhaps")
    ]
    assert (changes.answers_marked, changes.answers_left, changes.facts) == (1, 0, [])


def test_changes_show_words_kept_deleted_and_inserted(answered):
    changes, _marked = changed(answered.consultation, HEAD + MANY.replace("Second?", "Second one?"))

    assert changes.marked[0].words == (("keep", "Second"), ("ins", " one"), ("keep", "?"))
    assert (changes.unchanged_total, changes.answers_marked) == (4, 1)


def test_changes_name_one_question_that_changed_places(ground):
    consultation = load(HEAD + MANY)
    lines = MANY.splitlines(keepends=True)

    _changes, marked = changed(consultation, HEAD + lines[-1] + "".join(lines[:-1]))

    assert marked == [("moved", "", "3")]


def test_changes_of_facts_deadline_and_what_is_gone(answered):
    text = (
        HEAD.replace("A sample call", "A better title")
        .replace("2026-02-03T", "2026-02-17T")
        .replace("max_chars: 4000", "max_chars: 5000")
    )
    changes, marked = changed(
        answered.consultation, text + '      - {number: "1", type: free-text, text: "First?"}\n'
    )

    assert [each.label for each in changes.facts] == ["Title", "Deadline", "What the notice asks"]
    assert marked == [("removed", "", number) for number in ("1.1", "2", "2.1", "3")]
    assert (changes.answers_marked, changes.answers_left) == (0, 4)


def test_changes_of_a_file_written_otherwise_are_none(answered):
    changes, _marked = changed(answered.consultation, "# a remark\n" + HEAD + MANY)

    assert changes.is_empty


# --- saving while the authority changes its mind ---


def save(answer, **values):
    return save_answer(
        **{
            "submission": answer.submission,
            "question": answer.question,
            "text": "New",
            "short_text": "",
            "version": answer.version,
            "by": None,
            "at": NOW,
            **values,
        }
    )


def test_save_answer_to_a_question_that_changed_while_it_was_written_is_told(answered):
    answer = answered.answers.select_related("question", "submission").get(question__number="2")
    shown = answer.question.digest
    load(HEAD + MANY.replace("Second?", "Second, really?"))

    with pytest.raises(QuestionChangedMeanwhile):
        save(answer, asked=shown)

    assert Answer.objects.get(pk=answer.pk).text == "To 2"


def test_save_answer_again_takes_the_mark_off(answered):
    load(HEAD + MANY.replace("Second?", "Second, really?"))
    answer = answered.answers.select_related("question", "submission").get(question__number="2")

    saved = save(answer, asked=answer.question.digest, text=answer.text)

    assert not saved.is_outdated


def test_save_answer_to_a_question_that_is_gone_is_told(answered):
    answer = answered.answers.select_related("question", "submission").get(question__number="2")
    load(HEAD + '      - {number: "1", type: free-text, text: "First?"}\n')

    with pytest.raises(QuestionIsGone):
        save(answer)


# --- brought, seen, said yes to ---


@pytest.fixture
def importer(ground):
    person = TeamMemberFactory().user
    bring_call(raw=(HEAD + MANY).encode(), file="call.yaml", by=person, at=NOW)
    return person


def bring(person, text=HEAD + MOVED, at=NOW):
    return bring_call(raw=text.encode(), file="call.yaml", by=person, at=at)


def test_changed_file_waits_for_a_yes(importer):
    draft = bring(importer)

    assert isinstance(draft, ImportDraft)
    assert Question.objects.filter(number="4").count() == 0

    apply_draft(draft=draft, seen=1, by=importer, at=NOW)

    assert Question.objects.filter(number="4").count() == 1
    assert not ImportDraft.objects.exists()


def test_yes_to_what_has_changed_since_it_was_shown_changes_nothing(importer):
    draft = bring(importer)
    load(HEAD + MANY.replace("Second?", "Second, really?"))

    with pytest.raises(ConsultationChangedMeanwhile):
        apply_draft(draft=draft, seen=1, by=importer, at=NOW)

    assert Question.objects.get(number="2").text == "Second, really?"


def test_yes_twice_is_once(importer):
    draft = bring(importer)
    apply_draft(draft=draft, seen=1, by=importer, at=NOW)

    with pytest.raises(DraftIsGone):
        apply_draft(draft=draft, seen=2, by=importer, at=NOW)


def test_yes_to_a_file_that_was_replaced_by_another_changes_nothing(importer):
    draft = bring(importer)
    bring(importer, HEAD + MANY.replace("Second?", "Other?"), at=NOW + timedelta(minutes=1))

    with pytest.raises(DraftIsGone):
        apply_draft(draft=draft, seen=1, by=importer, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_say_yes_at_once_one_is_told(importer):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: there is no race to test")
    staff = UserFactory(is_staff=True)
    drafts = [bring(importer), bring(staff, HEAD + MANY.replace("Second?", "Other?"))]
    outcomes = []

    def say_yes(draft):
        try:
            apply_draft(draft=draft, seen=1, by=draft.by, at=NOW)
            outcomes.append("changed")
        except ConsultationChangedMeanwhile:
            outcomes.append("told")

    in_threads([lambda draft=draft: say_yes(draft) for draft in drafts])

    assert sorted(outcomes) == ["changed", "told"]
    assert Consultation.objects.get().revision == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_first_imports_at_once_one_is_told_or_finds_the_other(ground):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: there is no race to test")
    people = [TeamMemberFactory().user, TeamMemberFactory().user]
    refused = []

    def import_it(person):
        try:
            bring_call(raw=SAMPLE.encode(), file="call.yaml", by=person, at=NOW)
        except FileError as error:
            refused.append(str(error))

    in_threads([lambda person=person: import_it(person) for person in people])

    assert Consultation.objects.count() == 1
    assert Question.objects.count() == 3
    assert len(refused) == 1
    assert refused[0].startswith("call.yaml, line 2, “id”:")


@pytest.mark.django_db(transaction=True)
def test_answer_saved_while_its_question_is_taken_away_is_kept_or_refused(importer):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: there is no race to test")
    consultation = Consultation.objects.get()
    questions = list(consultation.questions.order_by("position"))
    submission = SubmissionFactory(consultation=consultation)
    refused = []

    def write(question):
        try:
            save_answer(
                submission=submission,
                question=question,
                text="Mine",
                short_text="",
                version=0,
                by=None,
                at=NOW,
            )
        except QuestionIsGone:
            refused.append(question.number)

    acts = [lambda question=question: write(question) for question in questions]
    in_threads([*acts, lambda: load(HEAD + '      - {number: "1", type: free-text, text: "First?"}\n')])

    assert Answer.objects.count() == len(questions) - len(refused)
    assert consultation.questions.filter(gone_at=None).count() == 1


# --- the pages ---


def upload(client, text):
    file = SimpleUploadedFile("call.yaml", text.encode())
    return client.post(reverse("consultation_import"), {"file": file})


def test_upload_of_a_changed_file_leads_to_what_it_changes(client, importer):
    client.force_login(importer)

    response = upload(client, HEAD + MOVED)
    page = client.get(response.url).content.decode()

    assert response.url == reverse("consultation_changes", args=[ImportDraft.objects.get().pk])
    for told in ("Who are you?", "So far number 1.", "perhaps"):
        assert told in page
    assert not Question.objects.filter(number="4").exists()


def test_yes_on_the_page_changes_the_consultation(client, importer):
    client.force_login(importer)
    address = upload(client, HEAD + MOVED).url

    response = client.post(address, {"seen": "1"})

    assert response.url == reverse("consultation_detail", args=["sample-call"])
    assert Question.objects.filter(number="4").exists()


def test_no_on_the_page_forgets_the_file(client, importer):
    client.force_login(importer)
    address = upload(client, HEAD + MOVED).url

    response = client.post(address, {"seen": "1", "drop": "1"})

    assert response.url == reverse("consultation_detail", args=["sample-call"])
    assert not ImportDraft.objects.exists()
    assert not Question.objects.filter(number="4").exists()


def test_yes_to_an_old_page_shows_what_would_change_now(client, importer):
    client.force_login(importer)
    address = upload(client, HEAD + MOVED).url
    load(HEAD + MANY.replace("Second?", "Second, really?"))

    response = client.post(address, {"seen": "1"})

    assert response.status_code == 422
    assert "changed meanwhile" in response.content.decode()
    assert 'name="seen" value="2"' in response.content.decode()
    assert client.post(address, {"seen": "2"}).status_code == 302


def test_file_of_somebody_else_is_404(client, importer):
    draft = bring(importer)
    client.force_login(TeamMemberFactory().user)

    assert client.get(reverse("consultation_changes", args=[draft.pk])).status_code == 404


def test_file_of_who_may_no_longer_change_the_consultation_is_403(client, importer):
    draft = bring(importer)
    Consultation.objects.update(imported_by=None)
    client.force_login(importer)

    assert client.get(reverse("consultation_changes", args=[draft.pk])).status_code == 403


def test_changes_without_signing_in_lead_to_the_sign_in(client, importer):
    draft = bring(importer)

    response = client.get(reverse("consultation_changes", args=[draft.pk]))

    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("item_count", [1, 3])
def test_changes_page_takes_a_fixed_number_of_queries(
    client, importer, item_count, django_assert_num_queries
):
    more = "".join(
        f'      - {{number: "9.{index}", type: free-text, text: "New {index}?"}}\n'
        for index in range(item_count)
    )
    draft = bring(importer, HEAD + MANY + more)
    client.force_login(importer)

    with django_assert_num_queries(8):
        client.get(reverse("consultation_changes", args=[draft.pk]))


def test_submission_page_marks_changed_questions_and_keeps_what_is_gone(client, answered):
    load(HEAD + '      - {number: "1", type: free-text, text: "First, really?"}\n')
    client.force_login(TeamMemberFactory(campaign=answered.campaign).user)

    page = client.get(reverse("submission_detail", args=[answered.pk])).content.decode()

    assert page.count("The question has changed since") == 1
    for told in ("Answers to questions that are gone", "To 2.1", "To 3"):
        assert told in page


def test_answer_page_marks_a_changed_question_until_it_is_saved(client, answered):
    load(HEAD + MANY.replace("Second?", "Second, really?"))
    client.force_login(TeamMemberFactory(campaign=answered.campaign).user)
    address = reverse("answer_edit", args=[answered.pk, "2"])
    form = client.get(address).context["form"]
    told = "The authority changed this question after the answer was written."
    before = client.get(address).content.decode()

    client.post(address, {**{name: form[name].value() for name in form.fields}, "stay": "1"})

    assert told in before
    assert told not in client.get(address).content.decode()


def test_answer_page_tells_of_a_question_that_changed_while_somebody_wrote(client, answered):
    client.force_login(TeamMemberFactory(campaign=answered.campaign).user)
    address = reverse("answer_edit", args=[answered.pk, "2"])
    shown = client.get(address).context["form"]["asked"].value()
    load(HEAD + MANY.replace("Second?", "Second, really?"))
    data = {"text": "Mine", "short_text": "", "version": "1", "stay": "1"}

    refused = client.post(address, {**data, "asked": shown})
    again = client.post(address, {**data, "asked": refused.context["form"]["asked"].value()})

    assert refused.status_code == 422
    assert "Second, really?" in refused.content.decode()
    assert again.status_code == 302
    assert answered.answers.get(question__number="2").text == "Mine"


def test_file_that_can_no_longer_be_read_is_told_on_its_page(client):
    draft = ImportDraftFactory(consultation__imported_by=TeamMemberFactory().user)
    client.force_login(draft.by)

    page = client.get(reverse("consultation_changes", args=[draft.pk])).content.decode()

    assert "this version reads schema 1" in page
    assert "Change the consultation" not in page
