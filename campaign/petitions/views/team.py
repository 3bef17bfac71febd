"""The pages of the campaign's team."""

import uuid
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.activity.services import log_act, on_the_log
from campaign.activity.views import done, lock_answer, lock_context, may_save, version_of
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import can_edit_petitions, can_lead, team_member, team_role, works_for_owner
from campaign.campaigns.services import UnderEmbargo
from campaign.core.access import form_status, posted, require, require_role
from campaign.organizations.queries import call_numbers
from campaign.petitions.forms.petition import PauseForm, PetitionForm, ReportedCountForm, ThresholdForm
from campaign.petitions.models import CheckWhen, Petition
from campaign.petitions.queries import petition_call, petition_counts, says_what_was_frozen, team_work
from campaign.petitions.services import (
    CampaignIsDraft,
    ClosingDateIsPast,
    PetitionCannotMove,
    ThresholdIsSet,
    check_signers,
    close_petition,
    create_petition,
    edit_petition,
    freeze_draft,
    pause_petition,
    publish_petition,
    remove_threshold,
    report_count,
    resume_petition,
    set_threshold,
    submit_petition,
    withdraw_count,
)
from campaign.petitions.views.page import phase_of


def _logged(request: SignedInRequest, petition: Petition, act: str) -> AbstractContextManager[None]:
    """What is done inside stands in the log of the campaign's team."""
    return on_the_log(
        subject_id=petition.campaign_id,
        act=f"petitions.{act}",
        actor=request.user,
        at=timezone.now(),
        petition=petition.title,
    )


