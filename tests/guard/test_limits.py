from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.guard.limits import Buckets, Level, Limit, bucket_key, configured_limits

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def passed(limit, seconds):
    """How many requests pass that arrive so many seconds after the start, in this order."""
    buckets = Buckets({})
    return sum(buckets.spend({1: limit}, START + timedelta(seconds=second)) is None for second in seconds)


def test_burst_passes_and_no_more():
    assert passed(Limit(3, 60, HOUR), [0] * 10) == 3


def test_one_more_passes_each_time_a_token_is_there():
    assert passed(Limit(1, 60, HOUR), [0, 59, 60, 61, 120]) == 3


@given(
    burst=st.integers(1, 20),
    sustained=st.integers(1, 1000),
    seconds=st.lists(st.floats(0, 10_000), min_size=1, max_size=100),
)
def test_never_more_pass_than_the_burst_and_what_time_brings(burst, sustained, seconds):
    allowed = burst + sustained / 3600 * (max(seconds) - min(seconds))

    assert passed(Limit(burst, sustained, HOUR), seconds) <= allowed + 1e-6
    assert passed(Limit(burst, sustained, HOUR), sorted(seconds)) <= allowed + 1e-6


@given(st.lists(st.floats(0, 100_000), min_size=1, max_size=60))
def test_whoever_keeps_to_the_rate_always_passes(gaps):
    moments, moment = [], 0.0
    for gap in gaps:
        moment += 60 + gap
        moments.append(moment)

    assert passed(Limit(1, 60, HOUR), moments) == len(moments)


def test_empty_bucket_spends_nothing_of_the_others():
    buckets = Buckets({1: Level(2, START), 2: Level(0, START)})
    limit = Limit(2, 1, HOUR)

    assert buckets.spend({1: limit, 2: limit}, START) == 2
    assert buckets.levels[1].tokens == 2


def test_request_from_before_changes_no_time():
    buckets = Buckets({1: Level(1, START)})

    buckets.spend({1: Limit(5, 60, HOUR)}, START - HOUR)

    assert buckets.levels[1] == Level(0, START)


def test_limit_that_was_lowered_holds_at_once():
    buckets = Buckets({1: Level(50, START)})
    limit = Limit(1, 1, HOUR)

    assert [buckets.spend({1: limit}, START) for _ in range(2)] == [None, 1]


@pytest.mark.parametrize(("burst", "sustained", "hours"), [(5, 20, 0.25), (20, 60, 1 / 3)])
def test_time_to_fill(burst, sustained, hours):
    assert Limit(burst, sustained, HOUR).time_to_fill == timedelta(hours=hours)


def test_slowest_bucket_of_the_settings_is_the_mailbox():
    assert configured_limits().slowest == timedelta(hours=6)


def test_keys_differ_by_what_is_limited_and_tell_nothing():
    keys = {bucket_key("network", "a", "b"), bucket_key("network", "ab"), bucket_key("mailbox", "a", "b")}

    assert len(keys) == 3
    assert all(-(2**63) <= key < 2**63 for key in keys)
