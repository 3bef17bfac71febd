"""Who did what in a campaign, for its team."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.activity.queries import log_page
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import team_role
from campaign.core.access import require_role


@never_cache
@login_required
@require_safe
def campaign_log(request: SignedInRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    require_role(team_role(request.user, campaign))
    context = {"campaign": campaign, **log_page(subject_id=campaign.pk, number=request.GET.get("page"))}
    return render(request, "campaigns/campaign_log.html", context)
