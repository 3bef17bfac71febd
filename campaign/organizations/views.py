"""Organizations and their endorsements on the web."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted, require, require_role
from campaign.core.links import linked_row_id
from campaign.documents.models import FrozenText
from campaign.organizations.forms import EndorseForm, InvitationForm, OrganizationForm, SignatoryForm
from campaign.organizations.models import (
    Endorsement,
    EndorsementState,
    Invitation,
    Mandate,
    Membership,
    Organization,
)
from campaign.organizations.queries import organization_cards, organization_endorsements
from campaign.organizations.rules import can_manage_people, role_in
from campaign.organizations.services import (
    AlreadyMember,
    DomainSpeaksForAnother,
    LastOwner,
    LinkExpired,
    NotItsOwnDomain,
    OtherAddress,
    TooManyMails,
    accept_invitation,
    confirm_endorsement,
    confirm_mandate,
    found_organization,
    invite_member,
    remove_member,
    request_endorsement,
    request_mandate,
    withdraw_endorsement,
)


def _locale() -> str:
    return get_language() or "en"


@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    return render(request, "organizations/organization_list.html", {"organizations": organization_cards()})


@require_safe
def organization_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Public once a mandate is proven; before that, its members alone see it."""
    organization = get_object_or_404(Organization, slug=slug)
    role = role_in(request.user, organization)
    if organization.proven_at is None and role is None:
        raise Http404
    context = {
        "organization": organization,
        "endorsements": organization_endorsements(organization=organization),
        "role": role,
        "can_manage_people": can_manage_people(role),
    }
    return render(request, "organizations/organization_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_create(request: SignedInRequest) -> HttpResponse:
    form = OrganizationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        organization = found_organization(
            organization=form.organization_data(), owner=request.user, at=timezone.now()
        )
        return redirect("organization_prove", organization.slug)
    return render(request, "organizations/organization_form.html", {"form": form}, status=form_status(form))


def _managed(request: HttpRequest, slug: str) -> tuple[Organization, str]:
    organization = get_object_or_404(Organization, slug=slug)
    role = require_role(role_in(request.user, organization))
    require(can_manage_people(role))
    return organization, role


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_prove(request: SignedInRequest, slug: str) -> HttpResponse:
    """State a mandate; the link to prove it goes to a mailbox on the organization's own domain."""
    organization, _role = _managed(request, slug)
    form = SignatoryForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            request_mandate(
                organization=organization,
                signatory=form.signatory_data(locale=_locale()),
                at=timezone.now(),
                by=request.user,
            )
        except (NotItsOwnDomain, DomainSpeaksForAnother, TooManyMails) as error:
            form.add_error("signatory_email", str(error))
        else:
            messages.info(request, _("The link to confirm is on its way to that address."))
            return redirect("organization_detail", organization.slug)
    context = {"organization": organization, "form": form}
    return render(request, "organizations/organization_prove.html", context, status=form_status(form))


@never_cache
@csrf_exempt  # the link itself is the secret; it must work in a browser that keeps no cookies
@require_http_methods(["GET", "HEAD", "POST"])
def mandate_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, POST confirms: mail scanners open links."""
    mandate = _linked(Mandate, "mandate", token)
    if mandate is None or (not mandate.proven_at and mandate.expires_at <= timezone.now()):
        return _dead_link(request)
    if request.method == "POST":
        try:
            confirm_mandate(mandate=mandate, at=timezone.now())
        except LinkExpired:
            return _dead_link(request)
        except DomainSpeaksForAnother as error:
            context = {"mandate": mandate, "error": str(error)}
            return render(request, "organizations/mandate_confirm.html", context, status=409)
        return redirect("organization_detail", mandate.organization.slug)
    return render(request, "organizations/mandate_confirm.html", {"mandate": mandate})


def _linked(model: Any, purpose: str, token: str) -> Any:
    row_id = linked_row_id(purpose=purpose, token=token)
    return model.objects.filter(pk=row_id).first() if row_id else None


def _dead_link(request: HttpRequest) -> HttpResponse:
    return render(request, "organizations/link_dead.html", status=410)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_members(request: SignedInRequest, slug: str) -> HttpResponse:
    organization, role = _managed(request, slug)
    form = InvitationForm(posted(request), initial={"role": "viewer"})
    if request.method == "POST" and form.is_valid():
        try:
            invite_member(
                organization=organization,
                email=form.cleaned_data["email"].lower(),
                role=form.cleaned_data["role"],
                invited_by=request.user,
                locale=_locale(),
                at=timezone.now(),
            )
        except (AlreadyMember, TooManyMails) as error:
            form.add_error("email", str(error))
        else:
            messages.info(request, _("The invitation is on its way."))
            return redirect("organization_members", organization.slug)
    context = {
        "organization": organization,
        "role": role,
        "memberships": organization.memberships.select_related("user").order_by("role", "user__email"),
        "invitations": organization.invitations.filter(
            accepted_at=None, expires_at__gt=timezone.now()
        ).order_by("created_at", "pk"),
        "form": form,
    }
    return render(request, "organizations/organization_members.html", context, status=form_status(form))


@login_required
@require_POST
def member_remove(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    organization, _role = _managed(request, slug)
    membership = get_object_or_404(
        Membership.objects.select_related("user"), pk=pk, organization=organization
    )
    try:
        remove_member(membership=membership, by=request.user, at=timezone.now())
    except LastOwner as error:
        messages.error(request, str(error))
    return redirect("organization_members", organization.slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: SignedInRequest, token: str) -> HttpResponse:
    invitation = _linked(Invitation, "invitation", token)
    if invitation is None or invitation.expires_at <= timezone.now():
        return _dead_link(request)
    error = None
    if request.method == "POST":
        try:
            accept_invitation(invitation=invitation, user=request.user, at=timezone.now())
        except LinkExpired:
            return _dead_link(request)
        except OtherAddress as refusal:
            error = str(refusal)
        else:
            return redirect("organization_detail", invitation.organization.slug)
    context = {"invitation": invitation, "organization": invitation.organization, "error": error}
    return render(request, "organizations/invitation_accept.html", context, status=403 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def endorse(request: HttpRequest, digest: str) -> HttpResponse:
    """Put an organization behind one exact text. No account is needed: the proof is the mailbox."""
    text = get_object_or_404(FrozenText, digest=digest)
    form = EndorseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            request_endorsement(
                frozen_text=text,
                organization=form.organization_data(),
                signatory=form.signatory_data(locale=_locale()),
                at=timezone.now(),
            )
        except NotItsOwnDomain as error:
            form.add_error("signatory_email", str(error))
        else:
            return redirect("endorse_sent", digest)
    context = {"frozen_text": text, "form": form}
    return render(request, "organizations/endorse.html", context, status=form_status(form))


@require_safe
def endorse_sent(request: HttpRequest, digest: str) -> HttpResponse:
    text = get_object_or_404(FrozenText, digest=digest)
    return render(request, "organizations/endorse_sent.html", {"frozen_text": text})


@never_cache
@csrf_exempt  # the link itself is the secret; it must work in a browser that keeps no cookies
@require_http_methods(["GET", "HEAD", "POST"])
def endorsement_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, POST confirms: mail scanners open links."""
    endorsement = _linked(Endorsement, "endorsement", token)
    if endorsement is None:
        return _dead_link(request)
    if request.method == "POST":
        try:
            endorsement = confirm_endorsement(endorsement=endorsement, at=timezone.now())
        except LinkExpired:
            return _dead_link(request)
    if endorsement.state == EndorsementState.WITHDRAWN:
        return _dead_link(request)
    context = {"endorsement": endorsement, "frozen_text": endorsement.frozen_text, "token": token}
    if endorsement.state == EndorsementState.PENDING and endorsement.expires_at <= timezone.now():
        return _dead_link(request)
    if endorsement.state == EndorsementState.ACCEPTED:
        return render(request, "organizations/endorse_confirmed.html", context)
    return render(request, "organizations/endorse_confirm.html", context)


@never_cache
@csrf_exempt  # the link itself is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def endorsement_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """The signatory takes the endorsement back, by the link it was confirmed with."""
    endorsement = _linked(Endorsement, "endorsement", token)
    if endorsement is None or endorsement.state == EndorsementState.PENDING:
        return _dead_link(request)
    if request.method == "POST":
        withdraw_endorsement(endorsement=endorsement, at=timezone.now())
        endorsement.refresh_from_db()
    context = {
        "endorsement": endorsement,
        "frozen_text": endorsement.frozen_text,
        "is_withdrawn": endorsement.state == EndorsementState.WITHDRAWN,
        "token": token,
    }
    return render(request, "organizations/endorse_withdraw.html", context)
