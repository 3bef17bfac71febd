"""How an answer, or an organization's own part, came to be."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.rules import can_draft_answers, team_member
from campaign.consultations.models import (
    Answer,
    AnswerVersion,
    OwnPart,
    OwnPartVersion,
    Question,
    Submission,
    SubmissionState,
)
from campaign.consultations.services import restore_own_part, restore_version
from campaign.consultations.views.access import asked_question, drafted_submission, team_submission
from campaign.consultations.views.writing import kept_in_links
from campaign.consultations.workspace import kept_versions
from campaign.core.access import require
from campaign.core.errors import DomainError
from campaign.documents.words import word_changes
from campaign.organizations.models import Organization

VERSIONS_A_PAGE = 50


@login_required
@require_safe
def answer_history(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """All versions of an answer, and what changed between two: by default the last two."""
    submission, role = team_submission(request, pk)
    question = asked_question(submission, number)
    answer = submission.answers.filter(question=question).first()
    return _history(request, submission, question, answer, role, restore="answer_restore")


@login_required
@require_safe
def own_part_history(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """All versions of the own part of the organization one works for. Nobody else sees what it wrote before."""
    submission, role = team_submission(request, pk)
    organization = _organization(request, submission)
    question = asked_question(submission, number)
    part = submission.own_parts.filter(question=question, organization=organization).first()
    return _history(
        request, submission, question, part, role, restore="own_part_restore", organization=organization
    )


def _organization(request: SignedInRequest, submission: Submission) -> Organization:
    """The one that somebody of the team works for; 404 for who works for none."""
    member = team_member(request.user, submission.campaign)
    if member is None or member.organization is None:
        raise Http404
    return member.organization


def _history(
    request: SignedInRequest,
    submission: Submission,
    question: Question,
    row: Answer | OwnPart | None,
    role: str,
    **context: Any,
) -> HttpResponse:
    """`restore` names the address that takes a version back."""
    newest = row.versions.order_by("-number").values_list("number", flat=True).first() if row else None
    old, new = _compared(request, row, newest)
    page: Page[Any] = Paginator(kept_versions(row=row) if row else [], VERSIONS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context |= {
        "submission": submission,
        "question": question,
        "row": row,
        "newest": newest,
        "page": page,
        "choices": _choices(page, old, new),
        "old": old,
        "new": new,
        "words": word_changes(old.text if old else "", new.text) if new else (),
        "short_words": word_changes(old.short_text if old else "", new.short_text) if new else (),
        "may_restore": can_draft_answers(role) and submission.state == SubmissionState.DRAFTING,
        "kept": kept_in_links({name: request.GET.get(name, "") for name in ("old", "new")}),
    }
    return render(request, "consultations/answer_history.html", context)


def _compared(
    request: SignedInRequest, row: Answer | OwnPart | None, newest: int | None
) -> tuple[AnswerVersion | OwnPartVersion | None, AnswerVersion | OwnPartVersion | None]:
    """The two versions to compare, in full. The older is None for the first: all of it is new."""
    if row is None or newest is None:
        return None, None
    new = _number(request.GET.get("new"), newest)
    old = _number(request.GET.get("old"), new - 1)
    rows = {each.number: each for each in row.versions.filter(number__in=[old, new])}
    if new not in rows or (old and old not in rows):
        raise Http404
    return rows.get(old), rows[new]


def _choices(page: Page[Any], *compared: AnswerVersion | OwnPartVersion | None) -> list[int]:
    """The numbers to compare by: those of this page, and the two that are compared."""
    numbers = {each.number for each in page} | {each.number for each in compared if each}
    return sorted(numbers, reverse=True)


def _number(typed: str | None, otherwise: int) -> int:
    """A version's number from an address; 0 stands for "before the first"."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 7 else otherwise


@login_required
@require_POST
def answer_restore(request: SignedInRequest, pk: Any, number: str, version: int) -> HttpResponse:
    """Take an earlier version back, as a new one."""
    submission: Submission = drafted_submission(request, pk)
    question = asked_question(submission, number)
    kept = get_object_or_404(
        AnswerVersion.objects.select_related("answer__question"),
        answer__submission=submission,
        answer__question=question,
        number=version,
    )
    seen = _number(request.POST.get("seen"), 0)
    try:
        restore_version(submission=submission, kept=kept, version=seen, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.info(
            request, _("Version %(number)s is the answer again, as a new version.") % {"number": version}
        )
    return redirect("answer_history", submission.pk, question.number)


@login_required
@require_POST
def own_part_restore(request: SignedInRequest, pk: Any, number: str, version: int) -> HttpResponse:
    """Take an earlier version of one's organization's own part back, as a new one."""
    submission, role = team_submission(request, pk)
    require(can_draft_answers(role))
    organization = _organization(request, submission)
    question = asked_question(submission, number)
    kept = get_object_or_404(
        OwnPartVersion.objects.select_related("part__submission", "part__question", "part__organization"),
        part__submission=submission,
        part__question=question,
        part__organization=organization,
        number=version,
    )
    seen = _number(request.POST.get("seen"), 0)
    try:
        restore_own_part(kept=kept, version=seen, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.info(
            request, _("Version %(number)s is your part again, as a new version.") % {"number": version}
        )
    return redirect("own_part_history", submission.pk, question.number)
