"""A campaign's own settings. What everybody sees of a campaign shows several rooms and lives in `pages`."""

from contextlib import AbstractContextManager

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.models import User
from campaign.accounts.requests import SignedInRequest
from campaign.activity.services import on_the_log, person
from campaign.activity.views import done, lock_answer, lock_context, may_save, version_of
from campaign.campaigns.forms.settings import CampaignForm, NewsForm, PartnerForm, TeamForm
from campaign.campaigns.models import Campaign, CampaignPartner, TeamMember
from campaign.campaigns.queries import coalition, news_questions
from campaign.campaigns.rules import can_lead, speaks_for_owner, team_member, team_role, works_for_owner
from campaign.campaigns.services import (
    InTheTeamAlready,
    LastTeamOwner,
    NotInTheCoalition,
    OwnerIsNotProven,
    WorksForAnother,
    accept_partnership,
    ask_for_news,
    create_campaign,
    edit_campaign,
    end_partnership,
    invite_partner,
    invite_to_team,
    publish_campaign,
    remove_from_team,
    set_team_role,
)
from campaign.core.access import form_status, posted, require, require_role
from campaign.organizations.models import Organization
from campaign.organizations.rules import can_run_campaigns, role_in
from campaign.organizations.services import TooManyMails


def _logged(
    request: SignedInRequest, campaign: Campaign, act: str, **facts: str
) -> AbstractContextManager[None]:
    """What is done inside stands in the log of the campaign's team."""
    return on_the_log(
        subject_id=campaign.pk, act=f"campaigns.{act}", actor=request.user, at=timezone.now(), **facts
    )


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
    key = f"campaigns.campaign:{campaign.pk}"
    known = dict(campaign.fronts.order_by("front").values_list("front", "aim"))
    initial = {
        "title": campaign.title,
        "summary": campaign.summary,
        "languages": campaign.languages,
        "fronts": list(known),
    }
    version = version_of(initial)
    if (answer := lock_answer(request, key=key)) is not None:
        return answer
    form = CampaignForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid() and may_save(request, form, key=key, version=version):
        data = form.cleaned_data
        with _logged(request, campaign, "edited"):
            edit_campaign(
                campaign=campaign,
                title=data["title"],
                summary=data["summary"],
                languages=data["languages"],
                fronts=form.fronts_with_aims(known=known),
            )
        done(request, key=key)
        return redirect("campaign_settings", campaign.slug)
    context = {
        "form": form,
        "campaign": campaign,
        "version": version,
        "is_behind": request.POST.get("version", version) != version,
        **lock_context(request, key=key),
    }
    return render(request, "campaigns/campaign_form.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_settings(request: SignedInRequest, slug: str) -> HttpResponse:
    """Team, partners and publishing on one page; each form says by `add` which it is."""
    campaign = _led_campaign(request, slug)
    adding, by = request.POST.get("add"), _own_place(request, campaign)
    places = coalition(campaign=campaign)
    if not works_for_owner(by, campaign):
        places = places.filter(pk__in=[by.organization_id])
    team_form = TeamForm(
        request.POST if adding == "person" else None,
        coalition=places,
        prefix="team",
        initial={"role": "editor"},
    )
    partner_form = PartnerForm(
        request.POST if adding == "partner" else None, campaign=campaign, prefix="partner"
    )
    if adding == "person" and _add_person(request, campaign, team_form, by):
        return redirect("campaign_settings", slug)
    if adding == "partner" and partner_form.is_valid():
        asked = partner_form.cleaned_data["organization"]
        with _logged(request, campaign, "partner_asked", organization=asked.display_name):
            invite_partner(campaign=campaign, organization=asked, at=timezone.now())
        return redirect("campaign_settings", slug)
    context = {
        "campaign": campaign,
        "team": campaign.team.select_related("user", "organization").order_by("created_at", "pk"),
        "invitations": campaign.invitations.filter(accepted_at=None, expires_at__gt=timezone.now())
        .select_related("organization")
        .order_by("created_at", "pk"),
        "own": by.organization_id,
        "for_owner": works_for_owner(by, campaign),
        "news_questions": news_questions(
            campaign=campaign, user=request.user, of_owner=speaks_for_owner(request.user, campaign)
        ),
        "partnerships": campaign.partnerships.select_related("organization").order_by("invited_at", "pk"),
        "team_form": team_form,
        "partner_form": partner_form,
    }
    status = max(form_status(team_form), form_status(partner_form))
    return render(request, "campaigns/campaign_settings.html", context, status=status)


def _own_place(request: SignedInRequest, campaign: Campaign) -> TeamMember:
    member = team_member(request.user, campaign)
    if member is None:  # taken out of the team since the right was checked
        raise Http404
    return member


def _add_person(request: SignedInRequest, campaign: Campaign, form: TeamForm, by: TeamMember) -> bool:
    """Members of the coalition's organizations are taken in at once; all others are asked by mail, with or without an account."""
    if not form.is_valid():
        return False
    email, role = form.cleaned_data["email"], form.cleaned_data["role"]
    user = User.objects.filter(email__iexact=email).first()
    organization = form.cleaned_data["organization"]
    if organization is None and not works_for_owner(by, campaign):
        organization = by.organization
    try:
        try:
            if user is None:
                raise NotInTheCoalition
            with _logged(request, campaign, "role_set", member=person(user), role=role):
                set_team_role(campaign=campaign, user=user, role=role, organization=organization, by=by)
        except NotInTheCoalition:
            invite_to_team(
                campaign=campaign,
                organization=organization or campaign.owner,
                email=email.lower(),
                role=role,
                by=by,
                locale=get_language() or "en",
                at=timezone.now(),
            )
            messages.info(request, _("The invitation is on its way."))
    except (NotInTheCoalition, LastTeamOwner, WorksForAnother, TooManyMails, InTheTeamAlready) as error:
        form.add_error("email", str(error))
        return False
    return True


@login_required
@require_POST
def campaign_publish(request: SignedInRequest, slug: str) -> HttpResponse:
    campaign = _led_campaign(request, slug)
    try:
        with _logged(request, campaign, "published"):
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
        with _logged(request, campaign, "removed", member=person(member.user)):
            remove_from_team(member=member, by=_own_place(request, campaign))
    except (LastTeamOwner, WorksForAnother) as error:
        messages.error(request, str(error))
    return redirect("campaign_settings", slug)


@login_required
@require_POST
def partnership_answer(request: SignedInRequest, pk: str) -> HttpResponse:
    """Who runs campaigns for the invited organization accepts or declines; an owner of the team who works for the campaign's
    owner may take the invitation back."""
    row = get_object_or_404(CampaignPartner.objects.select_related("campaign", "organization"), pk=pk)
    manages = can_run_campaigns(role_in(request.user, row.organization))
    member = team_member(request.user, row.campaign)
    leads = works_for_owner(member, row.campaign) and can_lead(member.role if member else None)
    if not (manages or leads):
        require(member is None)
        raise Http404
    match request.POST.get("answer"):
        case "accept":
            require(manages)
            with _logged(request, row.campaign, "partner_joined", organization=row.organization.display_name):
                accept_partnership(partnership=row, at=timezone.now())
        case "decline" | "end":
            with _logged(request, row.campaign, "partner_left", organization=row.organization.display_name):
                end_partnership(partnership=row)
        case _:
            return HttpResponseBadRequest("The answer is accept, decline or end.")
    return redirect("desk" if manages else "campaign_settings", *([] if manages else [row.campaign.slug]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_news(request: SignedInRequest, slug: str) -> HttpResponse:
    """Whether signers are asked for news of an organization: a switch for each that the visitor speaks for.

    Others of the team get 403, strangers 404.
    """
    campaign = get_object_or_404(Campaign.objects.select_related("owner"), slug=slug)
    questions = news_questions(
        campaign=campaign, user=request.user, of_owner=speaks_for_owner(request.user, campaign)
    )
    if not questions:
        require(team_role(request.user, campaign) is None)
        raise Http404
    if request.method == "POST":
        chosen = [row for row in questions if str(row.organization.pk) == request.POST.get("organization")]
        require(bool(chosen))
        form = NewsForm(request.POST)
        if form.is_valid():
            ask_for_news(
                campaign=campaign,
                organization=chosen[0].organization,
                asks=form.cleaned_data["asks"],
                by=request.user,
                at=timezone.now(),
            )
        return redirect("campaign_news", slug)
    context = {"campaign": campaign, "questions": questions}
    return render(request, "campaigns/campaign_news.html", context)
