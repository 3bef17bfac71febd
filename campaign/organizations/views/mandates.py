"""Stating a mandate, and proving it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.organizations.forms.mandates import SignatoryForm
from campaign.organizations.models import (
    Mandate,
)
from campaign.organizations.services import (
    DomainSpeaksForAnother,
    LinkExpired,
    NotItsOwnDomain,
    TooManyMails,
    confirm_mandate,
    request_mandate,
)
from campaign.organizations.views.access import dead_link, linked_row, managed_organization, page_locale


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_prove(request: SignedInRequest, slug: str) -> HttpResponse:
    """State a mandate; the link to prove it goes to a mailbox on the organization's own domain."""
    organization = managed_organization(request, slug)
    form = SignatoryForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            request_mandate(
                organization=organization,
                signatory=form.signatory_data(locale=page_locale()),
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
    mandate = linked_row(Mandate, "mandate", token)
    if mandate is None or (not mandate.proven_at and mandate.expires_at <= timezone.now()):
        return dead_link(request)
    if request.method == "POST":
        try:
            confirm_mandate(mandate=mandate, at=timezone.now())
        except LinkExpired:
            return dead_link(request)
        except DomainSpeaksForAnother as error:
            context = {"mandate": mandate, "error": str(error)}
            return render(request, "organizations/mandate_confirm.html", context, status=409)
        return redirect("organization_detail", mandate.organization.slug)
    return render(request, "organizations/mandate_confirm.html", {"mandate": mandate})
