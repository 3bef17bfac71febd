"""The common answer and what each organization adds to it, side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.rules import can_draft_answers, team_member
from campaign.consultations.evidence import Note, campaign_sources, preview
from campaign.consultations.forms.workspace import OwnPartForm
from campaign.consultations.models import OwnPart, Question, Submission, SubmissionState
from campaign.consultations.pieces import filled_in, pieces_at
from campaign.consultations.queries import ordered_answers, ordered_questions
from campaign.consultations.requirements import requirements_of
from campaign.consultations.services import OwnPartChangedMeanwhile, save_own_part
from campaign.consultations.views.access import asked_question, team_submission
from campaign.consultations.workspace import NamedPart, named_parts, organization_usages
from campaign.core.access import form_status, posted, require
from campaign.core.errors import DomainError
from campaign.organizations.models import Organization


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_parts(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """The common answer, then each organization's part. Who drafts for an organization changes its part alone."""
    submission, role = team_submission(request, pk)
    question = asked_question(submission, number)
    member = team_member(request.user, submission.campaign)
    organization = member.organization if member and can_draft_answers(role) else None
    require(organization is not None or request.method != "POST")
    stored = _stored(submission, question, organization)
    initial = {
        "text": stored.text if stored else "",
        "short_text": stored.short_text if stored else "",
        "version": stored.version if stored else 0,
    }
    form = OwnPartForm(posted(request), question=question, initial=initial)
    theirs = None
    if request.method == "POST" and organization and form.is_valid():
        try:
            save_own_part(
                submission=submission,
                question=question,
                organization=organization,
                text=form.cleaned_data["text"],
                short_text=form.short,
                version=form.cleaned_data["version"],
                by=request.user,
                at=timezone.now(),
            )
        except OwnPartChangedMeanwhile as error:
            form.add_error(None, str(error))
            theirs = _stored(submission, question, organization)
            form.data = {**request.POST.dict(), "version": str(theirs.version if theirs else 0)}
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _("Saved."))
            return redirect("own_parts", submission.pk, question.number)
    context = {
        "submission": submission,
        "question": question,
        "organization": organization,
        "form": form,
        "theirs": theirs,
        "is_drafting": submission.state == SubmissionState.DRAFTING,
        **_columns(submission, question),
    }
    return render(request, "consultations/own_parts.html", context, status=form_status(form))


def _stored(submission: Submission, question: Question, organization: Organization | None) -> OwnPart | None:
    return submission.own_parts.filter(question=question, organization=organization).first()


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
            "named": named,
            "html": html,
            "notes": notes,
            "own_usages": own,
            "shared_usages": shared,
        }

    answer = answers.get(question.pk)
    html, notes = printed(answer.text if answer else "", 0)
    return {
        "answer": answer,
        "answer_html": html,
        "answer_notes": notes,
        "columns": [column(place, named) for place, named in enumerate(parts.get(question.pk, []), start=1)],
    }
