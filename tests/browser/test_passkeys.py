"""Passkeys in a real browser with an authenticator of its own; and every page of an account, looked at."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from campaign.accounts.models import User

MODERATOR = "moderator@this-site.example"
PASSWORD = "a demo password"


def code_at(secret, *, periods=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def plug_in(page, *, resident=True):
    """An authenticator of the browser's own: it keeps keys, and its person is always there."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal" if resident else "usb",
        "hasResidentKey": resident,
        "hasUserVerification": resident,
        "isUserVerified": resident,
        "automaticPresenceSimulation": True,
    }
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return tools, made["authenticatorId"]


def sign_in(visitor):
    page = visitor.go("/accounts/login/")
    page.get_by_label("E-mail address").fill(MODERATOR)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page


def confirm(page):
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def sign_out(visitor):
    page = visitor.go("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()


def test_passkey_is_made_and_signs_in_alone(visit):
    visitor = visit()
    plug_in(visitor.page)
    page = sign_in(visitor)
    visitor.go("/accounts/security/")
    page.get_by_role("link", name="Add a passkey").click()
    confirm(page)
    visitor.check()
    assert page.get_by_label("Name of the passkey").input_value() == "Chrome on Linux"
    page.get_by_label("Name of the passkey").fill("The <office> laptop")
    page.get_by_role("button", name="Make the passkey").click()

    page.wait_for_url("**/accounts/security/codes/")
    visitor.check()
    passkey = Authenticator.objects.get(type="webauthn")
    assert (passkey.user.email, passkey.wrap().name) == (MODERATOR, "The <office> laptop")
    assert passkey.wrap().is_passwordless is True

    sign_out(visitor)
    visitor.go("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url("**/desk/")
    assert MODERATOR in page.inner_text("main")


def test_passkey_as_the_second_step_and_to_confirm(visit):
    visitor = visit(width=360, scheme="dark")
    plug_in(visitor.page, resident=False)
    page = sign_in(visitor)
    visitor.go("/accounts/security/")
    page.get_by_role("link", name="Add a passkey").click()
    confirm(page)
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/accounts/security/codes/")
    sign_out(visitor)

    sign_in(visitor)
    page.wait_for_url("**/accounts/login/second-step/")
    visitor.check()
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/desk/")

    page.goto("/accounts/security/codes/")
    page.get_by_role("link", name="Use your passkey").click()
    visitor.check()
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/accounts/security/codes/")


def test_browser_that_stops_says_so_in_words(visit):
    visitor = visit()
    tools, key = plug_in(visitor.page)
    page = visitor.go("/accounts/login/")
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})

    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("The browser stopped, or it took too long.").wait_for()
    assert page.get_by_role("button", name="Sign in with a passkey").is_enabled()
    visitor.check()


def test_device_that_has_one_already_says_so(visit):
    visitor = visit()
    plug_in(visitor.page)
    page = sign_in(visitor)
    for _time in range(2):
        page.goto("/accounts/security/passkeys/add/")
        if page.get_by_label("Password", exact=True).count():
            confirm(page)
        page.get_by_role("button", name="Make the passkey").click()
        page.wait_for_timeout(500)

    page.get_by_text("This device has a passkey for your account already.").wait_for()
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    visitor.check()


def test_without_javascript_passkeys_are_not_offered(visit):
    page = visit(javascript=False).page
    page.goto("/accounts/login/")

    assert page.get_by_role("button", name="Sign in with a passkey").count() == 0
    assert page.get_by_role("button", name="Sign in", exact=True).is_visible()


@pytest.mark.parametrize(
    ("width", "scheme"), [(320, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
)
def test_pages_of_an_account_pass_the_checks(visit, settings, width, scheme):
    settings.REQUIRE_SECOND_STEP = "moderators"
    visitor = visit(width=width, scheme=scheme)
    page = sign_in(visitor)
    page.wait_for_url("**/accounts/security/second-step/")
    visitor.check()
    page.get_by_role("link", name="Use an authenticator app").click()
    visitor.check()
    confirm(page)
    visitor.check()
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    secret = re.sub(r"\s", "", page.locator("#secret").inner_text())
    page.get_by_label("Code that the app shows now").fill("000000")
    page.get_by_role("button", name="Switch the app on").click()
    visitor.check()
    page.get_by_label("Code that the app shows now").fill(code_at(secret))
    page.get_by_role("button", name="Switch the app on").click()
    page.wait_for_url("**/accounts/security/codes/")
    visitor.check()
    assert User.objects.get(email=MODERATOR).authenticator_set.count() == 2

    for address in (
        "/accounts/security/",
        "/accounts/security/app/remove/",
        "/accounts/security/codes/new/",
        "/accounts/security/passkeys/add/",
        "/accounts/reauthenticate/code/",
        "/accounts/email/",
    ):
        visitor.go(address)
    with page.expect_download() as download:
        page.goto("/accounts/security/codes/")
        page.get_by_role("link", name="Download the codes").click()
    assert download.value.suggested_filename == "recovery-codes.txt"

    sign_out(visitor)
    sign_in(visitor)
    page.wait_for_url("**/accounts/login/second-step/")
    page.get_by_label("Code from the app, or a recovery code").fill("123")
    page.get_by_role("button", name="Sign in").click()
    visitor.check()
    page.get_by_label("Code from the app, or a recovery code").fill(code_at(secret, periods=1))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/")
