"""The values that a draft leaves open, and its alternatives."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.regulations.drafts import DraftRow, draft_rows
from campaign.regulations.forms.variable import ChoiceGroupForm, VariableForm
from campaign.regulations.kinds import VariableType
from campaign.regulations.queries import edition_text
from campaign.regulations.services import (
    NoSuchChoice,
    NoSuchVariable,
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
from campaign.regulations.views.access import draft_frame, open_draft
from campaign.regulations.views.lists import keeps_words, removed, row_form, stepped


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
@keeps_words(VariableForm, NoSuchVariable)
def variable_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Declare an open value."""
    draft = open_draft(request, slug)
    return row_form(
        request,
        draft,
        "draft_variables",
        opened=VariableForm,
        act=lambda form: add_variable(edition=draft, spec=form.spec),
        template="regulations/variable_edit.html",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(VariableForm, NoSuchVariable)
def variable_edit(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """Say anew what an open value is."""
    draft = open_draft(request, slug)
    return row_form(
        request,
        draft,
        "draft_variables",
        opened=lambda data: VariableForm(data, row=get_object_or_404(draft.variables, name=name)),
        act=lambda form: change_variable(edition=draft, name=name, spec=form.spec, seen=form.opened_on),
        template="regulations/variable_edit.html",
        label=get_object_or_404(draft.variables, name=name).label,
    )


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
        row=row,
        name=row.label,
        said=row.default,
        act=lambda seen: remove_variable(edition=draft, name=name, seen=seen),
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
@keeps_words(ChoiceGroupForm, NoSuchChoice)
def choice_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Begin a group of alternatives."""
    draft = open_draft(request, slug)
    return row_form(
        request,
        draft,
        "draft_choices",
        opened=ChoiceGroupForm,
        act=lambda form: add_choice(edition=draft, **form.group),
        template="regulations/choice_edit.html",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(ChoiceGroupForm, NoSuchChoice)
def choice_edit(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """Say anew what is decided between."""
    draft = open_draft(request, slug)
    return row_form(
        request,
        draft,
        "draft_choices",
        opened=lambda data: ChoiceGroupForm(data, row=get_object_or_404(draft.choice_groups, name=name)),
        act=lambda form: change_choice(edition=draft, name=name, seen=form.opened_on, **form.group),
        template="regulations/choice_edit.html",
        label=get_object_or_404(draft.choice_groups, name=name).label,
    )


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
        row=row,
        name=row.label,
        said=row.help,
        act=lambda seen: remove_choice(edition=draft, name=name, seen=seen),
    )


@login_required
@require_POST
def choice_move(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """One place up or down."""
    draft = open_draft(request, slug)
    return stepped(
        request, "draft_choices", slug, lambda step: move_choice(edition=draft, name=name, step=step)
    )
