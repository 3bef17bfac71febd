"""Who works for an organization here."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted, require_role
from campaign.organizations.forms.members import InvitationForm, RoleForm
from campaign.organizations.models import (
    Invitation,
    Membership,
    Organization,
    Role,
)
from campaign.organizations.queries import mandates_of_person
from campaign.organizations.rules import role_in
from campaign.organizations.services import (
    AlreadyMember,
    LastOwner,
    LinkExpired,
    NoMemberAnyMore,
    OtherAddress,
    TooManyMails,
    accept_invitation,
    invite_member,
    remove_member,
    set_member_role,
)
from campaign.organizations.views.access import dead_link, linked_row, managed_organization, page_locale


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_members(request: SignedInRequest, slug: str) -> HttpResponse:
    organization = managed_organization(request, slug)
    form = InvitationForm(posted(request), initial={"role": "viewer"})
    if request.method == "POST" and form.is_valid():
        try:
            invite_member(
                organization=organization,
                email=form.cleaned_data["email"].lower(),
                role=form.cleaned_data["role"],
                invited_by=request.user,
                locale=page_locale(),
                at=timezone.now(),
            )
        except (AlreadyMember, TooManyMails) as error:
            form.add_error("email", str(error))
        else:
            messages.info(request, _("The invitation is on its way."))
            return redirect("organization_members", organization.slug)
    context = {
        "organization": organization,
        "memberships": organization.memberships.select_related("user").order_by("role", "user__email"),
        "invitations": organization.invitations.filter(
            accepted_at=None, expires_at__gt=timezone.now()
        ).order_by("created_at", "pk"),
        "form": form,
    }
    return render(request, "organizations/organization_members.html", context, status=form_status(form))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_detail(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """What one member may do, for owners to change."""
    membership = _membership(managed_organization(request, slug), pk)
    form = RoleForm(posted(request), initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        try:
            set_member_role(
                membership=membership, role=form.cleaned_data["role"], by=request.user, at=timezone.now()
            )
        except LastOwner as error:
            form.add_error("role", str(error))
        except NoMemberAnyMore as error:
            return _gone(request, slug, error)
        else:
            messages.info(request, _("The role is changed."))
            is_owner = request.user != membership.user or form.cleaned_data["role"] == Role.OWNER
            return redirect("organization_members" if is_owner else "organization_detail", slug)
    context = {
        "organization": membership.organization,
        "membership": membership,
        "mandates": mandates_of_person(
            organization=membership.organization, user=membership.user, at=timezone.now()
        ),
        "form": form,
    }
    return render(request, "organizations/member_detail.html", context, status=form_status(form))


@login_required
@require_POST
def member_remove(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    membership = _membership(managed_organization(request, slug), pk)
    try:
        remove_member(membership=membership, by=request.user, at=timezone.now())
    except LastOwner as error:
        messages.error(request, str(error))
    except NoMemberAnyMore as error:
        return _gone(request, slug, error)
    else:
        if membership.user == request.user:
            return redirect("desk")
    return redirect("organization_members", slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_leave(request: SignedInRequest, slug: str) -> HttpResponse:
    """Any member leaves by themselves; the last owner is told why not."""
    organization = get_object_or_404(Organization, slug=slug)
    require_role(role_in(request.user, organization))
    error = ""
    if request.method == "POST":
        try:
            membership = get_object_or_404(Membership, organization=organization, user=request.user)
            remove_member(membership=membership, by=request.user, at=timezone.now())
        except LastOwner as refusal:
            error = str(refusal)
        else:
            messages.info(request, _("You have left the organization."))
            return redirect("desk")
    context = {
        "organization": organization,
        "mandates": mandates_of_person(organization=organization, user=request.user, at=timezone.now()),
        "error": error,
    }
    return render(request, "organizations/organization_leave.html", context, status=409 if error else 200)


def _membership(organization: Organization, pk: UUID) -> Membership:
    rows = Membership.objects.select_related("user", "organization")
    return get_object_or_404(rows, pk=pk, organization=organization)


def _gone(request: SignedInRequest, slug: str, error: NoMemberAnyMore) -> HttpResponse:
    """Two owners at once: the second reads it on the list."""
    messages.error(request, str(error))
    return redirect("organization_members", slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: SignedInRequest, token: str) -> HttpResponse:
    invitation = linked_row(Invitation, "invitation", token)
    if invitation is None or invitation.expires_at <= timezone.now():
        return dead_link(request)
    error = None
    if request.method == "POST":
        try:
            accept_invitation(invitation=invitation, user=request.user, at=timezone.now())
        except LinkExpired:
            return dead_link(request)
        except OtherAddress as refusal:
            error = str(refusal)
        else:
            return redirect("organization_detail", invitation.organization.slug)
    context = {"invitation": invitation, "organization": invitation.organization, "error": error}
    return render(request, "organizations/invitation_accept.html", context, status=403 if error else 200)
