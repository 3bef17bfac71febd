import pytest
from django.db import connection

from campaign.core.postgres.base import CHECKED_FOR, DatabaseWrapper


@pytest.fixture
def kept_open(settings, monkeypatch):
    """A connection that is kept open, and the list of its health checks."""
    if connection.vendor != "postgresql":
        pytest.skip("the engine is for PostgreSQL")
    checks = []
    wrapper = DatabaseWrapper({**connection.settings_dict, "CONN_HEALTH_CHECKS": True})
    is_usable = wrapper.is_usable
    monkeypatch.setattr(wrapper, "is_usable", lambda: checks.append(True) or is_usable())
    wrapper.connect()
    yield wrapper, checks
    wrapper.close()


def ask(wrapper):
    """What happens once in a request."""
    wrapper.health_check_enabled, wrapper.health_check_done = True, False
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.django_db
def test_connection_is_checked_once_in_a_while(kept_open):
    wrapper, checks = kept_open

    for _ in range(3):
        ask(wrapper)
    wrapper.checked_at -= CHECKED_FOR
    ask(wrapper)

    assert len(checks) == 1  # it was fresh at first


@pytest.mark.django_db
def test_connection_that_died_is_opened_anew_at_the_next_check(kept_open):
    wrapper, _checks = kept_open
    wrapper.connection.close()
    wrapper.checked_at = 0.0

    ask(wrapper)

    assert not wrapper.connection.closed
