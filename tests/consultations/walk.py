"""The steps of a submission in one line each: every warning is read, and what may be overridden is."""

from campaign.consultations.checks import filing_findings, freeze_findings
from campaign.consultations.queries import is_open_anywhere
from campaign.consultations.services import (
    Decided,
    Purpose,
    freeze_submission,
    prepare_filing,
    thaw_submission,
)


def everything(findings):
    """Decide about all there is to decide."""
    return Decided(
        reasons={each.key: "It was tried." for each in findings if each.may_override},
        read={each.key for each in findings if each.is_warning},
    )


def freeze(submission, *, at, by=None):
    decided = everything(freeze_findings(submission=submission, at=at))
    return freeze_submission(submission=submission, decided=decided, by=by, at=at)


def thaw(submission, *, at, by=None):
    return thaw_submission(submission=submission, reason="A figure was wrong.", by=by, at=at)


def prepare(submission, *, at, by=None):
    decided = everything(filing_findings(submission=submission, at=at))
    newest = submission.filings.order_by("-fixed_at").first()
    after = newest.pk if newest else None
    is_open = is_open_anywhere(consultation=submission.consultation, at=at)
    purpose = Purpose.REPLY if is_open else Purpose.PRACTICE
    return prepare_filing(submission=submission, decided=decided, purpose=purpose, after=after, by=by, at=at)
