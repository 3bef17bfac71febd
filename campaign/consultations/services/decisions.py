"""What the lead decided about what a check found, and that nothing was passed over."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.consultations.findings import Finding
from campaign.consultations.models import Decision, Submission
from campaign.core.errors import DomainError
from campaign.documents.models import FrozenText

MAX_REASON = 500


@dataclass(frozen=True)
class Decided:
    """What was decided on a page: reasons to go on in spite of an error, and warnings that were read, by their findings' keys."""

    reasons: Mapping[str, str] = field(default_factory=dict)
    read: Collection[str] = ()

    @classmethod
    def reading(cls, findings: Iterable[Finding]) -> "Decided":
        """Every warning among these was read; no error is overridden."""
        return cls(read={finding.key for finding in findings if finding.is_warning})


class NotDecided(DomainError):
    """Something is wrong for sure, or nobody has decided about it; `findings` says what."""

    message = _("This cannot go on yet. See what is to mend or to decide.")

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__()
        self.findings = findings


class ReasonMissing(NotDecided):
    message = _("Say for each mark that you override why it may be passed over.")


class WarningsNotRead(NotDecided):
    message = _("Read the warnings first.")


def require_decided(findings: Collection[Finding], decided: Decided) -> None:
    """Raises NotDecided when an error stands, ReasonMissing when one that may be overridden is not, WarningsNotRead."""
    if errors := [each for each in findings if each.is_error and not each.may_override]:
        raise NotDecided(errors)
    if open_errors := [
        each for each in findings if each.is_error and not decided.reasons.get(each.key, "").strip()
    ]:
        raise ReasonMissing(open_errors)
    if unread := [each for each in findings if each.is_warning and each.key not in decided.read]:
        raise WarningsNotRead(unread)


def keep_decisions(
    *,
    submission: Submission,
    frozen_text: FrozenText,
    findings: Collection[Finding],
    decided: Decided,
    by: User | None,
    at: datetime,
) -> None:
    """Put on record what was passed over to reach `frozen_text`, as it was shown."""
    Decision.objects.bulk_create(
        Decision(
            submission=submission,
            frozen_text=frozen_text,
            key=finding.key,
            question_number=finding.question_number,
            message=str(finding.message),
            is_override=finding.is_error,
            reason=decided.reasons.get(finding.key, "").strip()[:MAX_REASON] if finding.is_error else "",
            decided_by=by,
            decided_at=at,
        )
        for finding in findings
    )
