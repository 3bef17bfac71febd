"""The law that a draft leans on, and the objections to it with their replies."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.regulations.forms.surroundings import HookForm, ObjectionForm
from campaign.regulations.services import (
    HookGone,
    ObjectionGone,
    add_hook,
    add_objection,
    change_hook,
    change_objection,
    move_hook,
    move_objection,
    remove_hook,
    remove_objection,
)
from campaign.regulations.views.access import draft_frame, open_draft
from campaign.regulations.views.lists import keeps_words, removed, row_form, stepped


@login_required
@require_safe
def surroundings(request: SignedInRequest, slug: str) -> HttpResponse:
    """Existing law and objections, in their order."""
    draft = open_draft(request, slug)
    hooks = list(draft.hooks.order_by("position", "pk"))
    context = draft_frame(draft) | {
        "hooks": hooks,
        "unchecked": sum(1 for hook in hooks if not hook.is_checked),
        "objections": draft.objections.order_by("position", "pk"),
    }
    return render(request, "regulations/draft_surroundings.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(HookForm, HookGone)
def hook_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Name existing law that the draft leans on."""
    draft = open_draft(request, slug)
    return row_form(
        request,
        draft,
        "draft_surroundings",
        opened=HookForm,
        act=lambda form: add_hook(edition=draft, facts=form.facts),
        template="regulations/hook_edit.html",
        is_new=True,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(HookForm, HookGone)
def hook_edit(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Correct a reference to existing law, or record who has checked it."""
    draft = open_draft(request, slug)
    return row_form(
        request,
        draft,
        "draft_surroundings",
        opened=lambda data: HookForm(data, row=get_object_or_404(draft.hooks, pk=pk)),
        act=lambda form: change_hook(edition=draft, hook_id=pk, facts=form.facts, seen=form.opened_on),
        template="regulations/hook_edit.html",
        is_new=False,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hook_remove(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Take a reference to existing law out, after asking once."""
    draft = open_draft(request, slug)
    row = get_object_or_404(draft.hooks, pk=pk)
    return removed(
        request,
        draft,
        "draft_surroundings",
        row=row,
        name=row.citation,
        said=row.note,
        act=lambda seen: remove_hook(edition=draft, hook_id=pk, seen=seen),
    )


@login_required
@require_POST
def hook_move(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """One place up or down."""
    draft = open_draft(request, slug)
    return stepped(
        request, "draft_surroundings", slug, lambda step: move_hook(edition=draft, hook_id=pk, step=step)
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(ObjectionForm, ObjectionGone)
def objection_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put down an objection with the reply."""
    draft = open_draft(request, slug)
    return row_form(
        request,
        draft,
        "draft_surroundings",
        opened=ObjectionForm,
        act=lambda form: add_objection(edition=draft, **form.objection),
        template="regulations/objection_edit.html",
        is_new=True,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(ObjectionForm, ObjectionGone)
def objection_edit(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Word an objection or its reply anew."""
    draft = open_draft(request, slug)
    return row_form(
        request,
        draft,
        "draft_surroundings",
        opened=lambda data: ObjectionForm(data, row=get_object_or_404(draft.objections, pk=pk)),
        act=lambda form: change_objection(
            edition=draft, objection_id=pk, seen=form.opened_on, **form.objection
        ),
        template="regulations/objection_edit.html",
        is_new=False,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def objection_remove(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Take an objection out with its reply, after asking once."""
    draft = open_draft(request, slug)
    row = get_object_or_404(draft.objections, pk=pk)
    return removed(
        request,
        draft,
        "draft_surroundings",
        row=row,
        name=row.argument,
        said=row.reply,
        act=lambda seen: remove_objection(edition=draft, objection_id=pk, seen=seen),
    )


@login_required
@require_POST
def objection_move(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """One place up or down."""
    draft = open_draft(request, slug)
    return stepped(
        request,
        "draft_surroundings",
        slug,
        lambda step: move_objection(edition=draft, objection_id=pk, step=step),
    )
