"""The team's pages about what an authority answers."""

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
from campaign.campaigns.rules import can_lead
from campaign.core.access import form_status, posted, require
from campaign.core.cleaning import markdown_to_html
from campaign.petitions.forms.handover import CorrectionForm, ResponseForm
from campaign.petitions.letters.handover import draw_responded, preview
from campaign.petitions.models import OfficialResponse, ResponseState
from campaign.petitions.queries import corrections_of
from campaign.petitions.services import (
    PetitionIsNotPublic,
    ResponseCannotMove,
    correct_response,
    discard_response,
    draft_response,
    edit_response,
    publish_response,
)
from campaign.petitions.views.handover import team_petition, tell, tell_page


def _response(request: HttpRequest, slug: str, pk: uuid.UUID) -> tuple[OfficialResponse, str]:
    petition, role = team_petition(request, slug)
    rows = OfficialResponse.objects.select_related("authority", "written_by", "published_by")
    response = get_object_or_404(rows, pk=pk, petition=petition)
    response.petition = petition
    return response, role


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def response_create(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, _role = team_petition(request, slug)
    form = ResponseForm(posted(request), petition=petition)
    if request.method == "POST" and form.is_valid():
        try:
            response = draft_response(petition=petition, by=request.user, **form.cleaned_data)
        except PetitionIsNotPublic as error:
            form.add_error(None, str(error))
        else:
            return redirect("response_detail", petition.slug, response.pk)
    context = {"form": form, "petition": petition, "response": None}
    return render(request, "petitions/response_form.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def response_edit(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    response, _role = _response(request, slug, pk)
    form = ResponseForm(posted(request), petition=response.petition, response=response)
    if request.method == "POST" and form.is_valid():
        try:
            edit_response(response=response, **form.cleaned_data)
        except ResponseCannotMove as error:
            form.add_error(None, str(error))
        else:
            return redirect("response_detail", slug, pk)
    context = {"form": form, "petition": response.petition, "response": response}
    return render(request, "petitions/response_form.html", context, status=form_status(form))


@login_required
@require_safe
def response_detail(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    response, role = _response(request, slug, pk)
    return _detail_page(request, response, role)


def _detail_page(
    request: SignedInRequest, response: OfficialResponse, role: str, **refused: forms.Form
) -> HttpResponse:
    """The page of one response, with a refused form in its place."""
    context: dict[str, Any] = {
        "petition": response.petition,
        "response": response,
        "text_html": markdown_to_html(response.text, heading_offset=2),
        "comment_html": markdown_to_html(response.comment, heading_offset=2),
        "corrections": corrections_of(record=response),
        "can_lead": can_lead(role),
        "correction_form": CorrectionForm(prefix="correction"),
        **refused,
    }
    return render(request, "petitions/response_detail.html", context, status=422 if refused else 200)


@login_required
@require_POST
def response_publish(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    response, role = _response(request, slug, pk)
    require(can_lead(role))
    try:
        publish_response(response=response, by=request.user, at=timezone.now())
    except (ResponseCannotMove, PetitionIsNotPublic) as error:
        messages.error(request, str(error))
    else:
        messages.info(request, _("It is on the petition’s page within seconds."))
    return redirect("response_detail", slug, pk)


@login_required
@require_POST
def response_discard(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    response, _role = _response(request, slug, pk)
    try:
        discard_response(response=response)
    except ResponseCannotMove as error:
        messages.error(request, str(error))
        return redirect("response_detail", slug, pk)
    return redirect("handover_overview", slug)


@login_required
@require_POST
def response_correct(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    response, role = _response(request, slug, pk)
    require(can_lead(role))
    form = CorrectionForm(request.POST, prefix="correction")
    if form.is_valid():
        try:
            correct_response(
                response=response, text=form.cleaned_data["text"], by=request.user, at=timezone.now()
            )
        except ResponseCannotMove as error:
            messages.error(request, str(error))
        return redirect("response_detail", slug, pk)
    return _detail_page(request, response, role, correction_form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def response_tell(request: SignedInRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Show what signers would read and how many they are; have them mailed."""
    response, role = _response(request, slug, pk)
    require(can_lead(role))
    if response.state != ResponseState.PUBLISHED:
        return redirect("response_detail", slug, pk)
    if request.method == "POST":
        tell(request, response)
        return redirect("response_detail", slug, pk)
    return tell_page(request, response, letter=preview(draw_responded(response)))
