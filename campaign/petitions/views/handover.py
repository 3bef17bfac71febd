"""The team's pages about handing a petition over."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.rules import can_edit_petitions, can_lead, team_role
from campaign.core.access import form_status, posted, require, require_role
from campaign.petitions.forms.handover import CancelForm, CorrectionForm, HandoverActForm, HandoverForm
from campaign.petitions.letters.handover import draw_handed_over, preview
from campaign.petitions.models import PUBLIC_STATES, Handover, HandoverState, Petition
from campaign.petitions.queries import (
    corrections_of,
    handover_document,
    signers_to_tell,
    team_handovers,
    team_responses,
)
from campaign.petitions.services import (
    ActIsInFuture,
    ActTooEarly,
    HandoverCannotMove,
    HandoverIsPrepared,
    NobodyHasSigned,
    NothingToTell,
    PetitionIsNotPublic,
    SignersAreTold,
    ask_to_tell,
    cancel_handover,
    correct_handover,
    prepare_handover,
    record_handover,
)


def team_petition(request: HttpRequest, slug: str) -> tuple[Petition, str]:
    """A petition for those who may edit it, and their role."""
    petition = get_object_or_404(
        Petition.objects.select_related("campaign__owner", "addressee", "frozen_text"), slug=slug
    )
    role = require_role(team_role(request.user, petition.campaign))
    require(can_edit_petitions(role))
    return petition, role


def _handover(request: HttpRequest, slug: str, pk: uuid.UUID) -> tuple[Handover, str]:
    petition, role = team_petition(request, slug)
    rows = Handover.objects.select_related("addressee", "record", "prepared_by", "recorded_by")
    handover = get_object_or_404(rows, pk=pk, petition=petition)
    handover.petition = petition
    return handover, role


@login_required
@require_safe
def handover_overview(request: SignedInRequest, slug: str) -> HttpResponse:
    """Everything that was prepared, handed over and answered."""
    petition, role = team_petition(request, slug)
    context = {
        "petition": petition,
        "handovers": team_handovers(petition=petition),
        "responses": team_responses(petition=petition),
        "is_public": petition.state in PUBLIC_STATES,
        "can_lead": can_lead(role),
    }
    return render(request, "petitions/handover_overview.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def handover_prepare(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, _role = team_petition(request, slug)
    form = HandoverForm(posted(request), petition=petition)
    if request.method == "POST" and form.is_valid():
        try:
            handover = prepare_handover(
                petition=petition, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except (PetitionIsNotPublic, NobodyHasSigned, HandoverIsPrepared) as error:
            form.add_error(None, str(error))
        else:
            return redirect("handover_detail", petition.slug, handover.pk)
    context = {"form": form, "petition": petition}
    return render(request, "petitions/handover_prepare.html", context, status=form_status(form))


@login_required
@require_safe
def handover_detail(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    handover, role = _handover(request, slug, pk)
    return _detail_page(request, handover, role)


def _detail_page(
    request: SignedInRequest, handover: Handover, role: str, **refused: forms.Form
) -> HttpResponse:
    """The page of one hand-over, with a refused form in its place."""
    context: dict[str, Any] = {
        "petition": handover.petition,
        "handover": handover,
        "document": handover_document(handover=handover),
        "corrections": corrections_of(record=handover),
        "can_lead": can_lead(role),
        "cancel_form": CancelForm(prefix="cancel"),
        "correction_form": CorrectionForm(prefix="correction"),
        **refused,
    }
    return render(request, "petitions/handover_detail.html", context, status=422 if refused else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def handover_record(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Put the act on record."""
    handover, role = _handover(request, slug, pk)
    require(can_lead(role))
    if handover.state != HandoverState.PREPARED:
        return redirect("handover_detail", slug, pk)
    form = HandoverActForm(posted(request), handover=handover)
    if request.method == "POST" and form.is_valid():
        try:
            record_handover(handover=handover, by=request.user, at=timezone.now(), **form.act())
        except (ActIsInFuture, ActTooEarly) as error:
            form.add_error("done_on", str(error))
        except (HandoverCannotMove, PetitionIsNotPublic) as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, _("It is on record, and on the petition’s page within seconds."))
            return redirect("handover_detail", slug, pk)
    context = {"form": form, "petition": handover.petition, "handover": handover}
    return render(request, "petitions/handover_record.html", context, status=form_status(form))


@login_required
@require_POST
def handover_cancel(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    handover, role = _handover(request, slug, pk)
    form = CancelForm(request.POST, prefix="cancel")
    if form.is_valid():
        try:
            cancel_handover(handover=handover, reason=form.cleaned_data["reason"], at=timezone.now())
        except HandoverCannotMove as error:
            messages.error(request, str(error))
        return redirect("handover_detail", slug, pk)
    return _detail_page(request, handover, role, cancel_form=form)


@login_required
@require_POST
def handover_correct(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    handover, role = _handover(request, slug, pk)
    require(can_lead(role))
    form = CorrectionForm(request.POST, prefix="correction")
    if form.is_valid():
        try:
            correct_handover(
                handover=handover, text=form.cleaned_data["text"], by=request.user, at=timezone.now()
            )
        except HandoverCannotMove as error:
            messages.error(request, str(error))
        return redirect("handover_detail", slug, pk)
    return _detail_page(request, handover, role, correction_form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def handover_tell(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Show what signers would read and how many they are; have them mailed."""
    handover, role = _handover(request, slug, pk)
    require(can_lead(role))
    if handover.state != HandoverState.DONE:
        return redirect("handover_detail", slug, pk)
    if request.method == "POST":
        tell(request, handover)
        return redirect("handover_detail", slug, pk)
    return tell_page(request, handover, letter=preview(draw_handed_over(handover)))


def tell_page(request: SignedInRequest, record: Any, *, letter: Any) -> HttpResponse:
    """What signers would read of a hand-over or a response, and how many they are."""
    context = {
        "petition": record.petition,
        "told": record,
        "readers": signers_to_tell().filter(petition=record.petition).count(),
        "letter": letter,
    }
    return render(request, "petitions/tell_signers.html", context)


def tell(request: SignedInRequest, record: Any) -> None:
    """Ask for the mails, and say what comes of it."""
    try:
        ask_to_tell(record=record, by=request.user, at=timezone.now())
    except (NothingToTell, PetitionIsNotPublic, SignersAreTold) as error:
        messages.error(request, str(error))
    else:
        messages.info(request, _("The mails go out now. A large petition takes a while."))
