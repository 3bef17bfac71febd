"""Clocks, the ways in, and earlier deadlines, as a file states them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from campaign.accounts.models import User
from campaign.consultations.deadlines import datetime_in
from campaign.consultations.importer.readers import items_of, optional_text, short_text, zone_name
from campaign.consultations.models import Channel, Consultation, DeadlineChange
from campaign.core.yamlfile import Node

CHANNEL_KEYS = {"id", "kind", "url", "address", "closes", "closes_history", "publication", "note"}
CLOCK_KEYS = {"at", "timezone", "stated_as", "precision"}
EARLIER_KEYS = {*CLOCK_KEYS, "changed_on", "reason"}


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline: what a clock in a place shows, and how the authority put it."""

    wall_time: str
    time_zone: str
    closes_at: datetime
    stated_as: str = ""
    is_assumed: bool = False

    @property
    def values(self) -> dict[str, Any]:
        """The fields of a consultation or a channel that has this deadline."""
        return {
            "closes_wall_time": self.wall_time,
            "time_zone": self.time_zone,
            "closes_at": self.closes_at,
            "closes_stated_as": self.stated_as,
            "closes_is_assumed": self.is_assumed,
        }


@dataclass(frozen=True, slots=True)
class Why:
    """What is said of a deadline that was left."""

    changed_on: date | None = None  # the day on which the authority said so
    reason: str = ""
    is_mistake: bool = False  # it was typed wrong here, and never held


NOT_SAID = Why()


@dataclass(frozen=True, slots=True)
class Earlier:
    """A deadline that held before."""

    clock: Clock
    changed_on: date | None
    reason: str
    is_mistake: bool = False


@dataclass(frozen=True, slots=True)
class ChannelData:
    """A way in, as a file or a form states it."""

    key: str
    kind: str
    url: str
    address: str
    publication: str
    note: str
    clock: Clock | None
    history: list[Earlier]

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the row it becomes, but for its key and its deadline."""
        return {name: getattr(self, name) for name in ("kind", "url", "address", "publication", "note")}


def read_clock(node: Node) -> Clock:
    """A deadline with everything it needs. Raises FileError."""
    node.only(CLOCK_KEYS)
    clock = _clock(node)
    short_text(node.need("stated_as"), 500)
    is_assumed = node.need("precision").one_of(["stated", "assumed"]) == "assumed"
    return Clock(clock.wall_time, clock.time_zone, clock.closes_at, clock.stated_as, is_assumed)


def _clock(node: Node) -> Clock:
    wall_time, zone = node.need("at").local_datetime(), zone_name(node.need("timezone"))
    return Clock(
        wall_time=wall_time.isoformat(timespec="seconds"),
        time_zone=zone,
        closes_at=datetime_in(wall_time, zone),
        stated_as=optional_text(node.get("stated_as"), 500),
    )


def read_history(node: Node | None) -> list[Earlier]:
    """Earlier deadlines, oldest first. Raises FileError."""
    found = []
    for entry in items_of(node):
        entry.only(EARLIER_KEYS)
        changed_on = entry.get("changed_on")
        found.append(
            Earlier(
                _clock(entry),
                changed_on.date() if changed_on else None,
                optional_text(entry.get("reason"), 500),
            )
        )
    return found


def read_channels(node: Node | None) -> list[ChannelData]:
    """The ways in. Raises FileError."""
    found: dict[str, ChannelData] = {}
    for entry in items_of(node):
        data = _read_channel(entry)
        if data.key in found:
            raise entry.need("id").error(
                _("two channels have the id “%(key)s”. Name them apart.") % {"key": data.key}
            )
        found[data.key] = data
    return list(found.values())


def _read_channel(entry: Node) -> ChannelData:
    entry.only(CHANNEL_KEYS)
    address, closes = entry.get("url"), entry.get("closes")
    return ChannelData(
        key=short_text(entry.need("id"), 64),
        kind=short_text(entry.need("kind"), 64),
        url=address.web_address() if address else "",
        address=optional_text(entry.get("address"), 500),
        publication=optional_text(entry.get("publication"), 64),
        note=optional_text(entry.get("note"), 500),
        clock=read_clock(closes) if closes else None,
        history=read_history(entry.get("closes_history")),
    )


def store_channels(
    consultation: Consultation,
    channels: Iterable[ChannelData],
    *,
    at: datetime,
    by: User | None,
    why: Mapping[str, Why] = MappingProxyType({}),
) -> None:
    """Store the ways in; those that the file no longer names go. A deadline that moved is noted; `why`, by key of the way in."""
    rows = {row.key: row for row in consultation.channels.all()}
    for position, data in enumerate(channels):
        row = rows.pop(data.key, None) or Channel(consultation=consultation, key=data.key)
        earlier = clock_of(row)
        for name, value in {**data.values, **_clock_values(data.clock), "position": position}.items():
            setattr(row, name, value)
        row.save()
        store_history(
            consultation, row, data.history, earlier=earlier, now=data.clock, at=at, by=by,
            why=why.get(data.key, NOT_SAID),
        )  # fmt: skip
    Channel.objects.filter(pk__in=[row.pk for row in rows.values()]).delete()


def _clock_values(clock: Clock | None) -> dict[str, Any]:
    if clock:
        return clock.values
    return {
        "closes_wall_time": "",
        "time_zone": "",
        "closes_at": None,
        "closes_stated_as": "",
        "closes_is_assumed": False,
    }


def clock_of(row: Consultation | Channel) -> Clock | None:
    """The deadline of a row as it stands; None where it has none of its own."""
    if row.closes_at is None:
        return None
    return Clock(
        row.closes_wall_time, row.time_zone, row.closes_at, row.closes_stated_as, row.closes_is_assumed
    )


def store_history(
    consultation: Consultation,
    channel: Channel | None,
    stated: Iterable[Earlier],
    *,
    earlier: Clock | None,
    now: Clock | None,
    at: datetime,
    by: User | None,
    why: Why = NOT_SAID,
) -> None:
    """Store the earlier deadlines that are not here yet: those a file states, and the one that was just left.

    `earlier` is the deadline that stood here before the file or form was read, `now` the one it states, `why` what is said of
    leaving it.
    """
    known = set(consultation.deadline_changes.filter(channel=channel).values_list("closes_at", flat=True))
    found = list(stated)
    told = {each.clock.closes_at for each in found}
    new = [each for each in found if each.clock.closes_at not in known]
    if earlier and (now is None or earlier.closes_at != now.closes_at) and earlier.closes_at not in told:
        new.append(Earlier(earlier, why.changed_on, why.reason, why.is_mistake))
    DeadlineChange.objects.bulk_create(
        DeadlineChange(
            consultation=consultation,
            channel=channel,
            wall_time=each.clock.wall_time,
            time_zone=each.clock.time_zone,
            closes_at=each.clock.closes_at,
            stated_as=each.clock.stated_as,
            changed_on=each.changed_on,
            reason=each.reason,
            is_mistake=each.is_mistake,
            noted_at=at,
            noted_by=by,
        )
        for each in new
    )
