"""One question and its answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.accounts.requests import SignedInRequest
from campaign.consultations.conditions import questions_that_apply
from campaign.consultations.forms.submissions import AnswerForm
from campaign.consultations.limits import answer_usages, box_block, submission_usages
from campaign.consultations.models import Answer, Question, Submission, SubmissionState
from campaign.consultations.queries import (
    ordered_answers,
    ordered_questions,
)
from campaign.consultations.requirements import requirements_of
from campaign.consultations.services import (
    AnswerChangedMeanwhile,
    QuestionChangedMeanwhile,
    QuestionIsGone,
    SubmissionIsFrozen,
    save_answer,
)
from campaign.consultations.views.access import drafted_submission
from campaign.core.access import form_status, posted
from campaign.core.cleaning import markdown_to_html


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_edit(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """One question and its answer. Saving leads to the next question."""
    submission = drafted_submission(request, pk)
    questions = list(ordered_questions(consultation=submission.consultation))
    question = next((each for each in questions if each.number == number), None)
    if question is None:
        raise Http404
    answer = submission.answers.filter(question=question).select_related("question").first()
    initial = {
        "text": answer.text if answer else "",
        "short_text": answer.short_text if answer else "",
        "version": answer.version if answer else 0,
        "asked": question.digest,
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
            theirs = submission.answers.filter(question=question).select_related("question").first()
            typed = request.POST.copy()
            typed["version"] = str(theirs.version if theirs else 0)
            form.data = typed
        except QuestionChangedMeanwhile as error:
            form.add_error(None, str(error))
            typed = request.POST.copy()
            typed["asked"] = question.digest
            form.data = typed
        except (SubmissionIsFrozen, QuestionIsGone) as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _("Saved."))
            return redirect(_after_saving(request, submission, questions, question))
    context = {
        "submission": submission,
        "form": form,
        "theirs": theirs,
        "outdated": answer if answer and answer.is_outdated else None,
        "is_drafting": submission.state == SubmissionState.DRAFTING,
        "preview_html": markdown_to_html(answer.text) if answer else "",
        "applies": question.pk in _applying(submission, questions),
        **_neighbors(questions, question),
        **_counts(submission, question, form),
    }
    return render(request, "consultations/answer_edit.html", context, status=form_status(form))


def _applying(submission: Submission, questions: list[Question]) -> set[UUID]:
    by_question = {answer.question_id: answer for answer in ordered_answers(submission=submission)}
    return questions_that_apply(questions, by_question)


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
    in_force = requirements_of(submission.consultation)
    value = form["short_text"].value() or ""
    typed = "\n".join(value) if isinstance(value, list) else str(value)
    others = [each for each in ordered_answers(submission=submission) if each.question_id != question.pk]
    mine = Answer(submission=submission, question=question, short_text=typed)
    together = sorted([*others, mine], key=lambda each: each.question.position)
    return {
        "own_usages": answer_usages(in_force, question, typed),
        "shared_usages": submission_usages(in_force, together),
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
