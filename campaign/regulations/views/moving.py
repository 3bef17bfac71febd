"""Where provisions of a draft stand: move them, take them out, put them back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign.accounts.requests import SignedInRequest
from campaign.core.errors import DomainError
from campaign.regulations.drafts import name_in
from campaign.regulations.forms.move import MoveForm
from campaign.regulations.forms.restore import RestoreForm
from campaign.regulations.models import Edition
from campaign.regulations.queries import (
    edition_text,
)
from campaign.regulations.services import (
    NotBothBack,
    ParentIsOut,
    ProvisionGone,
    Spot,
    StandsAlready,
    draft_problems,
    move_provision,
    remove_provision,
    restore_both,
    restore_provision,
    step_provision,
)
from campaign.regulations.services.removing import unit_of_data
from campaign.regulations.taken_out import name_if_back
from campaign.regulations.tree import LegalText, walk
from campaign.regulations.views.access import open_draft
from campaign.regulations.views.desk import Desk, text_context


@login_required
@require_POST
def provision_move(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """Move a provision: a step up, down, in or out, or to a spot. With htmx, the text comes back as it is then."""
    draft = open_draft(request, slug)
    before = edition_text(edition=draft)
    form = MoveForm(request.POST)
    refusal = ""
    if not form.is_valid():
        refusal = _("Choose where to move it.")
    else:
        try:
            if step := form.cleaned_data["step"]:
                step_provision(edition=draft, key=key, step=step)
            else:
                move_provision(edition=draft, key=key, spot=_spot(before, form))
        except DomainError as error:
            refusal = str(error)
    moved = Desk.showing(draft)
    said = refusal or _said_of_move(moved, key, name_in(before, key))
    if request.htmx:  # type: ignore[attr-defined]
        problems = draft_problems(edition=draft, text=moved.text)
        context = text_context(moved, problems) | {"said": said, "is_refused": bool(refusal), "moved": key}
        return render(request, "regulations/_draft_text.html", context)
    (messages.error if refusal else messages.info)(request, said)
    return redirect(f"{reverse('draft', args=[slug])}#{key}")


def _spot(text: LegalText, form: MoveForm) -> Spot:
    """Where the form says to move a provision."""
    where, _colon, other = form.cleaned_data["place"].partition(":")
    if not where:
        return form.spot
    if where == "in":
        return Spot(other)
    parents = {unit.key: above[-1].key if above else "" for unit, above in walk(text.provisions)}
    if other not in parents:
        raise ProvisionGone
    return Spot(parents[other], other)


def _said_of_move(desk: Desk, key: str, before: str) -> str:
    """What a move did, as somebody who does not see the page wants to hear it."""
    row = next((each for each in desk.rows if each.unit.key == key), None)
    if row is None:
        return str(ProvisionGone.message)
    if before and row.name != before:
        return _("%(before)s is now %(after)s.") % {"before": before, "after": row.name}
    if row.before:
        return _("%(name)s now stands after %(other)s.") % {
            "name": row.name,
            "other": desk.names[row.before],
        }
    if row.parent:
        return _("%(name)s now stands first in %(other)s.") % {
            "name": row.name,
            "other": desk.names[row.parent],
        }
    return _("%(name)s now stands at the beginning.") % {"name": row.name}


@login_required
@require_POST
def provision_remove(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """Take a provision out with all below it. It can be put back from the draft's page."""
    desk = Desk.of(request, slug)
    row = desk.row(key)
    try:
        remove_provision(edition=desk.draft, key=key, person=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.info(
            request, _("Taken out: %(name)s. It stands at the end of this page.") % {"name": row.name}
        )
    near = row.before or row.parent
    return redirect(f"{reverse('draft', args=[slug])}{f'#{near}' if near else ''}")


@login_required
@require_POST
def provision_restore(request: SignedInRequest, slug: str, removed_id: UUID) -> HttpResponse:
    """Put back what was taken out; then, when that was asked for, what stood in it and is out by itself."""
    draft = open_draft(request, slug)
    form = RestoreForm(request.POST)
    then = form.cleaned_data["then"] if form.is_valid() else None
    try:
        if then:
            key = restore_both(edition=draft, removed_id=removed_id, then=then)
        else:
            key = restore_provision(edition=draft, removed_id=removed_id)
    except ParentIsOut as error:
        return _parent_is_out(request, draft, error)
    except StandsAlready as error:
        return _stands_already(request, draft, error)
    except NotBothBack as error:
        name = name_if_back(edition_text(edition=draft), error.removed, error.removed.key)
        said = _("“%(name)s” cannot be put back. %(reason)s Nothing was put back.")
        messages.error(request, said % {"name": name, "reason": error.reason})
        return redirect("draft", slug)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("draft", slug)
    return redirect(f"{reverse('draft', args=[slug])}#{key}")


def _stands_already(request: SignedInRequest, draft: Edition, error: StandsAlready) -> HttpResponse:
    """Name what stands in the way, and show the words that cannot come back."""
    desk = Desk.showing(draft)
    units = [unit for unit, _above in walk([unit_of_data(error.removed.subtree)])]
    context = {
        "draft": draft,
        "template": draft.template,
        "error": error,
        "rows": [desk.row(key) for key in error.keys],
        "units": [unit for unit in units if unit.heading or unit.term or unit.body],
    }
    return render(request, "regulations/removed_gone.html", context, status=409)


def _parent_is_out(request: SignedInRequest, draft: Edition, error: ParentIsOut) -> HttpResponse:
    """Name what has to be put back first, and offer that."""
    removed, parent = error.removed, error.parent
    text = edition_text(edition=draft)
    context = {
        "draft": draft,
        "template": draft.template,
        "removed": removed,
        "parent": parent,
        "name": name_if_back(text, parent, removed.parent_key),
        "whole": name_if_back(text, parent, parent.key),
    }
    return render(request, "regulations/removed_parent.html", context, status=409)
