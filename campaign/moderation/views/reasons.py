"""Which signers' reasons are shown."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.moderation.rules import can_decide_reasons
from campaign.moderation.services import decide_reason
from campaign.moderation.views.access import petition_for
from campaign.petitions.models import ReasonState
from campaign.petitions.queries import reasons_of

PAGE = 25


@never_cache
@login_required
@require_safe
def petition_reasons(request: SignedInRequest, slug: str) -> HttpResponse:
    """Reasons that wait; with `?state=shown` or `refused` those decided."""
    petition = petition_for(request.user, slug, can_decide_reasons)
    state = _state(request.GET.get("state"))
    page = Paginator(reasons_of(petition=petition, state=state), PAGE).get_page(request.GET.get("page"))
    context = {"petition": petition, "page": page, "signatures": page.object_list, "state": state.value}
    return render(request, "moderation/petition_reasons.html", context)


@login_required
@require_POST
def reason_decide(request: SignedInRequest, slug: str, signature: uuid.UUID) -> HttpResponse:
    """Show one, or not. Back to where the button was."""
    petition = petition_for(request.user, slug, can_decide_reasons)
    if request.POST.get("shown") in {"yes", "no"}:
        decide_reason(
            petition=petition,
            signature_id=signature,
            shown=request.POST["shown"] == "yes",
            by=request.user,
            at=timezone.now(),
        )
    state = _state(request.POST.get("state"))
    return redirect(f"{reverse('petition_reasons', args=[petition.slug])}?state={state.value}")


def _state(text: str | None) -> ReasonState:
    return ReasonState(text) if text in {ReasonState.SHOWN, ReasonState.REFUSED} else ReasonState.WAITING
