from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.consultations.checks import freeze_findings
from campaign.consultations.models import Answer, Filing, SubmissionState
from campaign.consultations.services import (
    AnswerChangedMeanwhile,
    Decided,
    NotDecided,
    ReasonMissing,
    SubmissionCannotMove,
    SubmissionIsFrozen,
    WarningsNotRead,
    edit_attachments,
    freeze_submission,
    save_answer,
)
from campaign.documents.models import Document, FrozenText
from campaign.organizations.services import confirm_endorsement
from campaign.petitions.services import number_waiting_signatures
from tests.consultations.walk import everything, freeze, prepare, thaw
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


def freeze_reading_nothing(submission):
    return freeze_submission(submission=submission, decided=Decided(), by=None, at=NOW)


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
    submission = freeze(answered_submission(), at=NOW)

    with pytest.raises(SubmissionIsFrozen):
        save(submission, submission.consultation.questions.get(), version=1)
    with pytest.raises(SubmissionIsFrozen):
        edit_attachments(submission=submission, summary="x", annex=None, petition=None)


def test_freeze_fixes_the_text_with_the_authoritys_words():
    submission = freeze(answered_submission(), at=NOW)

    data = submission.frozen_text.data
    assert submission.state == SubmissionState.FROZEN
    assert data["sections"][0]["questions"][0] == {
        "id": str(submission.answers.get().question_id),
        "number": "1",
        "is_part": False,
        "question": "What should be done?",
        "kind": "free-text",
        "options": [],
        "answer": "Do **this**.",
        "short_answer": "Do this.",
        "own_parts": [],
        "upload": None,
    }
    assert data["box_text"] == "1. Do this."


def test_freeze_nothing_answered_is_refused():
    submission = SubmissionFactory()

    with pytest.raises(NotDecided) as caught:
        freeze(submission, at=NOW)

    assert [str(finding.message) for finding in caught.value.findings] == ["No question is answered yet."]


def test_freeze_unanswered_required_question_is_refused():
    submission = answered_submission()
    QuestionFactory(consultation=submission.consultation, position=7, is_required=True)

    with pytest.raises(NotDecided) as caught:
        freeze(submission, at=NOW)

    assert [finding.question_number for finding in caught.value.findings] == ["7"]


@pytest.mark.parametrize(("status", "refusal"), [("verified", NotDecided), ("reported", ReasonMissing)])
def test_freeze_over_a_limit_is_refused_and_asks_for_a_reason_where_the_limit_is_not_sure(status, refusal):
    submission = answered_submission()
    RequirementFactory(consultation=submission.consultation, value=3, status=status)

    with pytest.raises(NotDecided) as caught:
        freeze_reading_nothing(submission)

    assert type(caught.value) is refusal
    assert "8 over the limit of 3 characters" in str(caught.value.findings[0].message)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.DRAFTING


def test_freeze_over_a_limit_with_a_reason_keeps_the_reason():
    submission = answered_submission()
    RequirementFactory(consultation=submission.consultation, value=3, status="reported")

    frozen = freeze(submission, at=NOW)

    decision = frozen.decisions.get(is_override=True)
    assert decision.frozen_text == frozen.frozen_text
    assert decision.reason == "It was tried."
    assert "8 over the limit of 3 characters" in decision.message


def test_freeze_over_a_verified_limit_is_refused_whatever_the_reason():
    submission = answered_submission()
    RequirementFactory(consultation=submission.consultation, value=3, status="verified")
    findings = freeze_findings(submission=submission, at=NOW)

    with pytest.raises(NotDecided):
        freeze_submission(
            submission=submission,
            decided=Decided(reasons={each.key: "All the same." for each in findings}),
            by=None,
            at=NOW,
        )


def test_freeze_a_longer_text_than_was_overridden_asks_again():
    submission = answered_submission()
    RequirementFactory(consultation=submission.consultation, value=3, status="reported")
    decided = everything(freeze_findings(submission=submission, at=NOW))
    Answer.objects.update(short_text="Do much more than this.")

    with pytest.raises(ReasonMissing):
        freeze_submission(submission=submission, decided=decided, by=None, at=NOW)


def test_freeze_without_a_short_answer_where_one_is_limited_warns():
    submission = SubmissionFactory()
    AnswerFactory(submission=submission, question__max_chars=500, text="x" * 60_000, short_text="")

    with pytest.raises(WarningsNotRead) as caught:
        freeze_reading_nothing(submission)

    assert "no short answer" in str(caught.value.findings[0].message)


def test_freeze_twice_is_refused():
    submission = answered_submission()
    freeze(submission, at=NOW)

    with pytest.raises(SubmissionCannotMove):
        freeze(submission, at=NOW)


def test_thaw_and_freeze_unchanged_gives_the_same_text():
    submission = freeze(answered_submission(), at=NOW)
    thaw(submission, at=NOW)

    again = freeze(submission, at=NOW + timedelta(days=1))

    assert again.frozen_text == submission.frozen_text


def test_prepare_filing_fixes_endorsers_and_count_of_that_moment():
    petition = PetitionFactory()
    ConfirmedSignatureFactory.create_batch(6, petition=petition, country="FR")
    number_waiting_signatures(at=NOW)
    submission = freeze(answered_submission(petition=petition), at=NOW)
    confirm_endorsement(
        endorsement=EndorsementFactory(frozen_text=submission.frozen_text, display_name="In time"), at=NOW
    )
    EndorsementFactory(frozen_text=submission.frozen_text, display_name="Never confirmed")

    filing = prepare(submission, at=NOW + timedelta(minutes=1))
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


def test_prepare_filing_after_the_deadline_is_a_practice_filing():
    submission = answered_submission(consultation__closes_at=NOW - timedelta(days=1))
    freeze(submission, at=NOW)

    filing = prepare(submission, at=NOW)

    assert filing.is_practice
    assert filing.record.data["is_practice"] is True


def test_prepare_filing_of_what_is_not_frozen_is_refused():
    with pytest.raises(SubmissionCannotMove):
        prepare(answered_submission(), at=NOW)

    assert not Filing.objects.exists()
    assert not Document.objects.exists()
