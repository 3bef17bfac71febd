"""What stands in the way of freezing, of filing, and of handing in a file: errors stop, warnings ask to be read."""

from collections.abc import Iterator
from datetime import datetime

from campaign.consultations.checks.answers import answer_findings
from campaign.consultations.checks.drafted import Drafted, read
from campaign.consultations.checks.files import file_findings
from campaign.consultations.checks.frozen import frozen_findings
from campaign.consultations.checks.people import people_findings
from campaign.consultations.checks.sources import source_findings
from campaign.consultations.checks.standing import read_frozen
from campaign.consultations.checks.wording import wording_findings
from campaign.consultations.checks.workspace import (
    own_part_findings,
    remark_findings,
    upload_findings,
    workspace_findings,
)
from campaign.consultations.findings import Finding, by_weight
from campaign.consultations.models import Decision, Submission

__all__ = ["Finding", "file_findings", "filing_findings", "freeze_findings"]


def freeze_findings(*, submission: Submission, at: datetime) -> list[Finding]:
    """All that is to mend or to decide before the text is frozen."""
    drafted = read(submission, at)
    return by_weight(
        [
            *answer_findings(drafted),
            *wording_findings(drafted),
            *source_findings(submission, at),
            *workspace_findings(drafted),
        ]
    )


def filing_findings(*, submission: Submission, at: datetime) -> list[Finding]:
    """All that is to mend or to decide before the frozen text is fixed for filing."""
    drafted = read_frozen(submission, at)
    return by_weight(
        [
            *frozen_findings(drafted),
            *_wrong_by_now(drafted),
            *source_findings(submission, at),
            *people_findings(submission, at),
            *remark_findings(drafted),
        ]
    )


def _wrong_by_now(drafted: Drafted) -> Iterator[Finding]:
    """Errors of the frozen text by what is asked now, but for those that were decided when this very text was frozen."""
    kept = Decision.objects.filter(frozen_text=drafted.submission.frozen_text_id, is_override=True)
    decided = set(kept.values_list("key", flat=True))
    answered = {answer.question.number for answer in drafted.answers}
    for finding in (
        *answer_findings(drafted),
        *wording_findings(drafted),
        *own_part_findings(drafted),
        *upload_findings(drafted),
    ):
        is_new = finding.code in {"no-answer", "no-file"} and finding.question_number not in answered
        if finding.is_error and finding.key not in decided and not is_new:
            yield finding
