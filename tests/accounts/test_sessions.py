"""Where somebody is signed in: listed, ended, forgotten."""

from datetime import timedelta
from importlib import import_module

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaign.accounts.browsers import browser_in_words
from campaign.accounts.queries import open_sessions
from campaign.accounts.services import forget_sessions, note_session
from campaign.accounts.tasks import forget_sessions as forget_task
from tests.accounts.steps import PASSWORD, person, sign_in
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
IPHONE = (
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {WEBKIT} Version/18.0 Mobile/15E148 Safari/604.1"
)


def browser(user, agent=FIREFOX, address="203.0.113.7"):
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    sign_in(client, user)
    return client


def is_signed_in(client):
    return client.get(reverse("desk")).status_code == 200


def listed(client):
    return client.get(reverse("security")).context["sessions"]


# --- The page -----------------------------------------------------------------
def test_security_page_tells_this_browser_from_the_others():
    user = person()
    browser(user, agent=IPHONE, address="198.51.100.9")
    here = browser(user)

    first, second = listed(here)

    assert (first.browser, first.is_this, first.network) == ("Firefox on Windows", True, "203.0.113.0/24")
    assert (second.browser, second.is_this, second.network) == ("Safari on iPhone", False, "198.51.100.0/24")


@pytest.mark.parametrize(("address", "is_near"), [("203.0.113.200", True), ("203.0.114.7", False)])
def test_security_page_knows_the_same_network(address, is_near):
    user = person()
    browser(user, agent=IPHONE, address=address)

    _here, other = listed(browser(user))

    assert other.is_near is is_near


@pytest.mark.parametrize("item_count", [1, 3])
def test_security_page_asks_the_same_number_of_times(item_count, django_assert_num_queries):
    user = person()
    for _number in range(item_count - 1):
        browser(user)
    here = browser(user)
    here.get(reverse("security"))

    with django_assert_num_queries(5):
        response = here.get(reverse("security"))

    assert len(response.context["sessions"]) == item_count


def test_sessions_of_somebody_else_are_not_listed():
    browser(person())

    assert len(listed(browser(person()))) == 1


def test_session_from_before_a_new_password_is_not_listed():
    user = person()
    there, here = browser(user, agent=IPHONE), browser(user)
    new = {"password1": "another long pass phrase", "password2": "another long pass phrase"}

    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new})

    assert not is_signed_in(there)
    assert [one.browser for one in listed(here)] == ["Firefox on Windows"]


def test_session_that_has_expired_is_not_listed():
    user = person()
    browser(user)

    later = timezone.now() + timedelta(days=15)

    assert open_sessions(user=user, session_key=None, network="", at=later) == []


# --- Ending -------------------------------------------------------------------
def test_ended_session_is_out_at_its_next_request():
    user = person()
    there, here = browser(user, agent=IPHONE), browser(user)
    other = next(one for one in listed(here) if not one.is_this)

    response = here.post(reverse("session_end", args=[other.pk]))

    assert response.url == reverse("security")
    assert not is_signed_in(there)
    assert is_signed_in(here)
    assert len(listed(here)) == 1


def test_all_other_sessions_end():
    user = person()
    others, here = [browser(user) for _number in range(3)], browser(user)
    stranger = browser(person())

    here.post(reverse("sessions_end"))

    assert [is_signed_in(client) for client in others] == [False, False, False]
    assert is_signed_in(here)
    assert is_signed_in(stranger)


def test_this_session_ends_by_the_page_for_signing_out():
    here = browser(person())
    (this,) = listed(here)

    response = here.post(reverse("session_end", args=[this.pk]))

    assert response.url == reverse("account_logout")
    assert is_signed_in(here)


def test_session_of_somebody_else_is_not_there():
    there, here = browser(person()), browser(person())
    (other,) = listed(there)

    response = here.post(reverse("session_end", args=[other.pk]))

    assert response.status_code == 404
    assert is_signed_in(there)


def test_session_ends_twice_without_harm():
    user = person()
    browser(user, agent=IPHONE)
    here = browser(user)
    other = next(one for one in listed(here) if not one.is_this)
    here.post(reverse("session_end", args=[other.pk]))

    assert here.post(reverse("session_end", args=[other.pk])).status_code == 404


@pytest.mark.parametrize(
    "address", ["/accounts/security/sessions/1/end/", "/accounts/security/sessions/end/"]
)
def test_ending_needs_sign_in_and_a_form(client, address):
    assert client.post(address).url.startswith(reverse("account_login"))
    client.force_login(UserFactory())
    assert client.get(address).status_code == 405


