"""Drafting: a submission and its answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.campaigns.queries import coalition
from campaign.consultations.models import (
    Answer,
    AnswerVersion,
    Assignment,
    Consultation,
    CoSigner,
    Question,
    Submission,
    SubmissionState,
    WorkStatus,
)
from campaign.consultations.services.versions import keep_version, write_over
from campaign.core.errors import DomainError


class SubmissionIsFrozen(DomainError):
    message = _("The text is frozen. Reopen it before you change an answer.")


class AnswerChangedMeanwhile(DomainError):
    message = _(
        "Somebody else saved this answer meanwhile. Your text is still in the form, and theirs stands beside it. "
        "Saving again replaces theirs."
    )


class QuestionChangedMeanwhile(DomainError):
    message = _(
        "The authority changed this question while you wrote. Your text is still in the form. Read the question again, then save."
    )


class QuestionIsGone(DomainError):
    message = _(
        "The authority took this question back while you wrote. Copy what you need from your text: it cannot be saved here."
    )


@transaction.atomic
def start_submission(
    *,
    consultation: Consultation,
    campaign: Campaign,
    title: str,
    locale: str,
    at: datetime,
    by: User | None = None,
) -> Submission:
    """Begin a submission of the campaign. Every organization that carries the campaign now is asked to sign it off later."""
    submission = Submission.objects.create(
        consultation=consultation,
        campaign=campaign,
        title=title,
        locale=locale,
    )
    CoSigner.objects.bulk_create(
        CoSigner(submission=submission, organization=organization, added_by=by, added_at=at)
        for organization in coalition(campaign=campaign)
    )
    return submission


@transaction.atomic
def save_answer(
    *,
    submission: Submission,
    question: Question,
    text: str,
    short_text: str,
    version: int,
    by: User | None,
    at: datetime,
    asked: str = "",
    is_autosave: bool = False,
    restored_number: int | None = None,
    answers_digest: str = "",
) -> Answer:
    """Store an answer that was edited from `version` (0: there was none yet), and keep it as a version of its own.

    `asked`: digest of the question that was shown. `restored_number`: the version it is taken back from, which
    was written for the question of `answers_digest`. An autosave leaves the marks that ask for a look.
    Raises AnswerChangedMeanwhile when somebody else stored a newer one: nobody's text is overwritten unseen.
    Raises SubmissionIsFrozen, QuestionChangedMeanwhile, QuestionIsGone.
    """
    question = require_drafting(submission=submission, question=question)
    if asked and asked != question.digest:
        raise QuestionChangedMeanwhile
    values: dict[str, Any] = {
        "text": text,
        "short_text": short_text,
        "changed_at": at,
        "changed_by": by,
    }
    if not is_autosave or version == 0:
        # Somebody pressed "Save": they have read the question, and what was taken from elsewhere.
        values |= {"question_digest": answers_digest or question.digest, "taken_from": ""}
    answer = write_over(
        model=Answer,
        place={"submission": submission, "question": question},
        version=version,
        values=values,
        clash=AnswerChangedMeanwhile,
    )
    keep_version(row=answer, at=at, is_autosave=is_autosave, restored_number=restored_number)
    begun = Assignment.objects.filter(submission=submission, question=question, status=WorkStatus.TODO)
    begun.update(status=WorkStatus.DRAFTING, version=F("version") + 1, changed_at=at)
    return answer


def require_drafting(*, submission: Submission, question: Question) -> Question:
    """Lock the submission and its questions; the question as it stands now. Raises SubmissionIsFrozen, QuestionIsGone."""
    # The row lock makes freezing wait for this save, or this save see the freeze.
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if locked.state != SubmissionState.DRAFTING:
        raise SubmissionIsFrozen
    lock_questions(submission.consultation_id)
    current = Question.objects.filter(pk=question.pk, gone_at=None).first()
    if current is None:
        raise QuestionIsGone
    return current


def restore_version(
    *, submission: Submission, kept: AnswerVersion, version: int, by: User | None, at: datetime
) -> Answer:
    """Make an earlier version the answer again, as a new version: what stands now is kept too.

    Raises what `save_answer` raises.
    """
    return save_answer(
        submission=submission,
        question=kept.answer.question,
        text=kept.text,
        short_text=kept.short_text,
        version=version,
        by=by,
        at=at,
        restored_number=kept.number,
        answers_digest=kept.question_digest,
    )


def lock_questions(consultation_id: UUID) -> None:
    """Until the transaction ends, no import and no editor changes the questions. Lock the submission first."""
    Consultation.objects.select_for_update(no_key=True).get(pk=consultation_id)
