"""What an organization says of itself."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.organizations.forms.profile import OrganizationForm
from campaign.organizations.services import (
    found_organization,
)


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
