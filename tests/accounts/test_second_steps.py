"""Authenticator app, recovery codes, passkeys: set up, used, taken away."""

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from campaign.mailing.services import pump_mail
from tests.accounts.steps import (
    PASSWORD,
    SECRET,
    SoftKey,
    code_at,
    confirm,
    forget_used_codes,
    person,
    sign_in,
    with_app,
    with_passkey,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OWN_PAGES = ["security", "mfa_activate_totp", "mfa_add_webauthn"]
WITH_CODES = ["mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"]


@pytest.fixture
def user():
    return person(email="ada@example.org", name="Ada")


@pytest.fixture
def ada(client, user):
    """Signed in with the password, and just confirmed."""
    sign_in(client, user)
    confirm(client)
    return client


def is_signed_in(client):
    return client.get(reverse("desk")).status_code == 200


def letters():
    pump_mail(at=timezone.now())
    return [letter.subject for letter in outbox.outbox]


# --- Pages --------------------------------------------------------------------
@pytest.mark.parametrize("page", [*OWN_PAGES, *WITH_CODES, "mfa_download_recovery_codes"])
def test_page_needs_sign_in(client, page):
    response = client.get(reverse(page))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("page", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"])
def test_page_asks_for_the_password_once_more(client, user, page):
    if page == "mfa_view_recovery_codes":
        with_app(user)
        client.force_login(user)
    else:
        sign_in(client, user)

    response = client.get(reverse(page))

    assert response.url.startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("page", WITH_CODES)
def test_page_for_what_exists(ada, user, page):
    with_app(user)

    assert ada.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", OWN_PAGES)
def test_page_for_what_is_to_come(ada, page):
    assert ada.get(reverse(page)).status_code == 200


@pytest.mark.parametrize(
    "page", ["mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_deactivate_totp"]
)
def test_page_of_nothing_is_not_there(ada, page):
    assert ada.get(reverse(page)).status_code == 404


@pytest.mark.parametrize(
    "page", ["mfa_activate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"]
)
def test_page_with_a_secret_is_kept_by_nobody(ada, user, page):
    if page != "mfa_activate_totp":
        with_app(user)

    assert "no-store" in ada.get(reverse(page)).headers["Cache-Control"]


@pytest.mark.parametrize(
    ("page", "method"),
    [("security", "post"), ("second_step", "post"), ("mfa_view_recovery_codes", "post")],
)
def test_page_wrong_method(ada, user, page, method):
    assert getattr(ada, method)(reverse(page)).status_code == 405


def test_pages_have_no_script_or_style_of_their_own(ada, user):
    with_app(user)
    with_passkey(user)
    pages = ["security", "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_deactivate_totp"]

    for page in pages:
        text = ada.get(reverse(page)).content.decode()
        inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text)
        assert (inline, re.findall(r"<style| style=| onclick=", text)) == ([], []), page


# --- The app ------------------------------------------------------------------
def shown_secret(response):
    return response.context["form"].secret


def test_app_is_set_up_with_a_real_code(ada, user, django_capture_on_commit_callbacks):
    page = ada.get(reverse("mfa_activate_totp"))

    with django_capture_on_commit_callbacks(execute=True):
        response = ada.post(reverse("mfa_activate_totp"), {"code": code_at(shown_secret(page))})

    assert response.url == reverse("mfa_view_recovery_codes")
    assert set(Authenticator.objects.values_list("user", "type")) == {
        (user.pk, "totp"),
        (user.pk, "recovery_codes"),
    }
    assert letters() == ["An authenticator app was added to your account"]


def test_app_page_shows_picture_and_key(ada):
    page = ada.get(reverse("mfa_activate_totp"))

    text = page.content.decode()
    assert 'src="data:image/svg+xml;base64,' in text
    groups = re.search(r'id="secret"[^>]*>(.*?)</p>', text).group(1)
    assert re.sub(r"<.*?>", "", groups) == shown_secret(page)
    assert "issuer=Reclaim" in page.context["totp_url"]


def test_app_wrong_code_keeps_the_key(ada):
    secret = shown_secret(ada.get(reverse("mfa_activate_totp")))

    response = ada.post(reverse("mfa_activate_totp"), {"code": "000 000x"})

    assert shown_secret(response) == secret
    assert "This code does not fit." in response.content.decode()
    assert not Authenticator.objects.exists()


def test_app_with_an_unconfirmed_address_is_refused(ada, user):
    user.emailaddress_set.create(email="new@example.org", verified=False)

    response = ada.get(reverse("mfa_activate_totp"), follow=True)

    assert response.redirect_chain[-1][0] == reverse("security")
    assert "One of your mail addresses is not confirmed." in response.content.decode()


def test_sign_in_with_the_app(client, user):
    with_app(user)

    assert sign_in(client, user).url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    response = client.post(reverse("mfa_authenticate"), {"code": code_at(SECRET)})

    assert response.url == reverse("desk")
    assert is_signed_in(client)


@pytest.mark.parametrize(("periods", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_app_code_of_a_neighboring_period(client, user, periods, opens):
    with_app(user)
    with time_machine.travel("2026-03-01T12:00:10Z", tick=False):
        sign_in(client, user)

        client.post(reverse("mfa_authenticate"), {"code": code_at(SECRET, periods=periods)})

        assert is_signed_in(client) is opens


@pytest.mark.parametrize("seconds", [0, 29, 45, 58])
def test_app_code_works_once(client, user, seconds):
    with_app(user)
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        code = code_at(SECRET, periods=1)
        sign_in(client, user)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(client)
        client.logout()

        clock.shift(seconds)
        sign_in(client, user)
        client.post(reverse("mfa_authenticate"), {"code": f"{code[:3]} {code[3:]}"})

        assert not is_signed_in(client)


def test_wrong_code_stays_outside(client, user):
    with_app(user)
    sign_in(client, user)

    response = client.post(reverse("mfa_authenticate"), {"code": "abcdef"})

    assert response.status_code == 200
    assert "This code does not fit." in response.content.decode()
    assert not is_signed_in(client)


def test_second_step_is_asked_after_a_code_by_mail(client, user):
    with_app(user)
    client.post(reverse("account_request_login_code"), {"email": user.email})
    pump_mail(at=timezone.now())
    code = re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]{4,})?)\s*$", outbox.outbox[-1].body, re.MULTILINE).group(
        1
    )

    response = client.post(reverse("account_confirm_login_code"), {"code": code})

    assert response.url == reverse("mfa_authenticate")
    assert not is_signed_in(client)


