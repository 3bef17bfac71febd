"""The questions of a consultation, changed by hand: one question a page, sections, and their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.consultations.forms.questions import (
    MoveForm,
    QuestionForm,
    SectionForm,
    free_number,
    question_initial,
)
from campaign.consultations.importer import (
    OutlineDoesNotHold,
    PlaceIsGone,
    SectionData,
    flat,
    outline,
    outline_of,
)
from campaign.consultations.models import Consultation
from campaign.consultations.queries import deadline_changes, ordered_channels, sections_with_questions
from campaign.consultations.services import (
    ConsultationWasChanged,
    SectionHasQuestions,
    add_question,
    add_section,
    change_question,
    move_question,
    remove_question,
    remove_section,
    rename_section,
    shift_question,
    shift_section,
)
from campaign.consultations.views.editing import back_to, edited_consultation, form_page, stored
from campaign.core.access import posted


@login_required
@require_safe
def consultation_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """All parts of a consultation, each with the way to change it."""
    consultation = edited_consultation(request, slug)
    now = timezone.now()
    channels = ordered_channels(consultation=consultation)
    context = {
        "consultation": consultation,
        "channels": [(channel, channel.is_open_at(now)) for channel in channels],
        "deadline_changes": deadline_changes(consultation=consultation),
        "sections": sections_with_questions(consultation=consultation),
        "moved": request.GET.get("moved", ""),
        "moved_up": "up" in request.GET,
        "documents": consultation.documents.order_by("added_at", "pk"),
    }
    return render(request, "consultations/consultation_edit.html", context)


# --- Sections ---------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """One more section."""
    consultation = edited_consultation(request, slug)
    form = SectionForm(posted(request), initial={"seen": consultation.revision})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if stored(
            form, consultation, lambda: add_section(consultation=consultation, at=timezone.now(), **values)
        ):
            return back_to(consultation)
    return form_page(request, consultation, form, title=_("One more section"), initial={})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: SignedInRequest, slug: str, position: int) -> HttpResponse:
    """The title of the section in that place."""
    consultation = edited_consultation(request, slug)
    index = _index_of(consultation, position)
    section = get_object_or_404(consultation.sections, position=position)
    form = SectionForm(posted(request), initial={"title": section.title, "seen": consultation.revision})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if stored(
            form,
            consultation,
            lambda: rename_section(consultation=consultation, index=index, at=timezone.now(), **values),
        ):
            return back_to(consultation)
    return form_page(
        request, consultation, form, title=_("Title of the section"), initial={"title": section.title}
    )


@login_required
@require_POST
def section_shift(request: SignedInRequest, slug: str, position: int) -> HttpResponse:
    """A section with its questions one place up or down."""
    consultation = edited_consultation(request, slug)
    index = _index_of(consultation, position)
    up = "up" in request.POST
    return _done_or_told(
        request,
        consultation,
        lambda seen: shift_section(
            consultation=consultation, index=index, up=up, seen=seen, at=timezone.now()
        ),
    )


@login_required
@require_POST
def section_remove(request: SignedInRequest, slug: str, position: int) -> HttpResponse:
    """Take out a section that is empty."""
    consultation = edited_consultation(request, slug)
    index = _index_of(consultation, position)
    return _done_or_told(
        request,
        consultation,
        lambda seen: remove_section(consultation=consultation, index=index, seen=seen, at=timezone.now()),
    )


def _index_of(consultation: Consultation, position: int) -> int:
    """Which of the sections is meant, from 0. 404 for none."""
    positions = list(consultation.sections.order_by("position").values_list("position", flat=True))
    if position not in positions:
        raise Http404
    return positions.index(position)


# --- Questions --------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """One more question. The address may name its place: `?place=after:…`."""
    consultation = edited_consultation(request, slug)
    sections = outline_of(consultation)
    if not sections:
        messages.info(request, _("Questions stand in sections. Add one first."))
        return back_to(consultation)
    initial = {
        "number": free_number(sections),
        "place": _place(sections, request.GET.get("place", "")),
        "kind": "free-text",
        "seen": consultation.revision,
    }
    form = QuestionForm(posted(request), sections=sections, initial=initial)
    if request.method == "POST" and form.is_valid():
        said, values = form.said, form.cleaned_data
        place, seen = values["place"], values["seen"]

        def add() -> None:
            add_question(consultation=consultation, said=said, place=place, seen=seen, at=timezone.now())

        if stored(form, consultation, add):
            return back_to(consultation)
    return form_page(request, consultation, form, title=_("One more question"), initial={})


def _place(sections: list[SectionData], asked: str) -> str:
    """The place that an address names: as a form has it, or the start or end of a section by its position."""
    kind, _colon, position = asked.partition(":")
    if kind not in {"start", "end"} or not position.isascii() or not position.isdigit():
        return asked
    index = int(position[:5]) - 1
    if kind == "end" and 0 <= index < len(sections) and sections[index].questions:
        return f"after:{sections[index].questions[-1].row}"
    return f"start:{index}"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_edit(request: SignedInRequest, slug: str, question: UUID) -> HttpResponse:
    """One question."""
    consultation = edited_consultation(request, slug)
    sections = outline_of(consultation)
    row = get_object_or_404(
        consultation.questions.filter(gone_at=None).annotate(answer_total=Count("answers")), pk=question
    )
    form = QuestionForm(
        posted(request), sections=sections, row=row.pk, initial=_initial(consultation, row.pk)
    )
    if request.method == "POST" and form.is_valid():
        said, seen = form.said, form.cleaned_data["seen"]

        def change() -> None:
            change_question(consultation=consultation, row=row.pk, said=said, seen=seen, at=timezone.now())

        if stored(form, consultation, change):
            return back_to(consultation)
    return form_page(
        request,
        consultation,
        form,
        title=_("Question %(number)s") % {"number": row.number},
        initial=_initial(consultation, row.pk),
        question=row,
    )


def _initial(consultation: Consultation, row: UUID) -> dict[str, Any]:
    """What the form of a question shows that stands; nothing for one that is gone meanwhile."""
    sections = outline_of(consultation)
    try:
        question = outline.question_in(sections, row)
    except PlaceIsGone:
        return {}
    earlier = QuestionForm(sections=sections, row=row).earlier
    return {**question_initial(question, earlier), "seen": consultation.revision}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_move(request: SignedInRequest, slug: str, question: UUID) -> HttpResponse:
    """Put a question with its parts anywhere else."""
    consultation = edited_consultation(request, slug)
    row = get_object_or_404(consultation.questions.filter(gone_at=None), pk=question)
    form = MoveForm(
        posted(request),
        sections=outline_of(consultation),
        moving=row.pk,
        initial={"seen": consultation.revision},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if stored(
            form,
            consultation,
            lambda: move_question(consultation=consultation, row=row.pk, at=timezone.now(), **values),
        ):
            return back_to(consultation)
    return form_page(
        request, consultation, form, title=_("Move question %(number)s") % {"number": row.number}, initial={}
    )


@login_required
@require_POST
def question_shift(request: SignedInRequest, slug: str, question: UUID) -> HttpResponse:
    """One place up or down. The button that was used has the focus again."""
    consultation = edited_consultation(request, slug)
    up = "up" in request.POST
    _done_or_told(
        request,
        consultation,
        lambda seen: shift_question(
            consultation=consultation, row=question, up=up, seen=seen, at=timezone.now()
        ),
    )
    address = reverse("consultation_edit", args=[consultation.slug])
    return redirect(f"{address}?moved={question}{'&up' if up else ''}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_remove(request: SignedInRequest, slug: str, question: UUID) -> HttpResponse:
    """Say what goes with a question; on a yes, take it out."""
    consultation = edited_consultation(request, slug)
    row = get_object_or_404(consultation.questions.filter(gone_at=None), pk=question)
    if request.method == "POST":
        return _done_or_told(
            request,
            consultation,
            lambda seen: remove_question(consultation=consultation, row=row.pk, seen=seen, at=timezone.now()),
        )
    found = outline.question_in(outline_of(consultation), row.pk)
    rows = [each.row for each in flat(found)]
    context = {
        "consultation": consultation,
        "question": row,
        "part_total": len(rows) - 1,
        "answer_total": consultation.questions.filter(pk__in=rows).aggregate(total=Count("answers"))["total"],
    }
    return render(request, "consultations/question_remove.html", context)


def _done_or_told(
    request: SignedInRequest, consultation: Consultation, act: Callable[[int], Any]
) -> HttpResponse:
    """Do what a button says, if nothing changed since it was shown; else say why not."""
    seen = request.POST.get("seen", "")
    try:
        act(int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0)
    except ConsultationWasChanged:
        messages.error(
            request,
            _("Somebody else changed this consultation meanwhile. Look at it as it is now, then try again."),
        )
    except (OutlineDoesNotHold, PlaceIsGone, SectionHasQuestions) as error:
        messages.error(request, str(error))
    return back_to(consultation)
