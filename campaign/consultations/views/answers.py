"""One question and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.accounts.requests import SignedInRequest
from campaign.consultations.boxes import frozen_question
from campaign.consultations.conditions import questions_that_apply
from campaign.consultations.evidence import campaign_sources, frozen_preview, preview
from campaign.consultations.forms.submissions import AnswerForm
from campaign.consultations.limits import answer_usages, box_block, is_typed, submission_usages
from campaign.consultations.models import Answer, LibraryAnswer, Question, Submission, SubmissionState
from campaign.consultations.pieces import SIMPLE, PieceMissing, Pieces, filled_in, pieces_at
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
from campaign.consultations.views.writing import (
    autosaved,
    is_autosave,
    not_asked,
    typed_words,
)
from campaign.consultations.workspace import library_answers, named_parts, remark_threads
from campaign.core.access import form_status, posted
from campaign.core.forms import keep_typed
from campaign.documents.words import Piece, word_changes


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_edit(request: SignedInRequest, pk: Any, number: str) -> HttpResponse:
    """One question and its answer. Saving leads to the next question. Autosave posts here too, and gets JSON.

    Where the text is frozen, or the question is not asked any more, nothing can be saved: what was typed is shown with 409.

    `?from=`: an answer of the library that the form begins with; nothing of it is stored before somebody saves.
    """
    submission = drafted_submission(request, pk)
    questions = list(ordered_questions(consultation=submission.consultation))
    question = next((each for each in questions if each.number == number), None)
    if question is None:
        return not_asked(request, submission, number)
    if is_autosave(request):
        return _autosave(request, submission, question)
    if submission.state != SubmissionState.DRAFTING:
        return _frozen_page(request, submission, questions, question)
    answer = _stored(submission, question)
    begun_from = _begun_from(request, submission)
    form = AnswerForm(posted(request), question=question, initial=_initial(question, answer, begun_from))
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
            theirs = _stored(submission, question)
            keep_typed(form, version=str(theirs.version if theirs else 0))
        except QuestionChangedMeanwhile as error:
            form.add_error(None, str(error))
            keep_typed(form, asked=question.digest)
        except QuestionIsGone:
            return not_asked(request, submission, number)
        except SubmissionIsFrozen:
            submission.refresh_from_db(fields=["state", "frozen_text"])
            return _frozen_page(request, submission, questions, question)
        else:
            place = f"autosave:{submission.pk}:{question.pk}"
            messages.info(request, _("Saved."), extra_tags=f"forget={place}")
            return redirect(_after_saving(request, submission, questions, question))
    context = {
        "submission": submission,
        "form": form,
        "answer": answer,
        "theirs": theirs,
        "their_words": _their_words(theirs, form) if theirs else (),
        "begun_from": begun_from if request.method != "POST" else None,
        "outdated": answer if answer and answer.is_outdated else None,
        "is_drafting": True,
        "applies": question.pk in _applying(submission, questions),
        **_neighbors(questions, question),
        **_counts(submission, question, form),
        **_beside(submission, question, answer),
    }
    return render(request, "consultations/answer_edit.html", context, status=form_status(form))


def _stored(submission: Submission, question: Question) -> Answer | None:
    return submission.answers.filter(question=question).select_related("question").first()


def _begun_from(request: SignedInRequest, submission: Submission) -> LibraryAnswer | None:
    """The answer of the library that an address names; None for one that is not there."""
    try:
        pk = UUID(request.GET.get("from", ""))
    except ValueError:
        return None
    return library_answers(campaign=submission.campaign).filter(pk=pk).first()


def _initial(question: Question, answer: Answer | None, begun_from: LibraryAnswer | None) -> dict[str, Any]:
    words = begun_from or answer
    takes_short = question.takes_text or begun_from is None
    short = words if takes_short else answer  # a choice is made here, never taken from elsewhere
    return {
        "text": words.text if words else "",
        "short_text": short.short_text if short else "",
        "version": answer.version if answer else 0,
        "asked": question.digest,
    }


def _their_words(theirs: Answer, form: AnswerForm) -> Sequence[Piece]:
    """From what the other person saved to what was typed here."""
    return word_changes(theirs.text, str(form.cleaned_data.get("text", "")))


def _autosave(request: SignedInRequest, submission: Submission, question: Question) -> JsonResponse:
    form = AnswerForm(request.POST, question=question)

    def save(at: datetime) -> Answer:
        return save_answer(
            submission=submission,
            question=question,
            by=request.user,
            at=at,
            is_autosave=True,
            **form.cleaned_data,
        )

    return autosaved(form, save, lambda: _stored(submission, question))


def _frozen_page(
    request: SignedInRequest, submission: Submission, questions: list[Question], question: Question
) -> HttpResponse:
    """The answer as it is frozen. What somebody sent all the same is shown, to be copied."""
    data = submission.frozen_text.data if submission.frozen_text else {"sections": []}
    answer = frozen_question(data, question.number)
    html, notes = frozen_preview(answer["answer"], data) if answer else (SafeString(), [])
    context = {
        "submission": submission,
        "answer": answer,
        "answer_html": html,
        "answer_notes": notes,
        "is_asked_otherwise": answer and answer["question"] != question.text,
        "typed": typed_words(request) if request.method == "POST" else [],
        **_neighbors(questions, question),
        **_work(submission, question),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "consultations/answer_frozen.html", context, status=status)


def _beside(submission: Submission, question: Question, answer: Answer | None) -> dict[str, Any]:
    """What stands beside the form: the answer as it will be printed, sources, what can be pulled in, and who works on it."""
    sources = campaign_sources(campaign=submission.campaign)
    pieces = pieces_at(submission)
    text, problems = filled_in(answer.text if answer else "", pieces)
    html, notes = preview(text, {source.key: source for source in sources})
    return {
        "preview_html": html,
        "notes": notes,
        "piece_problems": problems,
        "sources": sources,
        "pulls": _pulls(pieces),
        "provisions": [row for row in pieces.provisions if row.key and (row.text or row.heading)],
        **_work(submission, question),
    }


def _work(submission: Submission, question: Question) -> dict[str, Any]:
    """Who works on the answer, and what was said of it."""
    return {
        "assignment": submission.assignments.filter(question=question).select_related("owner").first(),
        # The first few are shown; one more tells that there are more.
        "open_threads": list(remark_threads(submission=submission, question=question)[:6]),
        "own_part_total": len(named_parts(submission=submission).get(question.pk, [])),
    }


def _pulls(pieces: Pieces) -> list[dict[str, Any]]:
    """What can be pulled in besides provisions: what it gives now, or why it gives nothing."""
    found = []
    for piece in SIMPLE:
        try:
            drawn, missing = pieces.draw(piece.mark), ""
        except PieceMissing as error:
            drawn, missing = "", str(error)
        shown = drawn if piece.mark == "signatures" else ""
        found.append({"piece": piece, "mark": f"[[{piece.mark}]]", "shown": shown, "missing": missing})
    return found


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
            box_block(each.question.number, each.short_text) for each in others if is_typed(each)
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
