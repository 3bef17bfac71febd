"""Drafting: a submission and its answers."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.consultations.models import Answer, Consultation, Question, Submission, SubmissionState
from campaign.core.errors import DomainError
from campaign.petitions.models import Petition
from campaign.regulations.models import Edition


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


def start_submission(
    *,
    consultation: Consultation,
    campaign: Campaign,
    title: str,
    locale: str,
) -> Submission:
    """Begin a submission of the campaign."""
    return Submission.objects.create(
        consultation=consultation,
        campaign=campaign,
        title=title,
        locale=locale,
    )


def edit_attachments(
    *, submission: Submission, summary: str, annex: Edition | None, petition: Petition | None
) -> None:
    """Change what goes with the answers: summary, annex, petition to cite. Raises SubmissionIsFrozen."""
    drafting = Submission.objects.filter(pk=submission.pk, state=SubmissionState.DRAFTING)
    changed = drafting.update(summary=summary, annex=annex, petition=petition)
    if not changed:
        raise SubmissionIsFrozen


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
) -> Answer:
    """Store an answer that was edited from `version` (0: there was none yet). `asked`: digest of the question that was shown.

    Raises AnswerChangedMeanwhile when somebody else stored a newer one: nobody's text is overwritten unseen.
    Raises SubmissionIsFrozen, QuestionChangedMeanwhile, QuestionIsGone.
    """
    # The row lock makes freezing wait for this save, or this save see the freeze.
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if locked.state != SubmissionState.DRAFTING:
        raise SubmissionIsFrozen
    lock_questions(submission.consultation_id)
    current = Question.objects.filter(pk=question.pk, gone_at=None).first()
    if current is None:
        raise QuestionIsGone
    question = current
    if asked and asked != question.digest:
        raise QuestionChangedMeanwhile
    if version == 0:
        try:
            with transaction.atomic():
                return Answer.objects.create(
                    submission=submission,
                    question=question,
                    text=text,
                    short_text=short_text,
                    question_digest=question.digest,
                    changed_at=at,
                    changed_by=by,
                )
        except IntegrityError:
            raise AnswerChangedMeanwhile from None
    changed = Answer.objects.filter(submission=submission, question=question, version=version).update(
        text=text,
        short_text=short_text,
        question_digest=question.digest,
        version=version + 1,
        changed_at=at,
        changed_by=by,
    )
    if not changed:
        raise AnswerChangedMeanwhile
    return Answer.objects.get(submission=submission, question=question)


def lock_questions(consultation_id: UUID) -> None:
    """Until the transaction ends, no import and no editor changes the questions. Lock the submission first."""
    Consultation.objects.select_for_update(no_key=True).get(pk=consultation_id)
