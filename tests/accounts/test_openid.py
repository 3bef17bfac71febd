"""Sign-in through an OpenID Connect issuer: the whole way, against one that runs in a thread beside."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core import mail as outbox
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from campaign.accounts.issuer import IssuerFormatError, parse_issuer
from campaign.accounts.models import User
from campaign.mailing.services import pump_mail
from tests.accounts.issuer import CLIENT_ID, CLIENT_SECRET, Issuer
from tests.accounts.steps import SECRET, code_at, confirm, person, sign_in, with_app

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
OIDC = "openid_connect_login"


@pytest.fixture
def issuer(settings):
    with Issuer() as running:
        apps = parse_issuer(
            issuer_id="work",
            name="Work Account",
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            server_url=running.url,
        )
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": apps}
        }
        yield running


def leave(client, **form):
    """Press the button; gives the address at the issuer."""
    return client.post(reverse(OIDC, args=["work"]), form).context["target"]


def come_back(client, issuer, *, process="login", **changes):
    """The whole way: press the button, say yes at the issuer, come back."""
    _asked, back = issuer.authorize(leave(client, process=process), **changes)
    return client.get(back)


def is_signed_in(client):
    return client.get(reverse("desk")).status_code == 200


# --- Not set --------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    ["oidc/work/login/", "oidc/oidc/login/callback/?code=x&state=y", "oidc/connections/", "oidc/cancelled/"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_an_issuer_there_is_no_address(client, address, method):
    client.force_login(person())

    assert getattr(client, method)(f"/accounts/{address}").status_code == 404


def test_without_an_issuer_the_sign_in_page_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get(reverse("account_login")).content.decode()

    assert "oidc" not in page


# --- The way --------------------------------------------------------------------
def test_sign_in_page_offers_the_issuer_without_a_query(client, issuer, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get(reverse("account_login")).content.decode()

    assert "Sign in with Work Account" in page
    assert issuer.asked == []


def test_other_issuer_is_not_there(client, issuer):
    assert client.post(reverse(OIDC, args=["other"])).status_code == 404
    assert client.post(reverse(OIDC, args=["openid_connect"])).status_code == 404


def test_looking_does_not_leave(client, issuer):
    response = client.get(reverse(OIDC, args=["work"]))

    assert response.status_code == 200
    assert issuer.asked == []


def test_wrong_method(client, issuer):
    assert client.put(reverse(OIDC, args=["work"])).status_code == 405
    assert client.post(reverse("openid_connect_callback", args=["work"])).status_code == 405


def test_leaving_says_what_the_standard_asks_for(client, issuer):
    asked, _back = issuer.authorize(leave(client, scope="admin", auth_params="prompt=none"))

    assert {
        name: asked[name] for name in ("response_type", "client_id", "redirect_uri", "code_challenge_method")
    } == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": "http://testserver/accounts/oidc/work/login/callback/",
        "code_challenge_method": "S256",
    }
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert "prompt" not in asked
    assert len(asked["nonce"]) >= 32


def test_leaving_goes_by_a_page_that_the_content_policy_lets_through(client, issuer):
    response = client.post(reverse(OIDC, args=["work"]))

    assert response.status_code == 200
    assert f'<meta http-equiv="refresh" content="0; url={issuer.url}/authorize?' in response.content.decode()


def test_first_sign_in_makes_an_account(client, issuer):
    response = come_back(client, issuer)

    assert response.url == reverse("desk")
    assert is_signed_in(client)
    user = User.objects.get()
    assert (user.email, user.name, user.has_usable_password()) == ("ada@example.org", "Ada Lovelace", False)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("ada@example.org", True, True)
    ]


def test_nothing_but_the_subject_is_kept(client, issuer):
    come_back(client, issuer, picture="https://issuer.example/ada.jpg", birthdate="1815-12-10")

    account = SocialAccount.objects.get()
    assert (account.provider, account.uid, account.extra_data) == ("work", "person-1", {})
    assert account.socialtoken_set.count() == 0


def test_second_sign_in_is_the_same_account_under_any_address(client, issuer):
    come_back(client, issuer)
    client.logout()

    come_back(client, issuer, email="new@example.org", email_verified=False)

    assert is_signed_in(client)
    assert User.objects.get().email == "ada@example.org"


def test_second_step_is_asked_here_too(client, issuer):
    come_back(client, issuer)
    with_app(User.objects.get())
    client.logout()

    response = come_back(client, issuer)

    assert response.url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_at(SECRET)})
    assert is_signed_in(client)


def test_somebody_inactive_stays_outside(client, issuer):
    come_back(client, issuer)
    client.logout()
    User.objects.update(is_active=False)

    come_back(client, issuer)

    assert not is_signed_in(client)


def test_address_from_the_userinfo(client, issuer):
    issuer.userinfo = {"sub": "person-1", "email": "Ada@Example.ORG", "email_verified": "true"}

    come_back(client, issuer, email=None, email_verified=None)

    assert User.objects.get().email == "ada@example.org"


def test_stopped_at_the_issuer(client, issuer):
    asked, _back = issuer.authorize(leave(client))

    response = client.get(
        reverse("openid_connect_callback", args=["work"]),
        {"error": "access_denied", "state": asked["state"]},
        follow=True,
    )

    assert "Nothing has changed." in response.content.decode()


# --- Refused --------------------------------------------------------------------
@pytest.mark.parametrize("verified", [False, None, "false", "no", 1, "True "])
@pytest.mark.parametrize("email", ["ada@example.org", "Ada@Example.ORG"])
def test_unconfirmed_address_makes_no_account(client, issuer, verified, email):
    response = come_back(client, issuer, email=email, email_verified=verified)

    assert response.status_code == 403
    assert "does not say that your mail address is confirmed" in response.content.decode()
    assert (User.objects.count(), SocialAccount.objects.count()) == (0, 0)


@pytest.mark.parametrize("email", [None, "", "no address", 7, ["ada@example.org"]])
def test_no_address_makes_no_account(client, issuer, email):
    issuer.userinfo = {"sub": "person-1"}

    assert come_back(client, issuer, email=email).status_code == 403
    assert not User.objects.exists()


@pytest.mark.parametrize("is_confirmed_here", [True, False])
def test_account_that_is_here_is_not_taken_over(client, issuer, is_confirmed_here):
    user = person(email="ada@example.org")
    EmailAddress.objects.update(verified=is_confirmed_here)

    response = come_back(client, issuer, email="ADA@example.org")

    assert response.status_code == 403
    assert "There is an account with your mail address already." in response.content.decode()
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()
    user.refresh_from_db()
    assert user.has_usable_password()


def foreign_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_pem(issuer):
    return issuer.secret.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"iss": "https://other.example"},
        {"aud": "another-site"},
        {"aud": [CLIENT_ID, "another-site"], "azp": "another-site"},
        {"exp": 1_700_000_000},
        {"iat": int(time.time()) + 3600},
        {"sub": ""},
        {"sub": "x" * 300},
        {"sub": None},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_token_that_does_not_hold_signs_nobody_in(client, issuer, changes):
    response = come_back(client, issuer, **changes)

    assert response.status_code == 401
    assert "You are not signed in" in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("lie", ["foreign key", "unknown key", "none", "HS256 with the client secret"])
def test_signature_that_does_not_hold_signs_nobody_in(client, issuer, lie):
    headers = {"kid": "key-1"}
    issuer.sign_with = {
        "foreign key": {"algorithm": "RS256", "headers": headers, "key": foreign_key()},
        "unknown key": {"algorithm": "RS256", "headers": {"kid": "key-2"}},
        "none": {"algorithm": "none", "headers": headers, "key": None},
        "HS256 with the client secret": {"algorithm": "HS256", "headers": headers, "key": "s" * 64},
    }[lie]

    assert come_back(client, issuer).status_code == 401
    assert not User.objects.exists()


def test_public_key_as_a_shared_secret_signs_nobody_in(client, issuer, monkeypatch):
    # The library refuses to make such a token; an attacker's would not.
    monkeypatch.setattr("jwt.algorithms.is_pem_format", lambda key: False)
    issuer.sign_with = {"algorithm": "HS256", "headers": {"kid": "key-1"}, "key": public_pem(issuer)}

    assert come_back(client, issuer).status_code == 401


def test_state_of_nobody_signs_nobody_in(client, issuer):
    _asked, back = issuer.authorize(leave(client))

    response = client.get(back + "x")

    assert response.status_code == 401
    assert not User.objects.exists()


def test_state_of_another_browser_signs_nobody_in(client, issuer):
    _asked, back = issuer.authorize(leave(Client()))

    assert client.get(back).status_code == 401
    assert not User.objects.exists()


def test_way_back_works_once(client, issuer):
    _asked, back = issuer.authorize(leave(client))
    client.get(back)
    client.logout()

    assert client.get(back).status_code == 401
    assert not is_signed_in(client)


def test_userinfo_about_somebody_else_is_refused(client, issuer):
    issuer.userinfo = {"sub": "person-2", "email": "ada@example.org", "email_verified": True}

    assert come_back(client, issuer, email=None).status_code == 401


@pytest.mark.parametrize(
    "discovery",
    [{"issuer": "https://other.example"}, {"issuer": None}, {"jwks_uri": None}, {"token_endpoint": 7}],
    ids=str,
)
def test_discovery_that_does_not_hold_is_refused(client, issuer, discovery):
    issuer.discovery = discovery

    response = client.post(reverse(OIDC, args=["work"]))

    assert response.status_code == 401


def test_issuer_that_is_down_is_told_in_words(client, issuer):
    _asked, back = issuer.authorize(leave(client))
    issuer.server.shutdown()
    issuer.server.server_close()

    for response in (client.post(reverse(OIDC, args=["work"])), client.get(back)):
        assert response.status_code == 401
        assert "Begin again" in response.content.decode()


def test_wrong_client_secret(client, issuer, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["secret"] = "wrong"

    assert come_back(client, issuer).status_code == 401
    assert issuer.refused == ["client"]


# --- Connecting -----------------------------------------------------------------
@pytest.fixture
def grace(client):
    user = person(email="grace@example.org")
    sign_in(client, user)
    confirm(client)
    return user


def test_account_is_connected_by_its_owner(client, issuer, grace):
    response = come_back(client, issuer, process="connect")

    assert response.url == reverse("security")
    assert SocialAccount.objects.get().user == grace
    pump_mail(at=timezone.now())
    assert [letter.subject for letter in outbox.outbox] == ["Another way into your account"]
    client.logout()
    come_back(client, issuer)
    assert is_signed_in(client)


def test_connecting_needs_the_password_once_more(client, issuer):
    user = person()
    sign_in(client, user)

    response = come_back(client, issuer, process="connect")

    assert response.url == reverse("account_reauthenticate")
    assert not SocialAccount.objects.exists()
    confirm(client)
    assert SocialAccount.objects.get().user == user


def test_connecting_what_belongs_to_another_account_is_refused(client, issuer, grace):
    come_back(Client(), issuer)

    response = client.get(come_back(client, issuer, process="connect").url)

    assert "belongs to another account here" in response.content.decode()
    assert SocialAccount.objects.get().user != grace


def test_connecting_needs_sign_in(client, issuer):
    come_back(client, issuer, process="connect")

    assert not User.objects.exists()
    assert not is_signed_in(client)


def test_disconnected(client, issuer, grace):
    come_back(client, issuer, process="connect")
    account = SocialAccount.objects.get()

    client.post(reverse("socialaccount_connections"), {"account": account.pk})

    assert not SocialAccount.objects.exists()


def test_account_of_somebody_else_is_not_disconnected(client, issuer, grace):
    come_back(Client(), issuer)

    client.post(reverse("socialaccount_connections"), {"account": SocialAccount.objects.get().pk})

    assert SocialAccount.objects.exists()


def test_without_a_password_nothing_is_disconnected(client, issuer):
    come_back(client, issuer)

    response = client.post(reverse("socialaccount_connections"), {"account": SocialAccount.objects.get().pk})

    assert "Set a password first" in response.content.decode()
    assert SocialAccount.objects.exists()


def test_security_page_tells_about_the_connection(client, issuer, grace):
    assert "Connect with Work Account" in client.get(reverse("security")).content.decode()

    come_back(client, issuer, process="connect")

    assert "you can sign in with Work Account" in client.get(reverse("security")).content.decode()


def test_the_form_for_other_addresses_does_not_exist():
    with pytest.raises(NoReverseMatch):
        reverse("socialaccount_signup")


# --- Settings -------------------------------------------------------------------
WHOLE = {
    "issuer_id": "work",
    "name": "Work",
    "client_id": "id",
    "client_secret": "secret",
    "server_url": "https://id.example.org/realm",
}


def test_no_address_means_no_issuer():
    assert parse_issuer(**{**WHOLE, "server_url": ""}) == []


@pytest.mark.parametrize(
    ("name", "value", "variable"),
    [
        ("name", "", "RECLAIM_OIDC_NAME"),
        ("client_id", "", "RECLAIM_OIDC_CLIENT_ID"),
        ("client_secret", "", "RECLAIM_OIDC_CLIENT_SECRET"),
        ("issuer_id", "Work!", "RECLAIM_OIDC_ID"),
        ("issuer_id", "", "RECLAIM_OIDC_ID"),
        ("server_url", "http://id.example.org", "RECLAIM_OIDC_SERVER_URL"),
        ("server_url", "id.example.org", "RECLAIM_OIDC_SERVER_URL"),
        ("server_url", "https://id.example.org/?a=b", "RECLAIM_OIDC_SERVER_URL"),
    ],
)
def test_incomplete_settings_stop_the_start_with_their_name(name, value, variable):
    with pytest.raises(IssuerFormatError, match=variable) as refused:
        parse_issuer(**{**WHOLE, name: value})

    assert "secret" not in str(refused.value).replace("CLIENT_SECRET", "")
