from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.models import Answer, AnswerVersion, Source, SubmissionState
from campaign.consultations.services import (
    AnswerChangedMeanwhile,
    SubmissionIsFrozen,
    restore_version,
    save_answer,
)
from campaign.consultations.views import versions
from tests.consultations.walk import freeze
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import (
    AnswerFactory,
    AnswerVersionFactory,
    QuestionFactory,
    SourceFactory,
    SubmissionFactory,
)
from tests.factories.documents import FrozenTextFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


@pytest.fixture
def place():
    """A submission and its question, nothing answered."""
    submission = SubmissionFactory()
    return submission, QuestionFactory(consultation=submission.consultation, position=1)


def save(place, text, *, version, by=None, minutes=0, **fields):
    submission, question = place
    return save_answer(
        submission=submission,
        question=question,
        text=text,
        short_text="",
        version=version,
        by=by,
        at=NOW + timedelta(minutes=minutes),
        **fields,
    )


def kept():
    return list(AnswerVersion.objects.order_by("number").values_list("number", "text"))


def test_each_save_is_kept(place):
    save(place, "One", version=0)
    save(place, "Two", version=1)

    assert kept() == [(1, "One"), (2, "Two")]


def test_save_without_a_change_keeps_no_version(place):
    save(place, "One", version=0)
    save(place, "One", version=1)

    assert kept() == [(1, "One")]
    assert Answer.objects.get().version == 2


@pytest.mark.parametrize(
    ("minutes", "same_person", "expected"),
    [
        (9, True, [(1, "One, two")]),
        (10, True, [(1, "One"), (2, "One, two")]),
        (1, False, [(1, "One"), (2, "One, two")]),
    ],
)
def test_autosave_replaces_ones_own_newest_version_of_the_last_minutes(place, minutes, same_person, expected):
    person = UserFactory()
    save(place, "One", version=0, by=person, is_autosave=True)

    other = person if same_person else UserFactory()
    save(place, "One, two", version=1, by=other, minutes=minutes, is_autosave=True)

    assert kept() == expected


def test_autosaves_of_one_sitting_end_ten_minutes_after_it_began(place):
    person = UserFactory()

    for number, (minutes, text) in enumerate([(0, "One"), (6, "One, two"), (12, "One, two, three")]):
        save(place, text, version=number, by=person, minutes=minutes, is_autosave=True)

    assert kept() == [(1, "One, two"), (2, "One, two, three")]


def test_autosave_never_replaces_what_was_saved_on_purpose(place):
    person = UserFactory()
    save(place, "One", version=0, by=person)

    save(place, "Two", version=1, by=person, minutes=1, is_autosave=True)

    assert kept() == [(1, "One"), (2, "Two")]


def test_saving_what_autosave_saved_makes_it_a_version_saved_on_purpose(place):
    person = UserFactory()
    save(place, "One", version=0, by=person, is_autosave=True)

    save(place, "One", version=1, by=person)
    save(place, "Two", version=2, by=person, minutes=1, is_autosave=True)

    assert kept() == [(1, "One"), (2, "Two")]


def test_autosave_of_somebody_without_an_account_left_replaces_nothing(place):
    save(place, "One", version=0, is_autosave=True)
    save(place, "Two", version=1, is_autosave=True)

    assert kept() == [(1, "One"), (2, "Two")]


def test_refused_save_keeps_no_version(place):
    save(place, "One", version=0)

    with pytest.raises(AnswerChangedMeanwhile), transaction.atomic():
        save(place, "Two", version=0)

    assert kept() == [(1, "One")]


def test_restore_adds_a_version_and_loses_none(place):
    person = UserFactory()
    save(place, "One", version=0)
    save(place, "Two", version=1)
    first = AnswerVersion.objects.select_related("answer__question").get(number=1)

    restore_version(submission=place[0], kept=first, version=2, by=person, at=NOW)

    newest = AnswerVersion.objects.latest("number")
    assert kept() == [(1, "One"), (2, "Two"), (3, "One")]
    assert (newest.restored_number, newest.saved_by) == (1, person)
    assert Answer.objects.get().text == "One"


