"""Organizations as everybody sees them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaign.organizations.models import (
    Organization,
)
from campaign.organizations.queries import organization_cards, organization_endorsements
from campaign.organizations.rules import can_manage_people, role_in


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
