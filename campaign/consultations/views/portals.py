"""Portals and what they ask, each requirement with how sure it is; and what people state beside what comes with the software."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.consultations.forms.requirements import PlaceForm, StatedForm, written_value
from campaign.consultations.models import Consultation, PortalProfile, Requirement, RequirementOrigin, Topic
from campaign.consultations.queries import portal_profiles
from campaign.consultations.requirements import Holding, InForce
from campaign.consultations.rules import can_edit_consultation, can_state_portals
from campaign.consultations.services import (
    Place,
    RequirementChanged,
    state_requirement,
    stated_digest,
    withdraw_requirement,
)
from campaign.core.access import form_status, posted, require
from campaign.core.forms import keep_typed


@require_safe
def portal_list(request: HttpRequest) -> HttpResponse:
    """All portals."""
    return render(request, "consultations/portal_list.html", {"portals": portal_profiles()})


@require_safe
def portal_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One portal: what it asks, how sure that is, and the consultations that go through it."""
    portal = get_object_or_404(PortalProfile.objects.select_related("jurisdiction"), slug=slug)
    context = {
        "portal": portal,
        "in_force": InForce.of(portal.requirements.all()),
        "consultations": portal.consultations.order_by("-closes_at", "pk")[:20],
        "can_state": can_state_portals(request.user),
    }
    return render(request, "consultations/portal_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def portal_requirement(request: SignedInRequest, slug: str) -> HttpResponse:
    """The operator states a requirement of a portal: a new one, or one that stands there already (`row`)."""
    portal = get_object_or_404(PortalProfile, slug=slug)
    if not can_state_portals(request.user):
        raise Http404
    return _state(request, portal)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consultation_requirement(request: SignedInRequest, slug: str) -> HttpResponse:
    """State what the notice of a consultation itself asks: it beats what the portal asks."""
    consultation = get_object_or_404(Consultation.objects.select_related("profile"), slug=slug)
    require(can_edit_consultation(request.user, consultation))
    return _state(request, consultation)


def _state(request: SignedInRequest, owner: PortalProfile | Consultation) -> HttpResponse:
    """The form in two steps: what it is about, then what is asked. A requirement that stands has the first step done."""
    place = _place(request, owner)
    if place is None:
        return _choose(request, owner)
    standing = _standing(owner, place)
    own = next(
        (row for row in standing if row.origin != RequirementOrigin.SHIPPED and _is_of(row, owner)), None
    )
    shown = own or next(iter(standing), None)
    initial = {"status": "verified", "seen": stated_digest(own)}
    if shown is not None:
        initial |= {
            "value": written_value(shown),
            "status": shown.status,
            "source": shown.source,
            "note": shown.note,
        }
    form = StatedForm(posted(request), topic=place.topic, initial=initial)
    theirs = None
    if request.method == "POST" and "withdraw" in request.POST and own is not None:
        withdraw_requirement(requirement=own)
        return _back(owner)
    if request.method == "POST" and form.is_valid():
        try:
            state_requirement(
                owner=owner,
                place=place,
                stated=form.stated,
                seen=form.cleaned_data["seen"],
                person=request.user,
                at=timezone.now(),
            )
        except RequirementChanged as error:
            theirs = error.current
            form.add_error(None, str(error))
            keep_typed(form, seen=stated_digest(theirs))
        else:
            return _back(owner)
    row = shown or Requirement(topic=place.topic, subject=place.subject, unit=place.unit)
    context = {
        **_frame(owner),
        "form": form,
        "topic": Topic(place.topic).label,
        "about": Holding(row).about,
        "own": own,
        "below": [Holding(each) for each in standing if each is not own],
        "theirs": Holding(theirs) if theirs else None,
    }
    return render(request, "consultations/requirement_form.html", context, status=form_status(form))


def _place(request: HttpRequest, owner: PortalProfile | Consultation) -> Place | None:
    """What the address names: `row` is the requirement that is to be stated otherwise."""
    if "row" in request.GET:
        rows = Requirement.objects.filter(profile=_profile(owner)) | Requirement.objects.filter(
            consultation=owner if isinstance(owner, Consultation) else None, profile=None
        )
        row = get_object_or_404(rows, pk=_uuid(request.GET["row"]))
        return Place(row.topic, row.subject, row.unit, row.applies_to)
    form = PlaceForm(request.GET if "topic" in request.GET else None)
    return form.place if form.is_valid() else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _choose(request: HttpRequest, owner: PortalProfile | Consultation) -> HttpResponse:
    form = PlaceForm(request.GET if "topic" in request.GET else None)
    context = {**_frame(owner), "form": form}
    return render(request, "consultations/requirement_choose.html", context, status=form_status(form))


def _standing(owner: PortalProfile | Consultation, place: Place) -> list[Requirement]:
    """All that is stated of the same place, the highest origin first."""
    rows = Requirement.objects.filter(profile=_profile(owner))
    if isinstance(owner, Consultation):
        rows = rows | Requirement.objects.filter(consultation=owner)
    same = rows.filter(topic=place.topic, subject=place.subject, unit=place.unit, applies_to=place.applies_to)
    rank = {origin: -number for number, origin in enumerate(RequirementOrigin.values)}
    return sorted(same, key=lambda row: rank[row.origin])


def _is_of(row: Requirement, owner: PortalProfile | Consultation) -> bool:
    return row.consultation_id == owner.pk if isinstance(owner, Consultation) else row.profile_id == owner.pk


def _profile(owner: PortalProfile | Consultation) -> PortalProfile:
    return owner.profile if isinstance(owner, Consultation) else owner


def _frame(owner: PortalProfile | Consultation) -> dict[str, Any]:
    return {"consultation" if isinstance(owner, Consultation) else "portal": owner}


def _back(owner: PortalProfile | Consultation) -> HttpResponse:
    name = "consultation_detail" if isinstance(owner, Consultation) else "portal_detail"
    return redirect(name, owner.slug)
