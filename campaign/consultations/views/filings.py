"""Freezing a submission, opening it again, fixing what is filed, and the page of what was filed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.activity.services import on_the_log
from campaign.campaigns.rules import can_lead
from campaign.consultations.checks import filing_findings, freeze_findings
from campaign.consultations.documents import filed_content
from campaign.consultations.forms.filings import DecisionForm, FilingCorrectionForm, PrepareForm, ThawForm
from campaign.consultations.models import Filing, FilingResponse, SubmissionState
from campaign.consultations.queries import (
    can_prepare,
    embargo_of,
    filing_receipts,
    is_open_anywhere,
    published_responses,
    submission_filings,
)
from campaign.consultations.services import (
    DeadlineSaysOtherwise,
    NotDecided,
    SubmissionCannotMove,
    correct_filing,
    freeze_submission,
    prepare_filing,
    thaw_submission,
)
from campaign.consultations.views.access import led_filing, led_submission, shown_filing
from campaign.consultations.views.documents import filing_documents_context
from campaign.core.access import form_status, posted
from campaign.core.cleaning import markdown_to_html
from campaign.organizations.queries import text_endorsements


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_freeze(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Show what is to mend and to decide; freeze."""
    submission = led_submission(request, pk)
    now = timezone.now()
    findings = freeze_findings(submission=submission, at=now)
    label = _("I have read the warnings. Freeze it all the same.")
    form = DecisionForm(posted(request), findings=findings, read_label=label)
    if request.method == "POST" and form.is_valid():
        try:
            freeze_submission(submission=submission, decided=form.decided(), by=request.user, at=now)
        except (NotDecided, SubmissionCannotMove) as error:
            form.add_error(None, str(error))
            form.ask_again()
        else:
            return redirect("submission_approvals", submission.pk)
    context = {"submission": submission, "form": form, **_weighed(form)}
    return render(request, "consultations/submission_freeze.html", context, status=form_status(form))


def _weighed(form: DecisionForm) -> dict[str, Any]:
    """The findings as the pages show them: what stops, what a reason may override, what asks to be read."""
    return {
        "errors": [each for each in form.findings if each.is_error and not each.may_override],
        "overridable": [
            (each, field) for each, field in form.rows if each.may_override and field is not None
        ],
        "warnings": [each for each in form.findings if each.is_warning],
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_thaw(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Open a frozen text again, with the reason."""
    submission = led_submission(request, pk)
    form = ThawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            thaw_submission(
                submission=submission, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except SubmissionCannotMove as error:
            form.add_error(None, str(error))
        else:
            return redirect("submission_detail", submission.pk)
    text = submission.frozen_text
    context = {
        "submission": submission,
        "form": form,
        "is_frozen": submission.state != SubmissionState.DRAFTING,
        "endorsements": text_endorsements(frozen_text=text) if text else [],
    }
    return render(request, "consultations/submission_thaw.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_file(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Show what filing fixes and what is to decide; fix it."""
    submission = led_submission(request, pk)
    now = timezone.now()
    is_frozen = can_prepare(submission=submission)
    findings = filing_findings(submission=submission, at=now) if is_frozen else []
    label = _("I have read the warnings. Go on all the same.")
    is_open = is_open_anywhere(consultation=submission.consultation, at=now)
    form = PrepareForm(posted(request), findings=findings, read_label=label, is_open=is_open)
    if request.method == "POST" and form.is_valid():
        try:
            filing = prepare_filing(
                submission=submission,
                decided=form.decided(),
                purpose=form.purpose,
                after=_newest_seen(request),
                by=request.user,
                at=now,
            )
        except NotDecided as error:
            form.add_error(None, str(error))
            form.ask_again()
        except DeadlineSaysOtherwise as error:
            form.add_error(None, str(error))
        except SubmissionCannotMove:
            return redirect("submission_detail", submission.pk)
        else:
            return redirect("filing_kit", filing.pk)
    newest = submission_filings(submission=submission).first()
    text = submission.frozen_text
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "is_open": is_open,
        "endorsements": text_endorsements(frozen_text=text) if text else [],
        "is_frozen": is_frozen,
        "newest": newest,
        "form": form,
        **_weighed(form),
    }
    return render(request, "consultations/submission_file.html", context, status=form_status(form))


def _newest_seen(request: HttpRequest) -> UUID | None:
    """The filing that was the newest when the page was opened."""
    try:
        return UUID(request.POST.get("after", ""))
    except ValueError:
        return None


@require_safe
def filing_detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """What was filed: the document, the text for the box, who stood behind it, what was counted, what came back."""
    filing, role = shown_filing(request, pk)
    return filing_page(request, filing, role)


@login_required
@require_POST
def filing_correct(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Add a line to what is right instead."""
    filing, role = led_filing(request, pk)
    form = FilingCorrectionForm(request.POST)
    if not form.is_valid():
        return filing_page(request, filing, role, form)
    now, submission = timezone.now(), filing.submission
    with on_the_log(
        subject_id=submission.campaign_id,
        act="consultations.filing_corrected",
        actor=request.user,
        at=now,
        submission=submission.title,
    ):
        correct_filing(filing=filing, text=form.cleaned_data["text"], by=request.user, at=now)
    messages.info(request, _("Added."))
    return redirect("filing_detail", filing.pk)


def shown_response(row: FilingResponse) -> dict[str, Any]:
    """A response as the filing's page shows it."""
    return {
        "authority": row.authority,
        "answered_on": row.answered_on,
        "url": row.url,
        "locale": row.locale,
        "title": row.title,
        "text_html": markdown_to_html(row.text, heading_offset=3) if row.text else "",
        "comment_html": markdown_to_html(row.comment, heading_offset=3) if row.comment else "",
        "ordered_outcomes": row.ordered_outcomes,  # type: ignore[attr-defined]
    }


def filing_page(
    request: HttpRequest, filing: Filing, role: str | None, form: FilingCorrectionForm | None = None
) -> HttpResponse:
    """The page of a filing, with a refused correction in its place."""
    submission = filing.submission
    context = {
        "filing": filing,
        "submission": submission,
        "consultation": submission.consultation,
        **filing_documents_context(filing, role),
        **filed_content(filing),
        "receipts": filing_receipts(filing=filing),
        "responses": [shown_response(row) for row in published_responses(filing=filing)],
        "response_drafts": filing.responses.filter(state="draft").order_by("pk") if can_lead(role) else [],
        "corrections": filing.corrections.order_by("at", "pk"),
        "embargo": embargo_of(submission=submission, at=timezone.now()),
        "role": role,
        "can_lead": can_lead(role),
        "correction_form": form or FilingCorrectionForm(),
    }
    return render(request, "consultations/filing_detail.html", context, status=form_status(form))
