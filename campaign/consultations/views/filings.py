"""Freezing a submission, filing it, and what was filed."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import CampaignState
from campaign.campaigns.services import UnderEmbargo
from campaign.consultations.checks import freeze_findings
from campaign.consultations.documents import filed_content
from campaign.consultations.forms.submissions import FreezeForm
from campaign.consultations.models import Filing, SubmissionState
from campaign.consultations.queries import (
    filing_document,
)
from campaign.consultations.rules import submission_role
from campaign.consultations.services import (
    CannotFreeze,
    SubmissionCannotMove,
    file_submission,
    freeze_submission,
    reopen_submission,
)
from campaign.consultations.views.access import led_submission
from campaign.core.access import form_status, posted, require_role
from campaign.organizations.queries import text_endorsements


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_freeze(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Show what stands in the way; freeze."""
    submission = led_submission(request, pk)
    form = FreezeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            freeze_submission(
                submission=submission,
                accept_warnings=form.cleaned_data["accept_warnings"],
                at=timezone.now(),
            )
        except (CannotFreeze, SubmissionCannotMove) as error:
            form.add_error(None, str(error))
        else:
            return redirect("submission_detail", submission.pk)
    findings = freeze_findings(submission=submission)
    context = {
        "submission": submission,
        "form": form,
        "errors": [finding for finding in findings if finding.is_error],
        "warnings": [finding for finding in findings if not finding.is_error],
    }
    return render(request, "consultations/submission_freeze.html", context, status=form_status(form))


@login_required
@require_POST
def submission_reopen(request: SignedInRequest, pk: Any) -> HttpResponse:
    submission = led_submission(request, pk)
    with suppress(SubmissionCannotMove):  # it is open already: what was asked for
        reopen_submission(submission=submission)
    return redirect("submission_detail", submission.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_file(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Show what filing fixes; file."""
    submission = led_submission(request, pk)
    if request.method == "POST":
        try:
            filing = file_submission(submission=submission, by=request.user, at=timezone.now())
        except SubmissionCannotMove:
            return redirect("submission_detail", submission.pk)
        except UnderEmbargo as error:
            messages.error(request, str(error))
            return redirect("submission_detail", submission.pk)
        return redirect("filing_detail", filing.pk)
    text = submission.frozen_text
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "is_open": submission.consultation.is_open_at(timezone.now()),
        "endorsements": text_endorsements(frozen_text=text) if text else [],
        "is_frozen": submission.state == SubmissionState.FROZEN,
    }
    return render(request, "consultations/submission_file.html", context)


@require_safe
def filing_detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """What was filed: the document, the text for the box, who stood behind it, what was counted."""
    filing = get_object_or_404(
        Filing.objects.select_related(
            "submission__consultation__authority",
            "submission__consultation__profile",
            "submission__campaign__owner",
            "record",
            "frozen_text",
        ),
        pk=pk,
    )
    submission = filing.submission
    role = submission_role(request.user, submission)
    if submission.campaign.state != CampaignState.PUBLISHED:
        require_role(role)
    context = {
        "filing": filing,
        "submission": submission,
        "consultation": submission.consultation,
        "document": filing_document(filing=filing),
        **filed_content(filing),
        "role": role,
    }
    return render(request, "consultations/filing_detail.html", context)
