from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.letters import assignment_letter
from campaign.consultations.models import Assignment, SubmissionState
from campaign.consultations.services import (
    AssignmentChangedMeanwhile,
    NotYoursToAssign,
    OwnerCannotDraft,
    SubmissionIsFrozen,
    assign_question,
    save_answer,
    take_question,
)
from campaign.mailing.models import OutgoingMail
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import (
    AnswerFactory,
    AnswerVersionFactory,
    AssignmentFactory,
    OwnPartFactory,
    QuestionFactory,
    RemarkFactory,
    SubmissionFactory,
)
from tests.factories.documents import FrozenTextFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


def asked(**fields):
    submission = SubmissionFactory(**fields)
    return submission, QuestionFactory(consultation=submission.consultation, position=1)


def member(submission, role="editor"):
    return TeamMemberFactory(campaign=submission.campaign, role=role).user


def assign(submission, question, owner, by, *, status="todo", version=0, due_date=None):
    return assign_question(
        submission=submission,
        question=question,
        owner=owner,
        status=status,
        due_date=due_date,
        version=version,
        by=by,
        at=NOW,
    )


def test_assign_by_the_lead_tells_the_new_owner_by_mail():
    submission, question = asked()
    lead, editor = member(submission, "owner"), member(submission)

    row = assign(submission, question, editor, lead, due_date=date(2026, 12, 1))

    mail = OutgoingMail.objects.get()
    letter = assignment_letter(mail)
    assert (row.owner, row.assigned_by, row.version) == (editor, lead, 1)
    assert mail.recipient == editor.email
    assert f"Question 1 is yours: {submission.title}" in letter.subject
    assert reverse("answer_edit", args=[submission.pk, "1"]) in letter.text


def test_take_writes_no_mail_to_oneself():
    submission, question = asked()
    editor = member(submission)

    row = take_question(submission=submission, question=question, by=editor, at=NOW)

    assert row.owner == editor
    assert not OutgoingMail.objects.exists()


def test_assign_letter_is_not_sent_once_somebody_else_has_it():
    submission, question = asked()
    lead, editor = member(submission, "owner"), member(submission)
    assign(submission, question, editor, lead)
    mail = OutgoingMail.objects.get()

    assign(submission, question, lead, lead, version=1)

    assert assignment_letter(mail) is None


def test_assign_letter_is_not_sent_to_who_left_the_team():
    submission, question = asked()
    lead, editor = member(submission, "owner"), member(submission)
    assign(submission, question, editor, lead)

    submission.campaign.team.filter(user=editor).delete()

    assert assignment_letter(OutgoingMail.objects.get()) is None


def test_assign_to_another_by_an_editor_is_refused():
    submission, question = asked()
    editor, other = member(submission), member(submission)

    with pytest.raises(NotYoursToAssign), transaction.atomic():
        assign(submission, question, other, editor)

    assert not Assignment.objects.exists()


def test_take_what_another_has_is_refused():
    submission, question = asked()
    editor, other = member(submission), member(submission)
    AssignmentFactory(submission=submission, question=question, owner=other)

    with pytest.raises(NotYoursToAssign), transaction.atomic():
        take_question(submission=submission, question=question, by=editor, at=NOW)

    assert Assignment.objects.get().owner == other


def test_assign_status_of_anothers_question_may_be_changed_by_a_drafter():
    submission, question = asked()
    editor, other = member(submission), member(submission)
    AssignmentFactory(submission=submission, question=question, owner=other)

    row = assign(submission, question, other, editor, status="ready", version=1)

    assert (row.owner, row.status, row.version) == (other, "ready", 2)


def test_give_back_ones_own_question():
    submission, question = asked()
    editor = member(submission)
    AssignmentFactory(submission=submission, question=question, owner=editor)

    row = assign(submission, question, None, editor, version=1)

    assert row.owner is None


