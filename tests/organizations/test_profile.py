"""What an organization says of itself: its form, its names, its networks; and whether it is here already."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.activity.models import LogEntry
from campaign.activity.queries import held_lock
from campaign.activity.services import EditedByAnother, take_lock
from campaign.organizations.models import (
    Affiliation,
    Correction,
    DuplicateFlag,
    Inclusion,
    ListedName,
    Mandate,
    Organization,
    OrganizationName,
)
from campaign.organizations.names import folded_name
from campaign.organizations.queries import organization_profile
from campaign.organizations.services import (
    AffiliationIsGone,
    DomainIsProven,
    NotANetwork,
    ProfileChanged,
    ProfileData,
    RegistrationData,
    TooManyNames,
    TooManyNetworks,
    accept_affiliation,
    confirm_endorsement,
    edit_profile,
    end_affiliation,
    profile_lock,
    profile_version,
    rename_organization,
    set_own_names,
    state_affiliation,
)
from tests.factories.accounts import UserFactory
from tests.factories.documents import FrozenTextFactory
from tests.factories.organizations import EndorsementFactory, MembershipFactory, OrganizationFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOW = timezone.now()


def data_of(organization, **changed):
    stated = {
        "legal_name": organization.legal_name,
        "display_name": organization.display_name,
        "acronym": "",
        "kind": "ngo",
        "country": str(organization.country),
        "seat_region": "",
        "active_in": [],
        "website": organization.website,
        "locale": "en",
        "about": "",
    }
    return ProfileData(**{**stated, **changed})


def edit(organization, by=None, at=NOW, seen=None, **changed):
    return edit_profile(
        organization=organization,
        data=data_of(organization, **changed),
        seen=seen or profile_version(organization),
        by=by or UserFactory(),
        at=at,
    )


def acts(organization):
    return list(
        LogEntry.objects.filter(subject_id=organization.pk).order_by("at", "pk").values_list("act", "facts")
    )


def test_profile_is_changed_and_logged():
    organization = OrganizationFactory()

    row = edit(
        organization,
        acronym="ORG",
        active_in=["DE", "FR"],
        registrations=[RegistrationData("nl_kvk", "01234567")],
        needs_second_person=True,
    )

    row.refresh_from_db()
    assert (row.acronym, row.active_in, row.needs_second_person) == ("ORG", ["DE", "FR"], True)
    assert row.registrations.get().number_key == "nl_kvk:01234567"
    fields = "Acronym, Countries of activity, A second person approves what is signed, Registers"
    assert acts(row) == [("organizations.profile_changed", {"fields": fields})]


def test_profile_saved_as_it_was_logs_nothing():
    organization = OrganizationFactory()
    edit(organization)

    assert acts(organization) == []


def test_registrations_are_replaced_and_what_stays_keeps_its_row():
    organization = OrganizationFactory()
    edit(
        organization,
        registrations=[RegistrationData("nl_kvk", "01234567"), RegistrationData("fr_siren", "123456789")],
    )
    kept = organization.registrations.get(register="fr_siren")

    edit(
        organization,
        registrations=[
            RegistrationData("fr_siren", "123456789"),
            RegistrationData("other", "VR 1", "Amtsgericht"),
        ],
    )

    assert sorted(organization.registrations.values_list("register", "number")) == [
        ("fr_siren", "123456789"),
        ("other", "VR 1"),
    ]
    assert organization.registrations.get(register="fr_siren") == kept


@pytest.mark.parametrize(
    "website", ["https://other.example", "https://sub.{domain}", "https://other.example/{domain}"]
)
def test_website_of_a_proven_organization_stays_on_its_domain(website):
    organization = OrganizationFactory()

    with pytest.raises(DomainIsProven):
        edit(organization, website=website.format(domain=organization.domain))

    edit(organization, website=f"https://{organization.domain}/about")
    organization.refresh_from_db()
    assert organization.website.endswith("/about")


def test_website_of_one_that_is_held_back_stays_too():
    organization = OrganizationFactory(proven_at=None)
    Mandate.objects.create(
        organization=organization,
        signatory_function="x",
        email_key=b"",
        statement="x",
        locale="en",
        proof="domain_mail",
        domain=organization.domain,
        stated_at=NOW,
        expires_at=NOW,
        proven_at=NOW,
    )

    with pytest.raises(DomainIsProven):
        edit(organization, website="https://other.example")


def test_website_of_one_that_is_not_proven_moves_with_its_domain():
    organization = OrganizationFactory(proven_at=None)

    edit(organization, website="https://www.other.example")

    organization.refresh_from_db()
    assert (organization.domain, organization.lookalike_key) == ("other.example", "other.exarnple")


def test_save_of_what_somebody_changed_meanwhile_is_refused():
    organization = OrganizationFactory()
    seen = profile_version(organization)
    edit(organization, acronym="ONE")

    with pytest.raises(ProfileChanged):
        edit(organization, seen=seen, acronym="TWO")

    assert Organization.objects.get().acronym == "ONE"


def test_save_while_another_has_it_open_is_refused_and_after_saving_it_is_free():
    organization, ada, ben = OrganizationFactory(), UserFactory(), UserFactory()
    key = profile_lock(organization.pk)
    take_lock(key=key, user=ada, at=NOW)

    with pytest.raises(EditedByAnother):
        edit(organization, by=ben, acronym="BEN")

    edit(organization, by=ada, acronym="ADA")
    assert held_lock(key=key, at=NOW) is None


def test_country_moves_the_organization_in_lists():
    organization = OrganizationFactory(country="DE")
    before = bytes(organization.listed_names.get(locale="en").region_key)

    edit(organization, country="EG")

    assert bytes(organization.listed_names.get(locale="en").region_key) < before


def test_number_of_another_organization_is_flagged_for_staff():
    other, organization = OrganizationFactory.create_batch(2)
    edit(other, registrations=[RegistrationData("nl_kvk", "01234567")])

    edit(organization, registrations=[RegistrationData("nl_kvk", "01234567")])

    flag = DuplicateFlag.objects.get()
    assert (flag.organization, flag.other, flag.cause) == (organization, other, "number")


# --- Names ------------------------------------------------------------------------


def in_a_list(organization=None, locale="en", domain="listed.example"):
    endorsement = confirm_endorsement(endorsement=EndorsementFactory(stated_at=NOW, domain=domain), at=NOW)
    record = FrozenTextFactory(locale=locale)
    Inclusion.objects.create(endorsement=endorsement, record=record, title="x", address="/", included_at=NOW)
    return endorsement


def test_renaming_is_noted_where_a_list_went_out_and_logged():
    endorsement, other = in_a_list(), in_a_list()
    organization = endorsement.organization
    assert other.organization == organization
    confirm_endorsement(endorsement=EndorsementFactory(stated_at=NOW, domain="listed.example"), at=NOW)
    was = organization.display_name

    rename_organization(organization=organization, name="Now", by=None, at=NOW)

    assert sorted(Correction.objects.values_list("frozen_text", "kind", "was", "now")) == sorted(
        (each.frozen_text_id, "renamed", was, "Now") for each in (endorsement, other)
    )
    assert acts(organization)[-1] == ("organizations.renamed", {"was": was, "now": "Now"})


def test_renaming_through_the_profile_is_the_same():
    endorsement = in_a_list()

    edit(endorsement.organization, display_name="Now", website=endorsement.organization.website)

    assert Correction.objects.get().now == "Now"
    assert ListedName.objects.filter(name="Now").count() == 2


def test_renaming_a_list_in_another_language_follows_the_name_in_that_language():
    endorsement = in_a_list(locale="de")
    organization = endorsement.organization
    set_own_names(organization=organization, names={"de": "Haus"}, by=None, at=NOW)
    assert Correction.objects.get().now == "Haus"

    rename_organization(organization=organization, name="Home", by=None, at=NOW)

    assert Correction.objects.count() == 1


def test_own_names_are_replaced_and_logged():
    organization = OrganizationFactory()
    set_own_names(organization=organization, names={"de": "Haus", "fr": "Maison"}, by=None, at=NOW)

    set_own_names(organization=organization, names={"fr": "La Maison", "ko": "집"}, by=None, at=NOW)
    set_own_names(organization=organization, names={"fr": "La Maison", "ko": "집"}, by=None, at=NOW)

    assert dict(OrganizationName.objects.values_list("locale", "name")) == {"fr": "La Maison", "ko": "집"}
    assert [facts["languages"] for _act, facts in acts(organization)] == ["de, fr", "de, fr, ko"]


def test_own_names_have_an_end():
    with pytest.raises(TooManyNames):
        set_own_names(
            organization=OrganizationFactory(), names={f"x{n}": "x" for n in range(61)}, by=None, at=NOW
        )


# --- Networks -----------------------------------------------------------------------


def test_affiliation_is_shown_once_both_agree():
    member, network = OrganizationFactory(), OrganizationFactory(kind="network")
    by = UserFactory()

    row = state_affiliation(member=member, network=network, by=by, at=NOW)
    assert state_affiliation(member=member, network=network, by=by, at=NOW) == row
    assert organization_profile(organization=member, locale="en").networks == []

    accept_affiliation(affiliation=row, by=by, at=NOW)
    accept_affiliation(affiliation=row, by=by, at=NOW)
    assert organization_profile(organization=member, locale="en").networks == [
        (network.slug, network.display_name)
    ]
    assert organization_profile(organization=network, locale="en").members == [
        (member.slug, member.display_name)
    ]
    assert [act for act, _facts in acts(network)] == [
        "organizations.affiliation_stated",
        "organizations.affiliation_accepted",
    ]

    end_affiliation(affiliation=row, by=by, at=NOW)
    end_affiliation(affiliation=row, by=by, at=NOW)
    assert organization_profile(organization=network, locale="en").member_total == 0
    with pytest.raises(AffiliationIsGone):
        accept_affiliation(affiliation=row, by=by, at=NOW)


@pytest.mark.parametrize("of_network", [{"kind": "ngo"}, {"kind": "network", "proven_at": None}])
def test_affiliation_with_what_is_no_network_on_record_is_refused(of_network):
    with pytest.raises(NotANetwork):
        state_affiliation(
            member=OrganizationFactory(), network=OrganizationFactory(**of_network), by=UserFactory(), at=NOW
        )


def test_affiliation_with_itself_is_refused():
    network = OrganizationFactory(kind="network")

    with pytest.raises(NotANetwork):
        state_affiliation(member=network, network=network, by=UserFactory(), at=NOW)


def test_affiliations_have_an_end(monkeypatch):
    monkeypatch.setattr("campaign.organizations.services.profile.MOST_NETWORKS", 1)
    member, by = OrganizationFactory(), UserFactory()
    one, two = OrganizationFactory.create_batch(2, kind="network")
    state_affiliation(member=member, network=one, by=by, at=NOW)

    with pytest.raises(TooManyNetworks):
        state_affiliation(member=member, network=two, by=by, at=NOW)


# --- The pages -----------------------------------------------------------------------


def page(name, organization, *more):
    return reverse(name, args=[organization.slug, *more])


def sent(organization, **changed):
    return {
        "legal_name": organization.legal_name,
        "display_name": organization.display_name,
        "kind": "ngo",
        "country": "DE",
        "website": organization.website,
        "locale": "en",
        "seen": profile_version(organization),
        **changed,
    }


@pytest.fixture
def membership():
    return MembershipFactory()


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("organization_edit", "editor"),
        ("organization_logo_edit", "editor"),
        ("organization_networks", "editor"),
        ("organization_names_edit", "translator"),
    ],
)
def test_pages_by_role(client, name, least):
    roles = ["viewer", "translator", "editor", "owner"]
    organization = OrganizationFactory()
    assert client.get(page(name, organization)).status_code == 302

    client.force_login(UserFactory())
    assert client.get(page(name, organization)).status_code == 404
    for role in roles:
        client.force_login(MembershipFactory(organization=organization, role=role).user)
        expected = 200 if roles.index(role) >= roles.index(least) else 403
        assert client.get(page(name, organization)).status_code == expected, role


@pytest.mark.parametrize("name", ["organization_edit", "organization_names_edit", "organization_networks"])
def test_pages_refuse_other_methods(client, membership, name):
    client.force_login(membership.user)

    assert client.put(page(name, membership.organization)).status_code == 405


def test_profile_is_saved_and_cleaned_of_what_turns_the_reading_order(client, membership):
    client.force_login(membership.user)
    organization = membership.organization
    changes = {
        "display_name": "\u202eGood\u202c  Name\u2066",
        "acronym": "GN",
        "active_in": ["FR", "DE"],
        "about": "One line.\nAnother.",
        "needs_second_person": "on",
        "register_0": "eu_transparency",
        "number_0": "REG 0123456789-12",
        "register_name_0": "",
    }

    answer = client.post(page("organization_edit", organization), sent(organization, **changes))

    assert answer.url == page("organization_detail", organization)
    organization.refresh_from_db()
    assert (organization.display_name, organization.active_in) == ("Good Name", ["DE", "FR"])
    assert organization.needs_second_person
    assert organization.registrations.get().number == "0123456789-12"


def test_editor_leaves_the_second_person_as_it_is(client):
    membership = MembershipFactory(role="editor", organization__needs_second_person=True)
    client.force_login(membership.user)

    client.post(
        page("organization_edit", membership.organization), sent(membership.organization, acronym="X")
    )

    membership.organization.refresh_from_db()
    assert (membership.organization.acronym, membership.organization.needs_second_person) == ("X", True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"legal_name": ""}, "legal_name"),
        ({"website": "https://github.io"}, "website"),
        ({"website": "https://elsewhere.example"}, "website"),
        ({"active_in": ["XX"]}, "active_in"),
        ({"register_0": "", "number_0": "1"}, "register_0"),
        ({"register_0": "other", "number_0": "1"}, "register_name_0"),
        ({"register_0": "fr_siren", "number_0": "12"}, "number_0"),
        (
            {
                "register_0": "fr_siren",
                "number_0": "123456789",
                "register_1": "fr_siren",
                "number_1": "123 456 789",
            },
            "number_1",
        ),
    ],
)
def test_profile_that_is_wrong_keeps_what_was_typed_and_stores_nothing(client, membership, changes, field):
    client.force_login(membership.user)

    answer = client.post(
        page("organization_edit", membership.organization),
        sent(membership.organization, acronym="TYPED", **changes),
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert 'value="TYPED"' in answer.content.decode()
    assert Organization.objects.get(pk=membership.organization.pk).acronym == ""


def test_profile_page_says_who_has_it_open_and_get_takes_nothing(client, membership):
    client.force_login(membership.user)
    organization, key = membership.organization, profile_lock(membership.organization.pk)
    client.get(page("organization_edit", organization))
    assert held_lock(key=key, at=timezone.now()) is None

    other = UserFactory(name="Ben")
    take_lock(key=key, user=other, at=timezone.now())
    shown = client.get(page("organization_edit", organization)).content.decode()
    assert "Ben</span> has this open since" in shown

    refused = client.post(page("organization_edit", organization), sent(organization, acronym="MINE"))
    assert refused.status_code == 422
    assert 'value="MINE"' in refused.content.decode()
    assert "Take over and save" in refused.content.decode()

    saved = client.post(
        page("organization_edit", organization), sent(organization, acronym="MINE", take_over="1")
    )
    assert saved.status_code == 302
    assert Organization.objects.get().acronym == "MINE"


def test_profile_that_changed_meanwhile_is_saved_at_the_second_try(client, membership):
    client.force_login(membership.user)
    organization = membership.organization
    typed = sent(organization, acronym="MINE")
    edit(organization, about="Theirs")

    refused = client.post(page("organization_edit", organization), typed)
    assert refused.status_code == 422
    seen = refused.context["form"]["seen"].value()
    client.post(page("organization_edit", organization), {**typed, "seen": seen})

    assert Organization.objects.get().acronym == "MINE"


def test_open_page_takes_renews_and_takes_over(client, membership):
    client.force_login(membership.user)
    address, key = (
        page("organization_edit_lock", membership.organization),
        profile_lock(membership.organization.pk),
    )

    assert client.get(address).status_code == 405
    free = client.post(address, headers={"HX-Request": "true"})
    assert (free.status_code, free.content.strip()) == (200, b"")
    assert held_lock(key=key, at=timezone.now()).holder == membership.user

    take_lock(key=key, user=UserFactory(), at=timezone.now(), by_force=True)
    assert b"has this open" in client.post(address, headers={"HX-Request": "true"}).content
    assert client.post(address, {"take_over": "1"}).url == page("organization_edit", membership.organization)
    assert held_lock(key=key, at=timezone.now()).holder == membership.user


def test_names_are_saved_and_wrong_rows_are_told(client):
    membership = MembershipFactory(role="translator")
    client.force_login(membership.user)
    address = page("organization_names_edit", membership.organization)

    twice = {"locale_0": "de", "name_0": "Haus", "locale_1": "de", "name_1": "Heim"}
    assert list(client.post(address, twice).context["form"].errors) == ["locale_1"]
    without = client.post(address, {"locale_0": "", "name_0": "Haus"})
    assert (without.status_code, list(without.context["form"].errors)) == (422, ["locale_0"])
    assert not OrganizationName.objects.exists()

    client.post(address, {"locale_0": "ar", "name_0": "البيت", "locale_1": "de", "name_1": ""})
    assert dict(OrganizationName.objects.values_list("locale", "name")) == {"ar": "البيت"}


def test_network_is_stated_found_and_accepted_on_the_pages(client):
    editor = MembershipFactory(role="editor")
    owner = MembershipFactory(organization__kind="network", organization__display_name="The Öko Network")
    OrganizationFactory(kind="network", display_name="Another")
    client.force_login(editor.user)

    found = client.get(page("organization_networks", editor.organization), {"q": "oko"})
    assert list(found.context["found"]) == [owner.organization]
    client.post(page("organization_network_state", editor.organization), {"network": owner.organization.slug})
    row = Affiliation.objects.get()
    answer = page("organization_member_answer", owner.organization, row.pk)
    assert client.post(answer, {"answer": "accept"}).status_code == 404

    client.force_login(owner.user)
    assert "Networks (1)" in client.get(page("organization_detail", owner.organization)).content.decode()
    assert client.post(answer, {"answer": "perhaps"}).status_code == 400
    client.post(answer, {"answer": "accept"})
    row.refresh_from_db()
    assert row.accepted_at is not None

    client.post(page("organization_network_end", editor.organization, row.pk))
    assert Affiliation.objects.exists()  # not theirs to end from that page: they are no members there
    client.force_login(editor.user)
    client.post(page("organization_network_end", editor.organization, row.pk))
    assert not Affiliation.objects.exists()


def test_member_answer_is_for_owners(client):
    network = OrganizationFactory(kind="network")
    row = state_affiliation(member=OrganizationFactory(), network=network, by=UserFactory(), at=NOW)
    client.force_login(MembershipFactory(organization=network, role="editor").user)

    address = page("organization_member_answer", network, row.pk)
    assert client.post(address, {"answer": "accept"}).status_code == 403
    assert client.get(address).status_code == 405


@pytest.mark.parametrize("item_count", [1, 3])
def test_networks_page_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    membership = MembershipFactory(organization__kind="network")
    for other in OrganizationFactory.create_batch(item_count, kind="network"):
        state_affiliation(member=membership.organization, network=other, by=membership.user, at=NOW)
        state_affiliation(member=other, network=membership.organization, by=membership.user, at=NOW)
    client.force_login(membership.user)

    with django_assert_num_queries(7):
        client.get(page("organization_networks", membership.organization))


# --- Whether it is here already --------------------------------------------------------


@pytest.fixture
def here():
    organization = OrganizationFactory(display_name="Open Häuser", domain="haeuser.example")
    edit(
        organization,
        website="https://haeuser.example",
        registrations=[RegistrationData("nl_kvk", "01234567")],
    )
    return organization


FORM = {
    "legal_name": "New",
    "display_name": "New",
    "kind": "ngo",
    "country": "DE",
    "website": "https://new.example",
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"website": "https://www.haeuser.example/x"}, "website"),
        ({"register_0": "nl_kvk", "number_0": "0123 4567"}, "number_0"),
        ({"display_name": "OPEN hauser"}, "display_name"),
    ],
)
def test_organization_that_is_here_already_is_shown(client, here, changes, field):
    client.force_login(UserFactory())

    answer = client.post(reverse("organization_create"), {**FORM, **changes})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert page("organization_detail", here) in answer.content.decode()
    assert Organization.objects.count() == 1


def test_same_name_is_let_through_when_it_is_another_one(client, here):
    client.force_login(UserFactory())
    same = {**FORM, "display_name": "Open Häuser"}
    assert (
        'type="checkbox" name="go_on"' in client.post(reverse("organization_create"), same).content.decode()
    )

    answer = client.post(reverse("organization_create"), {**same, "go_on": "on"})

    assert answer.status_code == 302
    assert Organization.objects.filter(folded_name=folded_name("Open Häuser")).count() == 2


def test_same_domain_is_not_let_through(client, here):
    client.force_login(UserFactory())

    answer = client.post(
        reverse("organization_create"), {**FORM, "website": "https://haeuser.example", "go_on": "on"}
    )

    assert answer.status_code == 422


def test_one_that_is_not_proven_is_nobodys_business(client, here):
    Organization.objects.update(proven_at=None)
    client.force_login(UserFactory())

    assert (
        client.post(
            reverse("organization_create"), {**FORM, "website": "https://haeuser.example"}
        ).status_code
        == 302
    )


# --- At the same moment -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_one_is_refused():
    from django.db import connection

    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: there is no race to test")
    organization, people = OrganizationFactory(), UserFactory.create_batch(2)
    seen, refused = profile_version(organization), []

    def save(person):
        try:
            edit(
                organization, by=person, seen=seen, at=NOW + timedelta(hours=1), acronym=str(person.pk)[-20:]
            )
        except (ProfileChanged, EditedByAnother) as error:
            refused.append(error)

    in_threads([lambda person=person: save(person) for person in people])

    assert len(refused) == 1
