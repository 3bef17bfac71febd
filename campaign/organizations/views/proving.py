"""Stating a mandate, and proving it through a mailbox, a record of the domain, or a document."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status
from campaign.core.errors import DomainError
from campaign.organizations.forms.mandates import ProveForm, initial_of
from campaign.organizations.models import DnsOutcome, Mandate, MandateProof, MandateState, Organization
from campaign.organizations.queries import organization_owners
from campaign.organizations.services import (
    AskedLately,
    DomainHasChanged,
    DomainSpeaksForAnother,
    LinkExpired,
    MandateCannotMove,
    NoOwnDomain,
    NotItsOwnDomain,
    ReplacesAnother,
    TooManyMails,
    TooManyWaiting,
    ask_for_look,
    confirm_mandate,
    record_of,
    request_dns_mandate,
    request_document_mandate,
    request_mandate,
    require_free_domain,
)
from campaign.organizations.views.access import dead_link, linked_row, managed_organization, page_locale

RUNNING = {MandateState.IN_FORCE, MandateState.ENDS_SOON}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_prove(request: SignedInRequest, slug: str) -> HttpResponse:
    """State who may sign, and choose how to prove it."""
    return _prove_page(request, managed_organization(request, slug))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mandate_hand_on(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """The same for a successor: the mandate in force ends once the new one is proven."""
    mandate = own_mandate(request, slug, pk)
    if mandate.state_at(timezone.now()) not in RUNNING:
        return moved_on(request, mandate)
    return _prove_page(request, mandate.organization, replaces=mandate)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mandate_renew(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """The same for the same person, for another while."""
    mandate = own_mandate(request, slug, pk)
    if mandate.state_at(timezone.now()) not in {*RUNNING, MandateState.OVER}:
        return moved_on(request, mandate)
    return _prove_page(request, mandate.organization, replaces=mandate, is_renewal=True)


def own_mandate(request: HttpRequest, slug: str, pk: UUID) -> Mandate:
    """One of the organization's mandates, for its owners."""
    organization = managed_organization(request, slug)
    return get_object_or_404(Mandate.objects.select_related("organization"), pk=pk, organization=organization)


def moved_on(request: HttpRequest, mandate: Mandate) -> HttpResponse:
    """Back to the list, which tells where the mandate stands."""
    messages.error(request, str(MandateCannotMove()))
    return redirect("organization_mandates", mandate.organization.slug)


def _prove_page(
    request: SignedInRequest,
    organization: Organization,
    *,
    replaces: Mandate | None = None,
    is_renewal: bool = False,
) -> HttpResponse:
    form = ProveForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        organization=organization,
        initial=initial_of(replaces) if replaces and is_renewal else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            mandate = _state(request, organization, form, replaces)
        except NoOwnDomain as error:
            form.add_error("proof", str(error))
        except (NotItsOwnDomain, TooManyMails) as error:
            form.add_error("signatory_email", str(error))
        except (DomainSpeaksForAnother, TooManyWaiting, ReplacesAnother) as error:
            form.add_error(None, str(error))
        else:
            return _next_step(request, mandate)
    context = {
        "organization": organization,
        "form": form,
        "replaces": replaces,
        "is_renewal": is_renewal,
    }
    return render(request, "organizations/organization_prove.html", context, status=form_status(form))


def _state(
    request: SignedInRequest, organization: Organization, form: ProveForm, replaces: Mandate | None
) -> Mandate:
    """Take the statement, by the way that was chosen."""
    common: dict[str, Any] = {
        "organization": organization,
        "signatory": form.signatory_data(locale=page_locale()),
        "by": request.user,
        "at": timezone.now(),
        "replaces": replaces,
    }
    match form.cleaned_data["proof"]:
        case MandateProof.DOMAIN_DNS:
            return request_dns_mandate(**common)
        case MandateProof.DOCUMENT:
            return request_document_mandate(**common, content=form.cleaned_data["document"])
        case _:
            return request_mandate(**common)


