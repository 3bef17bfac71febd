from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from campaign.campaigns.models import CampaignPartner
from campaign.consultations.checks.drafted import read
from campaign.consultations.checks.workspace import left_part_findings, own_part_findings
from campaign.consultations.models import OwnPart, OwnPartVersion, Question, SubmissionState
from campaign.consultations.payloads import submission_payload
from campaign.consultations.services import (
    OwnPartChangedMeanwhile,
    QuestionChangedMeanwhile,
    SubmissionIsFrozen,
    restore_own_part,
    save_own_part,
)
from tests.consultations.walk import freeze
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import PartnerFactory, TeamMemberFactory
from tests.factories.consultations import (
    AnswerFactory,
    ConsultationFactory,
    OwnPartFactory,
    OwnPartVersionFactory,
    QuestionFactory,
    RequirementFactory,
    SubmissionFactory,
)
from tests.factories.documents import FrozenTextFactory
from tests.factories.organizations import OrganizationFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


def save(submission, question, organization, text="Ours", version=0, by=None, minutes=0, **fields):
    return save_own_part(
        submission=submission,
        question=question,
        organization=organization,
        text=text,
        short_text="",
        version=version,
        by=by or UserFactory(),
        at=NOW + timedelta(minutes=minutes),
        **fields,
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

    findings = own_part_findings(read(answer.submission))

    assert [(each.is_error, each.may_override) for each in findings] == [(True, may_override)] * over
    assert all(each.message.startswith(answer.submission.campaign.owner.display_name) for each in findings)


def test_a_longer_own_part_than_was_passed_over_is_found_anew():
    consultation = ConsultationFactory()
    RequirementFactory(consultation=consultation, value=5, status="reported")
    answer = AnswerFactory(submission__consultation=consultation, question__position=1, short_text="12345")
    part = OwnPartFactory(submission=answer.submission, question=answer.question, short_text="6")
    before = own_part_findings(read(answer.submission))[0].key
    part.short_text = "67"
    part.save()

    assert own_part_findings(read(answer.submission))[0].key != before


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

    assert own_part_findings(read(answer.submission)) == []


# --- Versions ------------------------------------------------------------------------
def kept():
    return list(OwnPartVersion.objects.order_by("number").values_list("number", "text"))


def test_each_save_of_a_part_is_kept(answered):
    place = (answered.submission, answered.question, answered.submission.campaign.owner)

    save(*place, "One")
    save(*place, "Two", version=1)

    assert kept() == [(1, "One"), (2, "Two")]


def test_autosaves_of_one_sitting_are_one_version_and_what_was_taken_out_is_kept(answered):
    place = (answered.submission, answered.question, answered.submission.campaign.owner)
    person = UserFactory()

    for version, text in enumerate(["One", "One, two", "Something else"]):
        save(*place, text, version=version, by=person, minutes=version, is_autosave=True)

    assert kept() == [(1, "One, two"), (2, "Something else")]


def test_part_saved_when_none_kept_versions_is_kept_before_it_is_written_over():
    writer = UserFactory()
    part = OwnPartFactory(text="From before", changed_by=writer)

    save(part.submission, part.question, part.organization, "Now", version=1)

    first = OwnPartVersion.objects.get(number=1)
    assert kept() == [(1, "From before"), (2, "Now")]
    assert (first.saved_by, first.saved_at, first.is_autosave) == (writer, part.changed_at, False)


def test_refused_save_of_a_part_keeps_no_version():
    part = OwnPartFactory(version=2)

    with pytest.raises(OwnPartChangedMeanwhile), transaction.atomic():
        save(part.submission, part.question, part.organization, version=1)

    assert kept() == []


def test_part_written_for_another_question_is_refused(answered):
    before = answered.question.digest
    Question.objects.update(text="Asked otherwise.")

    with pytest.raises(QuestionChangedMeanwhile), transaction.atomic():
        save(answered.submission, answered.question, answered.submission.campaign.owner, asked=before)

    assert not OwnPart.objects.exists()


def test_restore_of_a_part_adds_a_version_and_loses_none(answered):
    place = (answered.submission, answered.question, answered.submission.campaign.owner)
    save(*place, "One")
    save(*place, "Two", version=1)

    part = restore_own_part(kept=OwnPartVersion.objects.get(number=1), version=2, by=UserFactory(), at=NOW)

    assert (part.text, part.version) == ("One", 3)
    assert kept() == [(1, "One"), (2, "Two"), (3, "One")]
    assert OwnPartVersion.objects.get(number=3).restored_number == 1


def test_restore_of_a_part_that_changed_meanwhile_is_refused(answered):
    place = (answered.submission, answered.question, answered.submission.campaign.owner)
    save(*place, "One")
    save(*place, "Two", version=1)

    with pytest.raises(OwnPartChangedMeanwhile), transaction.atomic():
        restore_own_part(kept=OwnPartVersion.objects.get(number=1), version=1, by=UserFactory(), at=NOW)

    assert OwnPart.objects.get().text == "Two"


def test_restore_of_a_part_when_frozen_is_refused():
    part = OwnPartFactory(
        submission__state=SubmissionState.FROZEN, submission__frozen_text=FrozenTextFactory()
    )

    with pytest.raises(SubmissionIsFrozen), transaction.atomic():
        restore_own_part(kept=OwnPartVersionFactory(part=part), version=1, by=UserFactory(), at=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", [0, 1])
def test_two_colleagues_who_save_at_once_lose_nothing(version):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: there is no race to test")
    part = OwnPartFactory(text="From before")
    place = (part.submission, part.question, part.organization)
    if version == 0:
        part.delete()
    people, refused = [UserFactory() for _each in range(4)], []

    def write(person):
        try:
            save(*place, f"By {person.pk}", version=version, by=person)
        except OwnPartChangedMeanwhile:
            refused.append(person)

    in_threads([lambda person=person: write(person) for person in people])

    stored = OwnPart.objects.get()
    assert len(refused) == 3
    assert stored.changed_by in people
    assert stored.changed_by not in refused
    before = [(1, "From before")] if version else []
    assert kept() == [*before, (len(before) + 1, f"By {stored.changed_by_id}")]


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

    with django_assert_num_queries(13):
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

    assert own_part_findings(read(submission)) == []


def test_numbers_in_findings_are_in_the_readers_language():
    consultation = ConsultationFactory()
    RequirementFactory(consultation=consultation, value=1_000)
    answer = AnswerFactory(submission__consultation=consultation, question__position=1)
    OwnPartFactory(submission=answer.submission, question=answer.question, short_text="x" * 3_000)

    with translation.override("de"):
        message = str(own_part_findings(read(answer.submission))[0].message)

    assert "1.000" in message


# --- The page while somebody writes ---------------------------------------------------
def typed(**data):
    return {"text": "", "short_text": "", "version": "0", **data}


def test_part_autosave_answers_with_the_version_to_write_over_next(client, answered):
    partner = as_partner(client, answered.submission)
    place = address(answered.submission)

    first = client.post(place, typed(text="One", autosave="1"))
    second = client.post(place, typed(text="One, two", version=first.json()["version"], autosave="1"))

    part = OwnPart.objects.get()
    assert (first.json()["version"], second.json()["version"]) == ("1", "2")
    assert (part.organization, part.text) == (partner, "One, two")
    assert kept() == [(1, "One, two")]


def test_part_autosave_over_a_colleagues_words_gives_them_back(client, answered):
    partner = as_partner(client, answered.submission)
    OwnPartFactory(
        submission=answered.submission,
        question=answered.question,
        organization=partner,
        text="Theirs",
        short_text="Short",
    )

    response = client.post(address(answered.submission), typed(text="Mine", autosave="1"))

    assert response.status_code == 409
    assert response.json()["theirs"] == {"heading": "Short", "body": "Theirs"}
    assert OwnPart.objects.get().text == "Theirs"


def test_part_autosave_when_frozen_says_so(client, answered):
    as_partner(client, answered.submission)
    freeze(answered.submission, at=NOW)

    response = client.post(address(answered.submission), typed(text="Mine", autosave="1"))

    assert response.status_code == 409
    assert response.json() == {"message": str(SubmissionIsFrozen())}


def test_part_autosave_that_is_too_long_says_what_is_wrong(client, answered):
    as_partner(client, answered.submission)

    response = client.post(address(answered.submission), typed(text="x" * 30_001, autosave="1"))

    assert response.status_code == 422
    assert response.json()["message"]


def test_conflict_of_parts_shows_the_difference(client, answered):
    partner = as_partner(client, answered.submission)
    OwnPartFactory(
        submission=answered.submission, question=answered.question, organization=partner, text="All return."
    )

    response = client.post(address(answered.submission), typed(text="All models return."))

    assert response.status_code == 422
    assert response.context["their_words"] == (("keep", "All "), ("ins", "models "), ("keep", "return."))
    assert response.context["form"]["version"].value() == "1"


def test_part_for_a_question_that_changed_meanwhile_can_be_saved_once_it_was_read(client, answered):
    as_partner(client, answered.submission)
    place = address(answered.submission)
    asked = client.get(place).context["form"]["asked"].value()
    Question.objects.update(text="Asked otherwise.")

    refused = client.post(place, typed(text="Mine", asked=asked))
    again = client.post(place, typed(text="Mine", asked=refused.context["form"]["asked"].value()))

    assert (refused.status_code, again.status_code) == (422, 302)
    assert OwnPart.objects.get().text == "Mine"


@pytest.mark.parametrize("vanish", [lambda rows: rows.update(gone_at=NOW), lambda rows: rows.delete()])
def test_part_for_a_question_that_is_gone_is_not_lost(client, vanish):
    question = QuestionFactory(position=1)
    submission = SubmissionFactory(consultation=question.consultation)
    as_partner(client, submission)
    vanish(Question.objects.filter(pk=question.pk))

    response = client.post(address(submission), typed(text="My words"))
    autosave = client.post(address(submission), typed(text="My words", autosave="1"))

    assert (response.status_code, autosave.status_code) == (409, 409)
    assert response.context["typed"] == ["My words"]
    assert "My words" in response.content.decode()
    assert "took this question back" in autosave.json()["message"]
    assert not OwnPart.objects.exists()


def test_part_sent_when_the_text_is_frozen_is_not_lost(client, answered):
    as_partner(client, answered.submission)
    OwnPartFactory(submission=answered.submission, question=answered.question, text="The **owner's**")
    freeze(answered.submission, at=NOW)
    OwnPart.objects.update(text="Not in the frozen text")

    response = client.post(address(answered.submission), typed(text="My words", short_text="Short"))

    page = response.content.decode()
    assert response.status_code == 409
    assert response.context["typed"] == ["My words", "Short"]
    assert [column["html"] for column in response.context["columns"]] == [
        "<p>The <strong>owner's</strong></p>\n"
    ]
    assert "<textarea" not in page
    assert "Not in the frozen text" not in page


# --- Pages of versions ---------------------------------------------------------------
def history(submission):
    return reverse("own_part_history", args=[submission.pk, "1"])


@pytest.fixture
def written(answered):
    """A part of the owner that somebody saved twice."""
    part = OwnPartFactory(
        submission=answered.submission, question=answered.question, text="All models return.", version=2
    )
    OwnPartVersionFactory(part=part, text="All return.")
    OwnPartVersionFactory(part=part)
    return part


def as_owner(client, part, role="editor"):
    user = TeamMemberFactory(
        campaign=part.submission.campaign, organization=part.organization, role=role
    ).user
    client.force_login(user)
    return user


def test_history_of_ones_own_part_compares_the_last_two(client, written):
    as_owner(client, written, "viewer")

    context = client.get(history(written.submission)).context

    assert (context["old"].number, context["new"].number) == (1, 2)
    assert context["words"] == (("keep", "All "), ("ins", "models "), ("keep", "return."))


def test_history_of_a_part_is_its_organizations_alone(client, written):
    as_partner(client, written.submission)

    response = client.get(history(written.submission), {"old": "1", "new": "2"})

    assert list(response.context["page"]) == []
    assert "All models return." not in response.content.decode()


def restore(client, part, version=1, seen="2"):
    place = reverse("own_part_restore", args=[part.submission_id, "1", version])
    return client.post(place, {"seen": seen})


def test_restore_of_ones_own_part_leads_back_to_its_history(client, written):
    person = as_owner(client, written)

    response = restore(client, written)

    written.refresh_from_db()
    assert response.url == history(written.submission)
    assert (written.text, written.changed_by) == ("All return.", person)


def test_restore_of_a_part_by_another_organization_is_404(client, written):
    as_partner(client, written.submission)

    assert restore(client, written).status_code == 404
    written.refresh_from_db()
    assert written.text == "All models return."


def test_restore_of_a_part_from_an_old_page_changes_nothing(client, written):
    as_owner(client, written)

    restore(client, written, seen="1")

    written.refresh_from_db()
    assert written.text == "All models return."


@pytest.mark.parametrize(
    ("role", "reading", "restoring"), [(None, 404, 404), ("viewer", 200, 403), ("editor", 200, 302)]
)
def test_history_of_a_part_by_role(client, written, role, reading, restoring):
    client.force_login(UserFactory())
    if role:
        as_owner(client, written, role)

    assert client.get(history(written.submission)).status_code == reading
    assert restore(client, written).status_code == restoring


def test_history_of_a_part_asks_to_sign_in_and_refuses_other_methods(client, written):
    signed_out = client.get(history(written.submission)).status_code
    as_owner(client, written)

    assert signed_out == 302
    assert client.post(history(written.submission)).status_code == 405
    place = reverse("own_part_restore", args=[written.submission_id, "1", 1])
    assert client.get(place).status_code == 405


@pytest.mark.parametrize("item_count", [1, 3])
def test_history_of_a_part_takes_a_fixed_number_of_queries(
    client, answered, item_count, django_assert_num_queries
):
    part = OwnPartFactory(submission=answered.submission, question=answered.question)
    for _each in range(item_count):
        OwnPartVersionFactory(part=part, saved_by=UserFactory())
    as_owner(client, part)

    with django_assert_num_queries(11):
        client.get(history(answered.submission))
