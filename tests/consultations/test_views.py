import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.models import Answer, Consultation, Submission
from tests.consultations.test_importer import SAMPLE
from tests.consultations.walk import freeze, prepare
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

    with django_assert_num_queries(8):
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
    frozen = freeze(submission, at=timezone.now())
    filing = prepare(frozen, at=timezone.now())
    as_team(client, submission)

    page = client.get(reverse("filing_detail", args=[filing.pk])).content.decode()

    assert "<strong>No</strong>" in page
    assert "Short but said" in page.partition("box-text")[0]
