"""Consultations on the web: questions, drafting, freezing, filing."""

import zoneinfo
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import Campaign, CampaignState
from campaign.campaigns.queries import campaigns_drafted_in, campaigns_worked_in
from campaign.campaigns.rules import can_draft_answers, can_lead
from campaign.campaigns.services import UnderEmbargo
from campaign.consultations.checks import freeze_findings
from campaign.consultations.documents import filed_content
from campaign.consultations.forms import AnswerForm, AttachmentsForm, FreezeForm, ImportForm, StartForm
from campaign.consultations.importer import import_consultation
from campaign.consultations.limits import answer_usages, box_block, submission_limits, submission_usages
from campaign.consultations.models import Answer, Consultation, Filing, Question, Submission, SubmissionState
from campaign.consultations.queries import (
    consultation_cards,
    filing_document,
    is_practice,
    ordered_answers,
    ordered_questions,
    public_filings,
    sections_with_questions,
    submission_filings,
)
from campaign.consultations.rules import can_import_consultations, submission_role
from campaign.consultations.services import (
    AnswerChangedMeanwhile,
    CannotFreeze,
    SubmissionCannotMove,
    SubmissionIsFrozen,
    edit_attachments,
    file_submission,
    freeze_submission,
    reopen_submission,
    save_answer,
    start_submission,
)
from campaign.core.access import form_status, posted, require, require_role
from campaign.core.cleaning import markdown_to_html
from campaign.core.yamlfile import FileError
from campaign.organizations.queries import call_of, text_endorsements


