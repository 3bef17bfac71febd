"""What organizations of the coalition add to common answers."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.consultations.models import OwnPart, Question, Submission
from campaign.consultations.services.answer import require_drafting
from campaign.core.errors import DomainError
from campaign.organizations.models import Organization


class OwnPartChangedMeanwhile(DomainError):
    message = _(
        "Somebody else of your organization saved this part meanwhile. Your text is still in the form, and theirs stands beside "
        "it. Saving again replaces theirs."
    )


@transaction.atomic
def save_own_part(
    *,
    submission: Submission,
    question: Question,
    organization: Organization,
    text: str,
    short_text: str,
    version: int,
    by: User,
    at: datetime,
) -> OwnPart:
    """Store what the organization adds, edited from `version` (0: there was nothing yet).

    Raises OwnPartChangedMeanwhile, SubmissionIsFrozen, QuestionIsGone.
    """
    require_drafting(submission=submission, question=question)
    rows = OwnPart.objects.filter(submission=submission, question=question, organization=organization)
    values = {"text": text, "short_text": short_text, "changed_at": at, "changed_by": by}
    if version == 0:
        try:
            with transaction.atomic():
                return OwnPart.objects.create(
                    submission=submission, question=question, organization=organization, **values
                )
        except IntegrityError:
            raise OwnPartChangedMeanwhile from None
    if not rows.filter(version=version).update(version=version + 1, **values):
        raise OwnPartChangedMeanwhile
    return rows.get()
