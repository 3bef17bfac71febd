"""Remarks on a submission."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.requests import SignedInRequest
from campaign.consultations.forms.workspace import RemarkForm, ReplyForm
from campaign.consultations.models import Question, RemarkThread, Submission
from campaign.consultations.services import (
    RemarkMovedOn,
    open_remark,
    reopen_remark,
    reply_to_remark,
    resolve_remark,
)
from campaign.consultations.views.access import asked_question, team_submission
from campaign.consultations.workspace import remark_threads
from campaign.core.access import form_status, posted
from campaign.core.errors import DomainError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remark_list(request: SignedInRequest, pk: Any) -> HttpResponse:
    """The remarks on a submission, or on one of its questions (`?question=`). Everybody of the team reads and writes them."""
    submission, _role = team_submission(request, pk)
    number = request.GET.get("question", "")
    question = asked_question(submission, number) if number else None
    form = RemarkForm(posted(request), initial={"quote": request.GET.get("quote", "")[:2_000]})
    if request.method == "POST" and form.is_valid():
        try:
            open_remark(
                submission=submission,
                question=question,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _("Your remark is there."))
            return redirect(_address(submission, question))
    return _page(request, submission, question, form, ReplyForm(), None)


def _page(
    request: SignedInRequest,
    submission: Submission,
    question: Question | None,
    form: RemarkForm,
    reply: ReplyForm,
    answered: RemarkThread | None,
) -> HttpResponse:
    """`answered`: the thread whose reply could not be stored, shown with what was typed."""
    context = {
        "submission": submission,
        "question": question,
        "form": form,
        "reply": reply,
        "answered": answered,
        "open_threads": remark_threads(submission=submission, question=question),
        "resolved_threads": remark_threads(submission=submission, question=question, is_resolved=True),
    }
    status = max(form_status(form), form_status(reply))
    return render(request, "consultations/remark_list.html", context, status=status)


def _address(submission: Submission, question: Question | None) -> str:
    address = reverse("remark_list", args=[submission.pk])
    return f"{address}?question={question.number}" if question and question.gone_at is None else address


@login_required
@require_POST
def remark_answer(request: SignedInRequest, pk: Any, thread: Any) -> HttpResponse:
    """Reply to a remark, resolve it, or open it again."""
    submission, _role = team_submission(request, pk)
    row = get_object_or_404(RemarkThread.objects.select_related("question"), submission=submission, pk=thread)
    at = timezone.now()
    try:
        if "resolve" in request.POST:
            resolve_remark(thread=row, by=request.user, at=at)
        elif "reopen" in request.POST:
            reopen_remark(thread=row)
        else:
            form = ReplyForm(request.POST)
            if not form.is_valid():
                return _page(request, submission, None, RemarkForm(), form, row)
            reply_to_remark(thread=row, by=request.user, at=at, **form.cleaned_data)
    except RemarkMovedOn as error:
        messages.error(request, str(error))
    return redirect(f"{_address(submission, row.question)}#remark-{row.pk}")
