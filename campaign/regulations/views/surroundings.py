"""The law that a draft leans on, and the objections to it with their replies."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.core.errors import DomainError
from campaign.regulations.forms.surroundings import HookForm, ObjectionForm
from campaign.regulations.models import Edition
from campaign.regulations.services import (
    CitationTaken,
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
from campaign.regulations.views.lists import removed, stepped


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
def hook_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Name existing law that the draft leans on."""
    return _hook_form(request, open_draft(request, slug))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hook_edit(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Correct a reference to existing law, or record who has checked it."""
    return _hook_form(request, open_draft(request, slug), pk)


def _hook_form(request: HttpRequest, draft: Edition, pk: UUID | None = None) -> HttpResponse:
    initial = None
    if pk is not None:
        initial = draft.hooks.filter(pk=pk).values(*HookForm.base_fields).first()
        if initial is None:
            raise Http404
    form = HookForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if pk is None:
                add_hook(edition=draft, facts=form.facts)
            else:
                change_hook(edition=draft, hook_id=pk, facts=form.facts)
        except CitationTaken as error:
            form.add_error("citation", str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("draft_surroundings", draft.template.slug)
    context = {"draft": draft, "template": draft.template, "form": form, "is_new": pk is None}
    return render(request, "regulations/hook_edit.html", context, status=form_status(form))


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
        name=row.citation,
        said=row.note,
        act=lambda: remove_hook(edition=draft, hook_id=pk),
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
def objection_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put down an objection with the reply."""
    return _objection_form(request, open_draft(request, slug))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def objection_edit(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Word an objection or its reply anew."""
    return _objection_form(request, open_draft(request, slug), pk)


def _objection_form(request: HttpRequest, draft: Edition, pk: UUID | None = None) -> HttpResponse:
    initial = None
    if pk is not None:
        initial = draft.objections.filter(pk=pk).values(*ObjectionForm.base_fields).first()
        if initial is None:
            raise Http404
    form = ObjectionForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if pk is None:
                add_objection(edition=draft, **form.cleaned_data)
            else:
                change_objection(edition=draft, objection_id=pk, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("draft_surroundings", draft.template.slug)
    context = {"draft": draft, "template": draft.template, "form": form, "is_new": pk is None}
    return render(request, "regulations/objection_edit.html", context, status=form_status(form))


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
        name=row.argument,
        said=row.reply,
        act=lambda: remove_objection(edition=draft, objection_id=pk),
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
