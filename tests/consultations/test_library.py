import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.checks.drafted import read
from campaign.consultations.checks.workspace import taken_findings
from campaign.consultations.models import Answer, AnswerVersion, LibraryAnswer, SubmissionState
from campaign.consultations.services import SubmissionIsFrozen, copy_answers, save_answer
from campaign.consultations.views import library
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import (
    AnswerFactory,
    LibraryAnswerFactory,
    QuestionFactory,
    SubmissionFactory,
)
from tests.factories.documents import FrozenTextFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


def answer(submission, position, text, question_text, **fields):
    question = QuestionFactory(
        consultation=submission.consultation, position=position, text=question_text, **fields
    )
    return AnswerFactory(submission=submission, question=question, text=text)


@pytest.fixture
def earlier():
    return SubmissionFactory(title="Last year")


@pytest.fixture
def target(earlier):
    return SubmissionFactory(campaign=earlier.campaign)


def ask(target, position, text, **fields):
    return QuestionFactory(consultation=target.consultation, position=position, text=text, **fields)


def copy(earlier, target):
    return copy_answers(source=earlier, target=target, by=UserFactory(), at=NOW)


def taken(target):
    rows = target.answers.order_by("question__position")
    return [(row.question.number, row.text, row.taken_from) for row in rows]


def test_copy_takes_the_very_same_question_first_then_the_same_number(earlier, target):
    answer(earlier, 1, "About one", "First question?")
    answer(earlier, 2, "About two", "Second question?")
    ask(target, 1, "Second question?")
    ask(target, 2, "Something new?")
    ask(target, 3, "First question?")

    total = copy(earlier, target)

    assert total == 2
    assert taken(target) == [("1", "About two", "Last year (2)"), ("3", "About one", "Last year (1)")]


def test_copy_falls_back_to_the_number_for_changed_words(earlier, target):
    answer(earlier, 1, "About one", "First question?")
    ask(target, 1, "First question, worded anew?")

    copy(earlier, target)

    assert taken(target) == [("1", "About one", "Last year (1)")]


def test_copy_leaves_what_is_written(earlier, target):
    answer(earlier, 1, "Old", "Same?")
    answer(target, 1, "Ours", "Same?")

    assert copy(earlier, target) == 0
    assert taken(target) == [("1", "Ours", "")]


@pytest.mark.parametrize(("options", "total"), [(["Yes", "No"], 1), (["Agree", "Disagree"], 0)])
def test_copy_takes_a_choice_only_where_it_is_offered(earlier, target, options, total):
    row = answer(earlier, 1, "Because", "Yes?", kind="single-choice", options=["Yes", "No"])
    Answer.objects.filter(pk=row.pk).update(short_text="Yes")
    ask(target, 1, "Yes, then?", kind="single-choice", options=options)

    assert copy(earlier, target) == total


def test_copied_answer_is_marked_until_it_is_saved(earlier, target):
    answer(earlier, 1, "Old", "Same?")
    question = ask(target, 1, "Same?")
    copy(earlier, target)
    before = [(each.is_error, each.code, each.question_number) for each in taken_findings(read(target))]

    save_answer(submission=target, question=question, text="Old", short_text="", version=1, by=None, at=NOW)

    assert before == [(False, "taken-from", "1")]
    assert taken_findings(read(target)) == []
    assert AnswerVersion.objects.filter(answer__submission=target, number=1).get().text == "Old"


def test_copy_into_a_frozen_submission_is_refused(earlier):
    frozen = SubmissionFactory(
        campaign=earlier.campaign, state=SubmissionState.FROZEN, frozen_text=FrozenTextFactory()
    )

    with pytest.raises(SubmissionIsFrozen), transaction.atomic():
        copy(earlier, frozen)


# --- Pages ---------------------------------------------------------------------------
def as_team(client, campaign, role="editor"):
    user = TeamMemberFactory(campaign=campaign, role=role).user
    client.force_login(user)
    return user


@pytest.fixture
def written():
    return AnswerFactory(question__position=1, text="Worth **keeping**.", short_text="Worth keeping.")


def place(name, row, *more):
    return reverse(name, args=[row.submission_id, "1", *more])


def test_keep_stores_the_answer_and_where_it_is_from(client, written):
    person = as_team(client, written.submission.campaign)

    response = client.post(place("answer_keep", written), {"title": "On the return"})

    kept = LibraryAnswer.objects.get()
    assert response.url == reverse("library_list", args=[written.submission.campaign.slug])
    assert (kept.title, kept.text, kept.short_text, kept.saved_by) == (
        "On the return",
        "Worth **keeping**.",
        "Worth keeping.",
        person,
    )
    assert kept.origin == f"{written.submission.consultation.title} (1)"


def test_keep_without_a_title_keeps_the_form(client, written):
    as_team(client, written.submission.campaign)

    response = client.post(place("answer_keep", written), {"title": ""})

    assert response.status_code == 422
    assert not LibraryAnswer.objects.exists()


def test_keep_an_empty_answer_is_404(client, written):
    as_team(client, written.submission.campaign)
    Answer.objects.update(text="", short_text="")

    assert client.get(place("answer_keep", written)).status_code == 404


