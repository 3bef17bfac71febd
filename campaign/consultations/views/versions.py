"""How an answer came to be."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.rules import can_draft_answers
from campaign.consultations.models import Answer, AnswerVersion, Submission, SubmissionState
from campaign.consultations.services import restore_version
from campaign.consultations.views.access import asked_question, drafted_submission, team_submission
from campaign.consultations.workspace import answer_versions
from campaign.core.errors import DomainError
from campaign.documents.words import word_changes


@login_required
@require_safe
def answer_history(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """All versions of an answer, and what changed between two: by default the last two."""
    submission, role = team_submission(request, pk)
    question = asked_question(submission, number)
    answer = submission.answers.filter(question=question).first()
    versions = list(answer_versions(answer=answer)) if answer else []
    old, new = _compared(request, answer, versions)
    context = {
        "submission": submission,
        "question": question,
        "answer": answer,
        "versions": versions,
        "old": old,
        "new": new,
        "words": word_changes(old.text if old else "", new.text) if new else (),
        "short_words": word_changes(old.short_text if old else "", new.short_text) if new else (),
        "may_restore": can_draft_answers(role) and submission.state == SubmissionState.DRAFTING,
    }
    return render(request, "consultations/answer_history.html", context)


def _compared(
    request: SignedInRequest, answer: Answer | None, versions: list[AnswerVersion]
) -> tuple[AnswerVersion | None, AnswerVersion | None]:
    """The two versions to compare, in full. The older is None for the first: all of it is new."""
    if answer is None or not versions:
        return None, None
    newest = versions[0].number
    new = _number(request.GET.get("new"), newest)
    old = _number(request.GET.get("old"), new - 1)
    rows = {row.number: row for row in answer.versions.filter(number__in=[old, new])}
    if new not in rows or (old and old not in rows):
        raise Http404
    return rows.get(old), rows[new]


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
    typed = _number(request.POST.get("seen"), 0)
    try:
        restore_version(submission=submission, kept=kept, version=typed, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.info(
            request, _("Version %(number)s is the answer again, as a new version.") % {"number": version}
        )
    return redirect("answer_history", submission.pk, question.number)
