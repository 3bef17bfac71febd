"""Second steps at rest: no secret in clear, and a change of keys reaches them."""

import json
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection

from campaign.core import rotation
from campaign.core.crypto import Undecipherable, seal_text
from campaign.core.rotation import data_key_counts, rotate_data_keys
from tests.accounts.steps import SECRET, code_at, person, with_app, with_passkey

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NEW = b"n" * 32
COLUMN = "mfa_authenticator.data"


def quiet(text):
    pass


def put_in_front(settings):
    settings.DATA_KEYS = {"new": NEW, **settings.DATA_KEYS}


def test_table_holds_no_secret_in_clear():
    user = person()
    with_app(user)
    codes = Authenticator.objects.get(type="recovery_codes")
    seed = codes.wrap()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mfa_authenticator")
        dump = json.dumps(cursor.fetchall(), default=str)

    assert SECRET not in dump
    assert [code for code in seed.get_unused_codes() if code in dump] == []
    assert "seed" in dump


def test_two_people_with_the_same_secret_do_not_show_it():
    values = {with_app(person()).data["secret"] for _number in range(2)}

    assert len(values) == 2


def test_changed_secret_does_not_open():
    app = with_app(person())
    app.data["secret"] = seal_text("another", place="elsewhere")

    with pytest.raises(Undecipherable):
        app.wrap().validate_code("123456")


def test_rotation_makes_every_secret_anew(settings):
    users = [person() for _number in range(3)]
    for user in users:
        with_app(user)
    with_passkey(users[0])
    assert data_key_counts()[COLUMN] == {"test": 6}
    put_in_front(settings)

    outcome = rotate_data_keys(tell=quiet)

    assert data_key_counts()[COLUMN] == {"new": 6}
    assert (outcome.changed, outcome.left, outcome.unreadable) == (6, 0, 0)


def test_rotation_keeps_them_working_without_the_old_key(settings):
    app = with_app(person())
    codes = Authenticator.objects.get(type="recovery_codes").wrap()
    before = codes.get_unused_codes()
    codes.validate_code(before[0])
    put_in_front(settings)
    rotate_data_keys(tell=quiet)

    settings.DATA_KEYS = {"new": NEW}

    assert Authenticator.objects.get(pk=app.pk).wrap().validate_code(code_at(SECRET))
    assert Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes() == before[1:]


def test_rotation_twice_changes_nothing_more(settings):
    app = with_app(person())
    put_in_front(settings)
    rotate_data_keys(tell=quiet)
    once = Authenticator.objects.get(pk=app.pk).data

    assert rotate_data_keys(tell=quiet).changed == 0

    assert Authenticator.objects.get(pk=app.pk).data == once


@pytest.mark.parametrize("batch", [1, 2])
def test_rotation_goes_batch_by_batch(settings, monkeypatch, batch):
    monkeypatch.setattr(rotation, "BATCH", batch)
    for _number in range(2):
        with_app(person())
    put_in_front(settings)

    rotate_data_keys(tell=quiet)

    assert data_key_counts()[COLUMN] == {"new": 4}


def test_rotation_leaves_a_lost_key_to_a_person(settings):
    app = with_app(person())
    settings.DATA_KEYS = {"new": NEW}
    text = StringIO()

    with pytest.raises(CommandError):
        call_command("keys", "rotate", stdout=text)

    assert f"{COLUMN}: 2 under a key that is not in the ring" in text.getvalue()
    assert Authenticator.objects.get(pk=app.pk).data == app.data


def test_rotation_reaches_codes_that_came_from_elsewhere(settings):
    sealed = [seal_text(code, place="mfa_authenticator:data") for code in ("11112222", "33334444")]
    row = Authenticator.objects.create(user=person(), type="recovery_codes", data={"migrated_codes": sealed})
    put_in_front(settings)

    rotate_data_keys(tell=quiet)

    assert data_key_counts()[COLUMN] == {"new": 2}
    row.refresh_from_db()
    assert row.wrap().get_unused_codes() == ["11112222", "33334444"]
