"""Who did what in an organization, for its own people."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.activity.queries import log_page
from campaign.core.access import require_role
from campaign.organizations.models import Organization
from campaign.organizations.rules import role_in


@never_cache
@login_required
@require_safe
def organization_log(request: SignedInRequest, slug: str) -> HttpResponse:
    organization = get_object_or_404(Organization, slug=slug)
    require_role(role_in(request.user, organization))
    context = {
        "organization": organization,
        **log_page(subject_id=organization.pk, number=request.GET.get("page")),
    }
    return render(request, "organizations/organization_log.html", context)
