import pytest

from campaign.core.memory import remembered


@pytest.fixture
def reads(settings):
    """Reads that say how often they were asked."""
    settings.PAGE_SECONDS = 10
    asked = []

    def read():
        asked.append(True)
        return len(asked)

    return read


def test_remembered_reads_once(reads):
    assert [remembered("tests:once", reads, seconds=10) for _ in range(3)] == [1, 1, 1]


def test_remembered_nothing_is_asked_again():
    asked = []

    for _ in range(2):
        assert remembered("tests:none", lambda: asked.append(True), seconds=10) is None

    assert asked == [True, True]


def test_remembered_where_pages_are_not_kept_reads_each_time(reads, settings):
    settings.PAGE_SECONDS = 0

    assert [remembered("tests:never", reads, seconds=10) for _ in range(2)] == [1, 2]
