"""Two at once: a code opens one door, a session is one row, and a rotation loses nothing."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.utils import timezone

from campaign.accounts.forms import use_code
from campaign.accounts.services import note_session
from campaign.core.rotation import rotate_data_keys
from tests.accounts.steps import SECRET, code_at, person, with_app
from tests.factories.accounts import UserFactory
from tests.threads import in_threads

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
    ),
]


def test_recovery_code_twice_at_once_opens_one_door():
    user = person()
    with_app(user)
    codes = Authenticator.objects.get(user=user, type="recovery_codes")
    code = codes.wrap().get_unused_codes()[0]
    answers = []

    in_threads(
        [lambda: answers.append(Authenticator.objects.get(pk=codes.pk).wrap().validate_code(code))] * 4
    )

    assert sorted(answers) == [False, False, False, True]


def test_code_of_the_app_twice_at_once_opens_one_door():
    app, answers = with_app(person()), []
    code = code_at(SECRET)

    in_threads([lambda: answers.append(use_code(app, code))] * 4)

    assert sorted(answers) == [False, False, False, True]


def test_session_noted_by_several_requests_at_once_is_one_row():
    user, now = UserFactory(), timezone.now()

    in_threads([lambda: note_session(user=user, session_key="k" * 32, network="", user_agent="", at=now)] * 4)

    assert UserSession.objects.count() == 1


def test_rotation_does_not_bring_used_codes_back(settings):
    user = person()
    with_app(user)
    codes = Authenticator.objects.get(user=user, type="recovery_codes")
    unused = codes.wrap().get_unused_codes()
    settings.DATA_KEYS = {"new": b"n" * 32, **settings.DATA_KEYS}
    used = []

    def use_all():
        for code in unused:
            used.append(Authenticator.objects.get(pk=codes.pk).wrap().validate_code(code))  # noqa: PERF401  one by one

    in_threads([use_all, lambda: rotate_data_keys(tell=lambda text: None)])

    assert used == [True] * 10
    assert Authenticator.objects.get(pk=codes.pk).wrap().get_unused_codes() == []
