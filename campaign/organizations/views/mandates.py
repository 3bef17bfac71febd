"""An organization's mandates, for its people: where each stands, withdrawing one, saying that one was never authorized."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted, require_role
from campaign.organizations.forms.mandates import ObjectForm, WithdrawForm
from campaign.organizations.levels import public_level
from campaign.organizations.models import Mandate, MandateState, Organization
from campaign.organizations.queries import is_found_twice
from campaign.organizations.queries import organization_mandates as mandates_of
from campaign.organizations.rules import can_manage_people, role_in
from campaign.organizations.services import (
    MandateCannotMove,
    ObjectedAlready,
    is_held_back,
    object_to_mandate,
    withdraw_mandate,
)
from campaign.organizations.views.proving import moved_on, own_mandate

PAGE = 30
OPEN = {
    *(MandateState.MAIL, MandateState.RECORD, MandateState.STAFF),
    *(MandateState.IN_FORCE, MandateState.ENDS_SOON),
}


@dataclass(frozen=True)
class MandateLine:
    """A mandate as the page shows it."""

    mandate: Mandate
    state: MandateState

    @property
    def can_withdraw(self) -> bool:
        return self.state in OPEN

    @property
    def can_hand_on(self) -> bool:
        return self.state in {MandateState.IN_FORCE, MandateState.ENDS_SOON}

    @property
    def can_renew(self) -> bool:
        return self.state in {MandateState.ENDS_SOON, MandateState.OVER}

    @property
    def can_object(self) -> bool:
        proven = self.mandate.proven_at is not None and self.state != MandateState.REFUSED
        return proven and not self.mandate.is_objected_to  # type: ignore[attr-defined]  # annotated by the query


@never_cache
@login_required
@require_safe
def organization_mandates(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every mandate, for the organization's members; its owners act."""
    organization = get_object_or_404(Organization, slug=slug)
    role = require_role(role_in(request.user, organization))
    now = timezone.now()
    page = Paginator(mandates_of(organization=organization), PAGE).get_page(request.GET.get("page"))
    lines = [MandateLine(mandate, mandate.state_at(now)) for mandate in page.object_list]
    context = {
        "organization": organization,
        "page": page,
        "lines": lines,
        "level": public_level(organization=organization, at=now),
        "is_held_back": organization.proven_at is None and is_held_back(organization=organization),
        "is_found_twice": organization.proven_at is None and is_found_twice(organization=organization),
        "can_manage": can_manage_people(role),
    }
    return render(request, "organizations/mandate_list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mandate_withdraw(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Say what follows, ask for the reason, take it back."""
    mandate = own_mandate(request, slug, pk)
    state = mandate.state_at(timezone.now())
    if state not in OPEN:
        return moved_on(request, mandate)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        withdraw_mandate(
            mandate=mandate, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
        messages.info(request, _("The mandate is withdrawn."))
        return redirect("organization_mandates", slug)
    rows = mandates_of(organization=mandate.organization)
    others = Mandate.objects.in_force_at(timezone.now()).filter(organization=mandate.organization)
    context = {
        "organization": mandate.organization,
        "mandate": rows.get(pk=mandate.pk),
        "is_waiting": mandate.proven_at is None,
        "is_last": not others.exclude(pk=mandate.pk).exists(),
        "form": form,
    }
    return render(request, "organizations/mandate_withdraw.html", context, status=form_status(form))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mandate_object(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """An owner tells staff that a mandate was never authorized."""
    mandate = own_mandate(request, slug, pk)
    form = ObjectForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            object_to_mandate(
                mandate=mandate, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except MandateCannotMove:
            return moved_on(request, mandate)
        except ObjectedAlready as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _("This is with the site’s staff. You hear of what they decide by mail."))
            return redirect("organization_mandates", slug)
    if mandate.proven_at is None or mandate.rejected_at is not None:
        return moved_on(request, mandate)
    context = {
        "organization": mandate.organization,
        "mandate": mandates_of(organization=mandate.organization).get(pk=mandate.pk),
        "form": form,
    }
    return render(request, "organizations/mandate_object.html", context, status=form_status(form))