def test_a_request_under_way_does_not_bring_an_ended_session_back():
    user = person()
    there, here = browser(user, agent=IPHONE), browser(user)
    late = there.session
    late["seen_at"] = 0  # as a request that began before has loaded it
    here.post(reverse("sessions_end"))

    with pytest.raises(UpdateError):
        late.save()

    assert not is_signed_in(there)


# --- Noting -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "stored"),
    [
        ("203.0.113.7", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("10.0.0.7", "::"),
        ("127.0.0.1", "::"),
    ],
)
def test_only_the_network_is_stored(address, stored):
    browser(person(), address=address)

    assert UserSession.objects.get().ip == stored


def test_seen_is_noted_at_most_once_in_ten_minutes(client, monkeypatch):
    client.force_login(UserFactory())
    begun = UserSession.objects.get().last_seen_at

    client.get(reverse("desk"))
    assert UserSession.objects.get().last_seen_at == begun
    session = client.session
    session["seen_at"] -= 601
    session.save()
    client.get(reverse("desk"))

    assert UserSession.objects.get().last_seen_at > begun


def test_use_lengthens_a_session(client):
    user = person()
    sign_in(client, user)
    stored = Session.objects.get(pk=client.session.session_key)
    Session.objects.update(expire_date=stored.expire_date - timedelta(days=13))
    session = client.session
    session["seen_at"] -= 601
    session.save()
    Session.objects.update(expire_date=stored.expire_date - timedelta(days=13))

    client.get(reverse("desk"))

    assert Session.objects.get().expire_date >= stored.expire_date


def test_request_in_between_costs_no_query(client, django_assert_num_queries):
    client.force_login(UserFactory())

    with django_assert_num_queries(2):  # the session and its person, as ever
        client.get(reverse("account_logout"))


def test_page_that_is_the_same_for_all_stays_without_a_cookie(client):
    client.force_login(UserFactory())
    session = client.session
    session["seen_at"] = 0
    session.save()

    response = client.get(reverse("livez"))

    assert response.cookies == {}
    assert "Cookie" not in response.headers.get("Vary", "")


def test_session_unknown_so_far_is_noted_when_it_is_used(client):
    client.force_login(UserFactory())
    UserSession.objects.all().delete()
    session = client.session
    del session["seen_at"]
    session.save()

    client.get(reverse("desk"))

    assert UserSession.objects.get().session_key == client.session.session_key


def test_note_session_twice_is_one_row():
    user, now = UserFactory(), timezone.now()

    for minutes in (0, 5):
        note_session(
            user=user,
            session_key="k" * 32,
            network="",
            user_agent="x" * 999,
            at=now + timedelta(minutes=minutes),
        )

    row = UserSession.objects.get()
    assert (row.created_at, row.last_seen_at) == (now, now + timedelta(minutes=5))


def test_sessions_from_before_this_version_are_listed(client):
    user = UserFactory()
    client.force_login(user)
    UserSession.objects.all().delete()
    SessionStore().create()  # of somebody who has not signed in
    migration = import_module("campaign.accounts.migrations.0002_sessions_open_now")

    for _time in range(2):
        migration.list_sessions_open_now(apps, None)

    assert list(UserSession.objects.values_list("user", "session_key")) == [
        (user.pk, client.session.session_key)
    ]


# --- Forgetting -----------------------------------------------------------------
def test_forget_deletes_what_is_over_and_nothing_else(client):
    user, now = UserFactory(), timezone.now()
    client.force_login(user)
    note_session(user=user, session_key="gone", network="", user_agent="", at=now - timedelta(days=2))
    note_session(user=user, session_key="begun", network="", user_agent="", at=now)
    stale = Client()
    stale.force_login(user)
    Session.objects.filter(pk=stale.session.session_key).update(expire_date=now - timedelta(seconds=1))
    UserSession.objects.filter(session_key=stale.session.session_key).update(
        last_seen_at=now - timedelta(days=20)
    )

    for _time in range(2):
        forget_sessions(at=now)

    kept = set(UserSession.objects.values_list("session_key", flat=True))
    assert kept == {client.session.session_key, "begun"}
    assert set(Session.objects.values_list("pk", flat=True)) == {client.session.session_key}


def test_forget_task_twice(client):
    client.force_login(UserFactory())

    forget_task()
    forget_task()

    assert client.get(reverse("desk")).status_code == 200


# --- Browsers in words ----------------------------------------------------------
@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        (
            f"Mozilla/5.0 (Linux; Android 15; K) {BLINK} Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Safari/537.36 Edg/140.0.0.0",
            "Edge on Windows",
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.0 Safari/605.1.15",
            "Safari on macOS",
        ),
        ("curl/8.5.0", "A browser we do not know"),
        ("", "A browser we do not know"),
        ("<script>(Linux)", "A browser on Linux"),
    ],
)
def test_browser_in_words(agent, words):
    assert browser_in_words(agent) == words
