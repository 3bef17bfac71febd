"""Clocks: wall times, zones, daylight saving, midnight, and the words for what is left."""

# ruff: noqa: DTZ001  wall times have no zone: that is what most of this file is about

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from campaign.consultations.deadlines import (
    NotAClockTime,
    Oddity,
    asked_zone,
    clock_of,
    closing_of,
    datetime_in,
    time_left,
    wall_time_at,
    wall_time_of,
    zone_names,
)

AT = datetime(2026, 2, 1, 12, tzinfo=UTC)
# Around changes that are odd in each its own way: half an hour, midnight, a whole day left out, negative daylight saving.
CHANGES = [
    ("Europe/Brussels", datetime(2026, 3, 29, 2)),
    ("Europe/Brussels", datetime(2026, 10, 25, 2)),
    ("America/New_York", datetime(2026, 3, 8, 2)),
    ("America/New_York", datetime(2026, 11, 1, 1)),
    ("Australia/Lord_Howe", datetime(2026, 4, 5, 1, 30)),
    ("Australia/Lord_Howe", datetime(2026, 10, 4, 2)),
    ("America/Havana", datetime(2026, 3, 8, 0)),
    ("Africa/Cairo", datetime(2026, 4, 24, 0)),
    ("Pacific/Apia", datetime(2011, 12, 30, 0)),
    ("Europe/Dublin", datetime(2026, 10, 25, 1)),
    ("Asia/Tehran", datetime(2021, 3, 22, 0)),
]
near_a_change = st.tuples(st.sampled_from(CHANGES), st.integers(-2 * 86_400, 2 * 86_400)).map(
    lambda found: (found[0][0], found[0][1] + timedelta(seconds=found[1]))
)
anywhere = st.tuples(
    st.sampled_from(zone_names()),
    st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30)).map(lambda each: each.replace(microsecond=0)),
)
stated = st.one_of(near_a_change, anywhere)


# --- moments ---


@given(stated)
def test_moment_shows_the_stated_time_unless_clocks_jump_over_it(found):
    zone, wall_time = found

    closing = closing_of(wall_time, zone)

    shown = wall_time_at(closing.moment, zone)
    assert (shown > wall_time) if closing.oddity == Oddity.SKIPPED else (shown == wall_time)


@given(stated, st.integers(1, 3 * 86_400))
def test_moment_is_never_later_than_stated(found, seconds):
    zone, wall_time = found

    earlier = closing_of(wall_time, zone).moment - timedelta(seconds=seconds)

    assert wall_time_at(earlier, zone) < wall_time


@given(near_a_change, st.integers(0, 2 * 86_400))
def test_moments_are_in_the_order_of_their_wall_times(found, seconds):
    zone, wall_time = found

    assert datetime_in(wall_time, zone) <= datetime_in(wall_time + timedelta(seconds=seconds), zone)


@given(st.sampled_from(zone_names()), st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1)))
def test_moment_of_what_a_clock_shows_is_the_same_or_the_first_of_two(zone, moment):
    moment = moment.replace(tzinfo=UTC, microsecond=0)

    again = closing_of(wall_time_at(moment, zone), zone)

    assert again.moment == moment or (again.oddity == Oddity.TWICE and again.moment < moment)


@pytest.mark.parametrize(
    ("zone", "wall_time", "moment", "oddity"),
    [
        ("Europe/Brussels", datetime(2026, 2, 3, 23, 59, 59), datetime(2026, 2, 3, 22, 59, 59), None),
        ("Asia/Tokyo", datetime(2026, 7, 27), datetime(2026, 7, 26, 15), None),
        ("Europe/Brussels", datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1), Oddity.SKIPPED),
        ("Europe/Brussels", datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30), Oddity.TWICE),
        ("Australia/Lord_Howe", datetime(2026, 10, 4, 2, 15), datetime(2026, 10, 3, 15, 30), Oddity.SKIPPED),
        ("Pacific/Apia", datetime(2011, 12, 30, 12), datetime(2011, 12, 30, 10), Oddity.SKIPPED),
    ],
)
def test_closing_around_midnight_and_daylight_saving(zone, wall_time, moment, oddity):
    closing = closing_of(wall_time, zone)

    assert (closing.moment, closing.oddity) == (moment.replace(tzinfo=UTC), oddity)


def test_closing_says_what_is_easily_misread():
    skipped, twice, start, plain = (
        closing_of(wall_time, "Europe/Brussels").warnings
        for wall_time in (
            datetime(2026, 3, 29, 2, 30),
            datetime(2026, 10, 25, 2, 30),
            datetime(2026, 7, 27),
            datetime(2026, 7, 27, 23, 59, 59),
        )
    )

    assert skipped == [
        "Clocks there jump over this time when daylight saving begins. The moment of the jump is taken."
    ]
    assert twice == [
        "Clocks there show this time twice when daylight saving ends. The first of the two is taken, so that nobody is late."
    ]
    assert start == ["0:00 is the start of that day. The last full day is 26 July 2026."]
    assert plain == []


# --- times as people type them ---


@pytest.mark.parametrize(
    ("clock", "wall_time"),
    [
        ("", datetime(2026, 2, 3, 23, 59, 59)),
        ("24:00", datetime(2026, 2, 4)),
        ("0:00", datetime(2026, 2, 3)),
        (" 17:30 ", datetime(2026, 2, 3, 17, 30)),
        ("23:59:59", datetime(2026, 2, 3, 23, 59, 59)),
    ],
)
def test_day_and_typed_time_give_a_wall_time(clock, wall_time):
    assert wall_time_of(date(2026, 2, 3), clock) == wall_time


@pytest.mark.parametrize("clock", ["24:01", "25:00", "noon", "12", "12:60", "١٢:٠٠x"])
def test_typed_time_that_is_none_is_refused(clock):
    with pytest.raises(NotAClockTime):
        wall_time_of(date(2026, 2, 3), clock)


def test_end_of_the_last_day_there_is_is_refused():
    with pytest.raises(NotAClockTime):
        wall_time_of(date.max, "24:00")


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1)).map(lambda each: each.replace(microsecond=0)))
def test_typed_time_comes_back(wall_time):
    assert wall_time_of(wall_time.date(), clock_of(wall_time)) == wall_time


# --- words ---


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=12, hours=5), "12 days left"),
        (timedelta(days=2), "2 days left"),
        (timedelta(days=1, hours=23), "47 hours left"),
        (timedelta(hours=1, minutes=59), "119 minutes left"),
        (timedelta(minutes=1), "1 minute left"),
        (timedelta(seconds=59), "less than a minute left"),
        (timedelta(0), "a moment ago"),
        (timedelta(minutes=-59), "a moment ago"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(days=-3, hours=-1), "3 days ago"),
    ],
)
def test_time_left_is_rounded_so_that_nobody_is_late(left, words):
    assert time_left(AT + left, AT) == words


# --- the reader's zone ---


@pytest.mark.parametrize(
    ("query", "zone"),
    [("?zone=Asia/Seoul", "Asia/Seoul"), ("?zone=Mars/Base", ""), ("?zone=../../etc/passwd", ""), ("", "")],
)
def test_zone_of_the_address_is_taken_when_it_is_one(query, zone):
    assert asked_zone(RequestFactory().get(f"/{query}")) == zone


def test_zones_to_choose_from_all_exist():
    assert zone_names()[0] == "UTC"
    assert all(ZoneInfo(name) for name in zone_names())
