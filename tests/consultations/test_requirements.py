"""What portals ask of a reply: which of several statements holds, and how people state others."""

from functools import partial

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from campaign.consultations.limits import submission_limits
from campaign.consultations.models import Requirement
from campaign.consultations.requirements import Holding, InForce, requirements_of
from campaign.consultations.services import (
    Place,
    RequirementChanged,
    Stated,
    state_requirement,
    stated_digest,
    withdraw_requirement,
)
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import TeamMemberFactory
from tests.factories.consultations import ConsultationFactory, PortalProfileFactory, RequirementFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
WHOLE = Place("text-length", "submission", "characters")


def holding(consultation, topic="text-length"):
    return [(row.origin, row.value) for row in requirements_of(consultation).rows(topic)]


def state(owner, value=50, *, seen="", place=WHOLE, status="verified", person=None):
    return state_requirement(
        owner=owner,
        place=place,
        stated=Stated(value, status, "the notice, page 2"),
        seen=seen,
        person=person or UserFactory(),
        at=timezone.now(),
    )


# --- which one holds ---


def test_what_the_operator_states_stands_before_what_is_shipped_and_the_notice_before_both():
    consultation = ConsultationFactory()
    RequirementFactory(profile=consultation.profile, value=1)
    shipped = holding(consultation)
    state(consultation.profile, 2)
    stated = holding(consultation)
    state(consultation, 3)

    assert (shipped, stated, holding(consultation)) == ([("shipped", 1)], [("operator", 2)], [("call", 3)])


def test_what_another_portal_or_consultation_states_does_not_hold():
    consultation = ConsultationFactory()
    RequirementFactory()
    RequirementFactory(consultation=ConsultationFactory())

    assert requirements_of(consultation).holdings == ()


def test_the_operator_can_state_that_a_limit_is_not_known():
    consultation = ConsultationFactory()
    RequirementFactory(profile=consultation.profile, value=1)

    state(consultation.profile, None, status="uncertain")

    [held] = requirements_of(consultation).holdings
    assert (held.words, held.beaten_words) == ("", ["1 characters"])


@pytest.mark.parametrize(
    ("topic", "more", "value", "words", "about"),
    [
        ("text-length", {"subject": "answer"}, 4000, "4,000 characters", "each answer"),
        ("text-length", {"subject": "submission", "unit": "bytes"}, None, "", "the whole reply"),
        ("attachment-count", {"unit": ""}, 1, "1 file", ""),
        ("attachment-size", {"unit": "kilobytes"}, 2_500, "2.5 MB", ""),
        ("attachment-formats", {"unit": ""}, ["pdf", "docx"], "PDF, DOCX", ""),
        ("languages", {"unit": ""}, ["en", "fr"], "English, French", ""),
        ("languages", {"unit": ""}, ["all-eu"], "any of the 24 official languages of the EU", ""),
        ("login", {"unit": ""}, False, "no", ""),
        ("identification", {"subject": "organization", "unit": ""}, ["organization_name", "shoe_size"],
         "name of the organization, shoe size", "as an organization"),
        ("field-length", {"subject": "first_name"}, 25, "25 characters", "first name"),
        ("receipt", {"unit": ""}, "a number", "a number", ""),
    ],
)  # fmt: skip
def test_requirement_is_put_into_words(topic, more, value, words, about):
    row = RequirementFactory(topic=topic, value=value, **{"subject": "", "unit": "characters", **more})

    shown = Holding(row)

    assert (shown.words, shown.about) == (words, about)


@pytest.mark.parametrize(
    ("status", "value", "held"),
    [
        ("uncertain", 9_000_000, [4_000, 9_000_000]),  # not sure: the verified one holds as well
        ("uncertain", None, [4_000, None]),
        ("verified", 9_000_000, [9_000_000]),
    ],
)
def test_length_that_nobody_verified_replaces_no_verified_one(status, value, held):
    consultation = ConsultationFactory()
    RequirementFactory(profile=consultation.profile, value=4_000)
    RequirementFactory(consultation=consultation, value=value, status=status)

    rows = requirements_of(consultation).rows("text-length", "submission")

    assert [row.value for row in rows] == held


def test_length_in_another_unit_replaces_nothing():
    consultation = ConsultationFactory()
    RequirementFactory(profile=consultation.profile, value=4_000)
    RequirementFactory(consultation=consultation, unit="pages", value=None, status="uncertain")

    assert [limit.maximum for limit in submission_limits(requirements_of(consultation))] == [4_000]


# --- stating it ---


