"""What people of the team remark on a submission."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.consultations.models import Question, Remark, RemarkThread, Submission
from campaign.core.errors import DomainError


class RemarkMovedOn(DomainError):
    message = _("Somebody resolved or reopened this remark meanwhile. Look at it again, then decide.")


class QuestionOfRemarkIsGone(DomainError):
    message = _(
        "The authority took this question back while you wrote. Remark on the whole submission if it still matters."
    )


@transaction.atomic
def open_remark(
    *,
    submission: Submission,
    question: Question | None,
    quote: str,
    text: str,
    by: User,
    at: datetime,
) -> RemarkThread:
    """Begin a thread about a question, or about the whole submission. Raises QuestionOfRemarkIsGone."""
    if question and not Question.objects.select_for_update().filter(pk=question.pk, gone_at=None).exists():
        raise QuestionOfRemarkIsGone
    thread = RemarkThread.objects.create(submission=submission, question=question, quote=quote, opened_at=at)
    Remark.objects.create(thread=thread, text=text, written_at=at, by=by)
    return thread


@transaction.atomic
def reply_to_remark(*, thread: RemarkThread, text: str, by: User, at: datetime) -> Remark:
    """Add to a thread. A resolved one is open again: there is more to say."""
    RemarkThread.objects.filter(pk=thread.pk).update(resolved_at=None, resolved_by=None)
    return Remark.objects.create(thread=thread, text=text, written_at=at, by=by)


def resolve_remark(*, thread: RemarkThread, by: User, at: datetime) -> None:
    """Raises RemarkMovedOn when it is resolved already."""
    if not RemarkThread.objects.filter(pk=thread.pk, resolved_at=None).update(resolved_at=at, resolved_by=by):
        raise RemarkMovedOn


def reopen_remark(*, thread: RemarkThread) -> None:
    """Raises RemarkMovedOn when it is open already."""
    resolved = RemarkThread.objects.filter(pk=thread.pk, resolved_at__isnull=False)
    if not resolved.update(resolved_at=None, resolved_by=None):
        raise RemarkMovedOn
