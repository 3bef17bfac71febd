"""Deadlines as iCalendar (RFC 5545), for the calendars that people have already."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.consultations.deadlines import closing_of, wall_time_at
from campaign.consultations.models import Consultation, Milestone, Submission
from campaign.consultations.queries import open_submissions
from campaign.consultations.radar import team_milestones, worked_campaigns
from campaign.consultations.services import entry_digest
from campaign.core.cleaning import clean_line, clean_text

DAY_BEFORE = timedelta(days=-1)
ASK_AGAIN = timedelta(hours=1)


def campaign_calendar(*, campaign: Campaign, at: datetime) -> bytes:
    """The deadlines of what a campaign answers, for everybody; none that it keeps quiet at `at`."""
    name = _("Deadlines: %(campaign)s") % {"campaign": campaign.title}
    rows = _answered(open_submissions(campaign=campaign, at=at))
    return _calendar(name, [_consultation_event(row) for row in rows])


def user_calendar(*, user: User) -> bytes:
    """The deadlines of what a person's campaigns answer, and their internal dates."""
    name = _("Deadlines on %(site)s") % {"site": settings.SITE_NAME}
    rows = _answered(Submission.objects.filter(campaign__in=worked_campaigns(user)))
    events = [_consultation_event(row) for row in rows]
    return _calendar(name, events + [_milestone_event(row) for row in team_milestones(user=user)])


def _answered(submissions: QuerySet[Submission]) -> Iterable[Consultation]:
    rows = Consultation.objects.filter(pk__in=submissions.values("consultation"))
    return rows.select_related("authority", "calendar_entry").order_by("closes_at", "pk")


def _calendar(name: str, events: list[Event]) -> bytes:
    found = Calendar()
    found.add("prodid", f"-//{clean_line(settings.SITE_NAME)}//Deadlines//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("x-wr-calname", clean_line(name))
    found.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    for event in events:
        found.add_component(event)
    return found.to_ical()


def _consultation_event(row: Consultation) -> Event:
    entry = getattr(row, "calendar_entry", None)
    # What changed since it was noted is one step ahead already: calendars must not wait for the note.
    is_ahead = entry is not None and entry.digest != entry_digest(row)
    lines = [
        *_clock_lines(row.closes_at, row.time_zone),
        _("As the authority put it: “%(words)s”") % {"words": clean_line(row.closes_stated_as)},
        clean_line(row.authority.name),
    ]
    if row.closes_is_assumed:
        lines.append(_("The source gives a date only. The end of that day is our assumption."))
    return _event(
        uid=f"consultation-{row.pk}",
        moment=row.closes_at,
        title=_("Deadline: %(title)s") % {"title": row.title},
        lines=lines,
        address=reverse("consultation_detail", args=[row.slug]),
        sequence=(entry.sequence if entry else 0) + is_ahead,
        changed_at=entry.changed_at if entry else row.created_at,
        rings=True,
    )


def _milestone_event(row: Milestone) -> Event:
    names = {"name": row.name, "title": row.submission.title}
    title = _("Done: %(name)s, %(title)s") if row.is_done else _("%(name)s: %(title)s")
    return _event(
        uid=f"milestone-{row.pk}",
        moment=row.due_at,
        title=title % names,
        lines=_clock_lines(row.due_at, row.time_zone),
        address=reverse("milestone_list", args=[row.submission_id]),
        sequence=row.version - 1,
        changed_at=row.changed_at,
        rings=not row.is_done,
    )


def _clock_lines(moment: datetime, zone: str) -> list[str]:
    there = wall_time_at(moment, zone)
    shown = _("%(moment)s on the clock in %(zone)s") % {
        "moment": date_format(there, "DATETIME_FORMAT"),
        "zone": zone,
    }
    return [shown, *closing_of(there, zone).warnings]


def _event(
    *,
    uid: str,
    moment: datetime,
    title: str,
    lines: list[str],
    address: str,
    sequence: int,
    changed_at: datetime,
    rings: bool,
) -> Event:
    found = Event()
    found.add("uid", f"{uid}@{urlsplit(settings.SITE_URL).hostname}")
    # The moment of the last change, and not that of asking: the same events give the same bytes.
    found.add("dtstamp", changed_at)
    found.add("last-modified", changed_at)
    found.add("sequence", sequence)
    found.add("dtstart", moment)
    found.add("summary", clean_line(title))
    found.add("description", clean_text("\n".join(lines)))
    found.add("url", settings.SITE_URL + address)
    found.add("transp", "TRANSPARENT")
    if rings:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", DAY_BEFORE)
        alarm.add("description", clean_line(title))
        found.add_component(alarm)
    return found