def test_second_step_is_asked_after_a_new_password(client, user):
    with_app(user)
    client.post(reverse("account_reset_password"), {"email": user.email})
    pump_mail(at=timezone.now())
    code = re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]{4,})?)\s*$", outbox.outbox[-1].body, re.MULTILINE).group(
        1
    )
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})

    client.post(
        reverse("account_complete_password_reset"),
        {"password1": "another long pass phrase", "password2": "another long pass phrase"},
    )

    assert not is_signed_in(client)
    user.refresh_from_db()
    assert user.check_password("another long pass phrase")


def test_page_for_the_second_step_alone_leads_to_sign_in(client):
    assert client.get(reverse("mfa_authenticate")).url == reverse("account_login")


def test_app_removed(ada, user):
    with_app(user)

    response = ada.post(reverse("mfa_deactivate_totp"))

    assert response.url == reverse("security")
    assert not Authenticator.objects.exists()
    assert letters() == ["The authenticator app was removed from your account"]


def test_app_is_not_removed_by_looking(ada, user):
    with_app(user)

    ada.get(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(type="totp").exists()


# --- Recovery codes -----------------------------------------------------------
def codes_of(user):
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def test_recovery_code_opens_once(client, user):
    with_app(user)
    code = codes_of(user)[0]
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_signed_in(client)
    client.logout()

    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code})

    assert not is_signed_in(client)
    assert len(codes_of(user)) == 9


def test_recovery_codes_shown_and_in_a_file(ada, user):
    with_app(user)
    codes = codes_of(user)

    page = ada.get(reverse("mfa_view_recovery_codes")).content.decode()
    file = ada.get(reverse("mfa_download_recovery_codes"))

    assert re.findall(r"<li>(\d{8})</li>", page) == codes
    assert file.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert re.findall(r"^\d{8}$", file.content.decode(), re.MULTILINE) == codes


def test_new_recovery_codes_end_the_old_ones(ada, user, django_capture_on_commit_callbacks):
    with_app(user)
    old = codes_of(user)

    with django_capture_on_commit_callbacks(execute=True):
        response = ada.post(reverse("mfa_generate_recovery_codes"))

    assert response.url == reverse("mfa_view_recovery_codes")
    assert set(codes_of(user)).isdisjoint(old)
    assert letters() == ["Your account has new recovery codes"]


