"""What the pages of the work on a submission share: saving while somebody writes, what is lost otherwise, links of lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from campaign.accounts.requests import SignedInRequest
from campaign.consultations.models import Answer, OwnPart, Question, Submission
from campaign.consultations.services import AnswerChangedMeanwhile, OwnPartChangedMeanwhile, QuestionIsGone
from campaign.core.errors import DomainError


def kept_in_links(chosen: dict[str, str]) -> str:
    """What stays in the links of a list from page to page, encoded, with a sign for what follows."""
    found = urlencode({name: value for name, value in chosen.items() if value})
    return f"{found}&" if found else ""


def is_autosave(request: SignedInRequest) -> bool:
    """Whether the page saves by itself while somebody writes, and wants JSON."""
    return request.method == "POST" and "autosave" in request.POST


def still_asked(submission: Submission, number: str) -> Question | None:
    """The question with this number; None where the authority does not ask one."""
    rows = submission.consultation.questions.filter(number=number, gone_at=None)
    return rows.select_related("section").first()


def not_asked(request: SignedInRequest, submission: Submission, number: str) -> HttpResponse:
    """What was typed for a question that is not asked any more, to be copied: nothing typed is lost. 404 where nothing was."""
    if request.method != "POST":
        raise Http404
    if is_autosave(request):
        return JsonResponse({"message": str(QuestionIsGone())}, status=409)
    context = {"submission": submission, "number": number, "typed": typed_words(request)}
    return render(request, "consultations/answer_gone.html", context, status=409)


def typed_words(request: SignedInRequest) -> list[str]:
    """The full and the short text of a form as they were sent, without empty ones."""
    texts = ["\n".join(request.POST.getlist(name)).strip() for name in ("text", "short_text")]
    return [text for text in texts if text]


def autosaved(
    form: forms.Form,
    act: Callable[[datetime], Answer | OwnPart],
    theirs: Callable[[], Answer | OwnPart | None],
) -> JsonResponse:
    """Save while somebody writes: `version` to write over next, or a message, and on a conflict the words of the other."""
    if not form.is_valid():
        said = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"message": " ".join(said)}, status=422)
    at = timezone.now()
    try:
        row = act(at)
    except (AnswerChangedMeanwhile, OwnPartChangedMeanwhile) as error:
        stored = theirs()
        words = {"heading": stored.short_text if stored else "", "body": stored.text if stored else ""}
        return JsonResponse({"message": str(error), "theirs": words}, status=409)
    except DomainError as error:
        return JsonResponse({"message": str(error)}, status=409)
    said_at = time_format(timezone.localtime(at), "H:i:s")
    return JsonResponse({"version": str(row.version), "message": _("Saved at %(time)s.") % {"time": said_at}})
