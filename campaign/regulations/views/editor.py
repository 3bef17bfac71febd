"""The editor of a draft: its text as it will be printed, each provision with its form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.core.errors import DomainError
from campaign.regulations.drafts import DraftRow, draft_rows, places_for, steps_for
from campaign.regulations.forms.move import MoveForm
from campaign.regulations.forms.provision import NewProvisionForm, TraitsForm, WordsForm
from campaign.regulations.forms.seen import Theirs
from campaign.regulations.mending import mendings
from campaign.regulations.model_changes import changed_words
from campaign.regulations.models import Edition, Provision
from campaign.regulations.queries import (
    draft_of,
    edition_text,
    provision_revisions,
    removed_provisions,
)
from campaign.regulations.services import (
    DraftIsPublished,
    ProvisionGone,
    RowChanged,
    Spot,
    Traits,
    WordsChanged,
    change_traits,
    draft_problems,
    insert_provision,
    save_words,
    split_provision,
)
from campaign.regulations.traditions import tradition
from campaign.regulations.tree import LegalText
from campaign.regulations.views.access import draft_frame, drafted_template
from campaign.regulations.views.desk import Desk, text_context
from campaign.regulations.views.lists import keeps_words

MANY = 400  # provisions; beyond, those that can be referred to are not listed one by one
MANY_PLACES = 1000  # to either side of where a provision stands; those further away are reached in two moves


@login_required
@require_safe
def draft(request: SignedInRequest, slug: str) -> HttpResponse:
    """The whole draft: what stands in it, numbered, and what has to be mended before it is published."""
    desk = Desk.of(request, slug)
    problems = draft_problems(edition=desk.draft, text=desk.text)
    context = {
        **draft_frame(desk.draft),
        **text_context(desk, problems),
        "headed": [row for row in desk.rows if row.printed and row.heading][:MANY],
        "problems": mendings(problems, text=desk.text, rows=desk.rows, slug=slug),
        "removed": removed_provisions(edition=desk.draft),
    }
    return render(request, "regulations/draft_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def provision_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put in a provision: below `parent`, after `after`."""
    desk = Desk.of(request, slug)
    given = request.POST if request.method == "POST" else request.GET
    spot = Spot(given.get("parent", ""), given.get("after", ""))
    for key in (spot.parent, spot.after):
        if key:
            desk.row(key)
    kinds = desk.kinds(spot.parent)
    beside = desk.row(spot.after).unit.kind if spot.after else ""
    form = NewProvisionForm(posted(request), kinds=kinds, initial={"kind": beside})
    if request.method == "POST" and form.is_valid():
        try:
            row = insert_provision(
                edition=desk.draft,
                traits=Traits(kind=form.cleaned_data["kind"]),
                words=form.words,
                spot=spot,
                person=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{reverse('draft', args=[slug])}#{row.key}")
    context = {
        "draft": desk.draft,
        "template": desk.draft.template,
        "form": form,
        "spot": spot,
        "after": desk.row(spot.after) if spot.after else None,
        "parent": desk.row(spot.parent) if spot.parent else None,
        "kinds": kinds,
    }
    return render(request, "regulations/provision_add.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def provision_edit(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """The words of one provision. Autosave posts here too, and gets JSON."""
    if request.method == "POST" and "autosave" in request.POST:
        return _autosave(request, slug, key)
    try:
        desk = Desk.of(request, slug)
        row = desk.row(key)
    except Http404:
        if request.method == "POST":
            return _gone(request, slug)
        raise
    stored = desk.draft.provisions.select_related("edited_by").get(key=key)
    is_splitting = "split" in request.POST
    initial = {name: getattr(stored, name) for name in ("version", "term", "heading", "body")}
    form = WordsForm(posted(request), kind=stored.kind, is_splitting=is_splitting, initial=initial)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, desk.draft, key, form)
        except WordsChanged as error:
            theirs = error.current
            form.add_error(None, str(error))
            # Saving again is a decision: it goes over what is shown now.
            form.data = {**request.POST.dict(), "version": str(theirs.version)}
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{reverse('draft', args=[slug])}#{key}")
    return _provision_page(request, desk, row, stored, form, theirs=theirs)


def _gone(request: SignedInRequest, slug: str) -> HttpResponse:
    """Somebody published or discarded the draft, or took the provision out, while words were written: show them."""
    template = drafted_template(request, slug)
    error = ProvisionGone() if draft_of(template=template) else DraftIsPublished()
    written = [request.POST.get(name, "") for name in ("term", "heading", "body")]
    context = {"template": template, "error": str(error), "written": [part for part in written if part]}
    return render(request, "regulations/provision_gone.html", context, status=409)


def _save(request: SignedInRequest, draft: Edition, key: str, form: WordsForm) -> None:
    more: dict[str, Any] = {
        "edition": draft,
        "key": key,
        "version": form.cleaned_data["version"],
        "person": request.user,
        "at": timezone.now(),
    }
    if form.is_splitting:
        first, *others = form.parts
        split_provision(words=replace(form.words, body=first), parts=others, **more)
    else:
        save_words(words=form.words, keeps_sitting="earlier" in request.POST, **more)


def _autosave(request: SignedInRequest, slug: str, key: str) -> JsonResponse:
    """Save while somebody writes: `version` to write over next, or a message, and on a conflict the words of the other."""
    template = drafted_template(request, slug)
    draft = draft_of(template=template)
    if draft is None:
        return JsonResponse({"message": str(DraftIsPublished())}, status=409)
    stored = draft.provisions.filter(key=key).first()
    form = WordsForm(request.POST, kind=stored.kind if stored else "")
    if not form.is_valid():
        said = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"message": " ".join(said)}, status=422)
    at = timezone.now()
    try:
        row = save_words(
            edition=draft,
            key=key,
            version=form.cleaned_data["version"],
            words=form.words,
            person=request.user,
            at=at,
        )
    except WordsChanged as error:
        theirs = {name: getattr(error.current, name) for name in ("heading", "term", "body")}
        return JsonResponse({"message": str(error), "theirs": theirs}, status=409)
    except DomainError as error:
        return JsonResponse({"message": str(error)}, status=409)
    said_at = time_format(timezone.localtime(at), "H:i:s")
    answer = {"version": row.version, "message": _("Saved at %(time)s.") % {"time": said_at}}
    return JsonResponse(answer | _printed(draft, key))


def _printed(draft: Edition, key: str) -> dict[str, Any]:
    """The provision as it prints now, and what there is to mend in it."""
    text = edition_text(edition=draft)
    rows = draft_rows(text)
    row = next((each for each in rows if each.unit.key == key), None)
    if row is None:
        return {}
    printed = {"number": row.number, "heading": row.heading, "body": row.body}
    return {"printed": printed, "problems": _said_at(draft, text, rows, key)}


def _said_at(draft: Edition, text: LegalText, rows: list[DraftRow], key: str) -> list[str]:
    """What to mend in one provision, each a sentence of its own."""
    found = [
        problem
        for problem in draft_problems(edition=draft, text=text)
        if problem.place == key and not problem.about_variable
    ]
    return [capfirst(each.said) for each in mendings(found, text=text, rows=rows, slug=draft.template.slug)]


def _provision_page(
    request: SignedInRequest,
    desk: Desk,
    row: DraftRow,
    stored: Provision,
    form: WordsForm,
    *,
    theirs: Provision | None = None,
    traits: TraitsForm | None = None,
    traits_theirs: Sequence[Theirs] = (),
) -> HttpResponse:
    shown = traits or _traits_form(desk, row, stored)
    context = {
        "draft": desk.draft,
        "template": desk.draft.template,
        "layout": tradition(desk.text.tradition).layout,
        "row": row,
        "stored": stored,
        "form": form,
        "theirs": theirs,
        "traits": shown,
        "traits_theirs": traits_theirs,
        "is_traits_open": bool(shown.errors),
        "revisions": [
            (each, changed_words(stored, each, desk.text.language))
            for each in provision_revisions(edition=desk.draft, key=stored.key)
        ],
        "problems": _said_at(desk.draft, desk.text, desk.rows, stored.key),
        "variables": desk.text.variables.values(),
        "citable": [each for each in desk.rows if each.printed and each.printed.citation]
        if len(desk.rows) <= MANY
        else [],
    }
    context |= _moves(desk, row) | {"can_add_in": bool(desk.kinds(row.unit.key))}
    status = max(form_status(form), form_status(shown))
    return render(request, "regulations/provision_edit.html", context, status=status)


def _moves(desk: Desk, row: DraftRow) -> dict[str, Any]:
    """The steps and the places that a provision can be moved to."""
    places = places_for(desk.text, desk.rows, row.unit.key)
    spots = {(place.parent, place.after) for place in places if not place.is_here}
    possible = {step for step, spot in steps_for(desk.rows, row).items() if spot in spots}
    here = next(index for index, place in enumerate(places) if place.is_here)
    near = places[max(0, here - MANY_PLACES) : here + MANY_PLACES + 1]
    return {
        "steps": [(step, label) for step, label in MoveForm.STEPS if step in possible],
        "places": near if len(places) > 1 else [],
        "has_more_places": len(near) < len(places),
    }


def _traits_form(desk: Desk, row: DraftRow, stored: Provision, data: Any = None) -> TraitsForm:
    return TraitsForm(
        data,
        row=stored,
        kinds=desk.kinds(row.parent, also=stored.kind),
        choices=[(choice.name, choice.label) for choice in desk.text.choices.values()],
        prefix="traits",
    )


def _typed_traits(data: QueryDict) -> TraitsForm:
    """The form of traits that were sent, whatever became of their provision."""
    return TraitsForm(data, row=Provision(), kinds=[], choices=[], prefix="traits")


@login_required
@require_POST
@keeps_words(_typed_traits, ProvisionGone)
def provision_traits(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """What a provision is: its kind, its fixed number, whether it is optional."""
    desk = Desk.of(request, slug)
    row = desk.row(key)
    stored = desk.draft.provisions.get(key=key)
    form, theirs = _traits_form(desk, row, stored, request.POST), []
    if form.is_valid():
        try:
            change_traits(edition=desk.draft, key=key, traits=form.traits, seen=form.opened_on)
        except RowChanged as error:
            now = desk.draft.provisions.get(key=key)
            theirs = form.show_theirs(_traits_form(desk, row, now), str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("provision_edit", slug, key)
    initial = {name: getattr(stored, name) for name in ("version", "term", "heading", "body")}
    return _provision_page(
        request,
        desk,
        row,
        stored,
        WordsForm(kind=stored.kind, initial=initial),
        traits=form,
        traits_theirs=theirs,
    )