def test_recovery_codes_without_a_second_step_are_refused(ada):
    response = ada.post(reverse("mfa_generate_recovery_codes"))

    assert "Set up a passkey or an authenticator app first." in response.content.decode()
    assert not Authenticator.objects.exists()


# --- Passkeys (the whole way is in tests/browser/test_passkeys.py) --------------
def test_passkey_options_name_the_site_and_ask_for_a_resident_key(ada, settings):
    settings.SITE_URL = "https://campaign.example.org"

    options = ada.get(reverse("mfa_add_webauthn")).context["js_data"]["publicKey"]

    assert dict(options["rp"]) == {"id": "campaign.example.org", "name": "Reclaim"}
    assert options["authenticatorSelection"]["residentKey"] == "preferred"
    assert options["user"]["name"] == "ada@example.org"


@pytest.fixture
def key(settings):
    settings.SITE_URL = "https://campaign.example.org"
    return SoftKey()


def add_passkey(client, key, name="Ada’s phone"):
    options = client.get(reverse("mfa_add_webauthn")).context["js_data"]["publicKey"]
    return client.post(reverse("mfa_add_webauthn"), {"name": name, "credential": key.create(options)})


def ask_for_passkey(client):
    """The options of the page for signing in with a passkey alone."""
    answer = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    return answer.json()["request_options"]["publicKey"]


def test_passkey_added(ada, user, key):
    response = add_passkey(ada, key)

    assert response.url == reverse("mfa_view_recovery_codes")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Ada’s phone"
    assert letters() == ["A passkey was added to your account"]


def test_passkey_of_another_site_is_refused(ada, key):
    key.origin = "https://campaign.example.org.evil.example"

    add_passkey(ada, key)

    assert not Authenticator.objects.exists()


def test_passkey_of_another_challenge_is_refused(ada, key):
    options = ada.get(reverse("mfa_add_webauthn")).context["js_data"]["publicKey"]
    answer = key.create(options)
    ada.get(reverse("mfa_add_webauthn"))

    ada.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": answer})

    assert not Authenticator.objects.exists()


def test_passkey_signs_in_alone(ada, user, key):
    add_passkey(ada, key)
    ada.logout()

    response = ada.post(reverse("mfa_login_webauthn"), {"credential": key.get(ask_for_passkey(ada))})

    assert response.url == reverse("desk")
    assert is_signed_in(ada)


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/organizations/", "/organizations/"),
        ("https://evil.example/", "/desk/"),
        ("//evil.example", "/desk/"),
    ],
)
def test_passkey_leads_where_somebody_wanted_to_go(ada, user, key, wanted, reached):
    add_passkey(ada, key)
    ada.logout()
    credential = key.get(ask_for_passkey(ada))

    response = ada.post(reverse("mfa_login_webauthn"), {"credential": credential, "next": wanted})

    assert response.url == reached


def test_passkey_of_somebody_inactive_does_not_sign_in(ada, user, key):
    add_passkey(ada, key)
    ada.logout()
    user.is_active = False
    user.save()

    ada.post(reverse("mfa_login_webauthn"), {"credential": key.get(ask_for_passkey(ada))})

    assert not is_signed_in(ada)


@pytest.mark.parametrize("wrong", ["signature", "finger", "site", "person", "again"])
def test_passkey_that_does_not_hold_does_not_sign_in(ada, user, key, wrong):
    add_passkey(ada, key)
    ada.logout()
    if wrong == "signature":
        key.secret = SoftKey().secret
    if wrong == "site":
        key.origin = "https://other.example.org"
    if wrong == "person":
        key.user = person().pk.hex.encode().hex()
    answer = key.get(ask_for_passkey(ada), verified=wrong != "finger")
    if wrong == "again":
        ada.post(reverse("mfa_login_webauthn"), {"credential": answer})
        ada.logout()
        ask_for_passkey(ada)

    response = ada.post(reverse("mfa_login_webauthn"), {"credential": answer})

    assert response.url == reverse("account_login")
    assert not is_signed_in(ada)


def test_passkey_as_the_second_step(ada, user, key):
    add_passkey(ada, key)
    ada.logout()
    assert sign_in(ada, user).url == reverse("mfa_authenticate")
    options = ada.get(reverse("mfa_authenticate")).context["js_data"]["request_options"]["publicKey"]

    response = ada.post(reverse("mfa_authenticate"), {"credential": key.get(options)})

    assert response.url == reverse("desk")
    assert is_signed_in(ada)


