"""Rows of a list in a draft: the form of one, and acts that lead back to the list with a sentence where they were refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from campaign.core.access import form_status, posted
from campaign.core.errors import DomainError
from campaign.regulations.forms.seen import SEEN, SeenForm, shown_value
from campaign.regulations.forms.variable import StepForm
from campaign.regulations.models import Edition, Template
from campaign.regulations.queries import draft_of
from campaign.regulations.services import (
    CitationTaken,
    DraftNotHere,
    NameMalformed,
    NameTaken,
    RowChanged,
    VariableDoesNotFit,
    seen_of,
    why_closed,
)
from campaign.regulations.views.access import drafted_template

Form = TypeVar("Form", bound=SeenForm)

# At which field a refusal stands; others stand above the form.
FIELDS: dict[type[DomainError], str] = {
    CitationTaken: "citation",
    NameMalformed: "name",
    NameTaken: "name",
}


def row_form(
    request: HttpRequest,
    draft: Edition,
    page: str,
    *,
    opened: Callable[[Any], Form],
    act: Callable[[Form], Any],
    template: str,
    **more: Any,
) -> HttpResponse:
    """The form of one row. What it says is stored by `act`, then the list shows it again.

    `opened` makes the form with what was sent, or None, over the row as it is at that moment. What is refused stands at its
    field; what somebody else saved meanwhile stands beside what was typed.
    """
    form, theirs = opened(posted(request)), []
    if request.method == "POST" and form.is_valid():
        try:
            act(form)
        except RowChanged as error:
            theirs = form.show_theirs(opened(None), str(error))
        except DomainError as error:
            for field, sentence in _places(error):
                form.add_error(field, sentence)
        else:
            return redirect(page, draft.template.slug)
    context = {"draft": draft, "template": draft.template, "page": page, "form": form, "theirs": theirs}
    return render(request, template, context | more, status=form_status(form))


def _places(error: DomainError) -> Iterable[tuple[str | None, str]]:
    if isinstance(error, VariableDoesNotFit):
        return [(each.field, each.sentence) for each in error.refused]
    return [(FIELDS.get(type(error)), str(error))]


def keeps_words(form: Callable[[QueryDict], forms.Form], gone: type[DomainError]) -> Callable[..., Any]:
    """For a view that saves a form into a draft: when row or draft went meanwhile, what was typed is shown once more.

    `form` is made of what was sent, `gone` says what went when the draft is there.
    """

    def decorator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def kept(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, slug, *args, **kwargs)
            except Http404:
                sent = form(request.POST) if request.method == "POST" else None
                typed = _typed(sent) if sent else []
                if not typed:
                    raise
                return _gone(request, slug, typed, gone, getattr(sent, "opened_draft", None))

        return kept

    return decorator


def _typed(form: forms.Form) -> list[tuple[Any, Any]]:
    """The labels of a form's fields with what was written in each."""
    return [(field.label, shown_value(field)) for field in form.visible_fields() if field.value()]


def _gone(
    request: HttpRequest,
    slug: str,
    typed: list[tuple[Any, Any]],
    gone: type[DomainError],
    opened: UUID | None,
) -> HttpResponse:
    try:
        template = drafted_template(request, slug)
    except Http404:
        # An instrument that was never published goes with its draft. A stranger is told the same of one that is there.
        context = {"error": DraftNotHere(), "written": typed}
        return render(request, "regulations/row_gone.html", context, status=404)
    error, draft = what_went(template, gone, opened), draft_of(template=template)
    context = {"template": template, "draft": draft, "error": error, "written": typed}
    return render(request, "regulations/row_gone.html", context, status=409)


def what_went(template: Template, gone: type[DomainError], opened: UUID | None) -> DomainError:
    """What became of what a form was opened on: the row went (`gone`) or the draft that it was opened in (`opened`)."""
    draft = draft_of(template=template)
    is_there = draft is not None and opened in {None, draft.pk}
    return gone() if is_there else why_closed(template=template, draft_id=opened)


def acted(request: HttpRequest, page: str, slug: str, act: Callable[[], Any]) -> HttpResponse:
    """Do it and go back to the list; what was refused is told there."""
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(page, slug)


def stepped(request: HttpRequest, page: str, slug: str, act: Callable[[int], Any]) -> HttpResponse:
    """Move a row one place, as the form says."""
    form = StepForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose where to move it."))
        return redirect(page, slug)
    return acted(request, page, slug, lambda: act(form.step_size))


def removed(
    request: HttpRequest,
    draft: Edition,
    page: str,
    *,
    row: Model,
    name: str,
    act: Callable[[str | None], Any],
    said: str = "",
) -> HttpResponse:
    """Ask once, naming what goes; then do it and go back to the list. What was changed since the question is asked again."""
    if request.method == "POST":
        try:
            act(request.POST.get(SEEN))
        except RowChanged:
            messages.error(
                request,
                _("Somebody has changed this since you opened the page. Read it again before it goes."),
            )
            return redirect(request.path)
        except DomainError as error:
            messages.error(request, str(error))
        return redirect(page, draft.template.slug)
    context = {
        "draft": draft,
        "template": draft.template,
        "page": page,
        "name": name,
        "said": said,
        "seen": seen_of(row),
    }
    return render(request, "regulations/row_remove.html", context)
