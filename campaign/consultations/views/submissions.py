"""Drafting a submission together: begin it, see where it stands, say what goes with its answers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import CampaignState
from campaign.campaigns.queries import campaigns_drafted_in
from campaign.campaigns.rules import can_lead
from campaign.consultations.conditions import questions_that_apply
from campaign.consultations.forms.submissions import AttachmentsForm, StartForm
from campaign.consultations.limits import submission_usages
from campaign.consultations.models import Consultation, SubmissionState
from campaign.consultations.queries import (
    gone_answers,
    is_practice,
    ordered_answers,
    ordered_questions,
    submission_filings,
)
from campaign.consultations.requirements import requirements_of
from campaign.consultations.services import (
    SubmissionIsFrozen,
    edit_attachments,
    start_submission,
)
from campaign.consultations.views.access import drafted_submission, submission_of
from campaign.core.access import form_status, posted, require
from campaign.core.cleaning import markdown_to_html
from campaign.organizations.queries import call_of, text_endorsements


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_create(request: SignedInRequest, slug: str) -> HttpResponse:
    consultation = get_object_or_404(Consultation, slug=slug)
    campaigns = campaigns_drafted_in(user=request.user)
    require(campaigns.exists())
    initial = {"locale": consultation.locale, "campaign": campaigns.first()}
    form = StartForm(posted(request), campaigns=campaigns, initial=initial)
    if request.method == "POST" and form.is_valid():
        submission = start_submission(consultation=consultation, **form.cleaned_data)
        return redirect("submission_detail", submission.pk)
    context = {"form": form, "consultation": consultation}
    return render(request, "consultations/submission_create.html", context, status=form_status(form))


@require_safe
def submission_detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """The team's overview of a submission. Everybody else sees what was filed, on the filing's own page."""
    submission, role = submission_of(request, pk)
    if role is None:
        latest = submission_filings(submission=submission).first()
        if latest is None or submission.campaign.state != CampaignState.PUBLISHED:
            raise Http404
        return redirect("filing_detail", latest.pk)
    answers = ordered_answers(submission=submission)
    by_question = {answer.question_id: answer for answer in answers}
    questions = list(ordered_questions(consultation=submission.consultation))
    text = submission.frozen_text
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "rows": [(question, by_question.get(question.pk)) for question in questions],
        "applying": questions_that_apply(questions, by_question),
        "gone_answers": gone_answers(submission=submission),
        "usages": submission_usages(requirements_of(submission.consultation), answers),
        "is_drafting": submission.state == SubmissionState.DRAFTING,
        "is_practice": is_practice(submission=submission, at=timezone.now()),
        "call": call_of(frozen_text=text) if text else None,
        "endorsements": text_endorsements(frozen_text=text) if text else [],
        "filings": submission_filings(submission=submission),
        "can_lead": can_lead(role),
        "summary_html": markdown_to_html(submission.summary),
    }
    return render(request, "consultations/submission_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_edit(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Summary, annex and the petition to cite."""
    submission = drafted_submission(request, pk)
    initial = {
        "summary": submission.summary,
        "annex": submission.annex_id,
        "petition": submission.petition_id,
    }
    form = AttachmentsForm(posted(request), submission=submission, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_attachments(submission=submission, **form.cleaned_data)
        except SubmissionIsFrozen as error:
            form.add_error(None, str(error))
        else:
            return redirect("submission_detail", submission.pk)
    context = {"form": form, "submission": submission}
    return render(request, "consultations/submission_form.html", context, status=form_status(form))
