"""Deadlines: the radar, calendars and feeds, and the internal dates of a submission."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.models import User
from campaign.accounts.requests import SignedInRequest
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import can_draft_answers
from campaign.consultations.calendars import campaign_calendar, user_calendar
from campaign.consultations.deadlines import asked_zone, zone_names
from campaign.consultations.feeds import ConsultationFeed
from campaign.consultations.forms.milestones import ChoicesForm, dates_form
from campaign.consultations.models import DeadlineChoices, Milestone, Submission
from campaign.consultations.radar import (
    asking_jurisdictions,
    deadline_choices,
    lacks_milestones,
    month_beside,
    month_of,
    month_weeks,
    radar_entries,
    submission_milestones,
)
from campaign.consultations.services import (
    DeadlineHasPassed,
    MilestoneChangedMeanwhile,
    choose,
    drop_calendar_key,
    edit_milestones,
    mark_done,
    mark_undone,
    plan_milestones,
    renew_calendar_key,
    stop_reminders,
)
from campaign.consultations.views.access import drafted_submission, submission_of
from campaign.core.access import form_status, posted, require_role
from campaign.core.links import link_token, linked_row_id

ENTRIES_A_PAGE = 50
ICALENDAR = "text/calendar; charset=utf-8"


# --- The radar ------------------------------------------------------------------
@require_safe
def deadline_radar(request: HttpRequest) -> HttpResponse:
    """Deadlines by date, and a month of them. What somebody chooses stands in the address: nothing is remembered by reading."""
    at, choices = timezone.now(), deadline_choices(request.user)
    zone = asked_zone(request) or choices.time_zone or "UTC"
    only_mine = request.user.is_authenticated and request.GET.get("show") == "mine"
    jurisdictions = list(asking_jurisdictions())
    code = request.GET.get("jurisdiction", "")
    code = code if code in {each.code for each in jurisdictions} else ""
    entries = radar_entries(user=request.user, at=at, zone=zone, only_mine=only_mine, jurisdiction=code)
    month = month_of(request.GET.get("month", ""), today=at.date())
    weeks = month_weeks(entries, month)
    kept = {"show": "mine" if only_mine else "", "jurisdiction": code, "zone": asked_zone(request)}
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "weeks": weeks,
        "month": month,
        "month_has_entries": any(day.entries for week in weeks for day in week if day.is_of_month),
        "previous_month": month_beside(month, -1),
        "next_month": month_beside(month, 1),
        "today": at.date(),
        "zone": zone,
        "zones": zone_names(),
        "only_mine": only_mine,
        "jurisdictions": jurisdictions,
        "code": code,
        "kept": _query(kept),
    }
    if request.user.is_authenticated:
        context |= _own_choices(choices)
    return render(request, "consultations/deadline_radar.html", context)


def _query(kept: dict[str, str]) -> str:
    """What stays in the links of the page, encoded, with a sign for what follows."""
    found = urlencode({name: value for name, value in kept.items() if value})
    return f"{found}&" if found else ""


def _own_choices(choices: DeadlineChoices) -> dict[str, Any]:
    initial = {"time_zone": choices.time_zone, "wants_reminders": choices.wants_reminders}
    key = choices.calendar_key
    token = link_token(purpose="deadline-calendar", row_id=key) if key else ""
    return {
        "choices_form": ChoicesForm(initial=initial),
        "calendar_link": settings.SITE_URL + reverse("user_calendar", args=[token]) if token else "",
    }


@login_required
@require_POST
def deadline_choose(request: SignedInRequest) -> HttpResponse:
    """A person's own clock, and whether they want mails."""
    form = ChoicesForm(request.POST)
    if not form.is_valid():
        return render(
            request, "consultations/deadline_choices.html", {"form": form}, status=form_status(form)
        )
    choose(user=request.user, **form.cleaned_data)
    messages.info(request, _("Saved."))
    return redirect("deadline_radar")


