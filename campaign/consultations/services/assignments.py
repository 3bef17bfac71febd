"""Who sees to which question."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.rules import can_draft_answers, can_lead, team_role
from campaign.consultations.models import Assignment, Question, Submission, WorkStatus
from campaign.consultations.services.answer import require_drafting
from campaign.core.errors import DomainError
from campaign.mailing.services import queue_mail


class AssignmentChangedMeanwhile(DomainError):
    message = _(
        "Somebody else changed this meanwhile. What stands now is beside what you chose. Saving again replaces theirs."
    )


class NotYoursToAssign(DomainError):
    message = _(
        "Only who leads the campaign gives a question to somebody else, or takes it from them. Ask them, or take one that "
        "nobody has."
    )


class OwnerCannotDraft(DomainError):
    message = _("This person may not draft answers in this campaign. Choose somebody else.")


@transaction.atomic
def assign_question(
    *,
    submission: Submission,
    question: Question,
    owner: User | None,
    status: str,
    due_date: date | None,
    version: int,
    by: User,
    at: datetime,
) -> Assignment:
    """Say who sees to a question, how far it is, and until when; changed from `version` (0: nothing was said yet).

    Somebody who gets it from another person is told by mail. Raises AssignmentChangedMeanwhile, NotYoursToAssign,
    OwnerCannotDraft, SubmissionIsFrozen, QuestionIsGone.
    """
    require_drafting(submission=submission, question=question)
    row = Assignment.objects.filter(submission=submission, question=question).first()
    if (row.version if row else 0) != version:
        raise AssignmentChangedMeanwhile
    before = row.owner_id if row else None
    is_new_owner = (owner.pk if owner else None) != before
    if is_new_owner:
        _require_may_assign(submission, before, owner, by)
    row = row or Assignment(submission=submission, question=question, version=0)
    row.owner, row.status, row.due_date = owner, status, due_date
    row.version, row.changed_at = version + 1, at
    if is_new_owner:
        row.assigned_by = by
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise AssignmentChangedMeanwhile from None
    if is_new_owner and owner and owner != by:
        queue_mail(kind="consultations.assigned", to=owner.email, locale=owner.locale, at=at, about_id=row.pk)
    return row


def take_question(*, submission: Submission, question: Question, by: User, at: datetime) -> Assignment:
    """Take a question that nobody has, or keep one's own. Raises NotYoursToAssign when somebody has it, and what
    `assign_question` raises."""
    row = Assignment.objects.filter(submission=submission, question=question).first()
    return assign_question(
        submission=submission,
        question=question,
        owner=by,
        status=row.status if row else WorkStatus.TODO,
        due_date=row.due_date if row else None,
        version=row.version if row else 0,
        by=by,
        at=at,
    )


def _require_may_assign(submission: Submission, before: object, owner: User | None, by: User) -> None:
    is_own_business = before in {None, by.pk} and (owner is None or owner == by)
    if not is_own_business and not can_lead(team_role(by, submission.campaign)):
        raise NotYoursToAssign
    if owner and not can_draft_answers(team_role(owner, submission.campaign)):
        raise OwnerCannotDraft
