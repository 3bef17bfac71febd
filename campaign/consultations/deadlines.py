"""Clocks: when a consultation closes, on whose clock, and how long that is from now.

An authority states wall time in a place. A day has no clock of its own: "midnight on 3 February" in Brussels means the end of
that day, "3 February, 0:00" in Japan its start. What is stored is always a wall time and the zone it was stated for; the moment
follows from the two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

END_OF_DAY = time(23, 59, 59)
CLOCK_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
SECOND = timedelta(seconds=1)


class Oddity(Enum):
    """What daylight saving makes of a wall time."""

    SKIPPED = "skipped"
    TWICE = "twice"

    @property
    def words(self) -> Promise:
        return ODDITY_WORDS[self]


ODDITY_WORDS = {
    Oddity.SKIPPED: gettext_lazy(
        "Clocks there jump over this time when daylight saving begins. The moment of the jump is taken."
    ),
    Oddity.TWICE: gettext_lazy(
        "Clocks there show this time twice when daylight saving ends. The first of the two is taken, so that nobody is late."
    ),
}


class NotAClockTime(ValueError):
    """What was typed is no time of a day."""


@dataclass(frozen=True)
class Closing:
    """A wall time in a zone, the moment it means (in UTC), and what is odd about it."""

    wall_time: datetime
    zone: str
    moment: datetime
    oddity: Oddity | None

    @property
    def starts_a_day(self) -> bool:
        """Whether it is 0:00 exactly, which people take for the end of that day."""
        return self.wall_time.time() == time(0)

    @property
    def warnings(self) -> list[str]:
        """Whole sentences about what a reader may get wrong."""
        found = [str(self.oddity.words)] if self.oddity else []
        if self.starts_a_day:
            last = date_format(self.wall_time.date() - timedelta(days=1), "DATE_FORMAT")
            found.append(_("0:00 is the start of that day. The last full day is %(day)s.") % {"day": last})
        return found


def closing_of(wall_time: datetime, zone: str) -> Closing:
    """The first moment at which a clock in `zone` shows `wall_time` or later.

    Of a time that comes twice that is the first. Of a time that no clock shows it is the moment of the jump.
    """
    place = ZoneInfo(zone)
    wall_time = wall_time.replace(tzinfo=None, fold=0, microsecond=0)
    earlier, later = (wall_time.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if earlier == later:
        return Closing(wall_time, zone, earlier, None)
    if earlier < later:
        return Closing(wall_time, zone, earlier, Oddity.TWICE)
    return Closing(wall_time, zone, _jump_between(later, earlier, wall_time, place), Oddity.SKIPPED)


def _jump_between(before: datetime, after: datetime, wall_time: datetime, place: ZoneInfo) -> datetime:
    """The first second in (before, after] at which the clock is past `wall_time`."""
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if middle.astimezone(place).replace(tzinfo=None) < wall_time:
            before = middle
        else:
            after = middle
    return after


def datetime_in(wall_time: datetime, zone: str) -> datetime:
    """The moment that a wall time in a zone means: see `closing_of`."""
    return closing_of(wall_time, zone).moment


def wall_time_at(moment: datetime, zone: str) -> datetime:
    """What a clock in `zone` shows at a moment."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def wall_time_of(day: date, clock: str) -> datetime:
    """The wall time that a day and a typed time mean: none is the end of the day, "24:00" the start of the next.

    Raises NotAClockTime.
    """
    clock = clock.strip()
    if not clock:
        return datetime.combine(day, END_OF_DAY)
    match = CLOCK_TIME.fullmatch(clock)
    if match is None:
        raise NotAClockTime(clock)
    hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        if (hour, minute, second) == (24, 0, 0):
            return datetime.combine(day, time(0)) + timedelta(days=1)
        return datetime.combine(day, time(hour, minute, second))
    except (ValueError, OverflowError):
        raise NotAClockTime(clock) from None


def clock_of(wall_time: datetime) -> str:
    """How `wall_time_of` takes the time of a wall time back: "" for the end of the day."""
    if wall_time.time() == END_OF_DAY:
        return ""
    return wall_time.strftime("%H:%M:%S" if wall_time.second else "%H:%M")


def time_left(moment: datetime, at: datetime) -> str:
    """How long it is until a moment, in whole days, hours or minutes; or how long ago it was. Rounded so that nobody is late."""
    minutes = int((moment - at) / timedelta(minutes=1))
    if moment <= at:
        return _time_ago(-minutes)
    if minutes >= 2 * 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(total)s day left", "%(total)s days left", days) % {"total": days}
    if minutes >= 2 * 60:
        hours = minutes // 60
        return ngettext("%(total)s hour left", "%(total)s hours left", hours) % {"total": hours}
    if minutes < 1:
        return _("less than a minute left")
    return ngettext("%(total)s minute left", "%(total)s minutes left", minutes) % {"total": minutes}


def _time_ago(minutes: int) -> str:
    if minutes < 60:
        return _("a moment ago")
    if minutes < 2 * 24 * 60:
        hours = minutes // 60
        return ngettext("%(total)s hour ago", "%(total)s hours ago", hours) % {"total": hours}
    days = minutes // (24 * 60)
    return ngettext("%(total)s day ago", "%(total)s days ago", days) % {"total": days}


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The zones that people choose from: UTC, then places by name."""
    areas = {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
    return ("UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in areas))


def asked_zone(request: HttpRequest) -> str:
    """The reader's zone that the address asks for (`?zone=`); "" when it names none that we know."""
    zone = request.GET.get("zone", "")
    return zone if zone in zone_names() else ""