def test_state_requirement_again_with_what_was_seen_replaces_it():
    portal = PortalProfileFactory()
    first = state(portal, 50)

    state(portal, 60, seen=stated_digest(first))

    assert [row.value for row in Requirement.objects.all()] == [60]


@pytest.mark.parametrize("seen", ["", "0123456789abcdef"])
def test_state_requirement_over_what_another_stated_is_refused_with_theirs(seen):
    portal = PortalProfileFactory()
    theirs = state(portal, 50)

    with pytest.raises(RequirementChanged) as caught:
        state(portal, 60, seen=seen)

    assert caught.value.current == theirs
    assert Requirement.objects.get().value == 50


def test_state_requirement_that_another_took_back_is_refused():
    portal = PortalProfileFactory()
    row = state(portal, 50)
    seen = stated_digest(row)
    withdraw_requirement(requirement=row)

    with pytest.raises(RequirementChanged):
        state(portal, 60, seen=seen)

    assert not Requirement.objects.exists()


def test_withdraw_requirement_twice_is_once_and_leaves_what_is_shipped():
    consultation = ConsultationFactory()
    shipped = RequirementFactory(profile=consultation.profile, value=1)
    row = state(consultation.profile, 2)

    withdraw_requirement(requirement=row)
    withdraw_requirement(requirement=row)
    withdraw_requirement(requirement=shipped)

    assert holding(consultation) == [("shipped", 1)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_state_the_same_at_once_one_is_told():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: there is no race to test")
    portal, people = PortalProfileFactory(), UserFactory.create_batch(2)

    stored, told = [], []

    def state_once(value, person):
        try:
            stored.append(state(portal, value, person=person).value)
        except RequirementChanged as error:
            told.append(error.current.value)

    in_threads([partial(state_once, value, person) for value, person in enumerate(people, 1)])

    assert len(stored) == 1
    assert told == stored == [row.value for row in Requirement.objects.all()]


# --- the pages ---


@pytest.fixture
def operator(client):
    person = UserFactory(is_staff=True)
    client.force_login(person)
    return person


def address(portal, **query):
    found = reverse("portal_requirement", args=[portal.slug])
    return f"{found}?{'&'.join(f'{name}={value}' for name, value in query.items())}" if query else found


WHOLE_QUERY = {"topic": "text-length", "scope": "submission", "unit": "characters"}


@pytest.mark.parametrize("item_count", [1, 3])
def test_portal_list_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    PortalProfileFactory.create_batch(item_count)

    with django_assert_num_queries(1):
        client.get(reverse("portal_list"))


@pytest.mark.parametrize("item_count", [1, 3])
def test_portal_page_takes_a_fixed_number_of_queries(client, item_count, django_assert_num_queries):
    portal = PortalProfileFactory()
    for number in range(item_count):
        RequirementFactory(profile=portal, applies_to=str(number))

    with django_assert_num_queries(3):
        client.get(reverse("portal_detail", args=[portal.slug]))


def test_portal_page_tells_how_sure_each_statement_is(client):
    portal = PortalProfileFactory()
    RequirementFactory(profile=portal, value=None, status="uncertain")
    RequirementFactory(profile=portal, unit="words", value=300, status="reported", source="a letter")

    page = client.get(reverse("portal_detail", args=[portal.slug])).content.decode()

    assert "Not known" in page
    assert "Often said, not checked" in page
    assert "Reported by respondents or press: a letter" in page
    assert "State it otherwise" not in page


def test_operator_states_a_limit_in_two_steps(client, operator):
    portal = PortalProfileFactory()

    asked = client.get(address(portal, **WHOLE_QUERY))
    answer = client.post(
        address(portal, **WHOLE_QUERY),
        {"value": "4 000", "status": "reported", "source": "a letter", "seen": ""},
    )

    row = Requirement.objects.get()
    assert asked.status_code == 200
    assert answer.url == reverse("portal_detail", args=[portal.slug])
    assert (row.origin, row.value, row.status, row.source, row.changed_by) == (
        "operator", 4000, "reported", "a letter", operator,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"topic": "text-length", "unit": "words"}, "Say what the limit is of"),
        ({"topic": "text-length", "scope": "answer"}, "Say what is counted"),
        ({"topic": "weather"}, "weather is not one of the available choices"),
    ],
)
@pytest.mark.usefixtures("operator")
def test_what_it_is_about_badly_chosen_is_told_at_its_place(client, query, told):
    response = client.get(address(PortalProfileFactory(), **query))

    assert response.status_code == 422
    assert told in response.content.decode()


