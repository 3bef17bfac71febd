"""What organizations of the coalition add to common answers."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.consultations.models import OwnPart, OwnPartVersion, Question, Submission
from campaign.consultations.services.answer import QuestionChangedMeanwhile, require_drafting
from campaign.consultations.services.versions import keep_version, write_over
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
    asked: str = "",
    is_autosave: bool = False,
    restored_number: int | None = None,
) -> OwnPart:
    """Store what the organization adds, edited from `version` (0: there was nothing yet), and keep it as a version of its own.

    `asked`: digest of the question that was shown. `restored_number`: the version it is taken back from.
    Raises OwnPartChangedMeanwhile, SubmissionIsFrozen, QuestionChangedMeanwhile, QuestionIsGone.
    """
    question = require_drafting(submission=submission, question=question)
    if asked and asked != question.digest:
        raise QuestionChangedMeanwhile
    place = {"submission": submission, "question": question, "organization": organization}
    before = OwnPart.objects.filter(**place, versions=None).first()
    if before:  # saved when parts kept no versions
        keep_version(row=before, at=before.changed_at)
    part = write_over(
        model=OwnPart,
        place=place,
        version=version,
        values={"text": text, "short_text": short_text, "changed_at": at, "changed_by": by},
        clash=OwnPartChangedMeanwhile,
    )
    keep_version(row=part, at=at, is_autosave=is_autosave, restored_number=restored_number)
    return part


def restore_own_part(*, kept: OwnPartVersion, version: int, by: User, at: datetime) -> OwnPart:
    """Make an earlier version the part again, as a new version: what stands now is kept too.

    Raises what `save_own_part` raises.
    """
    part = kept.part
    return save_own_part(
        submission=part.submission,
        question=part.question,
        organization=part.organization,
        text=kept.text,
        short_text=kept.short_text,
        version=version,
        by=by,
        at=at,
        restored_number=kept.number,
    )
