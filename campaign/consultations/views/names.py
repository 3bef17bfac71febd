"""The annex of signers' names: for who leads the team and handles people's data for the campaign's owner, and nobody else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.requests import SignedInRequest
from campaign.consultations.models import Filing, NamesAnnex
from campaign.consultations.names.shown import names_context
from campaign.consultations.rules import can_hand_out_names
from campaign.consultations.services.names import (
    AnnexIsFinished,
    AnnexIsReady,
    AnnexNotReady,
    AnnexOutdated,
    NoPetitionCited,
    SignersAreErased,
    cancel_names_annex,
    destroy_names_annex,
    hand_out_names,
    order_names_annex,
)
from campaign.consultations.views.access import team_filing
from campaign.core.access import require
from campaign.documents.formats import PDF


def _names_filing(request: HttpRequest, pk: Any) -> Filing:
    """The filing, for who may have the names. 404 for strangers, 403 for everybody else of the team."""
    filing, _role = team_filing(request, pk)
    require(can_hand_out_names(request.user, filing.submission.campaign))
    return filing


def _annex(request: HttpRequest, pk: Any, annex: Any) -> NamesAnnex:
    filing = _names_filing(request, pk)
    row = get_object_or_404(NamesAnnex.objects.select_related("petition"), pk=annex, filing=filing)
    row.filing = filing
    return row


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def names_annex(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Where the annex stands, asking again by itself while it is made. POST orders it, or has it made anew."""
    filing = _names_filing(request, pk)
    if request.method == "POST":
        try:
            anew = request.POST.get("anew") == "1"
            order_names_annex(filing=filing, anew=anew, by=request.user, at=timezone.now())
        except (NoPetitionCited, SignersAreErased, AnnexIsReady) as error:
            messages.error(request, str(error))
        return redirect("names_annex", filing.pk)
    is_piece = request.headers.get("HX-Request") == "true"
    template = "consultations/_names_state.html" if is_piece else "consultations/names_annex.html"
    response = render(request, template, names_context(filing=filing))
    response.headers["Vary"] = "HX-Request"
    return response


@login_required
@require_POST
def names_cancel(request: SignedInRequest, pk: Any, annex: Any) -> HttpResponse:
    """Stop the work on it."""
    row = _annex(request, pk, annex)
    try:
        cancel_names_annex(annex=row, by=request.user, at=timezone.now())
    except AnnexIsFinished as error:
        messages.error(request, str(error))
    return redirect("names_annex", row.filing_id)


@login_required
@require_POST
def names_destroy(request: SignedInRequest, pk: Any, annex: Any) -> HttpResponse:
    """Destroy the finished file before its time."""
    row = _annex(request, pk, annex)
    try:
        destroy_names_annex(annex=row, by=request.user, at=timezone.now())
    except AnnexNotReady as error:
        messages.error(request, str(error))
    else:
        messages.info(request, _("Destroyed. Its number of names and pages and its digest stay on record."))
    return redirect("names_annex", row.filing_id)


# POST: it writes to the log who took the names.
@never_cache
@login_required
@require_POST
def names_download(request: SignedInRequest, pk: Any, annex: Any) -> HttpResponseBase:
    """The file, opened piece by piece on its way out."""
    row = _annex(request, pk, annex)
    try:
        pieces = hand_out_names(annex=row, by=request.user, at=timezone.now())
    except (AnnexNotReady, AnnexOutdated) as error:
        messages.error(request, str(error))
        return redirect("names_annex", row.filing_id)
    slug = row.filing.submission.consultation.slug
    return StreamingHttpResponse(
        pieces,
        content_type=PDF,
        headers={
            "Content-Disposition": f'attachment; filename="names-{slug}.pdf"',
            "Content-Length": str(row.byte_size),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
