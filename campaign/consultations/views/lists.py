"""Questions from a list: what it changes is seen before anything is stored."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.consultations.files import MEDIA_TYPES
from campaign.consultations.forms.facts import ListForm
from campaign.consultations.forms.questions import LinesForm, PasteForm
from campaign.consultations.importer import (
    ListError,
    OutlineDoesNotHold,
    read_lines,
    read_list,
    template_csv,
    template_xlsx,
)
from campaign.consultations.rules import can_import_consultations
from campaign.consultations.services import bring_questions
from campaign.consultations.views.editing import edited_consultation
from campaign.core.access import form_status, posted, require

TEMPLATES = {"csv": template_csv, "xlsx": template_xlsx}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Bring a list of questions for a consultation that stands."""
    consultation = edited_consultation(request, slug)
    form = ListForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            sections = read_list(form.cleaned_data["questions"].read())
            draft = bring_questions(
                consultation=consultation, sections=sections, by=request.user, at=timezone.now()
            )
        except ListError as error:
            form.add_error("questions", [str(each) for each in error.mistakes])
        except OutlineDoesNotHold as error:
            form.add_error("questions", str(error))
        else:
            return redirect("consultation_changes", draft.pk)
    context = {"consultation": consultation, "form": form}
    return render(request, "consultations/question_list.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_paste(request: SignedInRequest, slug: str) -> HttpResponse:
    """Bring the text of a call: first as it was copied, then with what each of its lines is."""
    consultation = edited_consultation(request, slug)
    form = PasteForm(posted(request))
    if request.method != "POST" or "again" in request.POST or not form.is_valid():
        if "again" in request.POST:
            form = PasteForm(initial={"text": request.POST.get("text", "")})
        context = {"consultation": consultation, "form": form}
        return render(request, "consultations/question_paste.html", context, status=form_status(form))
    text = form.cleaned_data["text"]
    is_confirmed = "confirm" in request.POST
    lines = LinesForm(request.POST if is_confirmed else None, lines=read_lines(text), initial={"text": text})
    if is_confirmed and lines.is_valid() and (sections := lines.sections()):
        try:
            draft = bring_questions(
                consultation=consultation, sections=sections, by=request.user, at=timezone.now()
            )
        except OutlineDoesNotHold as error:
            lines.add_error(None, str(error))
        else:
            return redirect("consultation_changes", draft.pk)
    context = {"consultation": consultation, "form": lines}
    return render(request, "consultations/question_lines.html", context, status=form_status(lines))


@login_required
@require_safe
def question_list_template(request: SignedInRequest, file_format: str) -> HttpResponse:
    """An empty list to fill in."""
    require(can_import_consultations(request.user) or request.user.is_staff)
    if file_format not in TEMPLATES:
        raise Http404
    response = HttpResponse(TEMPLATES[file_format](), content_type=MEDIA_TYPES[file_format])
    response.headers["Content-Disposition"] = f'attachment; filename="questions.{file_format}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