def test_restore_from_an_old_state_of_the_answer_is_refused(place):
    save(place, "One", version=0)
    save(place, "Two", version=1)
    first = AnswerVersion.objects.select_related("answer__question").get(number=1)

    with pytest.raises(AnswerChangedMeanwhile), transaction.atomic():
        restore_version(submission=place[0], kept=first, version=1, by=None, at=NOW)

    assert Answer.objects.get().text == "Two"


def test_restore_when_frozen_is_refused():
    answer = AnswerFactory(
        submission__state=SubmissionState.FROZEN, submission__frozen_text=FrozenTextFactory()
    )
    version = AnswerVersionFactory(answer=answer)

    with pytest.raises(SubmissionIsFrozen), transaction.atomic():
        restore_version(submission=answer.submission, kept=version, version=1, by=None, at=NOW)


# --- Pages ---------------------------------------------------------------------------
@pytest.fixture
def written():
    answer = AnswerFactory(question__position=1, text="Return the model to all.", version=2)
    AnswerVersionFactory(answer=answer, text="Return the model.", short_text="Old")
    AnswerVersionFactory(answer=answer, short_text="New")
    return answer


def as_team(client, submission, role="editor"):
    user = TeamMemberFactory(campaign=submission.campaign, role=role).user
    client.force_login(user)
    return user


def history(answer):
    return reverse("answer_history", args=[answer.submission_id, "1"])


def test_history_compares_the_last_two_versions_in_words(client, written):
    as_team(client, written.submission, "viewer")

    context = client.get(history(written)).context

    assert (context["old"].number, context["new"].number) == (1, 2)
    assert context["words"] == (("keep", "Return the model"), ("ins", " to all"), ("keep", "."))
    assert context["short_words"] == (("del", "Old"), ("ins", "New"))


@pytest.mark.parametrize(("old", "new"), [("2", "1"), ("0", "2"), ("1", "1")])
def test_history_compares_any_two_versions(client, written, old, new):
    as_team(client, written.submission)

    context = client.get(history(written), {"old": old, "new": new}).context

    assert (getattr(context["old"], "number", 0), context["new"].number) == (int(old), int(new))


@pytest.mark.parametrize("query", [{"new": "9"}, {"old": "7", "new": "1"}])
def test_history_of_versions_that_are_not_there_is_404(client, written, query):
    as_team(client, written.submission)

    assert client.get(history(written), query).status_code == 404


def test_history_shows_hostile_words_as_text(client, written):
    as_team(client, written.submission)
    AnswerVersion.objects.filter(number=2).update(text="<script>alert(1)</script>")

    assert "<script>alert" not in client.get(history(written)).content.decode()


def test_history_of_an_unwritten_answer_says_what_will_stand_there(client, place):
    as_team(client, place[0])

    response = client.get(reverse("answer_history", args=[place[0].pk, "1"]))

    assert response.status_code == 200
    assert "once somebody has saved one" in response.content.decode()


@pytest.mark.parametrize("item_count", [1, 3])
def test_history_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    answer = AnswerFactory(question__position=1)
    for _each in range(item_count):
        AnswerVersionFactory(answer=answer, saved_by=UserFactory())
    as_team(client, answer.submission)

    with django_assert_num_queries(10):
        client.get(history(answer))


def test_history_is_paged_and_keeps_what_is_compared(client, monkeypatch):
    monkeypatch.setattr(versions, "VERSIONS_A_PAGE", 2)
    answer = AnswerFactory(question__position=1)
    for number in range(5):
        AnswerVersionFactory(answer=answer, text=f"Text {number}")
    as_team(client, answer.submission)

    response = client.get(history(answer), {"page": "2", "old": "1", "new": "5"})

    assert [each.number for each in response.context["page"]] == [3, 2]
    assert response.context["choices"] == [5, 3, 2, 1]
    assert 'href="?old=1&amp;new=5&amp;page=3"' in response.content.decode()


def test_history_offers_to_restore_all_but_the_newest(client, monkeypatch):
    monkeypatch.setattr(versions, "VERSIONS_A_PAGE", 2)
    answer = AnswerFactory(question__position=1)
    for number in range(3):
        AnswerVersionFactory(answer=answer, text=f"Text {number}")
    as_team(client, answer.submission)

    pages = [client.get(history(answer), {"page": page}).content.decode() for page in (1, 2)]

    places = [reverse("answer_restore", args=[answer.submission_id, "1", number]) for number in (3, 2, 1)]
    assert [[place in page for place in places] for page in pages] == [
        [False, True, False],
        [False, False, True],
    ]


