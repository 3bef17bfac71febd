"""Organizations as everybody sees them."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from campaign.organizations.collation import index_letters
from campaign.organizations.forms.directory import DirectoryForm
from campaign.organizations.levels import public_level
from campaign.organizations.logos import digest_in, stored_logo
from campaign.organizations.models import LogoUse, Organization
from campaign.organizations.queries import (
    Place,
    directory_page,
    mandated_until,
    organization_endorsements,
    organization_names,
    organization_profile,
    waiting_members,
)
from campaign.organizations.rules import can_edit_profile, can_manage_people, can_translate_names, role_in
from campaign.organizations.services import is_held_back
from campaign.organizations.views.access import page_locale

TEXTS_A_PAGE = 25
LOGO_SECONDS = 86_400 * 30
PLACE = ("after", "before", "letter")


@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    """The directory: by name in the page's language, filtered by what stands in the address."""
    locale = page_locale()
    form = DirectoryForm(request.GET)
    wanted = form.wanted()
    page = directory_page(locale=locale, wanted=wanted, place=place_in(request), at=timezone.now())
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "query": filters_in(request),
        "letters": index_letters(locale) if not form.is_filtering else [],
    }
    part = "organizations/_directory_list.html"
    return list_response(request, "organizations/organization_list.html", part, context)


def place_in(request: HttpRequest) -> Place:
    """Where in a long list the address points."""
    return Place(**{name: request.GET.get(name, "")[:80] for name in PLACE})


def filters_in(request: HttpRequest) -> str:
    """What stays in the address from page to page, ready to be followed by another value."""
    kept = QueryDict(mutable=True)
    for name, value in request.GET.items():
        if name not in PLACE and value:
            kept[name] = str(value)[:100]
    return f"{kept.urlencode()}&" if kept else ""


def list_response(request: HttpRequest, template: str, part: str, context: dict[str, object]) -> HttpResponse:
    """The page; its part with the list alone for a page that narrows it down while somebody types."""
    is_part = request.headers.get("HX-Request") == "true"
    response = render(request, part if is_part else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def organization_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Public once a mandate is proven; before that, and while it is held back, its members alone see it."""
    organization = get_object_or_404(Organization, slug=slug)
    role = role_in(request.user, organization)
    if organization.proven_at is None and role is None:
        raise Http404
    now, locale = timezone.now(), page_locale()
    names = organization_names(organizations=[organization])[organization.pk]
    rows = organization_endorsements(organization=organization, at=now)
    context = {
        "organization": organization,
        "name": names.in_language(locale),
        "other_names": sorted(names.own.items()),
        "profile": organization_profile(organization=organization, locale=locale),
        "level": public_level(organization=organization, at=now),
        "mandated_until": mandated_until(organization=organization, at=now),
        "page": Paginator(rows, TEXTS_A_PAGE).get_page(request.GET.get("page")),
        "role": role,
        "is_held_back": organization.proven_at is None and is_held_back(organization=organization),
        "can_manage_people": can_manage_people(role),
        "waiting_members": waiting_members(network=organization) if can_manage_people(role) else 0,
        "can_edit_profile": can_edit_profile(role),
        "can_translate_names": can_translate_names(role),
    }
    return render(request, "organizations/organization_detail.html", context)


@require_safe
def organization_logo(request: HttpRequest, slug: str) -> HttpResponse:
    """The logo as PNG. `?v=` names the exact picture by its digest, so that browsers may keep it; `?size=small` the small one.

    For everybody where the organization is on record and agreed to it; otherwise for those who keep its profile.
    """
    organization = get_object_or_404(Organization, slug=slug)
    is_public = organization.proven_at is not None and LogoUse.WEB in organization.logo_uses
    if not is_public and not can_edit_profile(role_in(request.user, organization)):
        raise Http404
    file = organization.logo_small if request.GET.get("size") == "small" else organization.logo
    digest = digest_in(file.name or "")
    content = stored_logo(digest) if digest else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="image/png")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["ETag"] = f'"{digest}"'
    is_exact = request.GET.get("v", "") == digest[:12]
    if is_public:
        response.headers["Cache-Control"] = (
            f"public, max-age={LOGO_SECONDS}, immutable" if is_exact else "public, max-age=300"
        )
    else:
        response.headers["Cache-Control"] = "private, no-store"
    return response
