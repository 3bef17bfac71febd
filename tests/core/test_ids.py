import time
import uuid

from campaign.core.ids import uuid7


def test_uuid7_is_version_7_of_the_rfc_variant():
    made = uuid7()

    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_uuid7_carries_the_time_and_sorts_by_it():
    before = time.time_ns() // 1_000_000
    first = uuid7()
    time.sleep(0.003)
    second = uuid7()

    assert before <= first.int >> 80 <= time.time_ns() // 1_000_000
    assert first < second


def test_uuid7_of_one_moment_differ():
    assert len({uuid7() for _ in range(1000)}) == 1000


def test_uuid7_of_one_process_are_in_the_order_they_were_made_in():
    made = [uuid7() for _ in range(10_000)]

    assert made == sorted(set(made))


def test_uuid7_stays_in_order_when_the_clock_stands_still_or_goes_back_a_little(monkeypatch):
    first = uuid7()
    stood = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: stood)
    second, third = uuid7(), uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: stood - 500_000_000)

    assert first < second < third < uuid7()


def test_uuid7_believes_a_clock_that_was_set_back(monkeypatch):
    uuid7()
    hour_ago = time.time_ns() - 3_600_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: hour_ago)

    assert uuid7().int >> 80 == hour_ago // 1_000_000
