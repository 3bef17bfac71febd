"""Answers a campaign keeps, and submissions begun from earlier ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import can_draft_answers
from campaign.consultations.forms.workspace import CopyForm, KeepForm
from campaign.consultations.models import LibraryAnswer
from campaign.consultations.services import (
    SubmissionIsFrozen,
    copy_answers,
    keep_in_library,
    remove_from_library,
)
from campaign.consultations.views.access import asked_question, drafted_submission, team_campaign
from campaign.consultations.workspace import earlier_submissions, library_answers
from campaign.core.access import form_status, posted, require

ANSWERS_A_PAGE = 50


@login_required
@require_safe
def library_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The answers a campaign keeps."""
    campaign, role = team_campaign(request, slug)
    context = {
        "campaign": campaign,
        "page": _kept_page(request, campaign),
        "may_write": can_draft_answers(role),
    }
    return render(request, "consultations/library_list.html", context)


def _kept_page(request: SignedInRequest, campaign: Campaign) -> Page[LibraryAnswer]:
    return Paginator(library_answers(campaign=campaign), ANSWERS_A_PAGE).get_page(request.GET.get("page"))


@login_required
@require_POST
def library_remove(request: SignedInRequest, slug: str, kept: Any) -> HttpResponse:
    """Take an answer out of the library. Answers begun from it stay."""
    campaign, role = team_campaign(request, slug)
    require(can_draft_answers(role))
    remove_from_library(kept=get_object_or_404(LibraryAnswer, campaign=campaign, pk=kept))
    messages.info(request, _("The answer is out of the library."))
    return redirect("library_list", campaign.slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_keep(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """Keep an answer in the library of its campaign."""
    submission = drafted_submission(request, pk)
    question = asked_question(submission, number)
    answer = submission.answers.filter(question=question).first()
    if answer is None or not answer.is_written:
        raise Http404
    answer.submission, answer.question = submission, question
    form = KeepForm(posted(request), initial={"title": question.text[:200]})
    if request.method == "POST" and form.is_valid():
        keep_in_library(answer=answer, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.info(request, _("The answer is in the library."))
        return redirect("library_list", submission.campaign.slug)
    context = {"submission": submission, "question": question, "answer": answer, "form": form}
    return render(request, "consultations/answer_keep.html", context, status=form_status(form))


@login_required
@require_safe
def answer_begin(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """Choose an answer of the library to begin this one from."""
    submission = drafted_submission(request, pk)
    context = {
        "submission": submission,
        "question": asked_question(submission, number),
        "page": _kept_page(request, submission.campaign),
    }
    return render(request, "consultations/answer_begin.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_copy(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Take answers from an earlier submission of the campaign to the questions that have none."""
    submission = drafted_submission(request, pk)
    earlier = earlier_submissions(submission=submission)
    form = CopyForm(posted(request), submissions=earlier)
    if request.method == "POST" and form.is_valid():
        try:
            total = copy_answers(
                source=form.cleaned_data["source"], target=submission, by=request.user, at=timezone.now()
            )
        except SubmissionIsFrozen as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _copied(total))
            return redirect("submission_detail", submission.pk)
    context = {"submission": submission, "form": form, "has_earlier": earlier.exists()}
    return render(request, "consultations/submission_copy.html", context, status=form_status(form))


def _copied(total: int) -> str:
    if not total:
        return _("No answer fits a question that has none. Nothing was taken.")
    return ngettext(
        "%(total)s answer was taken. It is marked until somebody saves it.",
        "%(total)s answers were taken. They are marked until somebody saves them.",
        total,
    ) % {"total": total}
