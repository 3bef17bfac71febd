"""Times in letters."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format


def moment_with_zone(moment: datetime, zone: str) -> str:
    """A moment on the clock of an IANA zone, with the zone's name: readers elsewhere must not take it for theirs."""
    there = moment.astimezone(ZoneInfo(zone))
    return f"{date_format(there, 'DATE_FORMAT')}, {there:%H:%M} ({zone})"
