"""Screens that show several rooms at once."""

import re

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import Campaign, CampaignState
from campaign.campaigns.queries import (
    campaign_cards,
    campaigns_drafted_in,
    campaigns_worked_in,
    partnerships_to_answer,
    shown_partners,
    user_campaigns,
)
from campaign.campaigns.rules import can_edit_petitions, can_lead, team_role
from campaign.consultations.queries import campaign_instruments, public_filings, user_submissions
from campaign.core.access import require_role
from campaign.core.cleaning import markdown_to_html
from campaign.mailing.queries import kept_mails
from campaign.organizations.queries import endorsements_to_answer, user_memberships
from campaign.petitions.models import Petition
from campaign.petitions.queries import petition_cards, with_totals
from campaign.regulations.queries import instruments_in_work, library_templates, published_templates
from campaign.regulations.rules import can_draft


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    petitions = list(petition_cards()[:6])
    context = {
        "petition": petitions[0] if petitions else None,
        "petitions": petitions,
        "campaigns": campaign_cards()[:6],
        "instruments": library_templates()[:6],
        "filings": public_filings(at=timezone.now())[:6],
    }
    return render(request, "pages/home.html", context)


@require_safe
def campaign_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Public once published; before that, its team alone sees it."""
    campaign = get_object_or_404(Campaign.objects.select_related("owner"), slug=slug)
    role = team_role(request.user, campaign)
    if campaign.state != CampaignState.PUBLISHED:
        require_role(role)
    context = {
        "campaign": campaign,
        "summary_html": markdown_to_html(campaign.summary),
        "partners": shown_partners(campaign=campaign),
        "fronts": campaign.fronts.order_by("front"),
        "petitions": with_totals(Petition.objects.public().filter(campaign=campaign))
        .select_related("campaign", "addressee")
        .order_by("-signature_total", "pk"),
        "instruments": campaign_instruments(campaign=campaign, at=timezone.now()),
        "own_instruments": published_templates()
        .filter(campaign=campaign)
        .select_related("jurisdiction", "campaign"),
        "drafts": instruments_in_work(campaigns=Campaign.objects.filter(pk=campaign.pk))
        if can_draft(role)
        else [],
        "filings": public_filings(at=timezone.now()).filter(submission__campaign=campaign),
        "role": role,
        "can_lead": can_lead(role),
        "can_edit_petitions": can_edit_petitions(role),
    }
    return render(request, "pages/campaign.html", context)


@login_required
@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """What a signed-in person works on."""
    user = request.user
    petitions = with_totals(
        Petition.objects.filter(campaign__in=campaigns_worked_in(user=user))
    ).select_related("campaign")
    context = {
        "teams": user_campaigns(user=user),
        "petitions": petitions.order_by("title", "pk"),
        "submissions": user_submissions(user=user),
        "drafts": instruments_in_work(campaigns=campaigns_drafted_in(user=user)),
        "memberships": user_memberships(user=user),
        "partnerships": partnerships_to_answer(user=user),
        "endorsements_to_answer": endorsements_to_answer(user=user)[:20],
    }
    return render(request, "pages/desk.html", context)


@require_safe
def mail_page(request: HttpRequest) -> HttpResponse:
    """Outgoing mail of the embedded run, for trying things out. It does not exist elsewhere."""
    if not settings.MAIL_PAGE:
        raise Http404
    mails = [{"mail": mail, "body_html": _with_links(mail.text)} for mail in kept_mails()]
    return render(request, "pages/mail.html", {"mails": mails})


def _with_links(text: str) -> SafeString:
    """Plain text as HTML with its web addresses made clickable."""
    parts = re.split(r"(https?://[^\s<>\"]+)", text)
    return mark_safe(  # noqa: S308  each part is escaped right here
        "".join(
            format_html('<a href="{}">{}</a>', part, part) if index % 2 else escape(part)
            for index, part in enumerate(parts)
        )
    )
