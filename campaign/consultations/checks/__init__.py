"""What stands in the way of freezing, of filing, and of handing in a file: errors stop, warnings ask to be read."""

from datetime import datetime

from campaign.consultations.checks.answers import answer_findings
from campaign.consultations.checks.files import file_findings
from campaign.consultations.checks.frozen import frozen_findings
from campaign.consultations.checks.people import people_findings
from campaign.consultations.checks.sources import source_findings
from campaign.consultations.checks.wording import wording_findings
from campaign.consultations.checks.workspace import workspace_findings
from campaign.consultations.findings import Finding, by_weight
from campaign.consultations.models import Submission
from campaign.consultations.queries import ordered_answers
from campaign.consultations.requirements import requirements_of

__all__ = ["Finding", "file_findings", "filing_findings", "freeze_findings"]


def freeze_findings(*, submission: Submission, at: datetime) -> list[Finding]:
    """All that is to mend or to decide before the text is frozen."""
    answers = ordered_answers(submission=submission)
    in_force = requirements_of(submission.consultation)
    return by_weight(
        [
            *answer_findings(submission, answers, in_force),
            *wording_findings(submission, answers, in_force),
            *source_findings(submission, at),
            *workspace_findings(submission),
        ]
    )


def filing_findings(*, submission: Submission, at: datetime) -> list[Finding]:
    """All that is to mend or to decide before the frozen text is fixed for filing."""
    return by_weight(
        [
            *frozen_findings(submission),
            *source_findings(submission, at),
            *people_findings(submission, at),
        ]
    )
