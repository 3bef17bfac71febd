"""Who may see moderators' pages, the same on all of them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from campaign.accounts.models import User
from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.rules import team_role
from campaign.core.access import require, require_role
from campaign.moderation.rules import can_moderate
from campaign.petitions.models import Petition

View = Callable[..., HttpResponse]


def for_moderators(view: View) -> View:
    """Staff alone: everybody else who is signed in gets 404. What they see is stored nowhere on the way."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_moderate(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(login_required(guarded))


def petition_for_moderators(user: User, slug: str) -> Petition:
    """A petition by its address, for staff. Its own team gets 403, strangers 404."""
    rows = Petition.objects.select_related("campaign__owner", "addressee")
    petition = get_object_or_404(rows, slug=slug)
    require_moderator(user, petition)
    return petition


def require_moderator(user: User, petition: Petition) -> None:
    """For pages about one petition: its own team gets 403, strangers 404."""
    if can_moderate(user):
        return
    require(team_role(user, petition.campaign) is None)
    raise Http404


def petition_for(user: User, slug: str, allowed: Callable[[User, Petition], bool]) -> Petition:
    """A petition by its address, for those whom a rule allows. Others of its team get 403, strangers 404."""
    rows = Petition.objects.select_related("campaign__owner", "addressee")
    petition = get_object_or_404(rows, slug=slug)
    if not allowed(user, petition):
        require_role(team_role(user, petition.campaign))
        raise PermissionDenied
    return petition