def _next_step(request: HttpRequest, mandate: Mandate) -> HttpResponse:
    slug = mandate.organization.slug
    if mandate.proof == MandateProof.DOMAIN_DNS:
        return redirect("mandate_record", slug, mandate.pk)
    if mandate.proof == MandateProof.DOCUMENT:
        messages.info(request, _("The document is with this site’s staff. You hear of the decision by mail."))
    else:
        messages.info(request, _("The link to confirm is on its way to that address."))
    return redirect("organization_mandates", slug)


# --- By a record of the domain -------------------------------------------------------
@never_cache
@login_required
@require_safe
def mandate_record(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """The exact record to set, and what the last look found."""
    mandate = _by_record(request, slug, pk)
    return render(request, "organizations/mandate_record.html", _record_context(mandate))


@never_cache
@login_required
@require_safe
@vary_on_headers("HX-Request")
def mandate_record_state(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """The piece of that page that asks again by itself; without htmx, the page."""
    mandate = _by_record(request, slug, pk)
    if request.headers.get("HX-Request") != "true":
        return redirect("mandate_record", slug, mandate.pk)
    return render(request, "organizations/mandate_record.html#now", _record_context(mandate))


@login_required
@require_POST
def mandate_look(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Ask for a look. A worker does it: this process talks to no name server."""
    mandate = _by_record(request, slug, pk)
    try:
        ask_for_look(mandate=mandate, at=timezone.now())
    except AskedLately as error:
        messages.warning(request, str(error))
    except DomainHasChanged as error:
        messages.error(request, str(error))
    except LinkExpired:
        return moved_on(request, mandate)
    return redirect("mandate_record", slug, mandate.pk)


def _by_record(request: HttpRequest, slug: str, pk: UUID) -> Mandate:
    organization = managed_organization(request, slug)
    rows = Mandate.objects.filter(organization=organization, proof=MandateProof.DOMAIN_DNS)
    return get_object_or_404(rows.select_related("organization"), pk=pk)


def _record_context(mandate: Mandate) -> dict[str, Any]:
    is_waiting = mandate.is_waiting_at(timezone.now())
    return {
        "mandate": mandate,
        "organization": mandate.organization,
        "record": record_of(mandate),
        "state": mandate.state_at(timezone.now()),
        "is_waiting": is_waiting,
        "is_looked_at": is_waiting and mandate.dns_outcome == DnsOutcome.ASKED,
        "in_the_way": _in_the_way(mandate) if is_waiting and mandate.dns_outcome == DnsOutcome.FOUND else "",
    }


def _in_the_way(mandate: Mandate) -> str:
    """Why a mandate is not proven although its record is there."""
    if mandate.domain != mandate.organization.domain:
        return str(DomainHasChanged())
    try:
        require_free_domain(mandate.organization)
    except DomainError as refusal:
        return str(refusal)
    return ""


# --- By mail -------------------------------------------------------------------------
@never_cache
@csrf_exempt  # the link itself is the secret; it must work in a browser that keeps no cookies
@require_http_methods(["GET", "HEAD", "POST"])
def mandate_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, POST confirms: mail scanners open links."""
    mandate = linked_row(Mandate, "mandate", token)
    if mandate is None or (mandate.proven_at is None and not mandate.is_waiting_at(timezone.now())):
        return dead_link(request)
    error = ""
    if request.method == "POST":
        try:
            confirm_mandate(mandate=mandate, at=timezone.now())
        except LinkExpired:
            return dead_link(request)
        except (DomainSpeaksForAnother, DomainHasChanged) as refusal:
            error = str(refusal)
        else:
            return redirect("mandate_confirm", token)
    context = {
        "mandate": mandate,
        "organization": mandate.organization,
        "state": mandate.state_at(timezone.now()),
        "owners": organization_owners(organization=mandate.organization),
        "error": error,
    }
    return render(request, "organizations/mandate_confirm.html", context, status=409 if error else 200)
