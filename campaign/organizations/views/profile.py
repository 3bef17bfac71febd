"""What an organization says of itself."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.activity.queries import held_lock
from campaign.activity.services import EditedByAnother, take_lock
from campaign.core.access import form_status, posted, require, require_role
from campaign.core.cleaning import clean_line
from campaign.organizations.domains import website_domain
from campaign.organizations.forms.profile import FoundForm, LogoForm, NamesForm, ProfileForm
from campaign.organizations.models import Affiliation, Organization
from campaign.organizations.queries import (
    known_organizations,
    network_affiliations,
    networks_to_join,
    organization_names,
    own_affiliations,
)
from campaign.organizations.rules import (
    can_edit_profile,
    can_manage_people,
    can_translate_names,
    role_in,
)
from campaign.organizations.services import (
    AffiliationIsGone,
    DomainIsProven,
    NotANetwork,
    ProfileChanged,
    TooManyNames,
    TooManyNetworks,
    accept_affiliation,
    edit_profile,
    end_affiliation,
    found_organization,
    profile_lock,
    profile_version,
    remove_logo,
    set_logo,
    set_own_names,
    state_affiliation,
)
from campaign.organizations.views.access import managed_organization

PAGE = 50
LONGEST_TYPED = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_create(request: SignedInRequest) -> HttpResponse:
    """Add an organization; first look whether it is here already."""
    form = FoundForm(posted(request))
    known: dict[str, list[Organization]] = {}
    if request.method == "POST" and form.is_valid():
        data = form.organization_data()
        known = known_organizations(
            name=data.display_name,
            domain=website_domain(data.website),
            number_keys=[row.key for row in data.registrations],
        )
        if known["domain"] or known["number"] or (known["name"] and not form.cleaned_data["go_on"]):
            _tell_known(form, known)
        else:
            organization = found_organization(organization=data, owner=request.user, at=timezone.now())
            return redirect("organization_prove", organization.slug)
    context = {"form": form, "known": {row.pk: row for rows in known.values() for row in rows}.values()}
    return render(request, "organizations/organization_form.html", context, status=form_status(form))


def _tell_known(form: FoundForm, known: dict[str, list[Organization]]) -> None:
    if known["domain"]:
        form.add_error(
            "website", _("An organization with this domain is here already: ask its owners to invite you.")
        )
    if known["number"]:
        form.add_error(
            "number_0", _("An organization with this number is here already: ask its owners to invite you.")
        )
    if known["name"]:
        form.ask_to_go_on()
        told = _(
            "An organization with this name is here already: ask its owners to invite you. If yours is another one, say so "
            "below. The site’s staff looks at both."
        )
        form.add_error("display_name", told)


def _edited(request: SignedInRequest, slug: str) -> tuple[Organization, str]:
    """An organization whose profile this person may edit, and their role. Strangers get 404, other members 403."""
    organization = get_object_or_404(Organization, slug=slug)
    role = require_role(role_in(request.user, organization))
    require(can_edit_profile(role))
    return organization, role


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    organization, role = _edited(request, slug)
    now, key = timezone.now(), profile_lock(organization.pk)
    seen = profile_version(organization)
    form = ProfileForm(
        posted(request),
        organization=organization,
        is_owner=can_manage_people(role),
        initial=ProfileForm.initial_of(organization, seen=seen),
    )
    if request.method == "POST" and form.is_valid():
        if "take_over" in request.POST:
            take_lock(key=key, user=request.user, at=now, by_force=True)
        try:
            edit_profile(
                organization=organization,
                data=form.profile_data(),
                seen=form.cleaned_data["seen"],
                by=request.user,
                at=now,
            )
        except DomainIsProven as error:
            form.add_error("website", str(error))
        except (EditedByAnother, ProfileChanged) as error:
            form.add_error(None, str(error))
            form.show_again(seen=seen)
        else:
            messages.info(request, _("The profile is saved."))
            return redirect("organization_detail", organization.slug)
    context = {"organization": organization, "form": form, "held": _held_by_another(request, key)}
    return render(request, "organizations/profile_edit.html", context, status=form_status(form))


def _held_by_another(request: SignedInRequest, key: str) -> object:
    held = held_lock(key=key, at=timezone.now())
    return held if held is not None and held.holder_id != request.user.pk else None


@never_cache
@login_required
@require_POST
def organization_edit_lock(request: SignedInRequest, slug: str) -> HttpResponse:
    """Hold the profile open for editing: an open page asks each minute. `take_over` takes it from somebody else."""
    organization, _role = _edited(request, slug)
    key = profile_lock(organization.pk)
    take_lock(key=key, user=request.user, at=timezone.now(), by_force="take_over" in request.POST)
    if request.headers.get("HX-Request") != "true":
        return redirect("organization_edit", organization.slug)
    context = {"organization": organization, "held": _held_by_another(request, key)}
    return render(request, "organizations/_profile_lock.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_names_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """The organization's own names in other languages; for its translators too."""
    organization = get_object_or_404(Organization, slug=slug)
    require(can_translate_names(require_role(role_in(request.user, organization))))
    names = organization_names(organizations=[organization])[organization.pk]
    form = NamesForm(posted(request), names=dict(names.own))
    if request.method == "POST" and form.is_valid():
        try:
            set_own_names(organization=organization, names=form.found, by=request.user, at=timezone.now())
        except TooManyNames as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _("The names are saved."))
            return redirect("organization_detail", organization.slug)
    context = {"organization": organization, "form": form}
    return render(request, "organizations/profile_names.html", context, status=form_status(form))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_logo_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Give a logo, say where it may be shown, remove it."""
    organization, _role = _edited(request, slug)
    if request.method == "POST" and "remove" in request.POST:
        remove_logo(organization=organization, by=request.user, at=timezone.now())
        messages.info(request, _("The logo is removed. Documents that were made with it stay as they are."))
        return redirect("organization_logo_edit", organization.slug)
    form = LogoForm(
        posted(request),
        request.FILES if request.method == "POST" else None,
        has_logo=bool(organization.logo),
        initial={"uses": organization.logo_uses},
    )
    if request.method == "POST" and form.is_valid():
        set_logo(
            organization=organization,
            drawn=form.drawn,
            uses=form.cleaned_data["uses"],
            by=request.user,
            at=timezone.now(),
        )
        messages.info(request, _("The logo is saved."))
        return redirect("organization_logo_edit", organization.slug)
    context = {"organization": organization, "form": form}
    return render(request, "organizations/profile_logo.html", context, status=form_status(form))


@never_cache
@login_required
@require_safe
def organization_networks(request: SignedInRequest, slug: str) -> HttpResponse:
    """The networks it says it belongs to; and of a network, who says that it belongs to it."""
    organization, role = _edited(request, slug)
    typed = clean_line(request.GET.get("q", ""))[:LONGEST_TYPED]
    members = network_affiliations(network=organization)
    context = {
        "organization": organization,
        "stated": own_affiliations(member=organization),
        "members": Paginator(members, PAGE).get_page(request.GET.get("page")),
        "typed": typed,
        "found": networks_to_join(member=organization, typed=typed) if typed else [],
        "can_manage_people": can_manage_people(role),
    }
    return render(request, "organizations/profile_networks.html", context)


@login_required
@require_POST
def organization_network_state(request: SignedInRequest, slug: str) -> HttpResponse:
    """State that it belongs to a network."""
    organization, _role = _edited(request, slug)
    network = get_object_or_404(Organization.objects.proven(), slug=request.POST.get("network", ""))
    try:
        state_affiliation(member=organization, network=network, by=request.user, at=timezone.now())
    except (NotANetwork, TooManyNetworks) as error:
        messages.error(request, str(error))
    return redirect("organization_networks", organization.slug)


@login_required
@require_POST
def organization_network_end(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Take such a statement back."""
    organization, _role = _edited(request, slug)
    affiliation = Affiliation.objects.select_related("member", "network").filter(pk=pk, member=organization)
    if (row := affiliation.first()) is not None:
        end_affiliation(affiliation=row, by=request.user, at=timezone.now())
    return redirect("organization_networks", organization.slug)


@login_required
@require_POST
def organization_member_answer(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """An owner of a network says whether an organization belongs to it."""
    network = managed_organization(request, slug)
    rows = Affiliation.objects.select_related("member", "network")
    affiliation = get_object_or_404(rows, pk=pk, network=network)
    try:
        match request.POST.get("answer"):
            case "accept":
                accept_affiliation(affiliation=affiliation, by=request.user, at=timezone.now())
            case "decline":
                end_affiliation(affiliation=affiliation, by=request.user, at=timezone.now())
            case _:
                return HttpResponseBadRequest("The answer is accept or decline.")
    except AffiliationIsGone as error:
        messages.error(request, str(error))
    return redirect("organization_networks", network.slug)