def _team_petition(request: HttpRequest, slug: str) -> tuple[Petition, str]:
    petition = get_object_or_404(
        Petition.objects.select_related("campaign__owner", "addressee", "frozen_text"), slug=slug
    )
    role = require_role(team_role(request.user, petition.campaign))
    require(can_edit_petitions(role))
    return petition, role


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def petition_create(request: SignedInRequest, campaign: str) -> HttpResponse:
    row = get_object_or_404(Campaign, slug=campaign)
    require(can_edit_petitions(require_role(team_role(request.user, row))))
    form = PetitionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            petition = create_petition(campaign=row, **form.cleaned_data)
            log_act(
                subject_id=row.pk,
                act="petitions.created",
                actor=request.user,
                at=timezone.now(),
                petition=petition.title,
            )
        return redirect("petition_manage", petition.slug)
    context = {"form": form, "campaign": row, "petition": None}
    return render(request, "petitions/petition_form.html", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def petition_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, _role = _team_petition(request, slug)
    key = f"petitions.petition:{petition.pk}"
    initial = {name: getattr(petition, name) for name in PetitionForm.base_fields}
    version = version_of(initial)
    if (answer := lock_answer(request, key=key)) is not None:
        return answer
    form = PetitionForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid() and may_save(request, form, key=key, version=version):
        try:
            with _logged(request, petition, "edited"):
                edit_petition(petition=petition, **form.cleaned_data)
        except PetitionCannotMove as error:
            form.add_error(None, str(error))
        else:
            done(request, key=key)
            return redirect("petition_manage", petition.slug)
    context = {
        "form": form,
        "campaign": petition.campaign,
        "petition": petition,
        "version": version,
        "is_behind": request.POST.get("version", version) != version,
        **lock_context(request, key=key),
    }
    return render(request, "petitions/petition_form.html", context, status=form_status(form))


@login_required
@require_safe
def petition_manage(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, role = _team_petition(request, slug)
    return _manage_page(request, petition, role)


def _manage_page(
    request: SignedInRequest, petition: Petition, role: str, **forms: ThresholdForm | ReportedCountForm
) -> HttpResponse:
    """The team's page, with a refused form in its place."""
    call = petition_call(petition=petition)
    context: dict[str, Any] = {
        "petition": petition,
        "call": call,
        "call_numbers": call_numbers(calls=[call])[call.pk] if call else {},
        "has_changed": call is not None and not says_what_was_frozen(petition, call.frozen_text),
        "counts": petition_counts(petition=petition),
        "work": team_work(petition=petition),
        "thresholds": petition.thresholds.order_by("count"),
        "reported": petition.reported_counts.filter(withdrawn_at=None).order_by("recorded_at", "pk"),
        "can_lead": can_lead(role),
        "for_owner": works_for_owner(team_member(request.user, petition.campaign), petition.campaign),
        "phase": phase_of(petition, timezone.now()),
        "publishes_itself": settings.PETITIONS_PUBLISHED_BY == "team",
        "threshold_form": ThresholdForm(),
        "reported_form": ReportedCountForm(),
        "pause_form": PauseForm(),
        **forms,
    }
    refused = any(form.errors for form in forms.values())
    return render(request, "petitions/petition_manage.html", context, status=422 if refused else 200)


@login_required
@require_POST
def petition_freeze(request: SignedInRequest, slug: str) -> HttpResponse:
    """Fix the text of a draft, so that organizations can endorse it before it is published."""
    petition, role = _team_petition(request, slug)
    require(can_lead(role))
    try:
        with _logged(request, petition, "frozen"):
            freeze_draft(petition=petition, at=timezone.now())
    except PetitionCannotMove as error:
        messages.error(request, str(error))
        return redirect("petition_manage", petition.slug)
    call = petition_call(petition=petition)
    assert call is not None  # freezing opens it  # noqa: S101
    return redirect("call_detail", call.pk)


@login_required
@require_POST
def petition_publish(request: SignedInRequest, slug: str) -> HttpResponse:
    """Publish a draft, or hand it to the site's moderators where those publish (PETITIONS_PUBLISHED_BY)."""
    petition, role = _team_petition(request, slug)
    require(can_lead(role))
    try:
        if settings.PETITIONS_PUBLISHED_BY == "team":
            with _logged(request, petition, "published"):
                publish_petition(petition=petition, at=timezone.now())
            messages.info(request, _("The petition is open. Its text is frozen from now on."))
        else:
            with _logged(request, petition, "submitted"):
                submit_petition(petition=petition)
            messages.info(
                request, _("The moderators of this site have it now, and publish it or write back.")
            )
    except (ClosingDateIsPast, CampaignIsDraft, UnderEmbargo, PetitionCannotMove) as error:
        messages.error(request, str(error))
    return redirect("petition_manage", petition.slug)


@login_required
@require_POST
def petition_pause(request: SignedInRequest, slug: str) -> HttpResponse:
    """The petition's pause switch: on with a note, off without questions."""
    petition, role = _team_petition(request, slug)
    require(can_lead(role))
    form = PauseForm(request.POST)
    if "resume" in request.POST:
        with _logged(request, petition, "resumed"):
            resume_petition(petition=petition)
    elif form.is_valid():
        with _logged(request, petition, "paused"):
            pause_petition(petition=petition, note=form.cleaned_data["note"], at=timezone.now())
    else:
        messages.error(request, _("The note can have at most 300 characters."))
    return redirect("petition_manage", petition.slug)


@login_required
@require_POST
def petition_check(request: SignedInRequest, slug: str) -> HttpResponse:
    """When signers' browsers are checked for robots."""
    petition, _role = _team_petition(request, slug)
    if request.POST.get("check_when") in CheckWhen.values:
        with _logged(request, petition, "check_set"):
            check_signers(petition=petition, when=request.POST["check_when"])
    return redirect("petition_manage", petition.slug)


@login_required
@require_POST
def threshold_set(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, role = _team_petition(request, slug)
    form = ThresholdForm(request.POST)
    if form.is_valid():
        try:
            with _logged(request, petition, "threshold_set"):
                set_threshold(petition=petition, **form.cleaned_data)
        except ThresholdIsSet as error:
            form.add_error("count", str(error))
        else:
            return redirect("petition_manage", petition.slug)
    return _manage_page(request, petition, role, threshold_form=form)


@login_required
@require_POST
def threshold_remove(request: SignedInRequest, slug: str, threshold: uuid.UUID) -> HttpResponse:
    petition, _role = _team_petition(request, slug)
    with _logged(request, petition, "threshold_removed"):
        remove_threshold(petition=petition, threshold_id=threshold)
    return redirect("petition_manage", petition.slug)


@login_required
@require_POST
def count_report(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, role = _team_petition(request, slug)
    form = ReportedCountForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        with _logged(request, petition, "count_reported"):
            report_count(
                petition=petition,
                kind=data["kind"],
                count=data["reported"],
                collected_by=data["collected_by"],
                note=data["note"],
                by=request.user,
                at=timezone.now(),
            )
        return redirect("petition_manage", petition.slug)
    return _manage_page(request, petition, role, reported_form=form)


@login_required
@require_POST
def count_withdraw(request: SignedInRequest, slug: str, count: uuid.UUID) -> HttpResponse:
    petition, _role = _team_petition(request, slug)
    with _logged(request, petition, "count_withdrawn"):
        withdraw_count(petition=petition, count_id=count, at=timezone.now())
    return redirect("petition_manage", petition.slug)


@login_required
@require_POST
def petition_close(request: SignedInRequest, slug: str) -> HttpResponse:
    petition, role = _team_petition(request, slug)
    require(can_lead(role))
    try:
        with _logged(request, petition, "closed"):
            close_petition(petition=petition, at=timezone.now())
    except PetitionCannotMove as error:
        messages.error(request, str(error))
    return redirect("petition_manage", petition.slug)
