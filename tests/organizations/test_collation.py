"""Names in lists: which one, and in which order."""

import pytest
from django.utils import timezone

from campaign.organizations.collation import Names, collation_fingerprint, index_letters, sort_key
from campaign.organizations.models import ListedLanguage, ListedName, OrganizationName
from campaign.organizations.names import folded_name
from campaign.organizations.regions import countries_by_region, region_name, region_of, region_order
from campaign.organizations.services import make_lists, rename_organization, set_own_names
from tests.factories.organizations import OrganizationFactory

NAMES = ["Zebra", "Öko", "Ohm", "Ärzte", "Αθήνα", "Яблоко", "한국", "Org 10", "Org 2", "“Ant”"]
NOW = timezone.now()


def in_order(locale, names=NAMES):
    return sorted(names, key=lambda name: sort_key(name, locale))


def test_order_of_german_puts_umlauts_with_their_letters():
    assert in_order("de") == [
        *("“Ant”", "Ärzte", "Ohm", "Öko", "Org 2", "Org 10", "Zebra", "Αθήνα", "Яблоко", "한국"),
    ]


def test_order_of_swedish_puts_them_after_z():
    assert in_order("sv")[:7] == ["“Ant”", "Ohm", "Org 2", "Org 10", "Zebra", "Ärzte", "Öko"]


@pytest.mark.parametrize(("locale", "first"), [("el", "Αθήνα"), ("ko", "한국"), ("ru", "Яблоко")])
def test_order_begins_with_the_script_of_the_reader(locale, first):
    assert in_order(locale)[0] == first


def test_key_of_a_very_long_name_fits_its_column():
    assert len(sort_key("쀍" * 120, "ko")) <= ListedName._meta.get_field("sort_key").max_length - 1


def test_letters_are_those_of_the_language():
    assert index_letters("sv")[-3:] == ["Å", "Ä", "Ö"]
    assert index_letters("el")[0] == "Α"
    assert index_letters("zh-hant") == []


def test_fingerprint_differs_by_language():
    assert collation_fingerprint("de") != collation_fingerprint("sv")


@pytest.mark.parametrize(
    ("locale", "name"),
    [("de", "Haus"), ("pt-br", "Casa"), ("pt", "Casa"), ("fr", "House"), ("de-at", "Haus")],
)
def test_name_in_a_language_falls_back_to_its_base_and_then_to_the_one_shown(locale, name):
    assert Names("House", {"de": "Haus", "pt": "Casa"}).in_language(locale) == name


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("DE", "150"),
        ("XK", "150"),
        ("TW", "142"),
        ("US", "019"),
        ("EG", "002"),
        ("NZ", "009"),
        ("", ""),
        ("ZZ", ""),
    ],
)
def test_region_of_a_country(country, region):
    assert region_of(country) == region


def test_regions_have_names_and_an_order_in_each_language():
    assert region_name("150", "ko") == "유럽"
    assert region_name("", "en") == ""
    assert [region_name(code, "en") for code in region_order("en")] == [
        *("Africa", "Americas", "Asia", "Europe", "Oceania", ""),
    ]


def test_every_country_stands_in_one_region():
    groups = countries_by_region("en")

    assert [name for name, _rows in groups] == ["Africa", "Americas", "Asia", "Europe", "Oceania"]
    assert sum(len(rows) for _name, rows in groups) == len(
        {code for _name, rows in groups for code, _label in rows}
    )


@pytest.fixture
def languages(settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_lists_are_made_for_languages_that_are_new_and_forgotten_for_those_that_are_gone(languages, settings):
    organization = OrganizationFactory(display_name="House")
    OrganizationName.objects.create(organization=organization, locale="de", name="Haus")
    OrganizationFactory(proven_at=None)
    ListedName.objects.all().delete()

    assert make_lists(at=NOW) == 2
    assert dict(ListedName.objects.values_list("locale", "name")) == {"en": "House", "de": "Haus"}
    assert make_lists(at=NOW) == 0

    settings.LANGUAGES = [("de", "Deutsch")]
    assert make_lists(at=NOW) == 0
    assert list(ListedName.objects.values_list("locale", flat=True)) == ["de"]
    assert list(ListedLanguage.objects.values_list("locale", flat=True)) == ["de"]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_lists_are_made_again_when_the_rules_have_changed(languages):
    organization = OrganizationFactory()
    make_lists(at=NOW)
    ListedLanguage.objects.filter(locale="de").update(fingerprint="of an older library")
    ListedName.objects.filter(locale="de").update(sort_key=b"old")

    assert make_lists(at=NOW) == 1
    assert bytes(organization.listed_names.get(locale="de").sort_key) == sort_key(
        organization.display_name, "de"
    )


@pytest.mark.sqlite
@pytest.mark.django_db
def test_renaming_and_names_in_other_languages_change_the_lists(languages):
    organization = OrganizationFactory(display_name="House")

    rename_organization(organization=organization, name="Home", by=None, at=NOW)
    set_own_names(organization=organization, names={"de": "Heim"}, by=None, at=NOW)

    assert dict(ListedName.objects.values_list("locale", "name")) == {"en": "Home", "de": "Heim"}
    organization.refresh_from_db()
    assert (organization.display_name, organization.folded_name) == ("Home", folded_name("Home"))
