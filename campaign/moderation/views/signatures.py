"""The fraud desk: where a petition's signatures come from, and passes over those that are meant.

What is looked for may name a person: it is posted and kept sealed in a row, and never stands in an address.
"""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from campaign.accounts.models import User
from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.moderation.forms.desk import FilterForm, HoldForm, ReasonForm, filter_of
from campaign.moderation.models import Sweep, SweepKind, SweepState
from campaign.moderation.queries import (
    LAST_DAY,
    LAST_HOUR,
    Criteria,
    open_alerts,
    passes_of,
    quarantined_count,
    signatures_of_pass,
    signer_rows,
    trends,
)
from campaign.moderation.services import (
    CannotUndo,
    NothingToLookFor,
    ScanHasNotEnded,
    ask_for_found,
    ask_sweep,
    ask_undo,
    cancel_sweep,
    criteria_found,
    set_legal_hold,
)
from campaign.moderation.views.access import petition_for_moderators, require_moderator
from campaign.petitions.models import Petition
from campaign.petitions.queries import petition_counts

UNFINISHED = {SweepState.WAITING, SweepState.RUNNING}


class HtmxRequest(SignedInRequest):
    """For annotations only: what django-htmx's middleware adds."""

    htmx: HtmxDetails


# --- A petition -------------------------------------------------------------------
@require_safe
@never_cache
@login_required
def petition(request: SignedInRequest, slug: str) -> HttpResponse:
    return _petition_page(request, petition_for_moderators(request.user, slug))


def _petition_page(request: SignedInRequest, row: Petition, **forms: FilterForm | HoldForm) -> HttpResponse:
    """The page, with a refused form in its place."""
    now = timezone.now()
    context: dict[str, Any] = {
        "petition": row,
        "counts": petition_counts(petition=row),
        "quarantined": quarantined_count(petition=row),
        "alerts": open_alerts().filter(petition=row),
        "hour": trends(petition=row, since=now - LAST_HOUR),
        "day": trends(petition=row, since=now - LAST_DAY),
        "passes": passes_of(petition=row),
        "filter_form": FilterForm(),
        "hold_form": HoldForm(prefix="hold"),
        **forms,
    }
    refused = any(form.errors for form in forms.values())
    return render(request, "moderation/signatures_petition.html", context, status=422 if refused else 200)


@require_POST
@never_cache
@login_required
def look(request: SignedInRequest, slug: str) -> HttpResponse:
    """Search signatures; the result is a row of its own."""
    row = petition_for_moderators(request.user, slug)
    form = FilterForm(request.POST)
    if form.is_valid():
        try:
            scan = ask_sweep(
                petition=row,
                kind=SweepKind.SCAN,
                criteria=form.criteria(),
                reason="",
                by=request.user,
                at=timezone.now(),
            )
        except NothingToLookFor as error:
            form.add_error(None, str(error))
        else:
            return redirect("moderation_sweep", scan.pk)
    return _petition_page(request, row, filter_form=form)


@require_POST
@never_cache
@login_required
def hold(request: SignedInRequest, slug: str) -> HttpResponse:
    """Set or lift a legal hold."""
    row = petition_for_moderators(request.user, slug)
    now = timezone.now()
    if "lift" in request.POST:
        set_legal_hold(petition=row, reason="", by=request.user, at=now)
        messages.info(request, _("The hold is lifted. Signers' data is erased when its time has come."))
        return redirect("moderation_petition", row.slug)
    form = HoldForm(request.POST, prefix="hold")
    if not form.is_valid():
        return _petition_page(request, row, hold_form=form)
    set_legal_hold(petition=row, reason=form.cleaned_data["reason"], by=request.user, at=now)
    messages.info(request, _("Signers' data is kept until you lift the hold."))
    return redirect("moderation_petition", row.slug)


# --- A pass over signatures -------------------------------------------------------
def _sweep(user: User, sweep: uuid.UUID) -> Sweep:
    rows = Sweep.objects.select_related("petition__campaign", "asked_by", "undoes")
    row = get_object_or_404(rows.prefetch_related("undone_by"), pk=sweep)
    require_moderator(user, row.petition)
    return row