@require_safe
def consultation_list(request: HttpRequest) -> HttpResponse:
    context = {
        "consultations": consultation_cards(),
        "filings": public_filings()[:20],
        "now": timezone.now(),
        "can_import": can_import_consultations(request.user),
    }
    return render(request, "consultations/consultation_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consultation_import(request: SignedInRequest) -> HttpResponse:
    require(can_import_consultations(request.user))
    form = ImportForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            consultation = import_consultation(raw=upload.read(), file=upload.name, by=request.user)
        except FileError as error:
            form.add_error("file", str(error))
        else:
            return redirect("consultation_detail", consultation.slug)
    context = {"form": form}
    return render(request, "consultations/consultation_import.html", context, status=form_status(form))


@require_safe
def consultation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_object_or_404(
        Consultation.objects.select_related("authority__jurisdiction", "profile"), slug=slug
    )
    campaigns = _own_campaigns(request)
    drafting = campaigns_drafted_in(user=request.user)
    context = {
        "consultation": consultation,
        "sections": sections_with_questions(consultation=consultation),
        "limits": submission_limits(consultation),
        "is_open": consultation.is_open_at(timezone.now()),
        "closes_there": consultation.closes_at.astimezone(zoneinfo.ZoneInfo(consultation.time_zone)),
        "filings": public_filings().filter(submission__consultation=consultation),
        "submissions": Submission.objects.filter(consultation=consultation, campaign__in=campaigns)
        .select_related("campaign")
        .order_by("title", "pk"),
        "can_start": drafting.exists(),
    }
    return render(request, "consultations/consultation_detail.html", context)


def _own_campaigns(request: HttpRequest) -> Any:
    """Campaigns whose submissions the user sees."""
    if not request.user.is_authenticated:
        return Campaign.objects.none()
    return campaigns_worked_in(user=request.user)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_create(request: SignedInRequest, slug: str) -> HttpResponse:
    consultation = get_object_or_404(Consultation, slug=slug)
    campaigns = campaigns_drafted_in(user=request.user)
    require(campaigns.exists())
    initial = {"locale": consultation.locale, "campaign": campaigns.first()}
    form = StartForm(posted(request), campaigns=campaigns, initial=initial)
    if request.method == "POST" and form.is_valid():
        submission = start_submission(consultation=consultation, **form.cleaned_data)
        return redirect("submission_detail", submission.pk)
    context = {"form": form, "consultation": consultation}
    return render(request, "consultations/submission_create.html", context, status=form_status(form))


def _submission(request: HttpRequest, pk: Any) -> tuple[Submission, str | None]:
    submission = get_object_or_404(
        Submission.objects.select_related(
            "consultation__authority__jurisdiction",
            "consultation__profile",
            "campaign__owner",
            "annex__template",
            "annex__frozen_text",
            "petition__frozen_text",
            "frozen_text",
        ),
        pk=pk,
    )
    return submission, submission_role(request.user, submission)


def _drafter(request: HttpRequest, pk: Any) -> Submission:
    submission, role = _submission(request, pk)
    require(can_draft_answers(require_role(role)))
    return submission


def _leader(request: HttpRequest, pk: Any) -> Submission:
    submission, role = _submission(request, pk)
    require(can_lead(require_role(role)))
    return submission


@require_safe
def submission_detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """The team's overview of a submission. Everybody else sees what was filed, on the filing's own page."""
    submission, role = _submission(request, pk)
    if role is None:
        latest = submission_filings(submission=submission).first()
        if latest is None or submission.campaign.state != CampaignState.PUBLISHED:
            raise Http404
        return redirect("filing_detail", latest.pk)
    answers = ordered_answers(submission=submission)
    by_question = {answer.question_id: answer for answer in answers}
    text = submission.frozen_text
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "rows": [
            (question, by_question.get(question.pk))
            for question in ordered_questions(consultation=submission.consultation)
        ],
        "usages": submission_usages(submission.consultation, answers),
        "is_drafting": submission.state == SubmissionState.DRAFTING,
        "is_practice": is_practice(submission=submission, at=timezone.now()),
        "call": call_of(frozen_text=text) if text else None,
        "endorsements": text_endorsements(frozen_text=text) if text else [],
        "filings": submission_filings(submission=submission),
        "can_lead": can_lead(role),
        "summary_html": markdown_to_html(submission.summary),
    }
    return render(request, "consultations/submission_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_edit(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Summary, annex and the petition to cite."""
    submission = _drafter(request, pk)
    initial = {
        "summary": submission.summary,
        "annex": submission.annex_id,
        "petition": submission.petition_id,
    }
    form = AttachmentsForm(posted(request), submission=submission, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_attachments(submission=submission, **form.cleaned_data)
        except SubmissionIsFrozen as error:
            form.add_error(None, str(error))
        else:
            return redirect("submission_detail", submission.pk)
    context = {"form": form, "submission": submission}
    return render(request, "consultations/submission_form.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_edit(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """One question and its answer. Saving leads to the next question."""
    submission = _drafter(request, pk)
    questions = list(ordered_questions(consultation=submission.consultation))
    question = next((each for each in questions if each.number == number), None)
    if question is None:
        raise Http404
    answer = submission.answers.filter(question=question).first()
    initial = {
        "text": answer.text if answer else "",
        "short_text": answer.short_text if answer else "",
        "version": answer.version if answer else 0,
    }
    form = AnswerForm(posted(request), question=question, initial=initial)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            save_answer(
                submission=submission,
                question=question,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except AnswerChangedMeanwhile as error:
            form.add_error(None, str(error))
            theirs = submission.answers.filter(question=question).first()
            typed = request.POST.copy()
            typed["version"] = str(theirs.version if theirs else 0)
            form.data = typed
        except SubmissionIsFrozen as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _("Saved."))
            return redirect(_after_saving(request, submission, questions, question))
    context = {
        "submission": submission,
        "form": form,
        "theirs": theirs,
        "is_drafting": submission.state == SubmissionState.DRAFTING,
        "preview_html": markdown_to_html(answer.text) if answer else "",
        **_neighbors(questions, question),
        **_counts(submission, question, form),
    }
    return render(request, "consultations/answer_edit.html", context, status=form_status(form))


def _neighbors(questions: list[Question], question: Question) -> dict[str, Any]:
    index = questions.index(question)
    return {
        "question": question,
        "previous": questions[index - 1] if index else None,
        "next": questions[index + 1] if index + 1 < len(questions) else None,
        "position": index + 1,
        "total": len(questions),
    }


def _counts(submission: Submission, question: Question, form: AnswerForm) -> dict[str, Any]:
    """What the two counters need: the limits, what the text in the form uses, and what the other answers use."""
    consultation = submission.consultation
    value = form["short_text"].value() or ""
    typed = "\n".join(value) if isinstance(value, list) else str(value)
    others = [each for each in ordered_answers(submission=submission) if each.question_id != question.pk]
    mine = Answer(submission=submission, question=question, short_text=typed)
    together = sorted([*others, mine], key=lambda each: each.question.position)
    return {
        "own_usages": answer_usages(consultation, question, typed),
        "shared_usages": submission_usages(consultation, together),
        # Pieces are counted apart, so that the page can add them up while somebody types.
        "other_blocks": [
            box_block(each.question.number, each.short_text) for each in others if each.short_text.strip()
        ],
        "block_prefix": box_block(question.number, ""),
    }


def _after_saving(
    request: HttpRequest, submission: Submission, questions: list[Question], question: Question
) -> str:
    index = questions.index(question)
    if "next" in request.POST and index + 1 < len(questions):
        return reverse("answer_edit", args=[submission.pk, questions[index + 1].number])
    if "stay" in request.POST:
        return reverse("answer_edit", args=[submission.pk, question.number])
    return reverse("submission_detail", args=[submission.pk])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_freeze(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Show what stands in the way; freeze."""
    submission = _leader(request, pk)
    form = FreezeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            freeze_submission(
                submission=submission,
                accept_warnings=form.cleaned_data["accept_warnings"],
                at=timezone.now(),
            )
        except (CannotFreeze, SubmissionCannotMove) as error:
            form.add_error(None, str(error))
        else:
            return redirect("submission_detail", submission.pk)
    findings = freeze_findings(submission=submission)
    context = {
        "submission": submission,
        "form": form,
        "errors": [finding for finding in findings if finding.is_error],
        "warnings": [finding for finding in findings if not finding.is_error],
    }
    return render(request, "consultations/submission_freeze.html", context, status=form_status(form))


@login_required
@require_POST
def submission_reopen(request: SignedInRequest, pk: Any) -> HttpResponse:
    submission = _leader(request, pk)
    with suppress(SubmissionCannotMove):  # it is open already: what was asked for
        reopen_submission(submission=submission)
    return redirect("submission_detail", submission.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_file(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Show what filing fixes; file."""
    submission = _leader(request, pk)
    if request.method == "POST":
        try:
            filing = file_submission(submission=submission, by=request.user, at=timezone.now())
        except SubmissionCannotMove:
            return redirect("submission_detail", submission.pk)
        except UnderEmbargo as error:
            messages.error(request, str(error))
            return redirect("submission_detail", submission.pk)
        return redirect("filing_detail", filing.pk)
    text = submission.frozen_text
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "is_open": submission.consultation.is_open_at(timezone.now()),
        "endorsements": text_endorsements(frozen_text=text) if text else [],
        "is_frozen": submission.state == SubmissionState.FROZEN,
    }
    return render(request, "consultations/submission_file.html", context)


@require_safe
def filing_detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """What was filed: the document, the text for the box, who stood behind it, what was counted."""
    filing = get_object_or_404(
        Filing.objects.select_related(
            "submission__consultation__authority",
            "submission__consultation__profile",
            "submission__campaign__owner",
            "record",
            "frozen_text",
        ),
        pk=pk,
    )
    submission = filing.submission
    role = submission_role(request.user, submission)
    if submission.campaign.state != CampaignState.PUBLISHED:
        require_role(role)
    context = {
        "filing": filing,
        "submission": submission,
        "consultation": submission.consultation,
        "document": filing_document(filing=filing),
        **filed_content(filing),
        "role": role,
    }
    return render(request, "consultations/filing_detail.html", context)
