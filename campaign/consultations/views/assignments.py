"""Who sees to which question."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.models import User
from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.rules import can_lead
from campaign.consultations.forms.workspace import AssignmentForm
from campaign.consultations.models import Assignment, Submission, WorkStatus
from campaign.consultations.rules import submission_role
from campaign.consultations.services import (
    AssignmentChangedMeanwhile,
    assign_question,
    take_question,
)
from campaign.consultations.views.access import asked_question, drafted_submission
from campaign.consultations.workspace import drafting_people
from campaign.core.access import form_status, posted
from campaign.core.errors import DomainError
from campaign.core.forms import keep_typed


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_edit(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """Who sees to one question, how far it is, until when. Who leads gives it to anybody; others to themselves or nobody."""
    submission = drafted_submission(request, pk)
    question = asked_question(submission, number)
    stored = _stored(submission, question.pk)
    initial = {
        "owner": str(stored.owner_id or "") if stored else "",
        "status": stored.status if stored else WorkStatus.TODO,
        "due_date": stored.due_date if stored else None,
        "version": stored.version if stored else 0,
    }
    people = _people(request, submission, stored)
    form = AssignmentForm(posted(request), people=people, initial=initial)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            assign_question(
                submission=submission,
                question=question,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except AssignmentChangedMeanwhile as error:
            form.add_error(None, str(error))
            theirs = _stored(submission, question.pk)
            keep_typed(form, version=str(theirs.version if theirs else 0))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _("Saved."))
            return redirect("submission_detail", submission.pk)
    context = {"submission": submission, "question": question, "form": form, "theirs": theirs}
    return render(request, "consultations/assignment_edit.html", context, status=form_status(form))


def _stored(submission: Submission, question_id: Any) -> Assignment | None:
    return submission.assignments.filter(question=question_id).select_related("owner").first()


def _people(request: SignedInRequest, submission: Submission, stored: Assignment | None) -> list[User]:
    """Whom the one who asks may give it to, and who has it."""
    people = drafting_people(campaign=submission.campaign)
    if can_lead(submission_role(request.user, submission)):
        found = people
    else:
        has_it = stored.owner_id if stored else None
        found = [person for person in people if person.pk in {request.user.pk, has_it}]
    if stored and stored.owner and stored.owner not in found:
        found.append(stored.owner)  # left the team: shown until somebody else has it
    return found


@login_required
@require_POST
def question_take(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """“I take it.”"""
    submission = drafted_submission(request, pk)
    question = asked_question(submission, number)
    try:
        take_question(submission=submission, question=question, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        words = {"number": question.number}
        messages.info(request, _("Question %(number)s is yours.") % words)
    return redirect("answer_edit", submission.pk, question.number)
