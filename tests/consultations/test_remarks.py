from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.checks.drafted import read
from campaign.consultations.checks.workspace import remark_findings
from campaign.consultations.models import Question, Remark, RemarkThread
from campaign.consultations.services import (
    QuestionOfRemarkIsGone,
    RemarkMovedOn,
    open_remark,
    reopen_remark,
    reply_to_remark,
    resolve_remark,
)
from campaign.consultations.views import remarks
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import (
    QuestionFactory,
    RemarkFactory,
    RemarkThreadFactory,
    SubmissionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


@pytest.fixture
def question():
    return QuestionFactory(position=1)


@pytest.fixture
def submission(question):
    return SubmissionFactory(consultation=question.consultation)


def as_team(client, submission, role="viewer"):
    user = TeamMemberFactory(campaign=submission.campaign, role=role).user
    client.force_login(user)
    return user


def test_remark_and_its_passage_are_encrypted_at_rest(submission, question):
    open_remark(
        submission=submission,
        question=question,
        quote="Quoted passage",
        text="Remarked words",
        by=UserFactory(),
        at=NOW,
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT quote FROM consultations_remarkthread")
        quote = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT text FROM consultations_remark")
        text = bytes(cursor.fetchone()[0])
    assert b"Quoted" not in quote
    assert b"Remarked" not in text
    assert (RemarkThread.objects.get().quote, Remark.objects.get().text) == (
        "Quoted passage",
        "Remarked words",
    )


def test_remark_on_a_question_that_is_gone_is_refused(submission, question):
    Question.objects.update(gone_at=NOW)

    with pytest.raises(QuestionOfRemarkIsGone), transaction.atomic():
        open_remark(submission=submission, question=question, quote="", text="A", by=UserFactory(), at=NOW)

    assert not RemarkThread.objects.exists()


def test_resolve_and_open_again():
    thread, person = RemarkThreadFactory(), UserFactory()

    resolve_remark(thread=thread, by=person, at=NOW)
    thread.refresh_from_db()
    resolved = (thread.resolved_at, thread.resolved_by)
    reopen_remark(thread=thread)
    thread.refresh_from_db()

    assert resolved == (NOW, person)
    assert (thread.resolved_at, thread.resolved_by) == (None, None)


def test_resolve_twice_and_reopen_what_is_open_are_refused():
    thread = RemarkThreadFactory()

    with pytest.raises(RemarkMovedOn):
        reopen_remark(thread=thread)
    resolve_remark(thread=thread, by=UserFactory(), at=NOW)

    with pytest.raises(RemarkMovedOn):
        resolve_remark(thread=thread, by=UserFactory(), at=NOW)


def test_reply_opens_a_resolved_thread_again():
    thread = RemarkThreadFactory(resolved_at=NOW, resolved_by=UserFactory())

    reply_to_remark(thread=thread, text="Not yet", by=UserFactory(), at=NOW)

    thread.refresh_from_db()
    assert thread.resolved_at is None
    assert [row.text for row in thread.remarks.all()] == ["Not yet"]


def test_findings_warn_of_open_remarks_where_they_are(submission, question):
    RemarkThreadFactory.create_batch(2, submission=submission, question=question)
    RemarkThreadFactory(submission=submission)
    RemarkThreadFactory(submission=submission, question=question, resolved_at=NOW)
    RemarkThreadFactory()

    findings = remark_findings(read(submission))

    assert [(each.is_error, each.message, each.question_number) for each in findings] == [
        (False, "2 remarks are open.", "1"),
        (False, "1 remark is open.", ""),
    ]
    assert findings[0].address == f"{reverse('remark_list', args=[submission.pk])}?question=1"


def test_findings_count_remarks_on_questions_that_are_gone_as_about_everything(submission, question):
    RemarkThreadFactory(submission=submission, question=question)
    Question.objects.update(gone_at=NOW)

    assert [each.question_number for each in remark_findings(read(submission))] == [""]


# --- Pages ---------------------------------------------------------------------------
def address(submission, number=""):
    return reverse("remark_list", args=[submission.pk]) + (f"?question={number}" if number else "")


@pytest.mark.parametrize("role", ["viewer", "translator", "moderator", "editor", "owner"])
def test_remark_by_everybody_of_the_team(client, submission, question, role):
    person = as_team(client, submission, role)

    response = client.post(address(submission, "1"), {"text": "Say by when.", "quote": "soon"})

    thread = RemarkThread.objects.get()
    assert response.url == f"{address(submission, '1')}#remark-{thread.pk}"
    assert (thread.question, thread.quote) == (question, "soon")
    assert [(row.text, row.by) for row in thread.remarks.all()] == [("Say by when.", person)]


def test_remark_on_the_whole_text(client, submission):
    as_team(client, submission)

    client.post(address(submission), {"text": "Too long."})

    assert RemarkThread.objects.get().question is None


def test_remark_page_shows_what_is_open_and_apart_what_is_resolved(client, submission, question):
    as_team(client, submission)
    first = RemarkFactory(thread__submission=submission, thread__question=question).thread
    done = RemarkFactory(thread__submission=submission, thread__resolved_at=NOW).thread

    whole = client.get(address(submission)).context
    resolved = client.get(address(submission), {"resolved": "1"}).context
    one = client.get(address(submission), {"question": "1"}).context

    assert (list(whole["page"]), whole["other_total"]) == ([first], 1)
    assert (list(resolved["page"]), resolved["other_total"]) == ([done], 1)
    assert (list(one["page"]), one["other_total"]) == ([first], 0)


def test_remark_without_words_keeps_the_form(client, submission):
    as_team(client, submission)

    response = client.post(address(submission), {"text": " ", "quote": "This passage"})

    assert response.status_code == 422
    assert "This passage" in response.content.decode()
    assert not RemarkThread.objects.exists()


def test_remark_hostile_words_are_shown_as_text(client, submission):
    as_team(client, submission)
    RemarkFactory(thread__submission=submission, text="<script>alert(1)</script>")

    assert "<script>alert" not in client.get(address(submission)).content.decode()


def test_remark_about_an_unknown_question_is_404(client, submission):
    as_team(client, submission)

    assert client.get(address(submission, "99")).status_code == 404


def answer(client, thread, **data):
    return client.post(reverse("remark_answer", args=[thread.submission_id, thread.pk]), data)


def test_reply_resolve_and_reopen_lead_back_to_the_thread(client, submission, question):
    person = as_team(client, submission)
    thread = RemarkThreadFactory(submission=submission, question=question)

    response = answer(client, thread, text="Done.")
    resolved = answer(client, thread, resolve="1")
    thread.refresh_from_db()
    by = thread.resolved_by
    answer(client, thread, reopen="1")

    thread.refresh_from_db()
    assert response.url == f"{address(submission, '1')}#remark-{thread.pk}"
    assert resolved.url == address(submission, "1")
    assert [row.text for row in thread.remarks.all()] == ["Done."]
    assert (by, thread.resolved_at) == (person, None)


def test_thread_is_found_again_on_its_page(client, submission, monkeypatch):
    monkeypatch.setattr(remarks, "THREADS_A_PAGE", 2)
    as_team(client, submission)
    threads = [
        RemarkFactory(thread__submission=submission, thread__opened_at=NOW + timedelta(minutes=minute)).thread
        for minute in range(3)
    ]

    first, second = (client.get(address(submission), {"page": page}) for page in (1, 2))
    replied = answer(client, threads[2], text="Here.")
    refused = answer(client, threads[2], text="")

    assert [list(each.context["page"]) for each in (first, second)] == [threads[:2], threads[2:]]
    assert replied.url == f"{address(submission)}?page=2#remark-{threads[2].pk}"
    assert list(refused.context["page"]) == threads[2:]


def test_pages_of_remarks_keep_what_is_chosen(client, submission, question, monkeypatch):
    monkeypatch.setattr(remarks, "THREADS_A_PAGE", 1)
    as_team(client, submission)
    for _each in range(2):
        RemarkFactory(thread__submission=submission, thread__question=question, thread__resolved_at=NOW)

    page = client.get(address(submission), {"question": "1", "resolved": "1"}).content.decode()

    assert 'href="?question=1&amp;resolved=1&amp;page=2"' in page


def test_reply_without_words_is_told_at_its_thread(client, submission):
    as_team(client, submission)
    thread = RemarkFactory(thread__submission=submission).thread

    response = answer(client, thread, text="")

    assert response.status_code == 422
    assert response.context["answered"] == thread
    assert thread.remarks.count() == 1


def test_resolve_what_is_resolved_says_so(client, submission):
    as_team(client, submission)
    thread = RemarkThreadFactory(submission=submission, resolved_at=NOW)

    response = client.post(
        reverse("remark_answer", args=[submission.pk, thread.pk]), {"resolve": "1"}, follow=True
    )

    assert "Somebody resolved or reopened this remark meanwhile." in response.content.decode()


def test_answer_to_a_thread_of_another_submission_is_404(client, submission):
    as_team(client, submission)
    foreign = RemarkThreadFactory()

    response = client.post(reverse("remark_answer", args=[submission.pk, foreign.pk]), {"resolve": "1"})

    assert response.status_code == 404
    assert RemarkThread.objects.get(pk=foreign.pk).resolved_at is None


def test_remarks_are_hidden_from_strangers_and_ask_others_to_sign_in(client, submission):
    signed_out = client.get(address(submission))
    client.force_login(TeamMemberFactory().user)

    assert signed_out.status_code == 302
    assert client.get(address(submission)).status_code == 404
    assert client.post(address(submission), {"text": "A"}).status_code == 404


def test_remark_answer_refuses_get(client, submission):
    as_team(client, submission)
    thread = RemarkThreadFactory(submission=submission)

    assert client.get(reverse("remark_answer", args=[submission.pk, thread.pk])).status_code == 405


@pytest.mark.parametrize("item_count", [1, 3])
def test_remark_page_takes_a_fixed_number_of_queries(
    client, submission, question, item_count, django_assert_num_queries
):
    as_team(client, submission)
    for _each in range(item_count):
        RemarkFactory(thread__submission=submission, thread__question=question, by=UserFactory())
        RemarkFactory(thread__submission=submission, thread__resolved_at=NOW, by=UserFactory())

    with django_assert_num_queries(8):
        client.get(address(submission))
