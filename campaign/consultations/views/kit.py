"""Handing a filing in: the kit, the mail that is ready to send, the receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.rules import can_lead, team_member
from campaign.consultations.checks import file_findings
from campaign.consultations.deadlines import time_left, wall_time_at
from campaign.consultations.forms.filings import OTHER, ReceiptForm
from campaign.consultations.kit import filing_kit
from campaign.consultations.message import filing_message
from campaign.consultations.models import Filing, Receipt
from campaign.consultations.names.shown import kit_names
from campaign.consultations.printed.kinds import ordered_documents
from campaign.consultations.queries import can_prepare, filing_receipts, newer_filing
from campaign.consultations.requirements import requirements_of
from campaign.consultations.services import (
    FiledBeforeFixed,
    FiledInFuture,
    PracticeIsNotFiled,
    ReceiptIsRecorded,
    receipt_bytes,
    record_receipt,
)
from campaign.consultations.views.access import led_filing, team_filing
from campaign.documents.formats import DOCX, ODT, PDF

PAPERS = {PDF, DOCX, ODT}  # what an office reads; data and archives are for others


@login_required
@require_safe
def filing_kit_page(request: SignedInRequest, pk: Any) -> HttpResponse:
    """All that a person needs to hand the filing in, and the form for the receipt."""
    filing, role = team_filing(request, pk)
    return _page(request, filing, role)


def _page(
    request: SignedInRequest, filing: Filing, role: str, form: ReceiptForm | None = None
) -> HttpResponse:
    now = timezone.now()
    consultation = filing.submission.consultation
    member = team_member(request.user, filing.submission.campaign)
    kit = filing_kit(filing=filing, at=now, organization=member.organization if member else None)
    documents = ordered_documents(filing=filing)
    here = wall_time_at(now, consultation.time_zone)
    first = kit.channels[0][0].pk if kit.channels else OTHER
    initial = {"channel": str(first), "time_zone": consultation.time_zone, "filed_on": here.date()}
    context = {
        "filing": filing,
        "submission": filing.submission,
        "consultation": consultation,
        "kit": kit,
        "left": time_left(consultation.closes_at, now),
        "files": [(each, file_findings(each, kit.in_force) if each.is_ready else []) for each in documents],
        "receipts": filing_receipts(filing=filing),
        "can_lead": can_lead(role),
        **kit_names(filing=filing, user=request.user),
        "newer": newer_filing(filing=filing),
        "can_prepare": can_prepare(submission=filing.submission),
        "form": form or ReceiptForm(filing=filing, initial=initial),
    }
    status = 422 if form and form.errors else 200
    return render(request, "consultations/filing_kit.html", context, status=status)


@login_required
@require_POST
def filing_receipt(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Record that it was handed in."""
    filing, role = led_filing(request, pk)
    form = ReceiptForm(request.POST, request.FILES, filing=filing)
    if form.is_valid():
        try:
            receipt = record_receipt(filing=filing, by=request.user, at=timezone.now(), **form.act())
        except (FiledInFuture, FiledBeforeFixed) as error:
            form.add_error("filed_time", str(error))
        except (PracticeIsNotFiled, ReceiptIsRecorded) as error:
            form.add_error(None, str(error))
        else:
            in_time = _("On record: filed in time.")
            late = _("On record: filed after the deadline. The authority decides whether it takes it.")
            messages.info(request, late if receipt.is_late else in_time)
            return redirect("filing_detail", filing.pk)
    return _page(request, filing, role, form)


@never_cache
@login_required
@require_safe
def receipt_file(request: SignedInRequest, pk: Any, receipt: Any) -> HttpResponse:
    """The receipt itself, for the team."""
    filing, _role = team_filing(request, pk)
    row = get_object_or_404(Receipt, pk=receipt, filing=filing)
    if not row.file_name:
        raise Http404
    return HttpResponse(
        receipt_bytes(row),
        content_type=row.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{row.file_name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@never_cache
@login_required
@require_safe
def filing_mail(request: SignedInRequest, pk: Any, channel: Any) -> HttpResponse:
    """A mail to the authority, to be opened in one's own mail program and sent from there."""
    filing, _role = team_filing(request, pk)
    row = get_object_or_404(filing.submission.consultation.channels, pk=channel, kind="email")
    if not row.address:
        raise Http404
    in_force = requirements_of(filing.submission.consultation)
    ready = [
        each
        for each in ordered_documents(filing=filing)
        if each.is_ready and each.media_type in PAPERS and not file_findings(each, in_force)
    ]
    if not ready:
        messages.error(
            request,
            _(
                "No file is ready that this authority takes. Wait for it, or have another format made, then load the mail."
            ),
        )
        return redirect("filing_kit", filing.pk)
    return HttpResponse(
        filing_message(filing=filing, channel=row, documents=ready),
        content_type="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{filing.submission.consultation.slug}.eml"'},
    )