@pytest.mark.parametrize(
    ("topic", "value", "told"),
    [
        ("attachment-count", "some", "Write a whole number"),
        ("attachment-count", "4,000", "Write a whole number"),
        ("attachment-count", "٤", "Write a whole number"),
        ("attachment-count", "99999999999999999999", "Write a whole number"),
        ("attachment-count", "0000000000019", "Write a whole number"),
        ("attachment-count", "1000000000009" * 30, "Write a whole number"),
        ("attachment-count", "000000000004000", "Write a whole number"),
        ("attachment-count", "000000000001" + "0" * 400, "Write a whole number"),
        ("attachment-size", "0", "in megabytes"),
        ("attachment-size", "1e3", "in megabytes"),
        ("login", "perhaps", "Write yes or no"),
        ("receipt", "", "Say what is asked"),
    ],
)
@pytest.mark.usefixtures("operator")
def test_value_of_a_wrong_form_is_told_and_kept(client, topic, value, told):
    portal = PortalProfileFactory()

    response = client.post(address(portal, topic=topic), {"value": value, "status": "verified", "seen": ""})

    assert response.status_code == 422
    assert told in response.content.decode()
    assert response.context["form"]["value"].value() == value
    assert not Requirement.objects.exists()


@pytest.mark.parametrize(
    ("topic", "typed", "stored"),
    [
        ("attachment-size", "2,5", 2_500),
        ("attachment-size", "10", 10_000),
        ("login", "Yes", True),
        ("languages", "en, fr ,", ["en", "fr"]),
        ("attachment-count", "", None),
        ("receipt", "a number", "a number"),
    ],
)
@pytest.mark.usefixtures("operator")
def test_value_is_stored_in_its_form_and_shown_as_it_was_typed(client, topic, typed, stored):
    portal = PortalProfileFactory()
    client.post(address(portal, topic=topic), {"value": typed, "status": "verified", "seen": ""})

    row = Requirement.objects.get()
    again = client.get(address(portal, row=row.pk))

    assert row.value == stored
    assert again.context["form"]["seen"].value() == stated_digest(row)


@pytest.mark.usefixtures("operator")
def test_requirement_that_another_changed_keeps_what_was_typed_and_shows_theirs(client):
    portal = PortalProfileFactory()
    row = state(portal, 50)
    sent = {"value": "70", "status": "verified", "seen": stated_digest(row)}
    state(portal, 60, seen=stated_digest(row))

    refused = client.post(address(portal, row=row.pk), sent)
    page = refused.content.decode()
    again = client.post(
        address(portal, row=row.pk), {**sent, "seen": refused.context["form"]["seen"].value()}
    )

    assert refused.status_code == 422
    assert "60 characters" in page
    assert 'value="70"' in page
    assert again.status_code == 302
    assert Requirement.objects.get().value == 70


@pytest.mark.usefixtures("operator")
def test_operator_takes_a_statement_back(client):
    portal = PortalProfileFactory()
    row = state(portal, 50)

    client.post(address(portal, row=row.pk), {"withdraw": "1"})

    assert not Requirement.objects.exists()


def test_who_brought_a_consultation_in_states_what_its_notice_asks(client):
    person = TeamMemberFactory().user
    consultation = ConsultationFactory(imported_by=person)
    shipped = RequirementFactory(profile=consultation.profile, value=1)
    client.force_login(person)

    client.post(
        f"{reverse('consultation_requirement', args=[consultation.slug])}?row={shipped.pk}",
        {"value": "2", "status": "verified", "seen": ""},
    )

    assert holding(consultation) == [("call", 2)]
    assert [held.row.value for held in InForce.of(consultation.profile.requirements.all()).holdings] == [1]


@pytest.mark.usefixtures("operator")
def test_requirement_of_another_portal_is_not_found(client):
    assert client.get(address(PortalProfileFactory(), row=RequirementFactory().pk)).status_code == 404
    assert client.get(address(PortalProfileFactory(), row="x")).status_code == 404


def test_stating_requirements_needs_the_right(client):
    consultation = ConsultationFactory(imported_by=TeamMemberFactory().user)
    addresses = [
        address(consultation.profile),
        reverse("consultation_requirement", args=[consultation.slug]),
    ]

    anonymous = [client.get(each).status_code for each in addresses]
    client.force_login(UserFactory())

    assert anonymous == [302, 302]
    assert [client.get(each).status_code for each in addresses] == [404, 403]
    assert [client.put(each).status_code for each in addresses] == [405, 405]
