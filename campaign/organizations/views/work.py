"""What is signed in an organization's name, for its own people."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, require_role
from campaign.documents.redline import draw_redline
from campaign.organizations.forms.endorsing import RenewForm
from campaign.organizations.models import Endorsement, EndorsementState, Organization, Scope
from campaign.organizations.queries import own_endorsements
from campaign.organizations.rules import can_manage_people, role_in
from campaign.organizations.services import (
    EndorsementCannotMove,
    EndorsesAlready,
    LinkExpired,
    MandateNotInForce,
    MandateRevoked,
    SecondPersonNeeded,
    TextMovedOn,
    approve_endorsement,
    decline_renewal,
    renew_endorsement,
    withdraw_endorsement,
)
from campaign.organizations.views.access import managed_organization
from campaign.organizations.views.endorsing import text_context

PAGE = 50


@never_cache
@login_required
@require_safe
def organization_endorsements(request: SignedInRequest, slug: str) -> HttpResponse:
    """Everything signed in its name, and what waits: a second person, a changed text."""
    organization = get_object_or_404(Organization, slug=slug)
    role = require_role(role_in(request.user, organization))
    rows = own_endorsements(organization=organization)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"organization": organization, "page": page, "can_sign": can_manage_people(role)}
    return render(request, "organizations/organization_endorsements.html", context)


def _own(request: HttpRequest, slug: str, pk: UUID) -> tuple[Organization, Endorsement]:
    organization = managed_organization(request, slug)
    rows = Endorsement.objects.select_related("frozen_text", "renews__frozen_text", "organization", "mandate")
    return organization, get_object_or_404(rows, pk=pk, organization=organization)


@login_required
@require_POST
def organization_endorsement_act(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """An owner approves as the second person, or withdraws."""
    organization, endorsement = _own(request, slug, pk)
    try:
        match request.POST.get("act"):
            case "approve":
                approve_endorsement(endorsement=endorsement, by=request.user, at=timezone.now())
            case "withdraw":
                withdraw_endorsement(endorsement=endorsement, by=request.user, at=timezone.now())
            case _:
                return HttpResponseBadRequest("The act is approve or withdraw.")
    except (SecondPersonNeeded, EndorsementCannotMove, MandateNotInForce, TextMovedOn) as error:
        messages.error(request, str(error))
    return redirect("organization_endorsements", organization.slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_renew(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """An owner with a mandate reads what changed, and renews or declines."""
    organization, endorsement = _own(request, slug, pk)
    if endorsement.state != EndorsementState.TO_RENEW:
        return redirect("organization_endorsements", organization.slug)
    answered = request.POST.get("answer") if request.method == "POST" else None
    form = RenewForm(
        request.POST if answered == "renew" else None,
        text=endorsement.frozen_text,
        initial={"scope": Scope.WHOLE},
    )
    try:
        if answered == "decline":
            decline_renewal(endorsement=endorsement, at=timezone.now())
            return redirect("organization_endorsements", organization.slug)
        if answered == "renew" and form.is_valid():
            renew_endorsement(
                endorsement=endorsement, by=request.user, support=form.support(), at=timezone.now()
            )
            return redirect("organization_endorsements", organization.slug)
    except (EndorsesAlready, LinkExpired, MandateNotInForce, MandateRevoked, TextMovedOn) as error:
        if not form.is_bound:  # declining: a colleague has answered meanwhile
            messages.error(request, str(error))
            return redirect("organization_endorsements", organization.slug)
        form.add_error(None, str(error))
    before = endorsement.renews
    context = {
        "endorsement": endorsement,
        "organization": organization,
        "before": before,
        "redline": draw_redline(before.frozen_text, endorsement.frozen_text) if before else "",
        "form": form,
        **text_context(endorsement.frozen_text),
    }
    return render(request, "organizations/endorse_renew.html", context, status=form_status(form))
