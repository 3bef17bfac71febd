"""Drafting a submission together: begin it, see where it stands, say what goes with its answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.models import User
from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.queries import campaigns_drafted_in
from campaign.campaigns.rules import can_draft_answers, can_lead
from campaign.consultations.conditions import questions_that_apply
from campaign.consultations.forms.submissions import AttachmentsForm, StartForm
from campaign.consultations.limits import submission_usages
from campaign.consultations.models import Answer, Consultation, Submission, SubmissionState
from campaign.consultations.queries import (
    gone_answers,
    is_practice,
    ordered_answers,
    ordered_questions,
    public_filings,
    submission_filings,
)
from campaign.consultations.requirements import requirements_of
from campaign.consultations.services import (
    AmendmentsImpossible,
    AttachmentsChanged,
    SubmissionIsFrozen,
    attachments_digest,
    edit_attachments,
    start_submission,
)
from campaign.consultations.views.access import drafted_submission, submission_of
from campaign.consultations.workspace import (
    filters,
    gone_parts,
    open_remark_totals,
    progress,
    shown_rows,
    work_rows,
)
from campaign.core.access import form_status, posted, require
from campaign.core.cleaning import markdown_to_html
from campaign.core.forms import keep_typed
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
        submission = start_submission(
            consultation=consultation, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        return redirect("submission_detail", submission.pk)
    context = {"form": form, "consultation": consultation}
    return render(request, "consultations/submission_create.html", context, status=form_status(form))


@require_safe
def submission_detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """The team's overview of a submission. Everybody else sees what was filed, on the filing's own page."""
    submission, role = submission_of(request, pk)
    if role is None:
        latest = public_filings(at=timezone.now()).filter(submission=submission).first()
        if latest is None:
            raise Http404
        return redirect("filing_detail", latest.pk)
    at = timezone.now()
    answers = ordered_answers(submission=submission)
    text = submission.frozen_text
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        **_work(request, submission, answers, at),
        "gone_answers": gone_answers(submission=submission),
        "gone_parts": gone_parts(submission=submission),
        "usages": submission_usages(requirements_of(submission.consultation), answers),
        "is_drafting": submission.state == SubmissionState.DRAFTING,
        "is_practice": is_practice(submission=submission, at=at),
        "call": call_of(frozen_text=text) if text else None,
        "endorsements": text_endorsements(frozen_text=text) if text else [],
        "filings": submission_filings(submission=submission),
        "can_lead": can_lead(role),
        "can_draft": can_draft_answers(role),
        "summary_html": markdown_to_html(submission.summary),
    }
    return render(request, "consultations/submission_detail.html", context)


def _work(
    request: HttpRequest, submission: Submission, answers: list[Answer], at: datetime
) -> dict[str, Any]:
    """The questions that the filter in the address leaves, and how far all of them are."""
    by_question = {answer.question_id: answer for answer in answers}
    questions = list(ordered_questions(consultation=submission.consultation))
    rows = work_rows(
        submission=submission,
        questions=questions,
        answers=by_question,
        applying=questions_that_apply(questions, by_question),
        at=at,
    )
    wanted = request.GET.get("show", "")
    user: User = request.user  # type: ignore[assignment]  # of the team, so signed in
    return {
        "rows": shown_rows(rows, wanted=wanted, user=user),
        "filters": filters(rows, wanted=wanted, user=user),
        "progress": progress(rows),
        "question_total": len(rows),
        "general_remarks": open_remark_totals(submission=submission).get(None, 0),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_edit(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Summary, annex and amendments, the petition to cite, and the cover."""
    submission = drafted_submission(request, pk)
    initial = {
        "summary": submission.summary,
        "annex": submission.annex_id,
        "amends": submission.amends_id,
        "amendments_form": submission.amendments_form,
        "petition": submission.petition_id,
        "cover_design": submission.cover_design,
        "cover_color": submission.cover_color,
        "seen": attachments_digest(submission),
    }
    theirs = None
    form = AttachmentsForm(posted(request), submission=submission, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_attachments(submission=submission, **form.cleaned_data)
        except AttachmentsChanged as error:
            form.add_error(None, str(error))
            theirs = error.current
            keep_typed(form, seen=attachments_digest(theirs))
        except AmendmentsImpossible as error:
            form.add_error(error.field, str(error))
        except SubmissionIsFrozen as error:
            form.add_error(None, str(error))
        else:
            return redirect("submission_detail", submission.pk)
    context = {"form": form, "submission": submission, "theirs": theirs}
    return render(request, "consultations/submission_form.html", context, status=form_status(form))
