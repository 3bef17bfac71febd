"""Remarks on a submission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
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
from campaign.consultations.views.writing import kept_in_links
from campaign.consultations.workspace import remark_threads
from campaign.core.access import form_status, posted
from campaign.core.errors import DomainError

THREADS_A_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remark_list(request: SignedInRequest, pk: Any) -> HttpResponse:
    """The open remarks on a submission, or on one of its questions (`?question=`); those that are resolved with `?resolved=1`.

    Everybody of the team reads and writes them.
    """
    submission, _role = team_submission(request, pk)
    number = request.GET.get("question", "")
    question = asked_question(submission, number) if number else None
    form = RemarkForm(posted(request), initial={"quote": request.GET.get("quote", "")[:2_000]})
    shown = _Shown(submission, question, request.GET.get("resolved") == "1")
    if request.method == "POST" and form.is_valid():
        try:
            thread = open_remark(
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
            return redirect(_Shown(submission, question).address_of(thread))
    return _page(request, shown, request.GET.get("page"), form, ReplyForm())


@dataclass(frozen=True)
class _Shown:
    """Which threads a page lists: those of a question or of all, open or resolved."""

    submission: Submission
    question: Question | None = None
    is_resolved: bool = False

    @property
    def threads(self) -> QuerySet[RemarkThread]:
        return remark_threads(
            submission=self.submission, question=self.question, is_resolved=self.is_resolved
        )

    @property
    def query(self) -> dict[str, str]:
        number = self.question.number if self.question else ""
        return {"question": number, "resolved": "1" if self.is_resolved else ""}

    def page_of(self, thread: RemarkThread) -> int:
        """The page on which a thread stands; the first for one that is not in the list."""
        keys = list(self.threads.prefetch_related(None).values_list("pk", flat=True))
        return keys.index(thread.pk) // THREADS_A_PAGE + 1 if thread.pk in keys else 1

    def address_of(self, thread: RemarkThread | None = None) -> str:
        page = self.page_of(thread) if thread else 1
        query = kept_in_links({**self.query, "page": str(page) if page > 1 else ""}).removesuffix("&")
        address = reverse("remark_list", args=[self.submission.pk]) + (f"?{query}" if query else "")
        return f"{address}#remark-{thread.pk}" if thread else address


def _page(
    request: SignedInRequest,
    shown: _Shown,
    page: str | int | None,
    form: RemarkForm,
    reply: ReplyForm,
    answered: RemarkThread | None = None,
) -> HttpResponse:
    """`answered`: the thread whose reply could not be stored, shown with what was typed."""
    other = _Shown(shown.submission, shown.question, not shown.is_resolved)
    threads = Paginator(shown.threads, THREADS_A_PAGE).get_page(page)
    context = {
        "submission": shown.submission,
        "question": shown.question,
        "form": form,
        "reply": reply,
        "answered": answered,
        "page": threads,
        "is_resolved": shown.is_resolved,
        "other_total": other.threads.count(),
        "other_address": other.address_of(),
        "kept": kept_in_links(shown.query),
    }
    status = max(form_status(form), form_status(reply))
    return render(request, "consultations/remark_list.html", context, status=status)


@login_required
@require_POST
def remark_answer(request: SignedInRequest, pk: Any, thread: Any) -> HttpResponse:
    """Reply to a remark, resolve it, or open it again. What is resolved leaves the list of what is open."""
    submission, _role = team_submission(request, pk)
    row = get_object_or_404(RemarkThread.objects.select_related("question"), submission=submission, pk=thread)
    question = row.question if row.question and row.question.gone_at is None else None
    shown = _Shown(submission, question)
    at = timezone.now()
    try:
        if "resolve" in request.POST:
            resolve_remark(thread=row, by=request.user, at=at)
            messages.info(request, _("Resolved. It stands with the resolved ones, and can be opened again."))
            return redirect(shown.address_of())
        if "reopen" in request.POST:
            reopen_remark(thread=row)
        else:
            form = ReplyForm(request.POST)
            if not form.is_valid():
                lists = _Shown(submission, is_resolved=row.resolved_at is not None)
                return _page(request, lists, lists.page_of(row), RemarkForm(), form, row)
            reply_to_remark(thread=row, by=request.user, at=at, **form.cleaned_data)
    except RemarkMovedOn as error:
        messages.error(request, str(error))
        row.refresh_from_db(fields=["resolved_at"])
        shown = _Shown(submission, question, row.resolved_at is not None)
    return redirect(shown.address_of(row))