@login_required
@require_POST
def calendar_address(request: SignedInRequest) -> HttpResponse:
    """A new address for the person's calendar, or none any more. The one before shows nothing from then on."""
    if "remove" in request.POST:
        drop_calendar_key(user=request.user)
        messages.info(request, _("The address shows nothing any more."))
    else:
        renew_calendar_key(user=request.user)
        messages.info(request, _("This is your new address. An earlier one shows nothing any more."))
    return redirect(reverse("deadline_radar") + "#calendar-address")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reminders_stop(request: HttpRequest, token: str) -> HttpResponse:
    """By a mailed link, without signing in: GET shows, POST ends the mails."""
    user_id = linked_row_id(purpose="deadline-reminders", token=token)
    user = User.objects.filter(pk=user_id).first() if user_id else None
    if user is not None and request.method == "POST":
        stop_reminders(user=user)
    wants = user is not None and deadline_choices(user).wants_reminders
    context = {"is_dead": user is None, "wants_reminders": wants}
    response = render(
        request, "consultations/deadline_reminders.html", context, status=410 if user is None else 200
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# --- Calendars and the feed -------------------------------------------------------
@require_safe
def campaign_calendar_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The deadlines of a published campaign, for any calendar."""
    campaign = get_object_or_404(Campaign.objects.published(), slug=slug)
    with translation.override(_interface_locale(campaign.locale)):
        body = campaign_calendar(campaign=campaign, at=timezone.now())
    return _conditional(request, body, ICALENDAR, "public, max-age=600")


@require_safe
def user_calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """A person's deadlines and internal dates, for their own calendar: the address is the key, until they make a new one."""
    key = linked_row_id(purpose="deadline-calendar", token=token)
    choices = DeadlineChoices.objects.select_related("user").filter(calendar_key=key).first() if key else None
    if choices is None or not choices.user.is_active:
        raise Http404
    with translation.override(choices.user.locale):
        body = user_calendar(user=choices.user)
    response = _conditional(request, body, ICALENDAR, "private, max-age=600")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def consultation_feed(request: HttpRequest) -> HttpResponse:
    """Consultations as Atom."""
    response = ConsultationFeed()(request)
    return _conditional(request, response.content, response.headers["Content-Type"], "public, max-age=600")


def _interface_locale(locale: str) -> str:
    """A language that the interface has: what the calendar says around people's own words."""
    return locale if locale in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _conditional(request: HttpRequest, body: bytes, content_type: str, caching: str) -> HttpResponse:
    """The body, or 304. By its digest alone: a date that is gone leaves no time of change behind."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=content_type)
    response.headers["ETag"], response.headers["Cache-Control"] = etag, caching
    found: HttpResponse = get_conditional_response(request, etag=etag, response=response) or response
    found.headers["Cache-Control"] = caching
    return found


# --- Internal dates ---------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def milestone_list(request: SignedInRequest, pk: Any) -> HttpResponse:
    """The dates of a submission. The team sees them; who drafts changes them, all in one form."""
    submission, role = submission_of(request, pk)
    may_edit = can_draft_answers(require_role(role))
    if request.method == "POST":
        drafted_submission(request, pk)
    milestones, at = list(submission_milestones(submission=submission)), timezone.now()
    form = dates_form(posted(request), submission=submission, milestones=milestones, at=at)
    is_open = submission.consultation.is_open_at(at)
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                edit_milestones(submission=submission, edits=form.edits(), at=at)
            except MilestoneChangedMeanwhile as error:
                refusal = str(error)
                milestones = list(submission_milestones(submission=submission))
                typed = _with_versions(request.POST, milestones)
                form = dates_form(typed, submission=submission, milestones=milestones, at=at)
            else:
                messages.info(request, _("Saved."))
                return redirect("milestone_list", submission.pk)
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "rows": _rows(milestones, form),
        "forms": form,
        "refusal": refusal,
        "may_edit": may_edit,
        "is_open": is_open,
        "may_plan": may_edit and is_open and lacks_milestones(milestones),
        "zone": deadline_choices(request.user).time_zone or "UTC",
        "now": at,
    }
    return render(request, "consultations/milestone_list.html", context, status=status)


def _with_versions(typed: QueryDict, milestones: list[Milestone]) -> QueryDict:
    """What was typed, as if it began from what is stored now. A date that is gone would be added anew."""
    found, rows = typed.copy(), {str(row.pk): row for row in milestones}
    for name in [name for name in typed if name.endswith("-pk")]:
        row = rows.get(str(typed[name]))
        found[name.removesuffix("pk") + "version"] = str(row.version if row else 0)
        if row is None:
            found[name] = ""
    return found


def _rows(milestones: list[Milestone], forms: Any) -> list[tuple[Milestone, Any]]:
    """Each date with its part of the form, if it has one."""
    by_pk = {str(form["pk"].value() or ""): form for form in forms}
    return [(row, by_pk.get(str(row.pk))) for row in milestones]


@login_required
@require_POST
def milestone_plan(request: SignedInRequest, pk: Any) -> HttpResponse:
    """Plan the usual dates back from the deadline."""
    submission = drafted_submission(request, pk)
    try:
        plan = plan_milestones(submission=submission, at=timezone.now())
    except DeadlineHasPassed as error:
        messages.info(request, str(error))
    else:
        messages.info(
            request, _squeezed() if plan.is_squeezed else _("The dates are planned. Change them as you need.")
        )
    return redirect("milestone_list", submission.pk)


def _squeezed() -> str:
    return _(
        "The deadline is too near for the usual distances. The dates are spread evenly over the time that is left."
    )


@login_required
@require_POST
def milestone_done(request: SignedInRequest, pk: Any, milestone: Any) -> HttpResponse:
    """Done, or not done after all."""
    submission: Submission = drafted_submission(request, pk)
    row = get_object_or_404(Milestone, submission=submission, pk=milestone)
    if request.POST.get("done") == "no":
        mark_undone(milestone=row, at=timezone.now())
    else:
        mark_done(milestone=row, by=request.user, at=timezone.now())
    return redirect("milestone_list", submission.pk)
