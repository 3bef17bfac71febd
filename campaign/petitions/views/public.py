"""What everybody sees: the list, a petition, its number; and the sign form."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from campaign.campaigns.rules import team_role
from campaign.core.access import form_status, require_role
from campaign.core.cleaning import markdown_to_html
from campaign.core.middleware import is_from_own_site
from campaign.petitions.forms.sign import SignForm
from campaign.petitions.models import Petition, PetitionState
from campaign.petitions.queries import (
    petition_cards,
    petition_endorsements,
    recent_public_names,
    signature_total,
    signature_totals_by_country,
)
from campaign.petitions.services import (
    PetitionNotOpen,
    sign_petition,
)


@require_safe
def petition_list(request: HttpRequest) -> HttpResponse:
    return render(request, "petitions/petition_list.html", {"petitions": petition_cards()})


@require_safe
def petition_detail(request: HttpRequest, slug: str) -> HttpResponse:
    petition = _visible_petition(request, slug)
    form = SignForm(initial={"source": request.GET.get("s", "")})
    return _petition_page(request, petition, form)


def _visible_petition(request: HttpRequest, slug: str) -> Petition:
    """Public petitions for everybody, drafts for the team."""
    petition = get_object_or_404(
        Petition.objects.select_related("campaign__owner", "addressee", "frozen_text"), slug=slug
    )
    if petition.state not in {PetitionState.OPEN, PetitionState.CLOSED}:
        require_role(team_role(request.user, petition.campaign))
    return petition


def _petition_page(request: HttpRequest, petition: Petition, form: SignForm) -> HttpResponse:
    at = timezone.now()
    count = signature_total(petition=petition)
    days_left = (petition.closes_at - at).days if petition.closes_at and petition.collects_at(at) else None
    context = {
        "petition": petition,
        "text_html": markdown_to_html(petition.text),
        "count": count,
        "goal_share": min(100, round(100 * count / petition.goal)) if petition.goal else None,
        "countries": signature_totals_by_country(petition=petition),
        "recent": recent_public_names(petition=petition),
        "endorsements": petition_endorsements(petition=petition),
        "phase": phase_of(petition, at),
        "days_left": days_left,
        "form": form,
    }
    return render(request, "petitions/petition_detail.html", context, status=form_status(form))


def phase_of(petition: Petition, at: Any) -> str:
    if petition.collects_at(at):
        return "open"
    return "closed" if petition.state in {PetitionState.OPEN, PetitionState.CLOSED} else petition.state


@csrf_exempt  # a cached page has no token; the request's origin is checked instead
@require_http_methods(["GET", "HEAD", "POST"])
def petition_sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Record a signature. The answer is the same for every address."""
    if request.method != "POST":  # somebody reloaded the address of a refused form
        return redirect("petition_detail", slug)
    petition = get_object_or_404(
        Petition.objects.public().select_related("campaign__owner", "addressee", "frozen_text"), slug=slug
    )
    if not is_from_own_site(request):
        return render(request, "403.html", status=403)
    form = SignForm(request.POST)
    if form.is_valid():
        signer = form.signer_data(locale=get_language() or "en")
        try:
            sign_petition(petition=petition, signer=signer, at=timezone.now())
        except PetitionNotOpen as error:
            form.add_error(None, str(error))
        else:
            return redirect("petition_thanks", petition.slug)
    return _petition_page(request, petition, form)


@require_safe
def petition_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.public(), slug=slug)
    return render(request, "petitions/signature_thanks.html", {"petition": petition})


@require_safe
@cache_control(public=True, max_age=5)
def petition_count(request: HttpRequest, slug: str) -> JsonResponse:
    """The live number: `{"count": 4312}`."""
    petition = get_object_or_404(Petition.objects.public().only("id"), slug=slug)
    return JsonResponse({"count": signature_total(petition=petition)})
