from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.campaigns.services import publish_campaign
from campaign.consultations.models import Answer, Filing, SubmissionState
from campaign.consultations.services import (
    AnswerChangedMeanwhile,
    CannotFreeze,
    SubmissionCannotMove,
    SubmissionIsFrozen,
    WarningsNotAccepted,
    edit_attachments,
    file_submission,
    freeze_submission,
    reopen_submission,
    save_answer,
)
from campaign.documents.models import Document, FrozenText, Publication
from campaign.organizations.services import confirm_endorsement
from campaign.petitions.services import number_waiting_signatures
from tests.factories.consultations import (
    AnswerFactory,
    QuestionFactory,
    RequirementFactory,
    SubmissionFactory,
)
from tests.factories.organizations import EndorsementFactory
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


def save(submission, question, text="A text", version=0):
    return save_answer(
        submission=submission, question=question, text=text, short_text="", version=version, by=None, at=NOW
    )


def answered_submission(**fields):
    submission = SubmissionFactory(**fields)
    AnswerFactory(submission=submission, question__position=1)
    return submission


def test_save_answer_first_time_and_again():
    submission = SubmissionFactory()
    question = QuestionFactory(consultation=submission.consultation)

    first = save(submission, question, "One")
    second = save(submission, question, "Two", version=first.version)

    assert (second.text, second.version) == ("Two", 2)


@pytest.mark.parametrize("version", [0, 1])
def test_save_answer_from_an_old_version_overwrites_nothing(version):
    submission = SubmissionFactory()
    question = QuestionFactory(consultation=submission.consultation)
    save(submission, question, "Mine")
    save(submission, question, "Theirs", version=1)

    with pytest.raises(AnswerChangedMeanwhile):
        save(submission, question, "Late", version=version)

    assert Answer.objects.get().text == "Theirs"


def test_save_answer_frozen_is_refused():
    submission = freeze_submission(submission=answered_submission(), accept_warnings=True, at=NOW)

    with pytest.raises(SubmissionIsFrozen):
        save(submission, submission.consultation.questions.get(), version=1)
    with pytest.raises(SubmissionIsFrozen):
        edit_attachments(submission=submission, summary="x", annex=None, petition=None)


def test_freeze_fixes_the_text_with_the_authoritys_words():
    submission = freeze_submission(submission=answered_submission(), accept_warnings=True, at=NOW)

    data = submission.frozen_text.data
    assert submission.state == SubmissionState.FROZEN
    assert data["sections"][0]["questions"][0] == {
        "number": "1",
        "is_part": False,
        "question": "What should be done?",
        "options": [],
        "answer": "Do **this**.",
        "short_answer": "Do this.",
    }
    assert data["box_text"] == "1. Do this."


def test_freeze_nothing_answered_is_refused():
    submission = SubmissionFactory()

    with pytest.raises(CannotFreeze) as caught:
        freeze_submission(submission=submission, accept_warnings=True, at=NOW)

    assert [str(finding.message) for finding in caught.value.findings] == ["No question is answered yet."]


def test_freeze_unanswered_required_question_is_refused():
    submission = answered_submission()
    QuestionFactory(consultation=submission.consultation, position=7, is_required=True)

    with pytest.raises(CannotFreeze) as caught:
        freeze_submission(submission=submission, accept_warnings=True, at=NOW)

    assert [finding.question_number for finding in caught.value.findings] == ["7"]


@pytest.mark.parametrize(("status", "refused"), [("verified", True), ("reported", False)])
def test_freeze_over_a_limit_refuses_when_the_limit_is_sure_and_warns_otherwise(status, refused):
    submission = answered_submission()
    RequirementFactory(consultation=submission.consultation, value=3, status=status)

    with pytest.raises(CannotFreeze) as caught:
        freeze_submission(submission=submission, accept_warnings=refused, at=NOW)

    assert isinstance(caught.value, WarningsNotAccepted) is not refused
    assert "8 over the limit of 3 characters" in str(caught.value.findings[0].message)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.DRAFTING


def test_freeze_without_a_short_answer_where_one_is_limited_warns():
    submission = SubmissionFactory()
    AnswerFactory(submission=submission, question__max_chars=500, text="x" * 60_000, short_text="")

    with pytest.raises(WarningsNotAccepted) as caught:
        freeze_submission(submission=submission, accept_warnings=False, at=NOW)

    assert "no short answer" in str(caught.value.findings[0].message)


def test_freeze_twice_is_refused():
    submission = answered_submission()
    freeze_submission(submission=submission, accept_warnings=True, at=NOW)

    with pytest.raises(SubmissionCannotMove):
        freeze_submission(submission=submission, accept_warnings=True, at=NOW)


def test_reopen_and_freeze_unchanged_gives_the_same_text():
    submission = freeze_submission(submission=answered_submission(), accept_warnings=True, at=NOW)
    reopen_submission(submission=submission)

    again = freeze_submission(submission=submission, accept_warnings=True, at=NOW + timedelta(days=1))

    assert again.frozen_text == submission.frozen_text


def test_file_fixes_endorsers_and_count_of_that_moment():
    petition = PetitionFactory()
    ConfirmedSignatureFactory.create_batch(6, petition=petition, country="FR")
    number_waiting_signatures(at=NOW)
    submission = freeze_submission(
        submission=answered_submission(petition=petition), accept_warnings=True, at=NOW
    )
    confirm_endorsement(
        endorsement=EndorsementFactory(frozen_text=submission.frozen_text, display_name="In time"), at=NOW
    )
    EndorsementFactory(frozen_text=submission.frozen_text, display_name="Never confirmed")

    filing = file_submission(submission=submission, by=None, at=NOW + timedelta(minutes=1))
    late = EndorsementFactory(frozen_text=submission.frozen_text, display_name="Late")
    confirm_endorsement(endorsement=late, at=NOW + timedelta(minutes=2))

    record = FrozenText.objects.get(pk=filing.record_id).data
    assert [row["name"] for row in record["endorsements"]] == ["In time"]
    assert record["text"] == submission.frozen_text.digest
    assert (record["signatures"]["total"], record["signatures"]["countries"]) == (
        6,
        [{"code": "FR", "total": 6}],
    )
    assert filing.is_practice is False
    assert Document.objects.get().frozen_text_id == filing.record_id


def test_file_after_the_deadline_is_a_practice_filing():
    submission = answered_submission(consultation__closes_at=NOW - timedelta(days=1))
    freeze_submission(submission=submission, accept_warnings=True, at=NOW)

    filing = file_submission(submission=submission, by=None, at=NOW)

    assert filing.is_practice
    assert filing.record.data["is_practice"] is True


def test_file_what_is_not_frozen_is_refused():
    with pytest.raises(SubmissionCannotMove):
        file_submission(submission=answered_submission(), by=None, at=NOW)

    assert not Filing.objects.exists()
    assert not Document.objects.exists()


def test_filing_is_listed_in_public_when_its_campaign_becomes_public():
    submission = answered_submission(campaign__state="draft", campaign__owner__proven_at=NOW)
    frozen = freeze_submission(submission=submission, accept_warnings=True, at=NOW)
    filing = file_submission(submission=frozen, by=None, at=NOW)
    before = Publication.objects.filter(frozen_text=filing.frozen_text_id).count()

    publish_campaign(campaign=submission.campaign, at=NOW)

    listed = Publication.objects.get(frozen_text=filing.frozen_text_id)
    assert before == 0
    assert listed.address == reverse("filing_detail", args=[filing.pk])
