"""The site's rule on second steps: whom it concerns, what stays open, and that nothing is stored meanwhile."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from campaign.accounts.second_step import lacks_second_step, must_have_second_step
from campaign.organizations.models import Membership, Organization, Role
from tests.accounts.steps import confirm, person, sign_in, with_app, with_passkey
from tests.factories.accounts import UserFactory
from tests.factories.organizations import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OTHER_ROLES = sorted(set(Role) - {Role.OWNER})
NEW = {
    "legal_name": "New e.V.",
    "display_name": "New",
    "kind": "ngo",
    "country": "DE",
    "website": "https://www.new.example",
}


def somebody(kind):
    """A person of that kind; None for somebody who is not signed in."""
    if kind == "anonymous":
        return None
    user = UserFactory(is_staff=kind.startswith("staff"))
    if kind.startswith("owner"):
        MembershipFactory(user=user, role=Role.OWNER)
    if kind.startswith("member"):
        MembershipFactory(user=user, role=OTHER_ROLES[0])
    if kind.endswith("with app"):
        with_app(user)
    if kind.endswith("with passkey"):
        with_passkey(user)
    return user


CONCERNED = {
    "none": set(),
    "moderators": {"staff"},
    "owners": {"staff", "owner"},
}
KINDS = [
    "anonymous",
    "plain",
    "member",
    "staff",
    "staff with app",
    "staff with passkey",
    "owner",
    "owner with app",
    "owner with passkey",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rule", ["none", "moderators", "owners"])
def test_reading_and_storing(client, settings, rule, kind):
    settings.REQUIRE_SECOND_STEP = rule
    user = somebody(kind)
    if user:
        client.force_login(user)
    before = Organization.objects.count()

    page = client.get(reverse("organization_create"))
    public = client.get(reverse("organization_list"))
    answer = client.post(reverse("organization_create"), NEW)

    if kind == "anonymous":
        assert page.url.startswith(reverse("account_login"))
        assert (public.status_code, Organization.objects.count()) == (200, before)
    elif kind in CONCERNED[rule]:
        assert (page.status_code, page.url) == (302, reverse("second_step"))
        assert (public.status_code, public.url) == (302, reverse("second_step"))
        assert answer.status_code == 403
        assert "Nothing was stored." in answer.content.decode()
        assert Organization.objects.count() == before
    else:
        assert (page.status_code, public.status_code) == (200, 200)
        assert answer.status_code in {200, 302, 422}


@pytest.mark.parametrize("role", OTHER_ROLES)
def test_other_roles_are_not_concerned(settings, role):
    settings.REQUIRE_SECOND_STEP = "owners"

    assert not must_have_second_step(MembershipFactory(role=role).user)


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(client, settings, method):
    settings.REQUIRE_SECOND_STEP = "moderators"
    client.force_login(somebody("staff"))

    assert getattr(client, method)(reverse("desk")).status_code == 403


def test_head_is_led_like_get(client, settings):
    settings.REQUIRE_SECOND_STEP = "moderators"
    client.force_login(somebody("staff"))

    assert client.head(reverse("desk")).url == reverse("second_step")


def test_part_of_a_page_leads_the_whole_page(client, settings):
    settings.REQUIRE_SECOND_STEP = "moderators"
    client.force_login(somebody("staff"))

    response = client.get(reverse("desk"), headers={"HX-Request": "true"})

    assert response.headers["HX-Redirect"] == reverse("second_step")


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("second_step", 200),
        ("security", 200),
        ("account_email", 200),
        ("account_logout", 200),
        ("livez", 200),
        ("readyz", 200),
    ],
)
def test_what_stays_open(client, settings, page, status):
    settings.REQUIRE_SECOND_STEP = "owners"
    client.force_login(somebody("owner"))

    assert client.get(reverse(page)).status_code == status


def test_language_and_sign_out_stay_open(client, settings):
    settings.REQUIRE_SECOND_STEP = "owners"
    client.force_login(somebody("owner"))

    assert client.post(reverse("set_language"), {"language": "en-xa"}).status_code == 302
    assert client.post(reverse("account_logout")).url == reverse("home")
    assert client.get(reverse("desk")).url.startswith(reverse("account_login"))


def test_set_up_opens_the_site(client, settings):
    settings.REQUIRE_SECOND_STEP = "owners"
    user = somebody("owner")
    client.force_login(user)
    assert client.get(reverse("desk")).status_code == 302

    with_passkey(user)

    assert client.get(reverse("desk")).status_code == 200
    assert client.get(reverse("second_step")).url == reverse("security")


def test_step_lost_closes_it_at_the_next_request(client, settings):
    settings.REQUIRE_SECOND_STEP = "owners"
    user = somebody("owner with app")
    client.force_login(user)
    assert client.get(reverse("desk")).status_code == 200

    Authenticator.objects.filter(user=user).delete()

    assert client.get(reverse("desk")).url == reverse("second_step")


def test_new_owner_is_asked_at_the_next_request(client, settings):
    settings.REQUIRE_SECOND_STEP = "owners"
    user = UserFactory()
    client.force_login(user)
    assert client.get(reverse("desk")).status_code == 200

    MembershipFactory(user=user, role=Role.OWNER)

    assert client.get(reverse("desk")).url == reverse("second_step")


def test_recovery_codes_alone_are_no_step(settings):
    settings.REQUIRE_SECOND_STEP = "moderators"
    user = somebody("staff with app")
    Authenticator.objects.filter(user=user, type="totp").delete()

    assert lacks_second_step(user)


# --- What it costs --------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "kind", "queries"),
    [
        ("none", "staff with app", 0),
        ("none", "owner", 0),
        ("moderators", "owner", 0),
        ("moderators", "staff with app", 1),
        ("owners", "plain", 1),
        ("owners", "owner with app", 1),
        ("owners", "staff with passkey", 1),
    ],
)
def test_one_query_at_most(settings, django_assert_num_queries, rule, kind, queries):
    settings.REQUIRE_SECOND_STEP = rule
    user = somebody(kind)

    with django_assert_num_queries(queries):
        lacks_second_step(user)


@pytest.mark.parametrize("rule", ["none", "moderators", "owners"])
def test_anonymous_request_costs_nothing(client, settings, django_assert_num_queries, rule):
    settings.REQUIRE_SECOND_STEP = rule

    with django_assert_num_queries(0):
        response = client.get(reverse("livez"))

    assert "Cookie" not in response.headers.get("Vary", "")


# --- The last one stays -----------------------------------------------------------
@pytest.fixture
def moderator(client):
    user = person(is_staff=True)
    sign_in(client, user)
    confirm(client)
    return user


def test_last_app_stays_while_the_site_asks_for_it(client, settings, moderator):
    settings.REQUIRE_SECOND_STEP = "moderators"
    with_app(moderator)

    for response in (client.get(reverse("mfa_deactivate_totp")), client.post(reverse("mfa_deactivate_totp"))):
        assert "this is the only one you have" in response.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()


def test_last_passkey_stays_while_the_site_asks_for_it(client, settings, moderator):
    settings.REQUIRE_SECOND_STEP = "moderators"
    address = reverse("mfa_remove_webauthn", args=[with_passkey(moderator).pk])

    for response in (client.get(address), client.post(address)):
        assert "this is the only one you have" in response.content.decode()
    assert Authenticator.objects.filter(type="webauthn").exists()


def test_one_of_two_goes(client, settings, moderator):
    settings.REQUIRE_SECOND_STEP = "moderators"
    with_app(moderator)
    passkey = with_passkey(moderator)

    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))

    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}


def test_last_one_goes_where_nobody_asks_for_it(client, settings, moderator):
    settings.REQUIRE_SECOND_STEP = "none"
    with_app(moderator)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()


def test_owner_who_gives_the_organization_away_is_free(settings):
    settings.REQUIRE_SECOND_STEP = "owners"
    membership = MembershipFactory(role=Role.OWNER)
    assert must_have_second_step(membership.user)

    Membership.objects.filter(pk=membership.pk).update(role=OTHER_ROLES[0])

    assert not must_have_second_step(membership.user)
