"""The directory, and an organization's public page."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.documents.services import publish_text
from campaign.organizations.models import (
    Call,
    DuplicateFlag,
    ListedName,
    Mandate,
    OrganizationName,
    Registration,
)
from campaign.organizations.queries import Place, Wanted, directory_page
from campaign.organizations.services import (
    accept_affiliation,
    confirm_endorsement,
    confirm_mandate,
    list_organizations,
    move_call,
    reject_mandate,
    state_affiliation,
)
from tests.factories.accounts import UserFactory
from tests.factories.documents import FrozenTextFactory
from tests.factories.organizations import EndorsementFactory, MembershipFactory, OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()
LIST = "/organizations/"


def directory(locale="en", place=None, **wanted):
    return directory_page(locale=locale, wanted=Wanted(**wanted), place=place or Place(), at=NOW)


def names(page):
    return [row.name for row in page.rows]


def mandate_of(organization, proof="domain_mail", **changes):
    values = {
        "signatory_name": "Sam Secret",
        "signatory_function": "Director",
        "signatory_email": "sam@secret.example",
        "email_key": b"x",
        "statement": "x",
        "locale": "en",
        "proof": proof,
        "stated_at": NOW,
        "expires_at": NOW,
        "proven_at": NOW - timedelta(days=1),
        "ends_at": NOW + timedelta(days=700),
    }
    return Mandate.objects.create(organization=organization, **{**values, **changes})


def test_directory_is_in_the_order_of_the_language(settings):
    settings.LANGUAGES = [("en", "English"), ("sv", "Svenska"), ("el", "Ελληνικά")]
    for name in ("Öppna", "Zebra", "Αθήνα", "Öppen 10", "Öppen 9"):
        OrganizationFactory(display_name=name)

    assert names(directory("en")) == ["Öppen 9", "Öppen 10", "Öppna", "Zebra", "Αθήνα"]
    assert names(directory("sv")) == ["Zebra", "Öppen 9", "Öppen 10", "Öppna", "Αθήνα"]
    assert names(directory("el"))[0] == "Αθήνα"


def test_directory_shows_the_name_of_the_language(settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    organization = OrganizationFactory(display_name="House")
    OrganizationName.objects.create(organization=organization, locale="de", name="Haus")
    list_organizations([organization])

    assert (names(directory("en")), names(directory("de"))) == (["House"], ["Haus"])
    assert names(directory("de", typed="house")) == ["Haus"]


def test_directory_lists_only_who_is_on_record():
    OrganizationFactory(proven_at=None)
    organization = OrganizationFactory()
    mandate = mandate_of(organization)
    assert names(directory()) == [organization.display_name]

    reject_mandate(mandate=mandate, reason="x", by=UserFactory(), at=NOW)
    assert names(directory()) == []


def test_organization_is_listed_with_its_first_proof():
    organization = OrganizationFactory(proven_at=None)
    mandate = mandate_of(
        organization,
        domain=organization.domain,
        proven_at=None,
        ends_at=None,
        expires_at=NOW + timedelta(days=1),
    )
    assert not ListedName.objects.exists()

    confirm_mandate(mandate=mandate, at=NOW)

    assert names(directory()) == [organization.display_name]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"typed": "OFF"}, ["Offene Häuser"]),
        ({"typed": "hauser offe"}, ["Offene Häuser"]),
        ({"typed": "ohv"}, ["Offene Häuser"]),
        ({"typed": "100%"}, []),
        ({"typed": "_"}, []),
        ({"typed": "집"}, ["집"]),
        ({"typed": "lodz"}, ["Łódź Library"]),
        ({"typed": "ŁÓDŹ"}, ["Łódź Library"]),
        ({"country": "KR"}, ["집"]),
        ({"kind": "union"}, ["Union"]),
        ({"proof": "document"}, ["Union"]),
        ({"proof": "domain"}, ["Offene Häuser"]),
        ({"typed": "u", "kind": "union"}, ["Union"]),
        ({"region": "142"}, ["집"]),
    ],
)
def test_directory_is_filtered(wanted, found):
    mandate_of(OrganizationFactory(display_name="Offene Häuser", acronym="OHV"), proof="domain_dns")
    mandate_of(OrganizationFactory(display_name="Union", kind="union"), proof="document")
    mandate_of(OrganizationFactory(display_name="집", country="KR"), ends_at=NOW)
    OrganizationFactory(display_name="Łódź Library", country="PL")

    assert names(directory(**wanted)) == found


@pytest.fixture
def twelve(monkeypatch):
    """Twelve in pages of five, four of them with the same name."""
    monkeypatch.setattr("campaign.organizations.queries.listing.PAGE", 5)
    monkeypatch.setattr("campaign.organizations.queries.listing.page_of.__kwdefaults__", {"size": 5})
    for n in range(8):
        OrganizationFactory(display_name=f"Name {n}")
    return OrganizationFactory.create_batch(4, display_name="Name 3")


def test_pages_go_on_and_back_without_gaps_also_between_equal_names(twelve):
    whole = sorted(
        ListedName.objects.filter(locale="en").values_list("sort_key", "organization__slug", "organization"),
        key=lambda row: (bytes(row[0]), row[2]),
    )
    slugs = [slug for _key, slug, _pk in whole]

    first = directory()
    second = directory(place=Place(after=first.later))
    third = directory(place=Place(after=second.later))

    shown = [[row.organization.slug for row in page.rows] for page in (first, second, third)]
    assert shown == [slugs[:5], slugs[5:10], slugs[10:]]
    assert (first.earlier, third.later) == ("", "")
    back = directory(place=Place(before=third.earlier))
    assert [row.organization.slug for row in back.rows] == shown[1]
    begin = directory(place=Place(before=back.earlier))
    assert ([row.organization.slug for row in begin.rows], begin.earlier) == (shown[0], "")


def test_place_that_is_not_there_any_more_is_the_beginning(twelve):
    assert names(directory(place=Place(after="gone"))) == names(directory())


def test_letter_leads_into_the_list(twelve):
    OrganizationFactory(display_name="Aa")
    OrganizationFactory(display_name="Őz")

    page = directory(place=Place(letter="O"))
    assert names(page) == ["Őz"]
    assert names(directory(place=Place(before=page.earlier)))[-1] == "Name 7"


def test_page_keeps_the_filter_in_its_links(client, twelve):
    page = client.get(LIST, {"q": "name", "country": "DE", "kind": "", "after": "x"})

    link = next(part for part in page.content.decode().split('"') if "after=" in part)
    assert parse_qs(urlsplit(link.replace("&amp;", "&")).query) == {
        "q": ["name"],
        "country": ["DE"],
        "after": [page.context["page"].later],
    }


def test_page_answers_the_list_alone_to_htmx(client):
    OrganizationFactory(display_name="Alone")

    part = client.get(LIST, headers={"HX-Request": "true"})

    assert "Alone" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize(
    "query", ["country=XX", "kind=x", "proof=x", "after=%F0%9F%98%80", "letter=%E2%80%AE", "q=%00"]
)
def test_nonsense_in_the_address_is_passed_over(client, query):
    OrganizationFactory(display_name="Here")

    answer = client.get(f"{LIST}?{query}")

    assert answer.status_code == (400 if "%00" in query else 200)


def test_empty_directory_says_what_belongs_here(client):
    assert reverse("organization_create") in client.get(LIST).content.decode()
    OrganizationFactory()
    assert "No organization fits" in client.get(LIST, {"q": "nothing like it"}).content.decode()


@pytest.mark.parametrize("item_count", [1, 3, 60])
@pytest.mark.parametrize(
    ("query", "count"), [("", 3), ("?after=organization-a", 4), ("?q=org&proof=domain&country=DE", 3)]
)
def test_directory_takes_a_fixed_number_of_queries(
    client, item_count, query, count, django_assert_num_queries
):
    OrganizationFactory(slug="organization-a", display_name="A")
    for organization in OrganizationFactory.create_batch(item_count):
        mandate_of(organization)

    with django_assert_num_queries(count):
        client.get(f"{LIST}{query}")


# --- An organization's page -------------------------------------------------------------


def detail(client, organization):
    return client.get(reverse("organization_detail", args=[organization.slug]))


def test_page_shows_what_is_public_and_nobodys_name(client):
    organization = OrganizationFactory(
        display_name="Open Houses",
        legal_name="Open Houses e.V.",
        acronym="OH",
        seat_region="Leipzig",
        active_in=["FR", "KR"],
        about="We <b>open</b> houses.",
    )
    OrganizationName.objects.create(organization=organization, locale="ar", name="بيوت مفتوحة")
    Registration.objects.create(
        organization=organization, register="eu_transparency", number="0123456789-12", number_key="x"
    )
    mandate_of(organization)
    network = OrganizationFactory(kind="network", display_name="The Network")
    row = state_affiliation(member=organization, network=network, by=UserFactory(), at=NOW)
    accept_affiliation(affiliation=row, by=UserFactory(), at=NOW)

    page = detail(client, organization).content.decode()

    for words in (
        *(
            "Open Houses e.V.",
            "OH",
            "Leipzig",
            "France, South Korea",
            'lang="ar">بيوت مفتوحة',
            "0123456789-12",
        ),
        *("https://transparency-register.europa.eu/", "The Network", "confirmed by mail on its own domain"),
        *("in force until", "We &lt;b&gt;open&lt;/b&gt; houses."),
    ):
        assert words in page
    assert "Secret" not in page
    assert "secret.example" not in page


def test_page_of_one_held_back_tells_its_members(client):
    membership = MembershipFactory(organization__proven_at=None)
    DuplicateFlag.objects.create(
        organization=membership.organization, other=OrganizationFactory(), cause="number", noticed_at=NOW
    )

    assert detail(client, membership.organization).status_code == 404
    client.force_login(membership.user)
    page = detail(client, membership.organization).content.decode()
    assert "held back" in page
    assert 'name="robots" content="noindex"' in page


def test_page_lists_no_text_under_an_embargo(client):
    text = FrozenTextFactory(title="Confidential still")
    publish_text(frozen_text=text, address="/x/", at=NOW)
    move_call(kind="tests.text", subject_id=text.pk, frozen_text=text, at=NOW)
    row = confirm_endorsement(endorsement=EndorsementFactory(frozen_text=text, stated_at=NOW), at=NOW)
    assert "Confidential still" in detail(client, row.organization).content.decode()

    Call.objects.update(embargo_until=timezone.now() + timedelta(days=1))

    assert "Confidential still" not in detail(client, row.organization).content.decode()
    assert directory().rows[0].endorsement_total == 0
    Call.objects.update(embargo_until=NOW)
    assert directory().rows[0].endorsement_total == 1


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    organization = OrganizationFactory(kind="network", domain="endorser.example")
    for n in range(item_count):
        text = FrozenTextFactory()
        publish_text(frozen_text=text, address="/x/", at=NOW)
        confirm_endorsement(
            endorsement=EndorsementFactory(frozen_text=text, domain="endorser.example", stated_at=NOW), at=NOW
        )
        Registration.objects.create(
            organization=organization, register="other", register_name="R", number=str(n), number_key=str(n)
        )
        OrganizationName.objects.create(organization=organization, locale=("de", "fr", "ko")[n], name="x")
        row = state_affiliation(member=OrganizationFactory(), network=organization, by=UserFactory(), at=NOW)
        accept_affiliation(affiliation=row, by=UserFactory(), at=NOW)

    with django_assert_num_queries(9):
        detail(client, organization)


@pytest.mark.parametrize("name", ["organization_list", "organization_detail", "organization_logo"])
def test_public_pages_refuse_post(client, name):
    args = [] if name == "organization_list" else [OrganizationFactory().slug]

    assert client.post(reverse(name, args=args)).status_code == 405
