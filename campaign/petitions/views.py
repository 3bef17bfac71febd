"""Petitions on the web: read, sign, confirm, withdraw, and the team's own pages."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import can_edit_petitions, can_lead, team_role
from campaign.core.access import form_status, posted, require, require_role
from campaign.core.cleaning import markdown_to_html
from campaign.core.links import link_token, linked_row_id
from campaign.core.middleware import is_from_own_site
from campaign.petitions.forms import PetitionForm, SignForm
from campaign.petitions.models import Petition, PetitionState, Signature, SignatureState
from campaign.petitions.queries import (
    petition_cards,
    petition_endorsements,
    recent_public_names,
    signature_total,
    signature_totals_by_country,
)
from campaign.petitions.services import (
    CampaignIsDraft,
    ClosingDateIsPast,
    ConfirmationTooLate,
    PetitionCannotMove,
    PetitionNotOpen,
    close_petition,
    confirm_signature,
    create_petition,
    edit_petition,
    publish_petition,
    sign_petition,
    withdraw_signature,
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
        "phase": _phase(petition, at),
        "days_left": days_left,
        "form": form,
    }
    return render(request, "petitions/petition_detail.html", context, status=form_status(form))


def _phase(petition: Petition, at: Any) -> str:
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


def _linked_signature(purpose: str, token: str) -> Signature | None:
    row_id = linked_row_id(purpose=f"signature-{purpose}", token=token)
    rows = Signature.objects.select_related("petition")
    return rows.filter(pk=row_id).first() if row_id else None


@never_cache
@csrf_exempt  # the link itself is the secret; it must work in a browser that keeps no cookies
@require_http_methods(["GET", "HEAD", "POST"])
def signature_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, POST confirms: mail scanners open links."""
    signature = _linked_signature("confirm", token)
    if signature is None or signature.state == SignatureState.INVALIDATED or not signature.name:
        return render(request, "petitions/link_dead.html", status=410)
    error = None
    if request.method == "POST":
        try:
            # Only what the person saw is confirmed: somebody may have typed another name for the address meanwhile.
            seen = request.POST.get("shown") == signature.signed_at.isoformat()
            if seen and confirm_signature(signature=signature, at=timezone.now()):
                return redirect(
                    "signature_manage", link_token(purpose="signature-manage", row_id=signature.pk)
                )
        except ConfirmationTooLate as refusal:
            error = str(refusal)
    if signature.state == SignatureState.CONFIRMED:
        return redirect("signature_manage", link_token(purpose="signature-manage", row_id=signature.pk))
    if not signature.petition.confirms_at(timezone.now()):
        error = str(ConfirmationTooLate())
    context = {"signature": signature, "petition": signature.petition, "error": error}
    return render(request, "petitions/signature_confirm.html", context, status=410 if error else 200)


@never_cache
@require_http_methods(["GET", "HEAD"])
def signature_manage(request: HttpRequest, token: str) -> HttpResponse:
    """The signer's own page: their number, the petition's address to pass on, the way to withdraw."""
    signature = _linked_signature("manage", token)
    if signature is None or signature.state in {SignatureState.INVALIDATED, SignatureState.PENDING}:
        return render(request, "petitions/link_dead.html", status=410)
    context = {
        "signature": signature,
        "petition": signature.petition,
        "number": signature.number if signature.counted else None,
        "token": token,
    }
    if signature.state == SignatureState.WITHDRAWN:
        return render(request, "petitions/signature_withdrawn.html", context)
    return render(request, "petitions/signature_confirmed.html", context)


@never_cache
@csrf_exempt  # the link itself is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def signature_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    signature = _linked_signature("manage", token)
    if signature is None or signature.state == SignatureState.INVALIDATED:
        return render(request, "petitions/link_dead.html", status=410)
    if request.method == "POST":
        withdraw_signature(signature=signature, at=timezone.now())
        return redirect("signature_manage", token)
    context = {"signature": signature, "petition": signature.petition, "token": token}
    return render(request, "petitions/signature_withdraw.html", context)


# --- The team's pages -------------------------------------------------------


def _team_petition(request: HttpRequest, slug: str) -> tuple[Petition, str]:
    petition = get_object_or_404(
        Petition.objects.select_related("campaign__owner", "addressee", "frozen_text"), slug=slug
    )
    role = require_role(team_role(request.user, petition.campaign))
    require(can_edit_petitions(role))
    return petition, role


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def petition_create(request: SignedInRequest, campaign: str) -> HttpResponse:
    row = get_object_or_404(Campaign, slug=campaign)
    require(can_edit_petitions(require_role(team_role(request.user, row))))
    form = PetitionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        petition = create_petition(campaign=row, **form.cleaned_data)
        return redirect("petition_manage", petition.slug)
    context = {"form": form, "campaign": row, "petition": None}
    return render(request, "petitions/petition_form.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def petition_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, _role = _team_petition(request, slug)
    initial = {name: getattr(petition, name) for name in PetitionForm.base_fields}
    form = PetitionForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_petition(petition=petition, **form.cleaned_data)
        except PetitionCannotMove as error:
            form.add_error(None, str(error))
        else:
            return redirect("petition_manage", petition.slug)
    context = {"form": form, "campaign": petition.campaign, "petition": petition}
    return render(request, "petitions/petition_form.html", context, status=form_status(form))


@login_required
@require_safe
def petition_manage(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, role = _team_petition(request, slug)
    context = {
        "petition": petition,
        "count": signature_total(petition=petition),
        "pending": petition.signatures.filter(state=SignatureState.PENDING).count(),
        "withdrawn": petition.signatures.filter(state=SignatureState.WITHDRAWN).count(),
        "can_lead": can_lead(role),
        "phase": _phase(petition, timezone.now()),
    }
    return render(request, "petitions/petition_manage.html", context)


@login_required
@require_POST
def petition_publish(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, role = _team_petition(request, slug)
    require(can_lead(role))
    try:
        publish_petition(petition=petition, at=timezone.now())
    except (ClosingDateIsPast, CampaignIsDraft, PetitionCannotMove) as error:
        messages.error(request, str(error))
    else:
        messages.info(request, _("The petition is open. Its text is frozen from now on."))
    return redirect("petition_manage", petition.slug)


@login_required
@require_POST
def petition_close(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, role = _team_petition(request, slug)
    require(can_lead(role))
    try:
        close_petition(petition=petition, at=timezone.now())
    except PetitionCannotMove as error:
        messages.error(request, str(error))
    return redirect("petition_manage", petition.slug)
