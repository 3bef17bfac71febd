"""What everybody sees: the list, a petition, its number; and the sign form."""

from dataclasses import replace
from datetime import datetime

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from campaign.campaigns.rules import team_role
from campaign.core.access import require_role
from campaign.core.cleaning import clean_line
from campaign.core.memory import remembered
from campaign.core.middleware import is_from_own_site
from campaign.guard.network import client_network
from campaign.petitions.forms.sign import SignForm
from campaign.petitions.models import Petition, PetitionState
from campaign.petitions.queries import (
    petition_cards,
    petition_of_page,
    public_total,
)
from campaign.petitions.search import search_words
from campaign.petitions.services import (
    PetitionNotOpen,
    SigningPaused,
    require_signing,
    sign_petition,
)
from campaign.petitions.views.check import (
    Held,
    hold,
    needs_check,
    opened,
    petition_to_sign,
    second_step,
    use_solution,
)
from campaign.petitions.views.page import cached_facts, cached_page, petition_page

PAUSE_SECONDS = 600  # when programs may ask again
PETITIONS_A_PAGE = 20
LONGEST_QUESTION = 100  # characters of a search that are looked at


@require_safe
def petition_list(request: HttpRequest) -> HttpResponse:
    """All public petitions, or those with the words of `?q=` in them."""
    question = clean_line(request.GET.get("q", ""))[:LONGEST_QUESTION]
    words = search_words(question)
    # Signs alone are a question too, and nothing answers it.
    cards = petition_cards(words=words) if words or not question else petition_cards().none()
    page = Paginator(cards, PETITIONS_A_PAGE).get_page(request.GET.get("page"))
    context = {"petitions": page.object_list, "page": page, "question": question}
    return render(request, "petitions/petition_list.html", context)


@require_safe
def petition_detail(request: HttpRequest, slug: str) -> HttpResponse:
    facts = cached_facts(slug)
    if facts:
        return cached_page(request, facts)
    petition = get_object_or_404(
        Petition.objects.select_related("campaign__owner", "addressee", "frozen_text"), slug=slug
    )
    if petition.state not in {PetitionState.OPEN, PetitionState.CLOSED}:
        role = team_role(request.user, petition.campaign)
        if petition.state == PetitionState.HIDDEN and role is None:
            return _taken_down(request, petition)
        require_role(role)
    return petition_page(request, petition, SignForm(petition=petition))


def _taken_down(request: HttpRequest, petition: Petition) -> HttpResponse:
    """410 with the moderators' note, and nothing of the petition itself. It may come back: no cache keeps this."""
    response = render(request, "petitions/petition_gone.html", {"note": petition.hidden_note}, status=410)
    response.headers["Cache-Control"] = "no-store"
    return response


@csrf_exempt  # a cached page has no token; the request's origin is checked instead
@require_http_methods(["GET", "HEAD", "POST"])
def petition_sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down what somebody typed. Work and answer are the same for every address."""
    if request.method != "POST":  # somebody reloaded the address of a refused form
        return redirect("petition_detail", slug)
    at, network = timezone.now(), client_network(request)
    petition = petition_to_sign(slug=slug, network=network, at=at)
    if not is_from_own_site(request):
        return render(request, "403.html", status=403)
    held = opened(request.POST["held"], petition) if "held" in request.POST else None
    if held is None and "held" in request.POST:  # not sealed by us: nothing in it can be read
        return redirect("petition_detail", slug)
    form = SignForm(held.typed if held else request.POST, petition=petition)
    if not form.is_valid():
        return _refused(request, petition, form)
    try:
        return _signed(request, petition, form, held, network=network, at=at)
    except PetitionNotOpen as error:
        form.add_error(None, str(error))
    except SigningPaused as error:
        form.add_error(None, str(error))
        form.pause_note = error.note
    return _refused(request, petition, form)


def _signed(
    request: HttpRequest, petition: Petition, form: SignForm, held: Held | None, *, network: str, at: datetime
) -> HttpResponse:
    """Past the check for robots, if it is on. Raises PetitionNotOpen, SigningPaused."""
    require_signing(petition=petition, at=at)
    signer = form.signer_data(locale=get_language() or "en", network=network)
    if held is not None and held.is_too_old(at):
        form.add_error(None, _("That was more than half an hour ago. Look it through and send it again."))
        return _refused(request, petition, form)
    if held is not None and at < held.ready_at:
        return second_step(request, petition, held=request.POST["held"], until=held.ready_at, at=at)
    if held is not None:
        with transaction.atomic():
            if held.use():  # else pressed twice: what it holds is written down already
                sign_petition(petition=petition, signer=signer, at=at)
    elif not needs_check(petition, at=at):
        sign_petition(petition=petition, signer=signer, at=at)
    else:
        with transaction.atomic():
            if not use_solution(form.cleaned_data["solution"], petition, at=at):
                # Of a name that is sent several times, as boxes are, all are kept.
                typed = {**request.POST.dict(), "news": " ".join(request.POST.getlist("news"))}
                return second_step(request, petition, held=hold(typed, petition, at=at), at=at)
            sign_petition(petition=petition, signer=replace(signer, is_checked=True), at=at)
    return redirect("petition_thanks", petition.slug)


def _refused(request: HttpRequest, petition: Petition, form: SignForm) -> HttpResponse:
    """The whole page, with what was typed in its form. 422; 503 while signing is paused.

    A pause is no fault of what was typed: 503 says so to programs, is kept by no cache, and tells when to come back. The page is
    the same, and a browser shows it.
    """
    response = petition_page(request, petition_of_page(petition_id=petition.pk), form)
    if form.pause_note is not None:
        response.status_code = 503
        response.headers["Retry-After"] = str(PAUSE_SECONDS)
    return response


@require_safe
def petition_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for everybody, whatever became of what they typed."""
    petition = get_object_or_404(Petition.objects.public().only("slug", "title", "locale"), slug=slug)
    return render(request, "petitions/signature_thanks.html", {"petition": petition})


@require_safe
@cache_control(public=True, max_age=5)
def petition_count(request: HttpRequest, slug: str) -> JsonResponse:
    """The live number: `{"count": 4312}`. At most a second old, whoever asks how often."""
    count = remembered(f"count:{slug}", lambda: public_total(slug=slug), seconds=1)
    if count is None:
        raise Http404
    return JsonResponse({"count": count})
