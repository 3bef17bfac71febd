"""The pages of the campaign's team."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import can_edit_petitions, can_lead, team_role
from campaign.core.access import form_status, posted, require, require_role
from campaign.petitions.forms.petition import PetitionForm
from campaign.petitions.models import Petition, SignatureState
from campaign.petitions.queries import (
    signature_total,
)
from campaign.petitions.services import (
    CampaignIsDraft,
    ClosingDateIsPast,
    PetitionCannotMove,
    close_petition,
    create_petition,
    edit_petition,
    publish_petition,
)
from campaign.petitions.views.public import phase_of


def _team_petition(request: HttpRequest, slug: str) -> tuple[Petition, str]:
    petition = get_object_or_404(
        Petition.objects.select_related("campaign__owner", "addressee", "frozen_text"), slug=slug
    )
    role = require_role(team_role(request.user, petition.campaign))
    require(can_edit_petitions(role))
    return petition, role


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def petition_create(request: SignedInRequest, campaign: str) -> HttpResponse:
    row = get_object_or_404(Campaign, slug=campaign)
    require(can_edit_petitions(require_role(team_role(request.user, row))))
    form = PetitionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        petition = create_petition(campaign=row, **form.cleaned_data)
        return redirect("petition_manage", petition.slug)
    context = {"form": form, "campaign": row, "petition": None}
    return render(request, "petitions/petition_form.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def petition_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, _role = _team_petition(request, slug)
    initial = {name: getattr(petition, name) for name in PetitionForm.base_fields}
    form = PetitionForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_petition(petition=petition, **form.cleaned_data)
        except PetitionCannotMove as error:
            form.add_error(None, str(error))
        else:
            return redirect("petition_manage", petition.slug)
    context = {"form": form, "campaign": petition.campaign, "petition": petition}
    return render(request, "petitions/petition_form.html", context, status=form_status(form))


@login_required
@require_safe
def petition_manage(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, role = _team_petition(request, slug)
    context = {
        "petition": petition,
        "count": signature_total(petition=petition),
        "pending": petition.signatures.filter(state=SignatureState.PENDING).count(),
        "withdrawn": petition.signatures.filter(state=SignatureState.WITHDRAWN).count(),
        "can_lead": can_lead(role),
        "phase": phase_of(petition, timezone.now()),
    }
    return render(request, "petitions/petition_manage.html", context)


@login_required
@require_POST
def petition_publish(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, role = _team_petition(request, slug)
    require(can_lead(role))
    try:
        publish_petition(petition=petition, at=timezone.now())
    except (ClosingDateIsPast, CampaignIsDraft, PetitionCannotMove) as error:
        messages.error(request, str(error))
    else:
        messages.info(request, _("The petition is open. Its text is frozen from now on."))
    return redirect("petition_manage", petition.slug)


@login_required
@require_POST
def petition_close(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, role = _team_petition(request, slug)
    require(can_lead(role))
    try:
        close_petition(petition=petition, at=timezone.now())
    except PetitionCannotMove as error:
        messages.error(request, str(error))
    return redirect("petition_manage", petition.slug)
