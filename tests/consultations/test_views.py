from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.models import Answer, Consultation, Filing, Submission, SubmissionState
from campaign.consultations.services import file_submission, freeze_submission
from tests.consultations.test_importer import SAMPLE
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import JurisdictionFactory, TeamMemberFactory
from tests.factories.consultations import (
    AnswerFactory,
    ConsultationFactory,
    PortalProfileFactory,
    QuestionFactory,
    RequirementFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafted():
    """A submission with one answered question."""
    return AnswerFactory(question__position=1).submission


def as_team(client, submission, role="owner"):
    client.force_login(TeamMemberFactory(campaign=submission.campaign, role=role).user)


def test_consultation_shows_questions_deadline_and_unstated_limit(client):
    question = QuestionFactory(text="What should be done about it?")

    page = client.get(reverse("consultation_detail", args=[question.consultation.slug])).content.decode()

    assert "What should be done about it?" in page
    assert "Not stated. Check the notice." in page
    assert "Europe/Brussels" in page


def test_consultation_unknown_is_404(client):
    assert client.get(reverse("consultation_detail", args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("item_count", [1, 3])
def test_consultation_list_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    ConsultationFactory.create_batch(item_count)

    with django_assert_num_queries(2):
        client.get(reverse("consultation_list"))


@pytest.mark.parametrize("item_count", [1, 3])
def test_consultation_page_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    consultation = ConsultationFactory()
    QuestionFactory.create_batch(item_count, consultation=consultation)

    with django_assert_num_queries(7):
        client.get(reverse("consultation_detail", args=[consultation.slug]))


def upload(client, text):
    file = SimpleUploadedFile("call.yaml", text if isinstance(text, bytes) else text.encode())
    return client.post(reverse("consultation_import"), {"file": file})


def test_import_by_a_lead_leads_to_the_consultation(client):
    PortalProfileFactory(slug="sample-portal")
    JurisdictionFactory()
    client.force_login(TeamMemberFactory().user)

    response = upload(client, SAMPLE)

    assert response.url == reverse("consultation_detail", args=["sample-call"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SAMPLE.replace("schema: 1", "schema: 9"), "call.yaml, line 1"),
        (b"\x00\x01", "call.yaml"),
        (b"\xff", "UTF-8"),
    ],
)
def test_import_broken_file_is_told_at_its_field(client, text, told):
    client.force_login(TeamMemberFactory().user)

    response = upload(client, text)

    assert response.status_code == 422
    assert told in response.context["form"].errors["file"][0]
    assert not Consultation.objects.exists()


def test_import_over_somebody_elses_consultation_is_refused(client):
    PortalProfileFactory(slug="sample-portal")
    JurisdictionFactory()
    client.force_login(TeamMemberFactory().user)
    upload(client, SAMPLE)
    client.force_login(TeamMemberFactory().user)

    response = upload(client, SAMPLE.replace("2026-02-03", "2026-03-03"))

    assert response.status_code == 422
    assert "somebody else" in response.context["form"].errors["file"][0]
    assert Consultation.objects.get().closes_wall_time.startswith("2026-02-03")


def test_import_by_the_lead_of_a_draft_campaign_is_403(client):
    client.force_login(TeamMemberFactory(campaign__state="draft").user)

    assert client.get(reverse("consultation_import")).status_code == 403


def test_import_by_somebody_without_a_campaign_is_403(client):
    client.force_login(UserFactory())

    assert client.get(reverse("consultation_import")).status_code == 403


def test_start_leads_to_the_draft(client):
    member, consultation = TeamMemberFactory(role="editor"), ConsultationFactory()
    client.force_login(member.user)
    data = {"campaign": str(member.campaign.pk), "title": "Our answer", "locale": "en"}

    response = client.post(reverse("submission_create", args=[consultation.slug]), data)

    assert response.url == reverse("submission_detail", args=[Submission.objects.get().pk])


def test_start_in_a_foreign_campaign_is_refused(client):
    client.force_login(TeamMemberFactory().user)
    foreign = TeamMemberFactory().campaign
    data = {"campaign": str(foreign.pk), "title": "Ours", "locale": "en"}

    response = client.post(reverse("submission_create", args=[ConsultationFactory().slug]), data)

    assert response.status_code == 422
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("submission_detail", None, 404),
        ("submission_detail", "viewer", 200),
        ("submission_edit", "editor", 200),
        ("submission_edit", None, 404),
        ("submission_freeze", "editor", 403),
        ("submission_freeze", "owner", 200),
        ("submission_file", "editor", 403),
        ("submission_file", "owner", 200),
    ],
)
def test_pages_by_role(client, drafted, name, role, status):
    client.force_login(UserFactory())
    if role:
        as_team(client, drafted, role)

    assert client.get(reverse(name, args=[drafted.pk])).status_code == status


