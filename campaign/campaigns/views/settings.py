"""A campaign's own settings. What everybody sees of a campaign shows several rooms and lives in `pages`."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.models import User
from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.forms.settings import CampaignForm, PartnerForm, TeamForm
from campaign.campaigns.models import Campaign, CampaignPartner, TeamMember
from campaign.campaigns.rules import can_lead, team_role
from campaign.campaigns.services import (
    LastTeamOwner,
    NotInTheCoalition,
    OwnerIsNotProven,
    accept_partnership,
    create_campaign,
    edit_campaign,
    end_partnership,
    invite_partner,
    publish_campaign,
    remove_from_team,
    set_team_role,
)
from campaign.core.access import form_status, posted, require, require_role
from campaign.organizations.models import Organization
from campaign.organizations.rules import can_run_campaigns, role_in


def _led_campaign(request: HttpRequest, slug: str) -> Campaign:
    campaign = get_object_or_404(Campaign.objects.select_related("owner"), slug=slug)
    require(can_lead(require_role(team_role(request.user, campaign))))
    return campaign


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_create(request: SignedInRequest) -> HttpResponse:
    owners = Organization.objects.filter(
        memberships__user=request.user, memberships__role__in=["owner", "editor"]
    ).order_by("display_name", "pk")
    if not owners:
        messages.info(request, _("A campaign belongs to an organization. Begin with yours."))
        return redirect("organization_create")
    form = CampaignForm(posted(request), owners=owners, initial={"locale": "en"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        campaign = create_campaign(
            title=data["title"],
            summary=data["summary"],
            owner=data["owner"],
            locale=data["locale"],
            languages=data["languages"],
            fronts=form.fronts_with_aims(known={}),
            lead=request.user,
        )
        return redirect("campaign_settings", campaign.slug)
    context = {"form": form, "campaign": None}
    return render(request, "campaigns/campaign_form.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    campaign = _led_campaign(request, slug)
    known = dict(campaign.fronts.values_list("front", "aim"))
    form = CampaignForm(
        posted(request),
        initial={
            "title": campaign.title,
            "summary": campaign.summary,
            "languages": campaign.languages,
            "fronts": list(known),
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        edit_campaign(
            campaign=campaign,
            title=data["title"],
            summary=data["summary"],
            languages=data["languages"],
            fronts=form.fronts_with_aims(known=known),
        )
        return redirect("campaign_settings", campaign.slug)
    context = {"form": form, "campaign": campaign}
    return render(request, "campaigns/campaign_form.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_settings(request: SignedInRequest, slug: str) -> HttpResponse:
    """Team, partners and publishing on one page; each form says by `add` which it is."""
    campaign = _led_campaign(request, slug)
    adding = request.POST.get("add")
    team_form = TeamForm(
        request.POST if adding == "person" else None, prefix="team", initial={"role": "editor"}
    )
    partner_form = PartnerForm(
        request.POST if adding == "partner" else None, campaign=campaign, prefix="partner"
    )
    if adding == "person" and _add_person(campaign, team_form):
        return redirect("campaign_settings", slug)
    if adding == "partner" and partner_form.is_valid():
        invite_partner(
            campaign=campaign, organization=partner_form.cleaned_data["organization"], at=timezone.now()
        )
        return redirect("campaign_settings", slug)
    context = {
        "campaign": campaign,
        "team": campaign.team.select_related("user").order_by("created_at", "pk"),
        "partnerships": campaign.partnerships.select_related("organization").order_by("invited_at", "pk"),
        "team_form": team_form,
        "partner_form": partner_form,
    }
    status = max(form_status(team_form), form_status(partner_form))
    return render(request, "campaigns/campaign_settings.html", context, status=status)


def _add_person(campaign: Campaign, form: TeamForm) -> bool:
    if not form.is_valid():
        return False
    user = User.objects.filter(email__iexact=form.cleaned_data["email"]).first()
    try:
        if user is None:
            raise NotInTheCoalition  # the same words, so that nobody learns who has an account
        set_team_role(campaign=campaign, user=user, role=form.cleaned_data["role"])
    except (NotInTheCoalition, LastTeamOwner) as error:
        form.add_error("email", str(error))
        return False
    return True


@login_required
@require_POST
def campaign_publish(request: SignedInRequest, slug: str) -> HttpResponse:
    campaign = _led_campaign(request, slug)
    try:
        publish_campaign(campaign=campaign, at=timezone.now())
    except OwnerIsNotProven as error:
        messages.error(request, str(error))
    return redirect("campaign_settings", slug)


@login_required
@require_POST
def team_member_remove(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    campaign = _led_campaign(request, slug)
    member = get_object_or_404(
        TeamMember.objects.select_related("user", "campaign"), pk=pk, campaign=campaign
    )
    try:
        remove_from_team(member=member)
    except LastTeamOwner as error:
        messages.error(request, str(error))
    return redirect("campaign_settings", slug)


@login_required
@require_POST
def partnership_answer(request: SignedInRequest, pk: str) -> HttpResponse:
    """Who runs campaigns for the invited organization accepts or declines; an owner of the team may take the invitation back."""
    row = get_object_or_404(CampaignPartner.objects.select_related("campaign", "organization"), pk=pk)
    manages = can_run_campaigns(role_in(request.user, row.organization))
    leads = can_lead(team_role(request.user, row.campaign))
    if not (manages or leads):
        raise Http404
    match request.POST.get("answer"):
        case "accept":
            require(manages)
            accept_partnership(partnership=row, at=timezone.now())
        case "decline" | "end":
            end_partnership(partnership=row)
        case _:
            return HttpResponseBadRequest("The answer is accept, decline or end.")
    return redirect("desk" if manages else "campaign_settings", *([] if manages else [row.campaign.slug]))
