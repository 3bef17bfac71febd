"""Freezing, reopening, filing."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign, CampaignState
from campaign.campaigns.services import move_campaign_call, require_no_embargo
from campaign.consultations.checks import Finding, freeze_findings
from campaign.consultations.models import Filing, Submission, SubmissionState
from campaign.consultations.payloads import filing_payload, submission_payload
from campaign.consultations.services.answer import lock_questions
from campaign.core.errors import DomainError
from campaign.documents.services import freeze_text, publish_text, request_document
from campaign.organizations.services import include_endorsements


class SubmissionCannotMove(DomainError):
    message = _("The submission has moved on meanwhile. Load the page again to see where it stands.")


class CannotFreeze(DomainError):
    """Something is wrong for sure; `findings` says what."""

    message = _("This cannot be frozen yet.")

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__()
        self.findings = findings


class WarningsNotAccepted(CannotFreeze):
    message = _("Read the warnings first.")


@transaction.atomic
def freeze_submission(*, submission: Submission, accept_warnings: bool, at: datetime) -> Submission:
    """Fix the exact text, so that organizations can stand behind it. Who endorsed the one before is asked again.

    Raises CannotFreeze with the errors found, WarningsNotAccepted, or SubmissionCannotMove.
    """
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if submission.state != SubmissionState.DRAFTING:
        raise SubmissionCannotMove
    lock_questions(submission.consultation_id)
    findings = freeze_findings(submission=submission)
    if errors := [finding for finding in findings if finding.is_error]:
        raise CannotFreeze(errors)
    if findings and not accept_warnings:
        raise WarningsNotAccepted(findings)
    submission.frozen_text = freeze_text(
        kind="consultations.submission",
        title=submission.title,
        locale=submission.locale,
        payload=submission_payload(submission=submission),
        at=at,
    )
    move_campaign_call(
        campaign=submission.campaign,
        kind="consultations.submission",
        subject_id=submission.pk,
        frozen_text=submission.frozen_text,
        at=at,
    )
    submission.state = SubmissionState.FROZEN
    submission.save(update_fields=["frozen_text", "state"])
    return submission


def reopen_submission(*, submission: Submission) -> None:
    """Go back to drafting. The frozen text and who endorsed it stay on record; a new freeze asks them again.

    Raises SubmissionCannotMove.
    """
    changed = Submission.objects.filter(
        pk=submission.pk, state__in=[SubmissionState.FROZEN, SubmissionState.FILED]
    ).update(state=SubmissionState.DRAFTING)
    if not changed:
        raise SubmissionCannotMove


def list_filings(campaign: Campaign, at: datetime) -> None:
    """List in public what a campaign filed before it was public itself."""
    rows = Filing.objects.filter(submission__campaign=campaign).select_related("frozen_text")
    for filing in rows.order_by("filed_at", "pk"):
        address = reverse("filing_detail", args=[filing.pk])
        publish_text(frozen_text=filing.frozen_text, address=address, at=at)


@transaction.atomic
def file_submission(*, submission: Submission, by: User | None, at: datetime) -> Filing:
    """Fix what is filed: the text, who stands behind it now, what is counted now, the portal's profile. Order its document.

    After the deadline it is a practice filing, and says so everywhere. Raises SubmissionCannotMove.
    """
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    text = submission.frozen_text
    if submission.state != SubmissionState.FROZEN or text is None:
        raise SubmissionCannotMove
    require_no_embargo(kind="consultations.submission", subject_id=submission.pk, at=at)
    record = freeze_text(
        kind="consultations.filing",
        title=submission.title,
        locale=submission.locale,
        payload=filing_payload(submission=submission, text=text, at=at),
        at=at,
    )
    filing = Filing.objects.create(
        submission=submission,
        frozen_text=text,
        record=record,
        is_practice=not submission.consultation.is_open_at(at),
        filed_by=by,
        filed_at=at,
    )
    if submission.campaign.state == CampaignState.PUBLISHED:
        publish_text(frozen_text=text, address=reverse("filing_detail", args=[filing.pk]), at=at)
    include_endorsements(
        frozen_text=text,
        record=record,
        title=submission.title,
        address=reverse("filing_detail", args=[filing.pk]),
        at=at,
    )
    submission.state = SubmissionState.FILED
    submission.save(update_fields=["state"])
    request_document(kind="consultations.filing", frozen_text=record, locale=submission.locale, at=at)
    return filing