@require_safe
@never_cache
@vary_on_headers("HX-Request")
@login_required
def sweep_detail(request: HtmxRequest, sweep: uuid.UUID) -> HttpResponse:
    """Where a pass stands. htmx asks for that part alone, and loads the page again when the pass has ended."""
    row = _sweep(request.user, sweep)
    if request.htmx:
        if row.state not in UNFINISHED:
            return HttpResponseClientRefresh()
        return render(request, "moderation/_sweep_progress.html", {"sweep": row})
    context = {
        "sweep": row,
        "petition": row.petition,
        "criteria": Criteria.from_json(row.criteria),
        "is_unfinished": row.state in UNFINISHED,
        "rows": signer_rows(petition=row.petition, ids=row.matches),
        "filter_form": filter_of(row),
        **_what_can_be_done(row),
    }
    return render(request, "moderation/sweep_detail.html", context)


def _what_can_be_done(sweep: Sweep) -> dict[str, Any]:
    """The numbers on the buttons: 0 where there is none."""
    if sweep.kind == SweepKind.SCAN and sweep.state == SweepState.DONE and sweep.criteria:
        return {
            "invalidate_count": _reach(sweep, SweepKind.INVALIDATE),
            "release_count": _reach(sweep, SweepKind.RELEASE),
        }
    is_undone = bool(sweep.undone_by.all())
    undoable = sweep.kind == SweepKind.INVALIDATE and sweep.state not in UNFINISHED and not is_undone
    return {"undo_count": sweep.changed if undoable else 0}


def _reach(scan: Sweep, kind: SweepKind) -> int:
    """How many signatures a pass over what was found would change. Of very many names only the most it can be is known."""
    criteria = criteria_found(scan=scan)
    if kind == SweepKind.INVALIDATE and Criteria.from_json(scan.criteria).is_empty:
        return 0
    rows = signatures_of_pass(petition=scan.petition, kind=kind, criteria=criteria)
    if not criteria.name:
        return rows.count()
    if scan.matched <= len(scan.matches):
        return rows.filter(pk__in=scan.matches).count()
    return min(rows.count(), scan.matched)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def sweep_act(request: SignedInRequest, sweep: uuid.UUID, kind: SweepKind) -> HttpResponse:
    """Invalidate or release what a search found: the page names the number, and asks why."""
    scan = _sweep(request.user, sweep)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = ask_for_found(
                scan=scan,
                kind=kind,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except (ScanHasNotEnded, NothingToLookFor) as error:
            form.add_error(None, str(error))
        else:
            return redirect("moderation_sweep", made.pk)
    return _confirm_page(request, scan, form, kind, _reach(scan, kind))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def sweep_undo(request: SignedInRequest, sweep: uuid.UUID) -> HttpResponse:
    row = _sweep(request.user, sweep)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            undo = ask_undo(sweep=row, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except CannotUndo as error:
            form.add_error(None, str(error))
        else:
            return redirect("moderation_sweep", undo.pk)
    return _confirm_page(request, row, form, SweepKind.UNDO, row.changed)


def _confirm_page(
    request: SignedInRequest, sweep: Sweep, form: ReasonForm, kind: SweepKind, count: int
) -> HttpResponse:
    context = {
        "sweep": sweep,
        "petition": sweep.petition,
        "form": form,
        "kind": kind,
        "count": count,
        "is_upper_bound": kind != SweepKind.UNDO
        and bool(Criteria.from_json(sweep.criteria).name)
        and sweep.matched > len(sweep.matches),
    }
    return render(request, "moderation/sweep_confirm.html", context, status=form_status(form))


@require_POST
@never_cache
@login_required
def sweep_cancel(request: SignedInRequest, sweep: uuid.UUID) -> HttpResponse:
    cancel_sweep(sweep=_sweep(request.user, sweep), at=timezone.now())
    return redirect("moderation_sweep", sweep)
