"""Consultations on the web: what authorities ask, and the import of their questions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import Campaign
from campaign.campaigns.queries import campaigns_drafted_in, campaigns_worked_in
from campaign.consultations.forms.consultations import ImportForm
from campaign.consultations.limits import submission_limits
from campaign.consultations.models import Consultation, ImportDraft, Submission
from campaign.consultations.queries import (
    consultation_cards,
    deadline_changes,
    ordered_channels,
    public_filings,
    sections_with_questions,
)
from campaign.consultations.requirements import language_words, requirements_of
from campaign.consultations.rules import can_edit_consultation, can_import_consultations
from campaign.consultations.services import bring_call
from campaign.core.access import form_status, posted, require
from campaign.core.yamlfile import FileError


@require_safe
def consultation_list(request: HttpRequest) -> HttpResponse:
    context = {
        "consultations": consultation_cards(),
        "filings": public_filings(at=timezone.now())[:20],
        "now": timezone.now(),
        "can_import": can_import_consultations(request.user),
    }
    return render(request, "consultations/consultation_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consultation_import(request: SignedInRequest) -> HttpResponse:
    require(can_import_consultations(request.user))
    form = ImportForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            brought = bring_call(raw=upload.read(), file=upload.name, by=request.user, at=timezone.now())
        except FileError as error:
            form.add_error("file", str(error))
        else:
            if isinstance(brought, ImportDraft):
                return redirect("consultation_changes", brought.pk)
            return redirect("consultation_detail", brought.slug)
    context = {"form": form}
    return render(request, "consultations/consultation_import.html", context, status=form_status(form))


@require_safe
def consultation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_object_or_404(
        Consultation.objects.select_related("authority__jurisdiction", "profile"), slug=slug
    )
    campaigns = _own_campaigns(request)
    drafting = campaigns_drafted_in(user=request.user)
    in_force = requirements_of(consultation)
    now = timezone.now()
    context = {
        "consultation": consultation,
        "channels": [
            (channel, channel.is_open_at(now)) for channel in ordered_channels(consultation=consultation)
        ],
        "deadline_changes": deadline_changes(consultation=consultation),
        "documents": consultation.documents.order_by("added_at", "pk"),
        "sections": sections_with_questions(consultation=consultation),
        "limits": submission_limits(in_force),
        "in_force": in_force,
        "reply_languages": [language_words(code) for code in consultation.languages],
        "can_edit": can_edit_consultation(request.user, consultation),
        "is_open": consultation.is_open_at(now),
        "filings": public_filings(at=timezone.now()).filter(submission__consultation=consultation),
        "submissions": Submission.objects.filter(consultation=consultation, campaign__in=campaigns)
        .select_related("campaign")
        .order_by("title", "pk"),
        "can_start": drafting.exists(),
    }
    return render(request, "consultations/consultation_detail.html", context)


def _own_campaigns(request: HttpRequest) -> Any:
    """Campaigns whose submissions the user sees."""
    if not request.user.is_authenticated:
        return Campaign.objects.none()
    return campaigns_worked_in(user=request.user)
