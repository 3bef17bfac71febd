"""Files: what an authority gives with its call, for all; and what an answer consists of, for the team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.consultations.boxes import frozen_questions
from campaign.consultations.checks.files import file_problems
from campaign.consultations.files import MEDIA_TYPES, ending_of, kept
from campaign.consultations.forms.attachments import AnswerFileForm, DocumentForm
from campaign.consultations.models import (
    AuthorityDocument,
    Question,
    QuestionKind,
    Submission,
    SubmissionState,
    UploadedAnswer,
)
from campaign.consultations.requirements import requirements_of
from campaign.consultations.services import (
    SubmissionIsFrozen,
    TooManyDocuments,
    UploadIsRefused,
    add_document,
    remove_document,
    remove_upload,
    upload_answer,
)
from campaign.consultations.views.access import drafted_submission, submission_of, team_filing
from campaign.consultations.views.editing import back_to, edited_consultation
from campaign.core.access import form_status, posted, require_role


# --- What the authority gives -----------------------------------------------------
@require_safe
def document_file(request: HttpRequest, slug: str, document: UUID) -> HttpResponse:
    """The copy of a document that the authority gives. The call is public, and so is this."""
    row = get_object_or_404(AuthorityDocument, consultation__slug=slug, pk=document)
    return _as_file(row)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def document_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """One more document of the authority."""
    consultation = edited_consultation(request, slug)
    form = DocumentForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_document(consultation=consultation, by=request.user, at=timezone.now(), **form.cleaned_data)
        except TooManyDocuments as error:
            form.add_error(None, str(error))
        else:
            return back_to(consultation)
    context = {"consultation": consultation, "form": form}
    return render(request, "consultations/document_add.html", context, status=form_status(form))


@login_required
@require_POST
def document_remove(request: SignedInRequest, slug: str, document: UUID) -> HttpResponse:
    """Take out a document of the authority."""
    consultation = edited_consultation(request, slug)
    remove_document(document=get_object_or_404(consultation.documents, pk=document))
    return back_to(consultation)


# --- What an answer consists of ---------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_file(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """The file for a question that asks for one: what is there, and another one in its place."""
    submission, question = _asked_for_file(request, pk, number)
    form = AnswerFileForm(posted(request) if "remove" not in request.POST else None, request.FILES or None)
    if request.method == "POST" and (
        _take_back(request, submission, question)
        if "remove" in request.POST
        else form.is_valid() and _take(request, form, submission, question)
    ):
        return redirect("answer_file", submission.pk, question.number)
    row = UploadedAnswer.objects.filter(submission=submission, question=question).first()
    in_force = requirements_of(submission.consultation)
    context = {
        "submission": submission,
        "question": question,
        "form": form,
        "upload": row,
        "problems": file_problems(in_force, name=row.file_name, size=row.byte_size) if row else [],
        "is_drafting": submission.state == SubmissionState.DRAFTING,
    }
    return render(request, "consultations/answer_file.html", context, status=form_status(form))


def _take(request: SignedInRequest, form: AnswerFileForm, submission: Submission, question: Question) -> bool:
    try:
        upload_answer(
            submission=submission,
            question=question,
            file=form.cleaned_data["file"],
            by=request.user,
            at=timezone.now(),
        )
    except (SubmissionIsFrozen, UploadIsRefused) as error:
        form.add_error("file", str(error))
        return False
    messages.info(
        request, _("The file is kept here, for your team alone. You upload it on the portal when you file.")
    )
    return True


def _take_back(request: SignedInRequest, submission: Submission, question: Question) -> bool:
    try:
        remove_upload(submission=submission, question=question)
    except SubmissionIsFrozen as error:
        messages.error(request, str(error))
    return True


@login_required
@require_safe
def answer_file_download(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """The file itself, for the team alone."""
    submission, role = submission_of(request, pk)
    require_role(role)
    row = get_object_or_404(
        UploadedAnswer, submission=submission, question__number=number, question__gone_at=None
    )
    return _as_file(row)


@login_required
@require_safe
def filing_upload(request: SignedInRequest, pk: Any, digest: str) -> HttpResponse:
    """The very file that was frozen with a filing's text, for the team: whatever stands under its question by now."""
    filing, _role = team_filing(request, pk)
    frozen = (each.get("upload") for each in frozen_questions(filing.frozen_text.data))
    upload = next((each for each in frozen if each and each["digest"] == digest), None)
    if upload is None:
        raise Http404
    return _saved(
        upload["digest"], file_name=upload["name"], media_type=MEDIA_TYPES[ending_of(upload["name"])]
    )


def _asked_for_file(request: SignedInRequest, pk: Any, number: str) -> tuple[Submission, Question]:
    submission = drafted_submission(request, pk)
    question = submission.consultation.questions.filter(
        number=number, gone_at=None, kind=QuestionKind.UPLOAD
    ).first()
    if question is None:
        raise Http404
    return submission, question


def _as_file(row: AuthorityDocument | UploadedAnswer) -> HttpResponse:
    """For saving: it is never shown inside a page of this site."""
    return _saved(row.digest, file_name=row.file_name, media_type=row.media_type)


def _saved(digest: str, *, file_name: str, media_type: str) -> HttpResponse:
    content = kept(digest) if digest else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
