"""Signers who agreed to be written to, as a file for an owner of the campaign's team."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.moderation.export import (
    Addressees,
    FileKind,
    Purpose,
    address_rows,
    addressees,
    csv_lines,
    header,
    xlsx_file,
)
from campaign.moderation.forms.decisions import ExportForm
from campaign.moderation.rules import can_export, can_export_news
from campaign.moderation.services import NobodyAgreed, TooManyForASheet, export_signers
from campaign.moderation.views.access import petition_for
from campaign.petitions.models import Petition

MEDIA_TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def petition_export(request: SignedInRequest, slug: str) -> HttpResponseBase:
    petition = petition_for(request.user, slug, can_export)
    purposes = _purposes(request, petition)
    form = ExportForm(posted(request), purposes=[(purpose.value, purpose.label) for purpose in purposes])
    if request.method == "POST" and form.is_valid():
        kind = FileKind(form.cleaned_data["kind"])
        try:
            whom = export_signers(
                petition=petition,
                purpose=Purpose(form.cleaned_data["purpose"]),
                kind=kind,
                use=form.cleaned_data["use"],
                by=request.user,
                at=timezone.now(),
            )
        except NobodyAgreed as error:
            form.add_error("purpose", str(error))
        except TooManyForASheet as error:
            form.add_error("kind", str(error))
        else:
            return _file(whom, kind)
    return _page(request, petition, purposes, form)


def _purposes(request: SignedInRequest, petition: Petition) -> list[Purpose]:
    return [Purpose.UPDATES, *([Purpose.NEWS] if can_export_news(request.user, petition) else [])]


def _page(
    request: SignedInRequest, petition: Petition, purposes: list[Purpose], form: ExportForm
) -> HttpResponse:
    agreed = [(purpose.label, addressees(petition=petition, purpose=purpose).count) for purpose in purposes]
    context = {"petition": petition, "form": form, "agreed": agreed, "owner": petition.campaign.owner}
    return render(request, "moderation/petition_export.html", context, status=form_status(form))


def _file(whom: Addressees, kind: FileKind) -> HttpResponseBase:
    head, rows = header(), address_rows(whom)
    name = f"{whom.petition.slug}-{whom.purpose}-{timezone.now().date().isoformat()}.{kind}"
    response: HttpResponseBase
    if kind == FileKind.XLSX:
        response = FileResponse(xlsx_file(head, rows), content_type=MEDIA_TYPES[kind])
    else:
        response = StreamingHttpResponse(csv_lines(head, rows), content_type=MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
