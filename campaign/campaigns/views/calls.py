"""A campaign's calls for endorsements, for its team."""

import csv
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.activity.services import log_act
from campaign.campaigns.forms.calls import CallForm, InviteForm
from campaign.campaigns.models import Campaign
from campaign.campaigns.queries import campaign_calls
from campaign.campaigns.rules import can_edit_petitions, team_role
from campaign.core.access import form_status, posted, require, require_role
from campaign.core.cells import safe_cell
from campaign.core.cleaning import markdown_to_html
from campaign.organizations.models import Call, Endorsement
from campaign.organizations.queries import call_numbers, call_rows, waiting_invitations
from campaign.organizations.services import (
    NobodyToShow,
    ProofSentLately,
    PublicAlready,
    RemindedLately,
    TooManyInvitations,
    invite_organizations,
    remind_invited,
    remind_renewals,
    send_list_proof,
    set_call,
)

PAGE = 100


def call_for(request: HttpRequest, pk: UUID, *, to_edit: bool = False) -> tuple[Call, Campaign | None]:
    """A call for the team that runs it; one of the library, which belongs to no campaign, for the site's staff.

    Strangers get 404, and with `to_edit` those who may only look 403.
    """
    call = get_object_or_404(
        Call.objects.select_related("frozen_text", "asked_by", "campaign_call__campaign"), pk=pk
    )
    link = getattr(call, "campaign_call", None)
    if link is None:
        if not request.user.is_staff:
            raise Http404
        return call, None
    role = require_role(team_role(request.user, link.campaign))
    if to_edit:
        require(can_edit_petitions(role))
    return call, link.campaign


@never_cache
@login_required
@require_safe
def call_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the campaign asks organizations to endorse, with the numbers of each."""
    campaign = get_object_or_404(Campaign, slug=slug)
    role = require_role(team_role(request.user, campaign))
    page = Paginator(campaign_calls(campaign=campaign), 50).get_page(request.GET.get("page"))
    numbers = call_numbers(calls=[row.call for row in page])
    context = {
        "campaign": campaign,
        "page": page,
        "rows": [(row.call, numbers[row.call.pk]) for row in page],
        "can_edit": can_edit_petitions(role),
    }
    return render(request, "campaigns/call_list.html", context)


@never_cache
@login_required
@require_safe
def call_detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Where a call stands: who stands behind the text, who was asked again, who was invited."""
    call, campaign = call_for(request, pk)
    state = request.GET.get("state", "")
    page = Paginator(call_rows(call=call, state=state), PAGE).get_page(request.GET.get("page"))
    context = {
        "call": call,
        "campaign": campaign,
        "numbers": call_numbers(calls=[call])[call.pk],
        "page": page,
        "state": state,
        "query": f"state={state}&" if state else "",
        "texts": call.texts.select_related("frozen_text").order_by("-number"),
        "invitations": waiting_invitations(call=call)[:PAGE],
        "note_html": markdown_to_html(call.note, heading_offset=2),
        "can_edit": campaign is None or can_edit_petitions(team_role(request.user, campaign)),
        "now": timezone.now(),
    }
    return render(request, "campaigns/call_detail.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def call_settings(request: SignedInRequest, pk: UUID) -> HttpResponse:
    call, campaign = call_for(request, pk, to_edit=True)
    form = CallForm(posted(request), initial=CallForm.initial_of(call, time_zone="UTC"))
    if request.method == "POST" and form.is_valid():
        try:
            set_call(call=call, wanted=form.call_settings())
        except PublicAlready as error:
            form.add_error("embargo", str(error))
        else:
            _log(request, call, campaign, "campaigns.call_changed")
            return redirect("call_detail", call.pk)
    context = {"form": form, "call": call, "campaign": campaign}
    return render(request, "campaigns/call_settings.html", context, status=form_status(form))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def call_invite(request: SignedInRequest, pk: UUID) -> HttpResponse:
    call, campaign = call_for(request, pk, to_edit=True)
    form = InviteForm(posted(request), initial={"locale": call.frozen_text.locale})
    if request.method == "POST" and form.is_valid():
        try:
            count = invite_organizations(
                call=call,
                invited=form.cleaned_data["organizations"],
                locale=form.cleaned_data["locale"],
                by=request.user,
                at=timezone.now(),
            )
        except TooManyInvitations as error:
            form.add_error("organizations", str(error))
        else:
            _log(request, call, campaign, "campaigns.call_invited", count=count)
            told = ngettext(
                "%(count)d invitation is on its way. Who had one already gets no second.",
                "%(count)d invitations are on their way. Who had one already gets no second.",
                count,
            )
            messages.info(request, told % {"count": count})
            return redirect("call_detail", call.pk)
    context = {"form": form, "call": call, "campaign": campaign}
    return render(request, "campaigns/call_invite.html", context, status=form_status(form))


MAILINGS = {
    "remind_invited": (remind_invited, "campaigns.call_reminded"),
    "remind_renewals": (remind_renewals, "campaigns.call_reminded"),
    "send_proof": (send_list_proof, "campaigns.call_proof_sent"),
}


@login_required
@require_POST
def call_mail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Remind those who have not answered, or show the list to those on it."""
    call, campaign = call_for(request, pk, to_edit=True)
    if (wanted := MAILINGS.get(request.POST.get("mail", ""))) is None:
        return HttpResponseBadRequest("There is no such mailing.")
    mail, act = wanted
    try:
        count = mail(call=call, at=timezone.now())
    except (RemindedLately, ProofSentLately, NobodyToShow) as error:
        messages.error(request, str(error))
    else:
        _log(request, call, campaign, act, count=count)
        told = ngettext("%(count)d mail is on its way.", "%(count)d mails are on their way.", count)
        messages.info(request, told % {"count": count})
    return redirect("call_detail", call.pk)


@never_cache
@login_required
@require_safe
def call_file(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The endorsers of the current text as a text file with commas: what is public of them, and nothing else."""
    call, _campaign = call_for(request, pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="endorsers-{call.pk}.csv"'
    response.write("\ufeff")  # spreadsheet programs guess wrong without
    writer = csv.writer(response)
    writer.writerow(
        ["name", "legal_name", "country", "kind", "website", "proof", "scope", "accepted_at", "late"]
    )
    for row in call_rows(call=call, state="accepted"):
        writer.writerow(_cells(row))
    return response


def _cells(row: Endorsement) -> list[str]:
    organization, mandate, at = row.organization, row.mandate, row.accepted_at
    assert organization is not None  # the database holds it so for accepted ones  # noqa: S101
    assert mandate is not None  # noqa: S101
    assert at is not None  # noqa: S101
    cells = [organization.display_name, organization.legal_name, str(organization.country), organization.kind]
    cells += [organization.website, mandate.proof, row.scope, at.isoformat(), "yes" if row.is_late else "no"]
    return [safe_cell(cell) for cell in cells]


def _log(request: SignedInRequest, call: Call, campaign: Campaign | None, act: str, **facts: int) -> None:
    if campaign is not None:
        log_act(
            subject_id=campaign.pk,
            act=act,
            actor=request.user,
            at=timezone.now(),
            text=call.frozen_text.title,
            **facts,
        )
