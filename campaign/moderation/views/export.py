"""People who agreed to be written to, as a file for an owner of the campaign's team."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import Campaign, TeamMember
from campaign.campaigns.rules import team_member
from campaign.core.access import form_status, posted
from campaign.moderation.export import (
    Addressees,
    FileKind,
    Purpose,
    Supporters,
    address_rows,
    addressees,
    csv_lines,
    header,
    xlsx_file,
)
from campaign.moderation.forms.decisions import ExportForm
from campaign.moderation.rules import can_export, export_purposes
from campaign.moderation.services import (
    NobodyAgreed,
    TooManyForASheet,
    export_signers,
    export_supporters,
)
from campaign.moderation.views.access import petition_for
from campaign.organizations.models import Organization
from campaign.petitions.models import Petition
from campaign.petitions.supporters import supporter_total

MEDIA_TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def petition_export(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """Of one petition: who agreed to mail about it, and to news of the organization that the visitor works for."""
    petition = petition_for(request.user, slug, can_export)
    member, organization = own_place(request, petition.campaign)
    purposes = export_purposes(member, petition.campaign)
    form = ExportForm(posted(request), purposes=[(purpose.value, purpose.label) for purpose in purposes])
    if request.method == "POST" and form.is_valid():
        data, kind = form.cleaned_data, FileKind(form.cleaned_data["kind"])
        what: dict[str, Any] = {"kind": kind, "use": data["use"], "by": request.user, "at": timezone.now()}
        try:
            if data["purpose"] == Purpose.UPDATES:
                return file_of(export_signers(petition=petition, **what), kind)
            whole = petition.campaign
            return file_of(
                export_supporters(organization=organization, campaign=whole, petition=petition, **what), kind
            )
        except NobodyAgreed as error:
            form.add_error("purpose", str(error))
        except TooManyForASheet as error:
            form.add_error("kind", str(error))
    return _page(request, petition, organization, purposes, form)


def own_place(request: SignedInRequest, campaign: Campaign) -> tuple[TeamMember, Organization]:
    """The visitor's place in the team, and the organization they work for: rights to people come from there. Else 404."""
    member = team_member(request.user, campaign)
    if member is None or member.organization is None:
        raise Http404
    return member, member.organization


def _page(
    request: SignedInRequest,
    petition: Petition,
    organization: Organization,
    purposes: list[Purpose],
    form: ExportForm,
) -> HttpResponse:
    own = supporter_total(organization=organization, campaign=petition.campaign, petition=petition)
    counts = {Purpose.NEWS: own}
    if Purpose.UPDATES in purposes:
        counts[Purpose.UPDATES] = addressees(petition=petition).count
    context = {
        "petition": petition,
        "form": form,
        "agreed": [(purpose.label, counts[purpose]) for purpose in purposes],
        "organization": organization,
        "for_owner": Purpose.UPDATES in purposes,
    }
    return render(request, "moderation/petition_export.html", context, status=form_status(form))


def file_of(whom: Addressees | Supporters, kind: FileKind) -> HttpResponseBase:
    """What was exported, as a file to keep."""
    head, rows = header(), address_rows(whom)
    day = timezone.now().date().isoformat()
    if isinstance(whom, Supporters):
        place = whom.petition.slug if whom.petition else whom.campaign.slug
        name = f"{place}-{Purpose.NEWS}-{whom.organization.slug}-{day}.{kind}"
    else:
        name = f"{whom.petition.slug}-{Purpose.UPDATES}-{day}.{kind}"
    response: HttpResponseBase
    if kind == FileKind.XLSX:
        response = FileResponse(xlsx_file(head, rows), content_type=MEDIA_TYPES[kind])
    else:
        response = StreamingHttpResponse(csv_lines(head, rows), content_type=MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
