"""Joining a campaign's team by an invitation."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import TeamInvitation
from campaign.campaigns.services import (
    LastTeamOwner,
    NotInTheCoalition,
    TakenInFirst,
    accept_team_invitation,
)
from campaign.core.links import linked_row_id
from campaign.organizations.services import LinkExpired, OtherAddress


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def team_invitation(request: SignedInRequest, token: str) -> HttpResponse:
    row_id = linked_row_id(purpose="team-invitation", token=token)
    rows = TeamInvitation.objects.select_related("campaign", "organization", "invited_by")
    invitation = rows.filter(pk=row_id).first() if row_id else None
    if invitation is None or invitation.expires_at <= timezone.now():
        return render(request, "organizations/link_dead.html", status=410)
    error = None
    if request.method == "POST":
        try:
            accept_team_invitation(invitation=invitation, user=request.user, at=timezone.now())
        except LinkExpired:
            return render(request, "organizations/link_dead.html", status=410)
        except (OtherAddress, TakenInFirst, NotInTheCoalition, LastTeamOwner) as refusal:
            error = str(refusal)
        else:
            return redirect("campaign_detail", invitation.campaign.slug)
    context = {"invitation": invitation, "campaign": invitation.campaign, "error": error}
    return render(request, "campaigns/team_invitation.html", context, status=403 if error else 200)
