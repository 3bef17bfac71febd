"""Who works for an organization here."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.organizations.forms.members import InvitationForm
from campaign.organizations.models import (
    Invitation,
    Membership,
)
from campaign.organizations.services import (
    AlreadyMember,
    LastOwner,
    LinkExpired,
    OtherAddress,
    TooManyMails,
    accept_invitation,
    invite_member,
    remove_member,
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


@login_required
@require_POST
def member_remove(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    organization = managed_organization(request, slug)
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
