"""The common answer and what each organization adds to it, side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import TeamMember
from campaign.campaigns.rules import can_draft_answers, team_member
from campaign.consultations.boxes import frozen_question
from campaign.consultations.evidence import Note, campaign_sources, frozen_preview, preview
from campaign.consultations.forms.workspace import OwnPartForm
from campaign.consultations.models import OwnPart, Question, Submission, SubmissionState
from campaign.consultations.pieces import filled_in, pieces_at
from campaign.consultations.queries import ordered_answers, ordered_questions
from campaign.consultations.requirements import requirements_of
from campaign.consultations.services import (
    OwnPartChangedMeanwhile,
    QuestionChangedMeanwhile,
    QuestionIsGone,
    SubmissionIsFrozen,
    save_own_part,
)
from campaign.consultations.views.access import team_submission
from campaign.consultations.views.writing import (
    autosaved,
    is_autosave,
    not_asked,
    still_asked,
    typed_words,
)
from campaign.consultations.workspace import NamedPart, named_parts, organization_usages
from campaign.core.access import form_status, posted, require
from campaign.core.forms import keep_typed
from campaign.documents.words import word_changes
from campaign.organizations.models import Organization


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_parts(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """The common answer, then each organization's part. Who drafts for an organization changes its part alone.

    Autosave posts here too, and gets JSON. Where the text is frozen, or the question is not asked any more, nothing can be saved:
    what was typed is shown with 409.
    """
    submission, role = team_submission(request, pk)
    member = team_member(request.user, submission.campaign)
    organization = member.organization if member and can_draft_answers(role) else None
    require(organization is not None or request.method != "POST")
    question = still_asked(submission, number)
    if question is None:
        return not_asked(request, submission, number)
    if member is None or organization is None or submission.state != SubmissionState.DRAFTING:
        if is_autosave(request):
            return JsonResponse({"message": str(SubmissionIsFrozen())}, status=409)
        return _page(request, submission, question, member)
    return _write(request, submission, question, member, organization)


def _write(
    request: SignedInRequest,
    submission: Submission,
    question: Question,
    member: TeamMember,
    organization: Organization,
) -> HttpResponse:
    """The page with the form, and what is sent from it."""
    stored = _stored(submission, question, organization)
    form = OwnPartForm(posted(request), question=question, initial=_initial(question, stored))

    def save(at: datetime) -> OwnPart:
        return save_own_part(
            submission=submission,
            question=question,
            organization=organization,
            by=request.user,
            at=at,
            is_autosave=is_autosave(request),
            **form.part,
        )

    if is_autosave(request):
        return autosaved(form, save, lambda: _stored(submission, question, organization))
    # Under this the browser keeps what is not saved.
    place = f"{submission.pk}:{question.pk}:{organization.pk}"
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            save(timezone.now())
        except OwnPartChangedMeanwhile as error:
            form.add_error(None, str(error))
            theirs = _stored(submission, question, organization)
            keep_typed(form, version=str(theirs.version if theirs else 0))
        except QuestionChangedMeanwhile as error:
            form.add_error(None, str(error))
            keep_typed(form, asked=question.digest)
        except QuestionIsGone:
            return not_asked(request, submission, question.number)
        except SubmissionIsFrozen:
            submission.refresh_from_db(fields=["state", "frozen_text"])
            return _page(request, submission, question, member)
        else:
            messages.info(request, _("Saved."), extra_tags=f"forget=autosave:{place}")
            return redirect("own_parts", submission.pk, question.number)
    return _page(
        request,
        submission,
        question,
        member,
        organization=organization,
        form=form,
        stored=stored,
        place=place,
        theirs=theirs,
        their_words=word_changes(theirs.text, str(form.cleaned_data["text"])) if theirs else (),
    )


def _page(
    request: SignedInRequest,
    submission: Submission,
    question: Question,
    member: TeamMember | None,
    **writing: Any,
) -> HttpResponse:
    """All parts side by side; with `form`, one's own to write in. What was sent and cannot be saved is shown, to be copied."""
    is_lost = request.method == "POST" and "form" not in writing
    if submission.state == SubmissionState.DRAFTING or submission.frozen_text is None:
        columns = _columns(submission, question)
    else:
        columns = _frozen_columns(submission.frozen_text.data, question)
    context = {
        "submission": submission,
        "question": question,
        "is_drafting": submission.state == SubmissionState.DRAFTING,
        "typed": typed_words(request) if is_lost else [],
        "organization": None,
        "form": None,
        "works_for": str(member.organization_id) if member else "",
        **writing,
        **columns,
    }
    status = 409 if is_lost else form_status(writing.get("form"))
    return render(request, "consultations/own_parts.html", context, status=status)


def _initial(question: Question, stored: OwnPart | None) -> dict[str, Any]:
    return {
        "text": stored.text if stored else "",
        "short_text": stored.short_text if stored else "",
        "version": stored.version if stored else 0,
        "asked": question.digest,
    }


def _stored(submission: Submission, question: Question, organization: Organization) -> OwnPart | None:
    return submission.own_parts.filter(question=question, organization=organization).first()


def _frozen_columns(data: dict[str, Any], question: Question) -> dict[str, Any]:
    """The common answer and each part as they are frozen."""
    found = frozen_question(data, question.number) or {"answer": "", "short_answer": "", "own_parts": []}
    html, notes = frozen_preview(found["answer"], data, anchor="note-0")
    return {
        "answer_html": html,
        "answer_notes": notes,
        "answer_short": found["short_answer"],
        "columns": [
            _frozen_column(data, part, place)
            for place, part in enumerate(found.get("own_parts", []), start=1)
        ],
    }


def _frozen_column(data: dict[str, Any], part: dict[str, Any], place: int) -> dict[str, Any]:
    html, notes = frozen_preview(part["answer"], data, anchor=f"note-{place}")
    return {
        "organization_id": part["organization_id"],
        "name": part["organization"],
        "html": html,
        "notes": notes,
        "short": part["short_answer"],
    }


def _columns(submission: Submission, question: Question) -> dict[str, Any]:
    """The common answer and each part as they will be printed, and what each organization uses of the limits."""
    parts = named_parts(submission=submission)
    answers = {row.question_id: row for row in ordered_answers(submission=submission)}
    questions = list(ordered_questions(consultation=submission.consultation))
    in_force = requirements_of(submission.consultation)
    usages = organization_usages(in_force=in_force, questions=questions, answers=answers, parts=parts)
    used = {each.organization_id: (each.own.get(question.number, []), each.shared) for each in usages}
    sources = {row.key: row for row in campaign_sources(campaign=submission.campaign)}
    pieces = pieces_at(submission)

    def printed(text: str, place: int) -> tuple[SafeString, list[Note]]:
        return preview(filled_in(text, pieces)[0], sources, anchor=f"note-{place}")

    def column(place: int, named: NamedPart) -> dict[str, Any]:
        html, notes = printed(named.part.text, place)
        own, shared = used.get(named.organization.pk, ([], []))
        return {
            "organization_id": str(named.organization.pk),
            "name": named.name,
            "html": html,
            "notes": notes,
            "short": named.part.short_text,
            "own_usages": own,
            "shared_usages": shared,
        }

    answer = answers.get(question.pk)
    html, notes = printed(answer.text if answer else "", 0)
    return {
        "answer_html": html,
        "answer_notes": notes,
        "answer_short": answer.short_text if answer else "",
        "columns": [column(place, named) for place, named in enumerate(parts.get(question.pk, []), start=1)],
    }
