import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from campaign.campaigns.models import CampaignPartner
from campaign.consultations.checks.workspace import left_part_findings, own_part_findings
from campaign.consultations.models import OwnPart, Question, SubmissionState
from campaign.consultations.payloads import submission_payload
from campaign.consultations.services import OwnPartChangedMeanwhile, SubmissionIsFrozen, save_own_part
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import PartnerFactory, TeamMemberFactory
from tests.factories.consultations import (
    AnswerFactory,
    ConsultationFactory,
    OwnPartFactory,
    QuestionFactory,
    RequirementFactory,
    SubmissionFactory,
)
from tests.factories.documents import FrozenTextFactory
from tests.factories.organizations import OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


def save(submission, question, organization, text="Ours", version=0):
    return save_own_part(
        submission=submission,
        question=question,
        organization=organization,
        text=text,
        short_text="",
        version=version,
        by=UserFactory(),
        at=NOW,
    )


@pytest.fixture
def answered():
    return AnswerFactory(question__position=1, text="Common", short_text="12345")


def test_own_part_is_saved_for_its_organization(answered):
    submission, owner = answered.submission, answered.submission.campaign.owner

    first = save(submission, answered.question, owner, "One")
    second = save(submission, answered.question, owner, "Two", version=first.version)

    assert (second.organization, second.text, second.version) == (owner, "Two", 2)


@pytest.mark.parametrize("version", [0, 1])
def test_own_part_from_an_old_version_overwrites_nothing(version):
    part = OwnPartFactory(text="Theirs", version=2)

    with pytest.raises(OwnPartChangedMeanwhile), transaction.atomic():
        save(part.submission, part.question, part.organization, version=version)

    assert OwnPart.objects.get().text == "Theirs"


def test_own_part_when_frozen_is_refused():
    part = OwnPartFactory(
        submission__state=SubmissionState.FROZEN, submission__frozen_text=FrozenTextFactory()
    )

    with pytest.raises(SubmissionIsFrozen), transaction.atomic():
        save(part.submission, part.question, part.organization, version=1)


def test_payload_lists_parts_by_name_and_those_of_the_coalition_alone(answered):
    submission = answered.submission
    for name in ("Zeta", "Alpha"):
        partner = PartnerFactory(campaign=submission.campaign, organization__display_name=name)
        OwnPartFactory(
            submission=submission, question=answered.question, organization=partner.organization, text=name
        )
    OwnPartFactory(submission=submission, question=answered.question, organization=OrganizationFactory())
    OwnPartFactory(submission=submission, question=answered.question, text=" ", short_text="")

    parts = submission_payload(submission=submission, at=NOW)["sections"][0]["questions"][0]["own_parts"]

    alpha = OwnPart.objects.get(text="Alpha").organization_id
    assert [each["organization"] for each in parts] == ["Alpha", "Zeta"]
    assert parts[0] == {
        "organization": "Alpha",
        "organization_id": str(alpha),
        "answer": "Alpha",
        "short_answer": "And that.",
    }


def test_part_of_an_organization_that_left_is_not_frozen(answered):
    partner = PartnerFactory(campaign=answered.submission.campaign)
    OwnPartFactory(
        submission=answered.submission, question=answered.question, organization=partner.organization
    )

    CampaignPartner.objects.all().delete()

    payload = submission_payload(submission=answered.submission, at=NOW)
    assert payload["sections"][0]["questions"][0]["own_parts"] == []


@pytest.mark.parametrize(("short", "over"), [("6789", 0), ("67890", 1)])
@pytest.mark.parametrize(("status", "may_override"), [("verified", False), ("reported", True)])
def test_limits_count_the_common_answer_and_the_own_part_together(short, over, status, may_override):
    consultation = ConsultationFactory()
    # "1. 12345", a blank line, and the part
    RequirementFactory(consultation=consultation, value=len("1. 12345\n\n6789"), status=status)
    answer = AnswerFactory(submission__consultation=consultation, question__position=1, short_text="12345")
    OwnPartFactory(submission=answer.submission, question=answer.question, short_text=short)

    findings = own_part_findings(answer.submission)

    assert [(each.is_error, each.may_override) for each in findings] == [(True, may_override)] * over
    assert all(each.message.startswith(answer.submission.campaign.owner.display_name) for each in findings)


def test_a_longer_own_part_than_was_passed_over_is_found_anew():
    consultation = ConsultationFactory()
    RequirementFactory(consultation=consultation, value=5, status="reported")
    answer = AnswerFactory(submission__consultation=consultation, question__position=1, short_text="12345")
    part = OwnPartFactory(submission=answer.submission, question=answer.question, short_text="6")
    before = own_part_findings(answer.submission)[0].key
    part.short_text = "67"
    part.save()

    assert own_part_findings(answer.submission)[0].key != before


def test_limits_are_counted_for_each_organization_alone():
    consultation = ConsultationFactory()
    RequirementFactory(consultation=consultation, value=20)
    answer = AnswerFactory(submission__consultation=consultation, question__position=1, short_text="12345")
    for _each in range(2):
        partner = PartnerFactory(campaign=answer.submission.campaign)
        OwnPartFactory(
            submission=answer.submission,
            question=answer.question,
            organization=partner.organization,
            short_text="12345678",
        )

    assert own_part_findings(answer.submission) == []


# --- Pages ---------------------------------------------------------------------------
def address(submission, number="1"):
    return reverse("own_parts", args=[submission.pk, number])


