"""On record: it was handed in, when, where, under which number; and what was wrong about a public record."""

import base64
import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.consultations.models import (
    Channel,
    Filing,
    FilingCorrection,
    Receipt,
    Submission,
    SubmissionState,
)
from campaign.consultations.services.publishing import list_filing
from campaign.core.errors import DomainError
from campaign.organizations.services import document_kind, include_endorsements, tell_endorsers


class PracticeIsNotFiled(DomainError):
    message = _("This was fixed after the deadline, for practice. It has no receipt.")


class FiledInFuture(DomainError):
    message = _("This moment has not come yet. Record the receipt once it is filed.")


class FiledBeforeFixed(DomainError):
    message = _("The text was fixed after this moment. Look at the time on the receipt again.")


class ReceiptIsRecorded(DomainError):
    message = _("This receipt is on record already.")


@transaction.atomic
def record_receipt(
    *,
    filing: Filing,
    channel: Channel | None,
    filed_at: datetime,
    time_zone: str,
    reference: str,
    note: str,
    content: bytes | None,
    by: User | None,
    at: datetime,
) -> Receipt:
    """Put on record that a filing went in. Whether in time is decided by the channel's own deadline.

    The first receipt makes the submission a filed one, and tells every organization that stood behind the text when it was
    fixed. Raises PracticeIsNotFiled, FiledInFuture, FiledBeforeFixed, ReceiptIsRecorded, and what `document_kind` raises.
    """
    filing = Filing.objects.select_related("submission__consultation", "record", "frozen_text").get(
        pk=filing.pk
    )
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=filing.submission_id)
    _require_possible(filing, filed_at, at)
    is_first = not filing.receipts.exists()
    own_deadline = channel.closes_at if channel else None
    closes_at = own_deadline or filing.submission.consultation.closes_at
    receipt = Receipt(
        filing=filing,
        channel=channel,
        channel_kind=channel.kind if channel else "",
        channel_address=channel.address if channel else "",
        filed_at=filed_at,
        time_zone=time_zone,
        closes_at=closes_at,
        is_late=filed_at >= closes_at,
        reference=reference,
        note=note,
        recorded_by=by,
        recorded_at=at,
    )
    if content is not None:
        _put_file(receipt, content)
    try:
        with transaction.atomic():
            receipt.save(force_insert=True)
    except IntegrityError:
        raise ReceiptIsRecorded from None
    log_act(
        subject_id=submission.campaign_id,
        act="consultations.receipt_recorded",
        actor=by,
        at=at,
        submission=submission.title,
    )
    if is_first:
        _mark_filed(filing, submission, receipt, at)
    return receipt


def _require_possible(filing: Filing, filed_at: datetime, at: datetime) -> None:
    if filing.is_practice:
        raise PracticeIsNotFiled
    if filed_at > at:
        raise FiledInFuture
    if filed_at < filing.fixed_at.replace(second=0, microsecond=0):  # receipts show minutes
        raise FiledBeforeFixed


def _put_file(receipt: Receipt, content: bytes) -> None:
    """The file's own name is not kept: it may name a person."""
    receipt.media_type, ending = document_kind(content)
    slug = receipt.filing.submission.consultation.slug
    day = receipt.filed_at.astimezone(ZoneInfo(receipt.time_zone)).date()
    receipt.file_name = f"receipt-{slug}-{day.isoformat()}.{ending}"
    receipt.file = base64.b64encode(content).decode()
    receipt.byte_size = len(content)
    receipt.file_digest = hashlib.sha256(content).hexdigest()


def _mark_filed(filing: Filing, submission: Submission, receipt: Receipt, at: datetime) -> None:
    if submission.state == SubmissionState.READY and submission.frozen_text_id == filing.frozen_text_id:
        submission.state = SubmissionState.FILED
        submission.save(update_fields=["state"])
    include_endorsements(
        frozen_text=filing.frozen_text,
        record=filing.record,
        title=submission.title,
        address=reverse("filing_detail", args=[filing.pk]),
        at=filing.fixed_at,
    )
    tell_endorsers(
        kind="consultations.filed",
        frozen_text=filing.frozen_text,
        about_id=receipt.pk,
        until=filing.fixed_at,
        at=at,
    )
    list_filing(filing=filing, at=at)


def receipt_bytes(receipt: Receipt) -> bytes:
    """The receipt's file as it was sent."""
    return base64.b64decode(receipt.file or "")


def correct_filing(*, filing: Filing, text: str, by: User | None, at: datetime) -> FilingCorrection:
    """Say what is right instead; the recorded lines stay."""
    return FilingCorrection.objects.create(filing=filing, text=text, by=by, at=at)
