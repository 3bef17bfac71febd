"""The record of what moderators and teams did."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.moderation.models import Act, ModerationAct
from campaign.moderation.queries import recorded_acts
from campaign.moderation.rules import can_moderate, can_read_record
from campaign.moderation.views.access import for_moderators, petition_for

PAGE = 50
LEADS_ALONE = {Act.EXPORT}  # what no moderator may do: whoever did it did so for the team


@dataclass(frozen=True)
class Line:
    """One act as a page shows it. `who` is empty where only `role` may be told."""

    act: ModerationAct
    who: str
    role: str


@for_moderators
@require_safe
def site_record(request: SignedInRequest) -> HttpResponse:
    page = Paginator(recorded_acts(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": _lines(page, with_names=True)}
    return render(request, "moderation/record.html", context)


@never_cache
@login_required
@require_safe
def petition_record(request: SignedInRequest, slug: str) -> HttpResponse:
    """For the team moderators have no names: they decide for the site, and nobody shall press them."""
    petition = petition_for(request.user, slug, can_read_record)
    page = Paginator(recorded_acts(petition=petition), PAGE).get_page(request.GET.get("page"))
    lines = _lines(page, with_names=can_moderate(request.user))
    context: dict[str, Any] = {"page": page, "lines": lines, "petition": petition}
    return render(request, "moderation/record.html", context)


def _lines(page: Page[ModerationAct], *, with_names: bool) -> list[Line]:
    return [_line(act, with_names=with_names) for act in page.object_list]


def _line(act: ModerationAct, *, with_names: bool) -> Line:
    if act.actor is None:
        return Line(act, "", _("Somebody whose account is gone"))
    is_moderator = act.actor.is_staff and act.act not in LEADS_ALONE
    if is_moderator and not with_names:
        return Line(act, "", _("A moderator"))
    return Line(act, act.actor.display_name, _("moderator") if is_moderator else _("team"))
