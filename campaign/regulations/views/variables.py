"""The values that a draft leaves open, and its alternatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.core.errors import DomainError
from campaign.regulations.drafts import DraftRow, draft_rows
from campaign.regulations.forms.variable import ChoiceGroupForm, VariableForm
from campaign.regulations.kinds import VariableType
from campaign.regulations.models import Edition
from campaign.regulations.queries import edition_choices, edition_text, edition_variables
from campaign.regulations.services import (
    NameMalformed,
    NameTaken,
    VariableDoesNotFit,
    add_choice,
    add_variable,
    change_choice,
    change_variable,
    move_choice,
    move_variable,
    remove_choice,
    remove_variable,
)
from campaign.regulations.services.variables import uses
from campaign.regulations.values import VariableSpec
from campaign.regulations.views.access import draft_frame, open_draft
from campaign.regulations.views.lists import removed, stepped


@login_required
@require_safe
def variables(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every value that the text leaves open, with the provisions that use it."""
    draft = open_draft(request, slug)
    text = edition_text(edition=draft)
    users = _users(draft_rows(text), list(text.variables))
    rows = [
        {
            "spec": spec,
            "type": VariableType(spec.type).label,
            "default": spec.label_of(spec.default) or spec.default,
            "own": text.values.get(spec.name, ""),
            "users": users[spec.name],
        }
        for spec in text.variables.values()
    ]
    return render(request, "regulations/draft_variables.html", draft_frame(draft) | {"rows": rows})


def _users(rows: list[DraftRow], names: list[str]) -> dict[str, list[DraftRow]]:
    """The provisions that use each variable. Most hold no mark and no condition, and are passed over once."""
    marked = [row for row in rows if _may_use(row)]
    return {name: [row for row in marked if uses(row.unit, name)] for name in names}


def _may_use(row: DraftRow) -> bool:
    unit = row.unit
    return "[[" in unit.heading or "[[" in unit.body or bool(unit.needs or unit.excludes)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def variable_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Declare an open value."""
    draft = open_draft(request, slug)
    form = VariableForm(posted(request))
    if request.method == "POST" and _stored(form, lambda: add_variable(edition=draft, spec=form.spec)):
        return redirect("draft_variables", slug)
    return _variable_page(request, draft, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def variable_edit(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """Say anew what an open value is."""
    draft = open_draft(request, slug)
    spec = edition_variables(edition=draft).get(name)
    if spec is None:
        raise Http404
    form = VariableForm(posted(request), spec=spec)
    if request.method == "POST" and _stored(
        form, lambda: change_variable(edition=draft, name=name, spec=form.spec)
    ):
        return redirect("draft_variables", slug)
    return _variable_page(request, draft, form, spec=spec)


def _stored(form: VariableForm, act: Callable[[], Any]) -> bool:
    """Do it with what the form says; what is refused stands at its field."""
    if not form.is_valid():
        return False
    try:
        act()
    except (NameMalformed, NameTaken) as error:
        form.add_error("name", str(error))
    except VariableDoesNotFit as error:
        for each in error.refused:
            form.add_error(each.field, each.sentence)
    except DomainError as error:
        form.add_error(None, str(error))
    return not form.errors


def _variable_page(
    request: HttpRequest, draft: Edition, form: VariableForm, *, spec: VariableSpec | None = None
) -> HttpResponse:
    context = {"draft": draft, "template": draft.template, "form": form, "spec": spec}
    return render(request, "regulations/variable_edit.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def variable_remove(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """Take an open value out of a draft whose text does not use it, after asking once."""
    draft = open_draft(request, slug)
    row = get_object_or_404(draft.variables, name=name)
    return removed(
        request,
        draft,
        "draft_variables",
        name=row.label,
        said=row.default,
        act=lambda: remove_variable(edition=draft, name=name),
    )


@login_required
@require_POST
def variable_move(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """One place up or down."""
    draft = open_draft(request, slug)
    return stepped(
        request, "draft_variables", slug, lambda step: move_variable(edition=draft, name=name, step=step)
    )


@login_required
@require_safe
def choices(request: SignedInRequest, slug: str) -> HttpResponse:
    """The alternatives of a draft, each group with the provisions that belong to it."""
    draft = open_draft(request, slug)
    text = edition_text(edition=draft)
    members: dict[str, list[DraftRow]] = {}
    for row in draft_rows(text):
        if row.unit.choice:
            members.setdefault(row.unit.choice, []).append(row)
    rows = [{"choice": choice, "members": members.get(name, [])} for name, choice in text.choices.items()]
    return render(request, "regulations/draft_choices.html", draft_frame(draft) | {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choice_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Begin a group of alternatives."""
    draft = open_draft(request, slug)
    form = ChoiceGroupForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            add_choice(edition=draft, **_said(form))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("draft_choices", slug)
    return _choice_page(request, draft, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choice_edit(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """Say anew what is decided between."""
    draft = open_draft(request, slug)
    spec = edition_choices(edition=draft).get(name)
    if spec is None:
        raise Http404
    initial = {"label": spec.label, "required": spec.required, "help": spec.help}
    form = ChoiceGroupForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_choice(edition=draft, name=name, **_said(form))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("draft_choices", slug)
    return _choice_page(request, draft, form, label=spec.label)


def _said(form: ChoiceGroupForm) -> dict[str, Any]:
    said = form.cleaned_data
    return {"label": said["label"], "required": said["required"], "help_text": said["help"]}


def _choice_page(
    request: HttpRequest, draft: Edition, form: ChoiceGroupForm, *, label: str = ""
) -> HttpResponse:
    context = {"draft": draft, "template": draft.template, "form": form, "label": label}
    return render(request, "regulations/choice_edit.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choice_remove(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """Take a group of alternatives away that no provision belongs to, after asking once."""
    draft = open_draft(request, slug)
    row = get_object_or_404(draft.choice_groups, name=name)
    return removed(
        request,
        draft,
        "draft_choices",
        name=row.label,
        said=row.help,
        act=lambda: remove_choice(edition=draft, name=name),
    )


@login_required
@require_POST
def choice_move(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """One place up or down."""
    draft = open_draft(request, slug)
    return stepped(
        request, "draft_choices", slug, lambda step: move_choice(edition=draft, name=name, step=step)
    )
