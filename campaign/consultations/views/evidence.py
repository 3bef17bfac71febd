"""The sources of a campaign."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import can_draft_answers
from campaign.consultations.evidence import source_rows, used_in
from campaign.consultations.forms.workspace import SourceForm
from campaign.consultations.models import Source, SourceCopy
from campaign.consultations.services import (
    SourceChangedMeanwhile,
    SourceKeyTaken,
    add_source,
    copy_bytes,
    edit_source,
)
from campaign.consultations.views.access import team_campaign
from campaign.core.access import form_status, posted, require
from campaign.core.errors import DomainError
from campaign.core.forms import keep_typed

SOURCES_A_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def source_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """All sources of a campaign and where each is cited; add one."""
    campaign, role = team_campaign(request, slug)
    may_write = can_draft_answers(role)
    require(may_write or request.method != "POST")
    files = request.FILES if request.method == "POST" else None
    form = SourceForm(posted(request), files)
    if request.method == "POST" and form.is_valid():
        try:
            source = add_source(
                campaign=campaign,
                data=form.data_of_source,
                copy=form.copy_of_source,
                by=request.user,
                at=timezone.now(),
            )
        except SourceKeyTaken as error:
            form.add_error("key", str(error))
        except DomainError as error:
            form.add_error("copy", str(error))
        else:
            messages.info(
                request, _("The source is there. Cite it as %(mark)s.") % {"mark": f"[^{source.key}]"}
            )
            return redirect("source_list", campaign.slug)
    page = Paginator(source_rows(campaign=campaign), SOURCES_A_PAGE).get_page(request.GET.get("page"))
    used = used_in(campaign=campaign)
    context = {
        "campaign": campaign,
        "page": page,
        "rows": [(source, used.get(source.key, [])) for source in page],
        "form": form,
        "may_write": may_write,
    }
    return render(request, "consultations/source_list.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def source_edit(request: SignedInRequest, slug: str, source: Any) -> HttpResponse:
    """Change a source, or keep another copy of it."""
    campaign, role = team_campaign(request, slug)
    require(can_draft_answers(role))
    row = _source(campaign, source)
    names = ("title", "author", "published_on", "url", "quote", "seen_on", "version")
    initial = {name: getattr(row, name) for name in names}
    files = request.FILES if request.method == "POST" else None
    form = SourceForm(posted(request), files, source=row, initial=initial)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            edit_source(
                source=row,
                data=form.data_of_source,
                copy=form.copy_of_source,
                version=form.cleaned_data["version"],
                by=request.user,
                at=timezone.now(),
            )
        except SourceChangedMeanwhile as error:
            form.add_error(None, str(error))
            theirs = _source(campaign, source)
            keep_typed(form, version=str(theirs.version))
        except DomainError as error:
            form.add_error("copy", str(error))
        else:
            messages.info(request, _("Saved."))
            return redirect("source_list", campaign.slug)
    context = {
        "campaign": campaign,
        "source": row,
        "earlier_copies": row.earlier_copies.defer("content").order_by("-uploaded_at", "-pk"),
        "form": form,
        "theirs": theirs,
    }
    return render(request, "consultations/source_edit.html", context, status=form_status(form))


def _source(campaign: Campaign, pk: Any) -> Source:
    rows = Source.objects.select_related("copy").defer("copy__content")
    return get_object_or_404(rows, campaign=campaign, pk=pk)


@login_required
@require_safe
def source_copy(request: SignedInRequest, slug: str, source: Any) -> HttpResponse:
    """The kept copy of a source, or the earlier one with a digest, as a file: it is never shown as a page of this site."""
    campaign, _role = team_campaign(request, slug)
    row = _source(campaign, source)
    copies = SourceCopy.objects.filter(source=row)
    if digest := request.GET.get("sha256"):
        copies = SourceCopy.objects.filter(Q(source=row) | Q(earlier_of=row), digest=digest)
    copy = copies.order_by("-uploaded_at", "-pk").first()
    if copy is None:
        raise Http404
    response = HttpResponse(copy_bytes(copy), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = _attachment(copy.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