@pytest.mark.parametrize("role", ["viewer", "translator", "moderator"])
def test_assign_to_who_may_not_draft_is_refused(role):
    submission, question = asked()
    lead, person = member(submission, "owner"), member(submission, role)

    with pytest.raises(OwnerCannotDraft), transaction.atomic():
        assign(submission, question, person, lead)

    assert not Assignment.objects.exists()


def test_assign_to_a_stranger_is_refused():
    submission, question = asked()

    with pytest.raises(OwnerCannotDraft), transaction.atomic():
        assign(submission, question, UserFactory(), member(submission, "owner"))


@pytest.mark.parametrize("version", [0, 1])
def test_assign_from_an_old_version_changes_nothing(version):
    submission, question = asked()
    lead = member(submission, "owner")
    AssignmentFactory(submission=submission, question=question, owner=lead, version=2)

    with pytest.raises(AssignmentChangedMeanwhile), transaction.atomic():
        assign(submission, question, None, lead, version=version)

    assert Assignment.objects.get().owner == lead


def test_assign_when_frozen_is_refused():
    submission, question = asked(state=SubmissionState.FROZEN, frozen_text=FrozenTextFactory())

    with pytest.raises(SubmissionIsFrozen), transaction.atomic():
        take_question(submission=submission, question=question, by=member(submission), at=NOW)


def test_first_words_of_an_answer_begin_the_work():
    submission, question = asked()
    AssignmentFactory(submission=submission, question=question)

    save_answer(submission=submission, question=question, text="A", short_text="", version=0, by=None, at=NOW)

    assert (Assignment.objects.get().status, Assignment.objects.get().version) == ("drafting", 2)


@pytest.mark.parametrize(
    ("days", "status", "is_late"),
    [(-1, "drafting", True), (0, "drafting", False), (-1, "ready", False), (None, "todo", False)],
)
def test_assignment_is_late_after_its_day_until_it_is_ready(days, status, is_late):
    day = date(2026, 11, 22)
    due = None if days is None else day + timedelta(days=days)

    row = AssignmentFactory.build(submission=None, question=None, status=status, due_date=due)

    assert row.is_late_on(day) is is_late


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_who_take_a_question_at_once_one_has_it():
    submission, question = asked()
    people = [member(submission), member(submission)]
    refused = []

    def take(person):
        try:
            take_question(submission=submission, question=question, by=person, at=NOW)
        except (NotYoursToAssign, AssignmentChangedMeanwhile):
            refused.append(person)

    in_threads([lambda person=person: take(person) for person in people])

    row = Assignment.objects.get()
    assert len(refused) == 1
    assert row.owner in people
    assert row.owner not in refused


# --- Pages ---------------------------------------------------------------------------
def owner_address(submission):
    return reverse("assignment_edit", args=[submission.pk, "1"])


def test_assignment_page_of_the_lead_offers_all_who_draft(client):
    submission, _question = asked()
    lead, editor = member(submission, "owner"), member(submission)
    member(submission, "viewer")
    client.force_login(lead)

    choices = client.get(owner_address(submission)).context["form"].fields["owner"].choices

    assert {pk for pk, _name in choices} == {"", str(lead.pk), str(editor.pk)}


def test_assignment_page_of_an_editor_offers_themselves(client):
    submission, _question = asked()
    member(submission, "owner")
    editor = member(submission)
    client.force_login(editor)

    choices = client.get(owner_address(submission)).context["form"].fields["owner"].choices

    assert {pk for pk, _name in choices} == {"", str(editor.pk)}


def test_assignment_is_saved_and_leads_back(client):
    submission, _question = asked()
    lead = member(submission, "owner")
    client.force_login(lead)
    data = {"owner": str(lead.pk), "status": "review", "due_date": "2026-12-01", "version": "0"}

    response = client.post(owner_address(submission), data)

    row = Assignment.objects.get()
    assert response.url == reverse("submission_detail", args=[submission.pk])
    assert (row.owner, row.status, row.due_date) == (lead, "review", date(2026, 12, 1))