def restore(client, answer, version, seen="2"):
    address = reverse("answer_restore", args=[answer.submission_id, "1", version])
    return client.post(address, {"seen": seen})


def test_restore_leads_back_to_the_history(client, written):
    person = as_team(client, written.submission)

    response = restore(client, written, 1)

    written.refresh_from_db()
    assert response.url == history(written)
    assert (written.text, written.changed_by) == ("Return the model.", person)


def test_restore_of_what_changed_meanwhile_changes_nothing(client, written):
    as_team(client, written.submission)

    response = restore(client, written, 1, seen="1")

    written.refresh_from_db()
    assert response.url == history(written)
    assert written.text == "Return the model to all."


@pytest.mark.parametrize(("role", "status"), [(None, 404), ("viewer", 403), ("editor", 302)])
def test_restore_by_role(client, written, role, status):
    if role:
        as_team(client, written.submission, role)
    else:
        client.force_login(UserFactory())

    assert restore(client, written, 1).status_code == status


def test_restore_unknown_version_is_404(client, written):
    as_team(client, written.submission)

    assert restore(client, written, 9).status_code == 404


def test_restore_refuses_get(client, written):
    as_team(client, written.submission)

    assert client.get(reverse("answer_restore", args=[written.submission_id, "1", 1])).status_code == 405


# --- Autosave ------------------------------------------------------------------------
def autosave(client, submission, **data):
    address = reverse("answer_edit", args=[submission.pk, "1"])
    return client.post(address, {"text": "", "short_text": "", "version": "0", "autosave": "1", **data})


def test_autosave_answers_with_the_version_to_write_over_next(client, place):
    submission, _question = place
    as_team(client, submission)

    first = autosave(client, submission, text="One")
    second = autosave(client, submission, text="One, two", version=first.json()["version"])

    assert (first.json()["version"], second.json()["version"]) == ("1", "2")
    assert kept() == [(1, "One, two")]


def test_autosave_over_somebody_elses_words_gives_them_back(client, place):
    submission, question = place
    as_team(client, submission)
    AnswerFactory(submission=submission, question=question, text="Theirs", short_text="Short")

    response = autosave(client, submission, text="Mine")

    assert response.status_code == 409
    assert response.json()["theirs"] == {"heading": "Short", "body": "Theirs"}
    assert Answer.objects.get().text == "Theirs"


def test_autosave_when_frozen_says_so(client):
    answer = AnswerFactory(
        submission__state=SubmissionState.FROZEN,
        submission__frozen_text=FrozenTextFactory(),
        question__position=1,
    )
    as_team(client, answer.submission)

    response = autosave(client, answer.submission, text="Mine", version="1")

    assert response.status_code == 409
    assert "frozen" in response.json()["message"]


def test_autosave_of_a_bad_answer_says_what_is_wrong(client):
    submission = SubmissionFactory()
    QuestionFactory(consultation=submission.consultation, position=1, kind="number")
    as_team(client, submission)

    response = autosave(client, submission, short_text="many")

    assert response.status_code == 422
    assert response.json()["message"]
    assert not Answer.objects.exists()


def test_autosave_signed_out_is_led_to_sign_in(client, place):
    assert autosave(client, place[0], text="Mine").status_code == 302


def test_conflict_page_shows_the_difference_between_both_texts(client, place):
    submission, question = place
    as_team(client, submission)
    AnswerFactory(submission=submission, question=question, text="All models return.")

    response = client.post(
        reverse("answer_edit", args=[submission.pk, "1"]),
        {"text": "All big models return.", "short_text": "", "version": "0"},
    )

    assert response.status_code == 422
    assert response.context["their_words"] == (
        ("keep", "All "),
        ("ins", "big "),
        ("keep", "models return."),
    )


# --- What a sitting must not swallow ------------------------------------------------


@pytest.mark.parametrize("second", ["", "A wholly other text, typed on the phone."])
def test_autosave_that_takes_out_what_was_written_keeps_it_as_a_version(place, second):
    person = UserFactory()
    save(place, "A long text, typed on the laptop.", version=0, by=person, is_autosave=True)

    answer = save(place, second, version=1, by=person, minutes=1, is_autosave=True)

    assert [row.text for row in answer.versions.order_by("number")] == [
        "A long text, typed on the laptop.",
        second,
    ]