def answer_address(submission, number="1"):
    return reverse("answer_edit", args=[submission.pk, number])


def test_answer_saves_and_goes_to_the_next_question(client, drafted):
    QuestionFactory(consultation=drafted.consultation, position=2)
    as_team(client, drafted, "editor")
    data = {"text": "New **text**", "short_text": "New", "version": "1", "next": "1"}

    response = client.post(answer_address(drafted), data)

    assert response.url == answer_address(drafted, "2")
    assert Answer.objects.get().text == "New **text**"


def test_answer_saved_by_somebody_else_meanwhile_shows_both_texts(client, drafted):
    as_team(client, drafted)
    Answer.objects.update(text="Their text", version=2)

    response = client.post(answer_address(drafted), {"text": "My text", "short_text": "", "version": "1"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "My text" in page
    assert "Their text" in page
    assert Answer.objects.get().text == "Their text"


def test_answer_page_counts_what_the_others_use(client):
    consultation = ConsultationFactory()
    RequirementFactory(consultation=consultation)
    submission = SubmissionFactory(consultation=consultation)
    AnswerFactory(submission=submission, question__position=1, short_text="12345")
    QuestionFactory(consultation=consultation, position=2)
    as_team(client, submission)

    context = client.get(answer_address(submission, "2")).context

    assert [usage.used for usage in context["shared_usages"]] == [len("1. 12345")]
    assert context["other_blocks"] == ["1. 12345"]


def test_answer_hostile_markdown_is_shown_as_text(client, drafted):
    Answer.objects.update(text="<script>alert(1)</script> [x](javascript:alert(2))")
    as_team(client, drafted)

    page = client.get(answer_address(drafted)).content.decode()

    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_answer_unknown_question_is_404(client, drafted):
    as_team(client, drafted)

    assert client.get(answer_address(drafted, "99")).status_code == 404


def test_freeze_shows_what_is_wrong_and_freezes_after_warnings(client, drafted):
    QuestionFactory(consultation=drafted.consultation, position=2)
    as_team(client, drafted)
    address = reverse("submission_freeze", args=[drafted.pk])

    refused = client.post(address, {})
    done = client.post(address, {"accept_warnings": "on"})

    assert refused.status_code == 422
    assert "This question has no answer." in refused.content.decode()
    assert done.url == reverse("submission_detail", args=[drafted.pk])
    drafted.refresh_from_db()
    assert drafted.state == SubmissionState.FROZEN


def test_file_then_everybody_sees_the_filing_and_strangers_are_led_there(client, drafted):
    freeze_submission(submission=drafted, accept_warnings=True, at=timezone.now())
    as_team(client, drafted)

    response = client.post(reverse("submission_file", args=[drafted.pk]))
    client.logout()

    filing = Filing.objects.get()
    assert response.url == reverse("filing_detail", args=[filing.pk])
    page = client.get(response.url)
    assert page.status_code == 200
    assert "<strong>this</strong>" in page.content.decode()
    assert client.get(reverse("submission_detail", args=[drafted.pk])).url == response.url


def test_file_twice_makes_one_filing(client, drafted):
    freeze_submission(submission=drafted, accept_warnings=True, at=timezone.now())
    as_team(client, drafted)

    client.post(reverse("submission_file", args=[drafted.pk]))
    client.post(reverse("submission_file", args=[drafted.pk]))

    assert Filing.objects.count() == 1


def test_practice_filing_says_so_on_its_pages(client, drafted):
    Consultation.objects.update(closes_at=timezone.now() - timedelta(days=1))
    frozen = freeze_submission(submission=drafted, accept_warnings=True, at=timezone.now())
    filing = file_submission(submission=frozen, by=None, at=timezone.now())
    as_team(client, drafted)

    for address in (
        reverse("filing_detail", args=[filing.pk]),
        reverse("submission_detail", args=[drafted.pk]),
        reverse("submission_file", args=[drafted.pk]),
    ):
        assert "Practice filing." in client.get(address).content.decode()


def test_filing_made_in_time_is_no_practice_filing_after_the_deadline(client, drafted):
    frozen = freeze_submission(submission=drafted, accept_warnings=True, at=timezone.now())
    file_submission(submission=frozen, by=None, at=timezone.now())
    Consultation.objects.update(closes_at=timezone.now() - timedelta(days=1))
    as_team(client, drafted)

    page = client.get(reverse("submission_detail", args=[drafted.pk])).content.decode()

    assert "Practice filing." not in page


def test_filing_of_a_draft_campaign_is_for_its_team(client, drafted):
    frozen = freeze_submission(submission=drafted, accept_warnings=True, at=timezone.now())
    filing = file_submission(submission=frozen, by=None, at=timezone.now())
    drafted.campaign.state = "draft"
    drafted.campaign.save()

    assert client.get(reverse("filing_detail", args=[filing.pk])).status_code == 404


def test_reopen_refuses_get(client, drafted):
    as_team(client, drafted)

    assert client.get(reverse("submission_reopen", args=[drafted.pk])).status_code == 405


@pytest.mark.parametrize(
    ("kind", "sent", "stored"),
    [
        ("single-choice", "No", "No"),
        ("multi-choice", ["Yes", "Partly"], "Yes\nPartly"),
        ("single-choice", "", ""),
    ],
)
def test_answer_to_a_choice_stores_what_was_chosen(client, kind, sent, stored):
    question = QuestionFactory(kind=kind, options=["Yes", "No", "Partly"])
    submission = SubmissionFactory(consultation=question.consultation)
    as_team(client, submission)

    client.post(
        answer_address(submission, question.number), {"short_text": sent, "text": "Because", "version": "0"}
    )

    answer = Answer.objects.get()
    assert (answer.short_text, answer.text) == (stored, "Because")
    page = client.get(answer_address(submission, question.number)).content.decode()
    assert page.count(" checked") == len([each for each in stored.split("\n") if each])


def test_answer_outside_the_given_options_is_refused(client):
    question = QuestionFactory(kind="single-choice", options=["Yes", "No"])
    submission = SubmissionFactory(consultation=question.consultation)
    as_team(client, submission)

    response = client.post(
        answer_address(submission, question.number), {"short_text": "Maybe", "text": "", "version": "0"}
    )

    assert response.status_code == 422
    assert not Answer.objects.exists()


def test_filing_shows_the_choice_and_the_short_answer_where_nothing_else_was_written(client):
    choice = QuestionFactory(kind="single-choice", options=["Yes", "No"], position=1)
    short = QuestionFactory(consultation=choice.consultation, position=2)
    submission = SubmissionFactory(consultation=choice.consultation)
    AnswerFactory(submission=submission, question=choice, text="", short_text="No")
    AnswerFactory(submission=submission, question=short, text="", short_text="Short but said")
    frozen = freeze_submission(submission=submission, accept_warnings=True, at=timezone.now())
    filing = file_submission(submission=frozen, by=None, at=timezone.now())

    page = client.get(reverse("filing_detail", args=[filing.pk])).content.decode()

    assert "<strong>No</strong>" in page
    assert "Short but said" in page.partition("box-text")[0]
