"""Letting everybody find what was filed, once nothing keeps it quiet."""

from datetime import datetime

from django.urls import reverse

from campaign.campaigns.models import Campaign
from campaign.consultations.models import Filing
from campaign.consultations.queries import is_public, public_filings
from campaign.documents.services import publish_text


def list_filing(*, filing: Filing, at: datetime) -> None:
    """List the text of a filing in public if it may be seen at `at`."""
    if is_public(filing=filing, at=at):
        _list(filing, at)


def list_filings(campaign: Campaign, at: datetime) -> None:
    """List what a campaign filed before it was public itself."""
    for filing in public_filings(at=at).filter(submission__campaign=campaign).order_by("fixed_at", "pk"):
        _list(filing, at)


def list_due_filings(*, at: datetime) -> int:
    """List what an embargo kept quiet until now. Gives their number."""
    due = public_filings(at=at).filter(frozen_text__publication=None).order_by("fixed_at", "pk")[:100]
    for filing in due:
        _list(filing, at)
    return len(due)


def _list(filing: Filing, at: datetime) -> None:
    publish_text(frozen_text=filing.frozen_text, address=reverse("filing_detail", args=[filing.pk]), at=at)
