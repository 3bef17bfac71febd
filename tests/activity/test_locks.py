from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaign.activity.models import EditLock
from campaign.activity.queries import LOCK_MINUTES, held_lock
from campaign.activity.services import EditedByAnother, release_lock, require_lock, take_lock
from tests.factories.accounts import UserFactory
from tests.threads import in_threads

KEY = "tests.thing:1"
NOW = timezone.now()

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_lock_is_held_by_one_and_renewed_by_its_holder():
    ada, ben = UserFactory(), UserFactory()

    assert take_lock(key=KEY, user=ada, at=NOW)
    assert not take_lock(key=KEY, user=ben, at=NOW)
    assert take_lock(key=KEY, user=ada, at=NOW + timedelta(minutes=1))
    held = held_lock(key=KEY, at=NOW + timedelta(minutes=1))
    assert (held.holder, held.since, held.renewed_at) == (ada, NOW, NOW + timedelta(minutes=1))


def test_lock_of_a_page_that_is_gone_is_free():
    ada, ben = UserFactory(), UserFactory()
    take_lock(key=KEY, user=ada, at=NOW)
    later = NOW + timedelta(minutes=LOCK_MINUTES, seconds=1)

    assert held_lock(key=KEY, at=later) is None
    assert take_lock(key=KEY, user=ben, at=later)
    assert EditLock.objects.get().holder == ben


def test_who_lost_the_lock_cannot_save():
    ada, ben = UserFactory(), UserFactory()
    take_lock(key=KEY, user=ada, at=NOW)

    assert take_lock(key=KEY, user=ben, at=NOW, by_force=True)

    with pytest.raises(EditedByAnother):
        require_lock(key=KEY, user=ada, at=NOW)
    require_lock(key=KEY, user=ben, at=NOW)


def test_release_frees_ones_own_lock_alone():
    ada, ben = UserFactory(), UserFactory()
    take_lock(key=KEY, user=ada, at=NOW)

    release_lock(key=KEY, user=ben)
    assert held_lock(key=KEY, at=NOW) is not None

    release_lock(key=KEY, user=ada)
    assert held_lock(key=KEY, at=NOW) is None


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_it_at_once_one_holds_it():
    users = [UserFactory(), UserFactory()]

    held = []

    in_threads([lambda user=user: held.append(take_lock(key=KEY, user=user, at=NOW)) for user in users])

    assert sorted(held) == [False, True]