def test_autosave_leaves_the_marks_that_ask_for_a_look(place):
    answer = save(place, "One", version=0)
    Answer.objects.update(question_digest="0" * 64, taken_from="Another reply")

    save(place, "One.", version=answer.version, is_autosave=True)
    after_autosave = Answer.objects.get()
    save(place, "One.", version=after_autosave.version)
    after_saving = Answer.objects.get()

    assert (after_autosave.question_digest, after_autosave.taken_from) == ("0" * 64, "Another reply")
    assert (after_saving.is_outdated, after_saving.taken_from) == (False, "")


def test_restored_version_is_an_answer_to_the_question_of_its_time(place):
    answer = save(place, "One", version=0)
    kept = answer.versions.get()
    question = answer.question
    question.text = "Asked otherwise."
    question.save()
    save(place, "Two", version=1)

    restored = restore_version(submission=answer.submission, kept=kept, version=2, by=None, at=NOW)

    assert restored.text == "One"
    assert restored.is_outdated


# --- What is frozen, and what is gone -------------------------------------------------
def post(client, submission, **data):
    address = reverse("answer_edit", args=[submission.pk, "1"])
    return client.post(address, {"text": "", "short_text": "", "version": "0", **data})


def test_answer_to_a_question_that_is_gone_is_not_lost(client, place):
    submission, question = place
    as_team(client, submission)
    question.delete()

    response = post(client, submission, text="My words", short_text="Short")
    saved_by_itself = autosave(client, submission, text="My words")

    assert (response.status_code, saved_by_itself.status_code) == (409, 409)
    assert response.context["typed"] == ["My words", "Short"]
    assert "The authority no longer asks this question" in response.content.decode()
    assert "took this question back" in saved_by_itself.json()["message"]


def test_hostile_words_typed_for_a_question_that_is_gone_are_shown_as_text(client, place):
    submission, question = place
    as_team(client, submission)
    question.delete()

    assert "<script>alert" not in post(client, submission, text="<script>alert(1)</script>").content.decode()


@pytest.mark.parametrize(("role", "status"), [(None, 404), ("viewer", 403), ("editor", 409)])
def test_answer_to_a_question_that_is_gone_by_role(client, place, role, status):
    submission, question = place
    question.delete()
    client.force_login(UserFactory())
    if role:
        as_team(client, submission, role)

    assert post(client, submission, text="Mine").status_code == status


def test_page_of_a_question_that_is_gone_is_404(client, place):
    submission, question = place
    as_team(client, submission)
    question.delete()

    assert client.get(reverse("answer_edit", args=[submission.pk, "1"])).status_code == 404


@pytest.fixture
def frozen():
    """An answer with a source, frozen; the row has other words since."""
    answer = AnswerFactory(
        question__position=1, text="Return **all**[^report].", short_text="Return all.", version=1
    )
    SourceFactory(campaign=answer.submission.campaign, key="report", title="As it was called")
    freeze(answer.submission, at=NOW)
    Answer.objects.update(text="Not frozen")
    Source.objects.update(title="As it is called")
    return answer.submission


def test_frozen_answer_is_shown_as_text_with_its_sources_of_then(client, frozen):
    as_team(client, frozen)

    response = client.get(reverse("answer_edit", args=[frozen.pk, "1"]))

    page = response.content.decode()
    assert "Return <strong>all</strong>" in response.context["answer_html"]
    assert [note.source.title for note in response.context["answer_notes"]] == ["As it was called"]
    assert response.context["answer"]["short_answer"] == "Return all."
    assert "<textarea" not in page
    assert "Not frozen" not in page


def test_answer_sent_when_the_text_is_frozen_is_not_lost(client, frozen):
    as_team(client, frozen)

    response = post(client, frozen, text="My words", version="1")

    assert response.status_code == 409
    assert response.context["typed"] == ["My words"]
    assert Answer.objects.get().text == "Not frozen"


def test_question_asked_since_the_freeze_says_that_it_was_not_asked(client, frozen):
    as_team(client, frozen)
    section = frozen.consultation.sections.get()
    QuestionFactory(consultation=frozen.consultation, section=section, position=2, number="2")

    page = client.get(reverse("answer_edit", args=[frozen.pk, "2"])).content.decode()

    assert "This question was not asked when the text was frozen." in page