def test_assignment_bad_date_keeps_the_form(client):
    submission, _question = asked()
    client.force_login(member(submission, "owner"))

    response = client.post(owner_address(submission), {"status": "todo", "due_date": "soon", "version": "0"})

    assert response.status_code == 422
    assert "soon" in response.content.decode()
    assert not Assignment.objects.exists()


def test_assignment_changed_by_somebody_else_shows_what_stands_now(client):
    submission, question = asked()
    lead = member(submission, "owner")
    client.force_login(lead)
    AssignmentFactory(submission=submission, question=question, status="ready", version=3)

    refused = client.post(owner_address(submission), {"status": "todo", "version": "1"})
    again = client.post(owner_address(submission), {"status": "todo", "version": "3"})

    assert refused.status_code == 422
    assert refused.context["theirs"].status == "ready"
    assert refused.context["form"]["version"].value() == "3"
    assert again.status_code == 302
    assert Assignment.objects.get().status == "todo"


def test_take_leads_to_the_answer(client):
    submission, question = asked()
    editor = member(submission)
    client.force_login(editor)

    response = client.post(reverse("question_take", args=[submission.pk, "1"]))

    assert response.url == reverse("answer_edit", args=[submission.pk, question.number])
    assert Assignment.objects.get().owner == editor


@pytest.mark.parametrize("name", ["assignment_edit", "question_take"])
@pytest.mark.parametrize(("role", "status"), [(None, 404), ("viewer", 403)])
def test_assignment_pages_by_role(client, name, role, status):
    submission, _question = asked()
    client.force_login(member(submission, role) if role else UserFactory())

    assert client.post(reverse(name, args=[submission.pk, "1"])).status_code == status


def test_take_refuses_get(client):
    submission, _question = asked()
    client.force_login(member(submission))

    assert client.get(reverse("question_take", args=[submission.pk, "1"])).status_code == 405


@pytest.mark.parametrize(
    ("show", "numbers"),
    [
        ("", ["1", "2", "3"]),
        ("mine", ["1"]),
        ("unassigned", ["3"]),
        ("late", ["2"]),
        ("other", ["1", "2", "3"]),
    ],
)
def test_submission_page_shows_what_the_filter_leaves(client, show, numbers):
    submission = SubmissionFactory()
    lead, editor = member(submission, "owner"), member(submission)
    first, second, _third = (
        QuestionFactory(consultation=submission.consultation, position=position) for position in (1, 2, 3)
    )
    AssignmentFactory(submission=submission, question=first, owner=lead, status="ready")
    AssignmentFactory(submission=submission, question=second, owner=editor, due_date=date(2020, 1, 1))
    client.force_login(lead)

    context = client.get(reverse("submission_detail", args=[submission.pk]), {"show": show}).context

    assert [row.question.number for row in context["rows"]] == numbers
    assert [(each.key, each.total) for each in context["filters"]] == [
        ("", 3),
        ("mine", 1),
        ("unassigned", 1),
        ("late", 1),
    ]
    assert [(each.status, each.total) for each in context["progress"]] == [
        ("ready", 1),
        ("review", 0),
        ("drafting", 0),
        ("todo", 2),
    ]


def test_submission_page_says_late_in_words(client):
    submission, question = asked()
    AssignmentFactory(submission=submission, question=question, due_date=date(2020, 1, 2))
    client.force_login(member(submission))

    page = client.get(reverse("submission_detail", args=[submission.pk])).content.decode()

    assert '<span class="is-late">Late: was due' in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_submission_page_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    submission = SubmissionFactory()
    client.force_login(member(submission, "owner"))
    for position in range(1, item_count + 1):
        question = QuestionFactory(consultation=submission.consultation, position=position)
        answer = AnswerFactory(submission=submission, question=question)
        AnswerVersionFactory(answer=answer)
        AssignmentFactory(submission=submission, question=question, owner=member(submission))
        RemarkFactory(thread__submission=submission, thread__question=question)
        OwnPartFactory(submission=submission, question=question)

    with django_assert_num_queries(15):
        client.get(reverse("submission_detail", args=[submission.pk]))