def test_begin_from_the_library_fills_the_form_and_stores_nothing(client, written):
    as_team(client, written.submission.campaign)
    kept = LibraryAnswerFactory(campaign=written.submission.campaign)

    listed = client.get(place("answer_begin", written)).context["page"]
    response = client.get(place("answer_edit", written), {"from": str(kept.pk)})

    assert list(listed) == [kept]
    assert response.context["form"]["text"].value() == "Kept **words**."
    assert response.context["form"]["version"].value() == 1
    assert Answer.objects.get().text == "Worth **keeping**."


@pytest.mark.parametrize("value", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_begin_from_what_is_not_there_shows_the_answer(client, written, value):
    as_team(client, written.submission.campaign)

    response = client.get(place("answer_edit", written), {"from": value})

    assert response.context["form"]["text"].value() == "Worth **keeping**."


def test_begin_from_another_campaigns_library_shows_the_answer(client, written):
    as_team(client, written.submission.campaign)
    foreign = LibraryAnswerFactory()

    response = client.get(place("answer_edit", written), {"from": str(foreign.pk)})

    assert "Kept" not in response.content.decode()


def test_begin_from_the_library_leaves_a_choice_as_it_is(client):
    question = QuestionFactory(position=1, kind="single-choice", options=["Yes", "No"])
    row = AnswerFactory(
        submission__consultation=question.consultation, question=question, text="", short_text="Yes"
    )
    as_team(client, row.submission.campaign)
    kept = LibraryAnswerFactory(campaign=row.submission.campaign, short_text="No")

    form = client.get(place("answer_edit", row), {"from": str(kept.pk)}).context["form"]

    assert (form["text"].value(), form["short_text"].value()) == ("Kept **words**.", "Yes")


def test_library_takes_an_answer_out(client):
    kept = LibraryAnswerFactory()
    as_team(client, kept.campaign)

    response = client.post(reverse("library_remove", args=[kept.campaign.slug, kept.pk]))

    assert response.url == reverse("library_list", args=[kept.campaign.slug])
    assert not LibraryAnswer.objects.exists()


def test_library_of_another_campaign_is_out_of_reach(client):
    kept, own = LibraryAnswerFactory(), LibraryAnswerFactory()
    as_team(client, own.campaign)

    assert client.get(reverse("library_list", args=[kept.campaign.slug])).status_code == 404
    assert client.post(reverse("library_remove", args=[own.campaign.slug, kept.pk])).status_code == 404
    assert LibraryAnswer.objects.count() == 2


def test_library_by_a_viewer_is_read_and_not_changed(client):
    kept = LibraryAnswerFactory()
    as_team(client, kept.campaign, "viewer")

    assert client.get(reverse("library_list", args=[kept.campaign.slug])).status_code == 200
    assert client.post(reverse("library_remove", args=[kept.campaign.slug, kept.pk])).status_code == 403


def test_library_remove_refuses_get(client):
    kept = LibraryAnswerFactory()
    as_team(client, kept.campaign)

    assert client.get(reverse("library_remove", args=[kept.campaign.slug, kept.pk])).status_code == 405


@pytest.mark.parametrize("item_count", [1, 3])
def test_library_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    first = LibraryAnswerFactory()
    for _each in range(item_count):
        LibraryAnswerFactory(campaign=first.campaign, saved_by=UserFactory())
    as_team(client, first.campaign, "viewer")

    with django_assert_num_queries(6):
        client.get(reverse("library_list", args=[first.campaign.slug]))


@pytest.mark.parametrize("name", ["library_list", "answer_begin"])
def test_library_is_paged(client, written, monkeypatch, name):
    monkeypatch.setattr(library, "ANSWERS_A_PAGE", 2)
    as_team(client, written.submission.campaign)
    for _each in range(3):
        LibraryAnswerFactory(campaign=written.submission.campaign)
    lists = reverse("library_list", args=[written.submission.campaign.slug])
    address = lists if name == "library_list" else place("answer_begin", written)

    pages = [client.get(address, {"page": page}) for page in (1, 2)]

    assert [len(page.context["page"]) for page in pages] == [2, 1]
    assert 'rel="next" href="?page=2"' in pages[0].content.decode()


def test_copy_page_takes_answers_and_says_how_many(client, earlier, target):
    answer(earlier, 1, "Old", "Same?")
    ask(target, 1, "Same?")
    as_team(client, target.campaign)

    response = client.post(
        reverse("submission_copy", args=[target.pk]), {"source": str(earlier.pk)}, follow=True
    )

    assert "1 answer was taken." in response.content.decode()
    assert taken(target) == [("1", "Old", "Last year (1)")]


def test_copy_page_refuses_a_foreign_submission(client, target):
    foreign = SubmissionFactory()
    as_team(client, target.campaign)

    response = client.post(reverse("submission_copy", args=[target.pk]), {"source": str(foreign.pk)})

    assert response.status_code == 422


@pytest.mark.parametrize("name", ["answer_keep", "answer_begin"])
@pytest.mark.parametrize(("role", "status"), [(None, 404), ("viewer", 403), ("editor", 200)])
def test_library_pages_of_an_answer_by_role(client, written, name, role, status):
    client.force_login(UserFactory())
    if role:
        as_team(client, written.submission.campaign, role)

    assert client.get(place(name, written)).status_code == status


@pytest.mark.parametrize(("role", "status"), [(None, 404), ("viewer", 403), ("editor", 200)])
def test_copy_page_by_role(client, target, role, status):
    client.force_login(UserFactory())
    if role:
        as_team(client, target.campaign, role)

    assert client.get(reverse("submission_copy", args=[target.pk])).status_code == status
