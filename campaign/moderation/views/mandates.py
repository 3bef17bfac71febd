"""The desk for organizations: documents to check, mandates that owners report, organizations that may be here twice."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.models import User
from campaign.accounts.requests import SignedInRequest
from campaign.core.access import form_status, posted
from campaign.moderation.forms.mandates import CheckForm, DuplicateForm
from campaign.moderation.services import (
    accept_document,
    decide_duplicate,
    dismiss_objection,
    refuse_document,
    revoke_mandate,
)
from campaign.moderation.views.access import for_moderators
from campaign.organizations.models import DuplicateFlag, Mandate, MandateDocument, MandateState, Organization
from campaign.organizations.names import domain_as_read, script_warning
from campaign.organizations.queries import (
    mandates_to_check,
    open_duplicates,
    open_objections,
    organization_mandates,
)
from campaign.organizations.services import (
    DomainHasChanged,
    DomainSpeaksForAnother,
    DuplicateDecided,
    MandateCannotMove,
    OwnOrganization,
    document_bytes,
    require_outsider,
)

PAGE = 25


@require_safe
@for_moderators
def mandates(request: SignedInRequest) -> HttpResponse:
    """What waits: documents, the oldest first; reports of owners; how many pairs may be one organization."""
    page = Paginator(mandates_to_check(at=timezone.now()), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "mandates": page.object_list,
        "objections": open_objections()[:PAGE],
        "duplicate_count": open_duplicates().count(),
    }
    return render(request, "moderation/mandate_queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def mandate(request: SignedInRequest, mandate: uuid.UUID) -> HttpResponse:
    """What was stated and what shows it, with what can be decided."""
    rows = Mandate.objects.select_related("organization", "replaces", "checked_by")
    row = get_object_or_404(rows, pk=mandate)
    document = MandateDocument.objects.filter(mandate=row).defer("content").first()
    objection = row.objections.filter(decision="").first()
    outcomes = _outcomes(row, document is not None, objection is not None)
    outcome = request.POST.get("outcome", "")
    form = CheckForm(
        posted(request),
        outcome=outcome,
        can_accept="accept" in outcomes,
        has_domain=bool(row.organization.domain),
    )
    if request.method == "POST" and form.is_valid():
        try:
            message = _decide(request, row, outcome if outcome in outcomes else "", form.cleaned_data)
        except (OwnOrganization, MandateCannotMove, DomainSpeaksForAnother, DomainHasChanged) as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, message)
            return redirect("moderation_mandates")
    context: dict[str, Any] = {
        "mandate": row,
        "state": row.state_at(timezone.now()),
        "organization": row.organization,
        "document": document,
        "objection": objection,
        "registrations": row.organization.registrations.order_by("register", "number"),
        "flags": row.organization.duplicate_flags.select_related("other").order_by("noticed_at", "pk"),
        "domain_read": domain_as_read(row.organization.domain),
        "script_warning": _warning(row.organization),
        "others": organization_mandates(organization=row.organization).exclude(pk=row.pk)[:PAGE],
        "signed_total": row.endorsements.filter(state__in=["accepted", "second"]).count(),
        "outcomes": outcomes,
        "is_own": _is_own(row.organization, request.user, row),
        "form": form,
    }
    return render(request, "moderation/mandate_detail.html", context, status=form_status(form))


def _outcomes(mandate: Mandate, has_document: bool, is_objected_to: bool) -> list[str]:
    """What can be decided, by where the mandate stands."""
    state = mandate.state_at(timezone.now())
    if state == MandateState.STAFF and has_document:
        return ["accept", "refuse"]
    if mandate.proven_at is not None and state != MandateState.REFUSED:
        return ["revoke", "keep"] if is_objected_to else ["revoke"]
    return []


def _decide(request: SignedInRequest, mandate: Mandate, outcome: str, data: dict[str, Any]) -> str:
    """Do it, and say what was done. Raises OwnOrganization, MandateCannotMove, DomainSpeaksForAnother."""
    by, at, reason = request.user, timezone.now(), data["reason"]
    match outcome:
        case "accept":
            if accept_document(mandate=mandate, has_own_domain=data.get("domain") == "own", by=by, at=at):
                return _("The mandate is accepted. The organization is shown, and the signatory hears of it.")
            return _(
                "The mandate is accepted. The organization stays hidden until it is decided whether it is here twice."
            )
        case "refuse":
            refuse_document(mandate=mandate, reason=reason, by=by, at=at)
            return _("The document is refused. The signatory gets a mail with your reason.")
        case "revoke":
            revoke_mandate(mandate=mandate, reason=reason, by=by, at=at)
            return _("The mandate is refused, and what was signed under it is off the lists.")
        case "keep":
            dismiss_objection(mandate=mandate, reason=reason, by=by, at=at)
            return _("The mandate stands. Who reported it gets a mail with your reason.")
        case _:
            raise MandateCannotMove


@require_safe
@for_moderators
def mandate_document(request: SignedInRequest, mandate: uuid.UUID) -> HttpResponse:
    """The file as it was sent, for saving: it is never shown inside a page of this site."""
    document = get_object_or_404(MandateDocument, mandate=mandate)
    response = HttpResponse(document_bytes(document), content_type=document.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{document.name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@for_moderators
def mandates_of_organization(request: SignedInRequest, organization: str) -> HttpResponse:
    """Every mandate of one organization, each to be looked at."""
    row = get_object_or_404(Organization, slug=organization)
    now = timezone.now()
    page = Paginator(organization_mandates(organization=row), PAGE).get_page(request.GET.get("page"))
    lines = [(mandate, mandate.state_at(now)) for mandate in page.object_list]
    context = {"organization": row, "page": page, "lines": lines}
    return render(request, "moderation/mandate_list.html", context)


@require_safe
@for_moderators
def duplicates(request: SignedInRequest) -> HttpResponse:
    """Pairs of organizations that may be one, the oldest first."""
    page = Paginator(open_duplicates(), PAGE).get_page(request.GET.get("page"))
    return render(request, "moderation/mandate_duplicates.html", {"page": page, "flags": page.object_list})


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def duplicate(request: SignedInRequest, flag: uuid.UUID) -> HttpResponse:
    """Two organizations side by side, with the two outcomes."""
    rows = DuplicateFlag.objects.select_related("organization", "other", "decided_by")
    row = get_object_or_404(rows, pk=flag)
    form = DuplicateForm(posted(request))
    outcome = request.POST.get("outcome")
    if request.method == "POST" and form.is_valid():
        try:
            if outcome not in {"different", "same"}:
                raise DuplicateDecided
            is_shown = decide_duplicate(
                flag=row,
                is_same=outcome == "same",
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except (OwnOrganization, DuplicateDecided) as error:
            form.add_error(None, str(error))
            row.refresh_from_db()
        else:
            messages.info(request, _decided(outcome, is_shown))
            return redirect("moderation_duplicates")
    context = {
        "flag": row,
        "pair": [_side(row.organization), _side(row.other)],
        "is_own": _is_own(row.organization, request.user) or _is_own(row.other, request.user),
        "form": form,
    }
    return render(request, "moderation/mandate_duplicate.html", context, status=form_status(form))


def _decided(outcome: str, is_shown: bool) -> str:
    if outcome == "same":
        return _("What the later one signed is off the lists. Its owners get a mail with your reason.")
    if is_shown:
        return _("They are two organizations, and both are shown.")
    return _(
        "They are two organizations. The later one is shown once it has a mandate and nothing else holds it."
    )


def _side(organization: Organization) -> dict[str, Any]:
    """What there is to compare of one organization."""
    return {
        "organization": organization,
        "names": organization.names.order_by("locale"),
        "registrations": organization.registrations.order_by("register", "number"),
        "mandates": organization_mandates(organization=organization)[:PAGE],
        "owners": organization.memberships.filter(role="owner").select_related("user").order_by("pk"),
        "signed_total": organization.endorsements.filter(state__in=["accepted", "second"]).count(),
        "domain_read": domain_as_read(organization.domain),
        "script_warning": _warning(organization),
    }


def _warning(organization: Organization) -> str:
    warning = script_warning(organization.domain)
    return warning.value if warning else ""


def _is_own(organization: Organization, user: User, mandate: Mandate | None = None) -> bool:
    try:
        require_outsider(organization=organization, by=user, mandate=mandate)
    except OwnOrganization:
        return True
    return False