def as_partner(client, submission, role="editor"):
    partner = PartnerFactory(campaign=submission.campaign).organization
    user = TeamMemberFactory(campaign=submission.campaign, organization=partner, role=role).user
    client.force_login(user)
    return partner


def test_partners_people_write_their_own_part_and_nobody_elses(client, answered):
    submission = answered.submission
    OwnPartFactory(submission=submission, question=answered.question, text="The owner's")
    partner = as_partner(client, submission)

    response = client.post(address(submission), {"text": "The partner's", "short_text": "", "version": "0"})

    assert response.url == address(submission)
    assert set(OwnPart.objects.values_list("organization", "text")) == {
        (submission.campaign.owner_id, "The owner's"),
        (partner.pk, "The partner's"),
    }


def test_page_shows_the_common_answer_and_each_part(client, answered):
    OwnPartFactory(submission=answered.submission, question=answered.question)
    as_partner(client, answered.submission, "viewer")

    context = client.get(address(answered.submission)).context

    assert context["answer_html"] == "<p>Common</p>\n"
    assert [column["html"] for column in context["columns"]] == ["<p>And we add <strong>that</strong>.</p>\n"]
    assert context["organization"] is None


def test_part_changed_by_a_colleague_meanwhile_shows_both(client, answered):
    partner = as_partner(client, answered.submission)
    OwnPartFactory(
        submission=answered.submission,
        question=answered.question,
        organization=partner,
        text="Theirs",
        version=2,
    )

    response = client.post(address(answered.submission), {"text": "Mine", "short_text": "", "version": "1"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Mine" in page
    assert "Theirs" in page
    assert OwnPart.objects.get().text == "Theirs"


def test_part_of_a_choice_takes_no_short_answer(client):
    question = QuestionFactory(position=1, kind="single-choice", options=["Yes", "No"])
    submission = SubmissionFactory(consultation=question.consultation)
    as_partner(client, submission)

    client.post(address(submission), {"text": "Because", "short_text": "No", "version": "0"})

    part = OwnPart.objects.get()
    assert (part.text, part.short_text) == ("Because", "")


@pytest.mark.parametrize(
    ("role", "reading", "writing"), [(None, 404, 404), ("viewer", 200, 403), ("editor", 200, 422)]
)
def test_own_parts_by_role(client, answered, role, reading, writing):
    client.force_login(UserFactory())
    if role:
        client.force_login(TeamMemberFactory(campaign=answered.submission.campaign, role=role).user)

    assert client.get(address(answered.submission)).status_code == reading
    assert client.post(address(answered.submission), {}).status_code == writing


def test_own_parts_of_an_unknown_question_are_404(client, answered):
    as_partner(client, answered.submission)

    assert client.get(address(answered.submission, "99")).status_code == 404


def test_written_part_of_a_question_that_is_gone_is_kept_in_sight(client, answered):
    OwnPartFactory(submission=answered.submission, question=answered.question, text="Not to be lost")
    Question.objects.update(gone_at=NOW)
    as_partner(client, answered.submission, "viewer")

    page = client.get(reverse("submission_detail", args=[answered.submission_id])).content.decode()

    assert "Not to be lost" in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_own_parts_page_takes_a_fixed_number_of_queries(
    client, answered, item_count, django_assert_num_queries
):
    submission = answered.submission
    for _each in range(item_count):
        partner = PartnerFactory(campaign=submission.campaign)
        OwnPartFactory(submission=submission, question=answered.question, organization=partner.organization)
    client.force_login(TeamMemberFactory(campaign=submission.campaign, role="viewer").user)

    with django_assert_num_queries(14):
        client.get(address(submission))


def test_part_of_an_organization_that_left_is_a_warning(answered):
    partner = PartnerFactory(
        campaign=answered.submission.campaign, organization__display_name="Archive Guild"
    )
    OwnPartFactory(
        submission=answered.submission, question=answered.question, organization=partner.organization
    )
    before = left_part_findings(answered.submission)

    CampaignPartner.objects.all().delete()

    findings = left_part_findings(answered.submission)
    assert before == []
    assert [(each.is_error, each.question_number) for each in findings] == [(False, "1")]
    assert str(findings[0].message).startswith("Archive Guild is not part of the campaign any more.")


def test_limits_of_one_box_leave_out_what_is_not_typed():
    consultation = ConsultationFactory()
    RequirementFactory(consultation=consultation, value=len("2. 12345\n\n678"))
    submission = SubmissionFactory(consultation=consultation)
    choice = QuestionFactory(
        consultation=consultation, position=1, kind="single-choice", options=["Yes", "No"]
    )
    AnswerFactory(submission=submission, question=choice, short_text="Yes")
    typed = QuestionFactory(consultation=consultation, section=choice.section, position=2, number="2")
    AnswerFactory(submission=submission, question=typed, short_text="12345")
    OwnPartFactory(submission=submission, question=typed, short_text="678")

    assert own_part_findings(submission) == []


def test_numbers_in_findings_are_in_the_readers_language():
    consultation = ConsultationFactory()
    RequirementFactory(consultation=consultation, value=1_000)
    answer = AnswerFactory(submission__consultation=consultation, question__position=1)
    OwnPartFactory(submission=answer.submission, question=answer.question, short_text="x" * 3_000)

    with translation.override("de"):
        message = str(own_part_findings(answer.submission)[0].message)

    assert "1.000" in message
