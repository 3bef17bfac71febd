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
from campaign.core.forms import keep_typed
from campaign.regulations.drafts import DraftRow, draft_rows, places_for, steps_for
from campaign.regulations.forms.move import MoveForm
from campaign.regulations.forms.provision import NewProvisionForm, Opened, TraitsForm, WordsForm
from campaign.regulations.forms.seen import Theirs
from campaign.regulations.kinds import ProvisionKind
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
    DraftNotHere,
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
from campaign.regulations.views.lists import keeps_words, what_went

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


def _all_kinds() -> list[tuple[str, str]]:
    return [(kind.value, str(kind.label)) for kind in ProvisionKind]


def _typed_provision(data: QueryDict) -> NewProvisionForm:
    """The form of a new provision that was sent, wherever it should have stood."""
    return NewProvisionForm(data, kinds=_all_kinds())


def _typed_words(data: QueryDict) -> WordsForm:
    """The form of words that were sent, whatever became of their provision."""
    return WordsForm(data, kind=ProvisionKind.DEFINITION)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(_typed_provision, ProvisionGone)
def provision_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put in a provision: below `parent`, after `after`."""
    desk = Desk.of(request, slug)
    given = request.POST if request.method == "POST" else request.GET
    spot = Spot(given.get("parent", ""), given.get("after", ""))
    parent = desk.row(spot.parent) if spot.parent else None
    after = next((row for row in desk.rows if row.unit.key == spot.after), None)
    if spot.after and after is None and request.method != "POST":
        raise Http404  # of a neighbor that goes while somebody writes, the new one stands at the end instead
    kinds = desk.kinds(spot.parent)
    beside = after.unit.kind if after else ""
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
        "after": after,
        "parent": parent,
        "kinds": kinds,
    }
    return render(request, "regulations/provision_add.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(_typed_words, ProvisionGone)
def provision_edit(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """The words of one provision. Autosave posts here too, and gets JSON."""
    if request.method == "POST" and "autosave" in request.POST:
        return _autosave(request, slug, key)
    desk = Desk.of(request, slug)
    row = desk.row(key)
    stored = desk.draft.provisions.select_related("edited_by").get(key=key)
    form = WordsForm(
        posted(request), kind=stored.kind, is_splitting="split" in request.POST, initial=_initial(stored)
    )
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, desk.draft, key, form)
        except WordsChanged as error:
            theirs = error.current
            form.add_error(None, str(error))
            # Saving again is a decision: it goes over what is shown now.
            keep_typed(form, version=str(_opened(theirs)))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{reverse('draft', args=[slug])}#{key}")
    return _provision_page(request, desk, row, stored, form, theirs=theirs)


def _opened(stored: Provision) -> Opened:
    return Opened(stored.version, stored.edition_id)


def _initial(stored: Provision) -> dict[str, Any]:
    """What the form of a provision's words begins with."""
    words = {name: getattr(stored, name) for name in ("term", "heading", "body")}
    return words | {"version": str(_opened(stored))}


def _save(request: SignedInRequest, draft: Edition, key: str, form: WordsForm) -> None:
    more: dict[str, Any] = {
        "edition": draft,
        "key": key,
        "version": form.cleaned_data["version"].version_in(draft),
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
    try:
        template = drafted_template(request, slug)
    except Http404:
        return JsonResponse({"message": str(DraftNotHere())}, status=404)
    draft = draft_of(template=template)
    stored = draft.provisions.filter(key=key).first() if draft else None
    if draft is None or stored is None:
        went = what_went(template, ProvisionGone, _typed_words(request.POST).opened_draft)
        return JsonResponse({"message": str(went)}, status=409)
    form = WordsForm(request.POST, kind=stored.kind)
    if not form.is_valid():
        said = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"message": " ".join(said)}, status=422)
    at = timezone.now()
    try:
        row = save_words(
            edition=draft,
            key=key,
            version=form.cleaned_data["version"].version_in(draft),
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
    answer = {"version": str(_opened(row)), "message": _("Saved at %(time)s.") % {"time": said_at}}
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
    return TraitsForm(data, row=Provision(), kinds=_all_kinds(), choices=[], prefix="traits")


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
    return _provision_page(
        request,
        desk,
        row,
        stored,
        WordsForm(kind=stored.kind, initial=_initial(stored)),
        traits=form,
        traits_theirs=theirs,
    )