def test_passkey_confirms(ada, user, key):
    add_passkey(ada, key)
    ada.logout()
    ada.post(reverse("mfa_login_webauthn"), {"credential": key.get(ask_for_passkey(ada))})
    page = ada.get(reverse("mfa_reauthenticate_webauthn"))
    options = page.context["js_data"]["request_options"]["publicKey"]

    ada.post(reverse("mfa_reauthenticate_webauthn"), {"credential": key.get(options)})

    assert ada.get(reverse("mfa_view_recovery_codes")).status_code == 200


def test_passkey_that_does_not_confirm_says_so(ada, user, key):
    add_passkey(ada, key)

    response = ada.post(reverse("mfa_reauthenticate_webauthn"), {"credential": "{}"})

    assert response.status_code == 200
    assert response.context["form"].errors


@pytest.mark.parametrize("credential", ["", "{}", "no json", '{"id": "x", "response": {}}', "[]", "3"])
def test_passkey_nonsense_is_refused(ada, credential):
    ada.get(reverse("mfa_add_webauthn"))

    response = ada.post(reverse("mfa_add_webauthn"), {"name": "My <phone>", "credential": credential})

    assert response.status_code == 200
    assert 'value="My &lt;phone&gt;"' in response.content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("page", ["mfa_login_webauthn"])
@pytest.mark.parametrize("credential", ["", "{}", "no json", '{"id": "x", "response": {}}', "[]", "3"])
def test_passkey_sign_in_with_nonsense_is_refused(client, page, credential):
    client.get(reverse(page), headers={"Accept": "application/json"})

    response = client.post(reverse(page), {"credential": credential})

    assert response.url == reverse("account_login")
    assert not is_signed_in(client)


def test_passkey_renamed(ada, user):
    passkey = with_passkey(user)

    ada.post(reverse("mfa_edit_webauthn", args=[passkey.pk]), {"name": "  My\tphone "})

    passkey.refresh_from_db()
    assert passkey.data["name"] == "My phone"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_passkey_bad_name_changes_nothing(ada, user, name):
    passkey = with_passkey(user)

    response = ada.post(reverse("mfa_edit_webauthn", args=[passkey.pk]), {"name": name})

    assert "This could not be sent yet" in response.content.decode()
    passkey.refresh_from_db()
    assert passkey.data["name"] == "Ada’s phone"


def test_passkey_removed(ada, user):
    passkey = with_passkey(user)

    response = ada.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))

    assert response.url == reverse("security")
    assert not Authenticator.objects.exists()
    assert letters() == ["A passkey was removed from your account"]


@pytest.mark.parametrize("page", ["mfa_remove_webauthn", "mfa_edit_webauthn"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_passkey_of_somebody_else_is_not_there(ada, page, method):
    passkey = with_passkey(person())

    response = getattr(ada, method)(reverse(page, args=[passkey.pk]), {"name": "Mine"})

    assert response.status_code == 404
    passkey.refresh_from_db()
    assert passkey.data["name"] == "Ada’s phone"


# --- Confirming ---------------------------------------------------------------
def test_confirm_with_the_app(client, user):
    with_app(user)
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code_at(SECRET)})
    forget_used_codes()

    client.post(reverse("mfa_reauthenticate"), {"code": code_at(SECRET)})

    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


def test_confirm_with_the_code_of_the_sign_in_is_refused(client, user):
    with_app(user)
    code = code_at(SECRET)
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code})

    response = client.post(reverse("mfa_reauthenticate"), {"code": code})

    assert "This code does not fit." in response.content.decode()


def test_confirm_page_offers_the_other_ways(client, user):
    with_app(user)
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code_at(SECRET)})

    page = client.get(reverse("account_reauthenticate")).content.decode()

    assert reverse("mfa_reauthenticate") in page


def test_letter_says_when_and_from_which_browser(ada, user):
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    ada.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "another long pass phrase",
            "password2": "another long pass phrase",
        },
        headers={"User-Agent": firefox},
    )

    assert letters() == ["Your password was changed"]
    body = outbox.outbox[0].body
    assert "The browser says it is: Firefox on Windows." in body
    assert "http://testserver/accounts/security/" in body
    assert "127.0.0.1" not in body
