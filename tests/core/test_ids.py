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
