"""The desk for organizations: documents, reported mandates, doubles."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.moderation.models import Act, ModerationAct
from campaign.organizations.models import (
    DuplicateFlag,
    EndorsementState,
    Mandate,
    MandateObjection,
    MandateProof,
    Organization,
)
from tests.factories.mandates import (
    PDF,
    DuplicateFlagFactory,
    MandateDocumentFactory,
    MandateFactory,
    MandateObjectionFactory,
    WaitingMandateFactory,
)
from tests.factories.moderation import staff
from tests.factories.organizations import EndorsementFactory, MembershipFactory, OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
QUEUE = reverse("moderation_mandates")


@pytest.fixture
def moderator(client):
    user = staff()
    client.force_login(user)
    return user


@pytest.fixture
def waiting():
    return MandateDocumentFactory().mandate


def page_of(row, name="moderation_mandate"):
    return reverse(name, args=[row.pk])


def recorded():
    return list(ModerationAct.objects.values_list("act", "note"))


# --- The queue --------------------------------------------------------------------------
@pytest.mark.parametrize("item_count", [1, 3])
def test_queue_takes_a_fixed_number_of_queries(client, moderator, item_count, django_assert_num_queries):
    MandateDocumentFactory.create_batch(item_count)
    MandateObjectionFactory.create_batch(item_count)
    DuplicateFlagFactory.create_batch(item_count)

    with django_assert_num_queries(6):  # session, user, documents twice, reports, pairs
        page = client.get(QUEUE)

    assert len(page.context["mandates"]) == item_count
    assert len(page.context["objections"]) == item_count
    assert page.context["duplicate_count"] == item_count


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize("name", ["moderation_duplicates", "moderation_organization_mandates"])
def test_other_lists_take_a_fixed_number_of_queries(
    client, moderator, name, item_count, django_assert_num_queries
):
    organization = OrganizationFactory()
    if name == "moderation_duplicates":
        DuplicateFlagFactory.create_batch(item_count)
        address, queries = reverse(name), 4
    else:
        MandateFactory.create_batch(item_count, organization=organization)
        address, queries = reverse(name, args=[organization.slug]), 5

    with django_assert_num_queries(queries):
        page = client.get(address)

    assert len(page.context["page"].object_list) == item_count


def test_queue_is_empty_in_words(client, moderator):
    page = client.get(QUEUE).content.decode()

    assert "No document waits." in page
    assert "0 documents to check" in page


def test_pair_found_to_be_one_takes_the_organizations_other_pairs_off_the_list(client, moderator):
    done = DuplicateFlagFactory(decision="same")
    DuplicateFlagFactory(organization=done.organization, cause="name")
    waits = DuplicateFlagFactory()

    page = client.get(reverse("moderation_duplicates"))

    assert list(page.context["flags"]) == [waits]


# --- A document ---------------------------------------------------------------------------
def test_detail_shows_what_was_stated_numbers_and_flags(client, moderator, waiting):
    waiting.organization.registrations.create(
        register="de_lobby", number="R001234", number_key="de_lobby:R001234"
    )
    flag = DuplicateFlagFactory(organization=waiting.organization)
    MandateFactory(organization=waiting.organization, signatory_function="Treasurer")

    page = client.get(page_of(waiting)).content.decode()

    for words in (waiting.signatory_name, waiting.signatory_email, "R001234", "Treasurer"):
        assert words in page
    assert page_of(flag, "moderation_duplicate") in page
    assert "minutes of the board" not in page


def test_domain_that_mixes_scripts_is_flagged(client, moderator, waiting):
    Organization.objects.update(domain="аpple.example".encode("idna").decode())

    assert "Letters of several scripts" in client.get(page_of(waiting)).content.decode()


def test_document_is_for_saving_alone(client, moderator, waiting):
    response = client.get(page_of(waiting, "moderation_mandate_document"))

    assert response.content == PDF
    assert response.headers["Content-Disposition"] == 'attachment; filename="minutes.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/pdf"
    assert "no-store" in response.headers["Cache-Control"]


def test_document_that_is_erased_is_not_found(client, moderator):
    mandate = MandateFactory(proof=MandateProof.DOCUMENT)

    assert client.get(page_of(mandate, "moderation_mandate_document")).status_code == 404
    assert "has been erased" in client.get(page_of(mandate)).content.decode()


def test_accepting_is_done_and_recorded(client, moderator, waiting):
    response = client.post(page_of(waiting), {"outcome": "accept", "domain": "own"})

    waiting.refresh_from_db()
    assert response.url == QUEUE
    assert (waiting.proven_at is not None, waiting.checked_by) == (True, moderator)
    assert recorded() == [(Act.ACCEPT, waiting.organization.display_name)]


@pytest.mark.parametrize("domain", ["own", "shared"])
def test_accepting_says_whose_the_domain_is(client, moderator, waiting, domain):
    client.post(page_of(waiting), {"outcome": "accept", "domain": domain})

    assert (Organization.objects.get().domain == "") == (domain == "shared")


def test_organization_without_a_domain_is_accepted_without_that_question(client, moderator, waiting):
    Organization.objects.update(domain="")

    client.post(page_of(waiting), {"outcome": "accept"})

    waiting.refresh_from_db()
    assert waiting.proven_at is not None


def test_refusing_is_done_and_recorded(client, moderator, waiting):
    response = client.post(page_of(waiting), {"outcome": "refuse", "reason": "The seal is missing."})

    waiting.refresh_from_db()
    assert response.url == QUEUE
    assert (waiting.rejected_at is not None, waiting.reason) == (True, "The seal is missing.")
    assert recorded() == [(Act.REFUSE, f"{waiting.organization.display_name}: The seal is missing.")]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"outcome": "accept"}, "domain"),
        ({"outcome": "accept", "domain": "mine"}, "domain"),
        ({"outcome": "refuse"}, "reason"),
        ({"outcome": "refuse", "reason": "x" * 301}, "reason"),
        ({}, "reason"),
        ({"outcome": "burn", "reason": "x"}, "__all__"),
        ({"outcome": "revoke", "reason": "x"}, "__all__"),
    ],
)
def test_decision_with_a_slip_changes_nothing(client, moderator, waiting, data, field):
    response = client.post(page_of(waiting), data)

    waiting.refresh_from_db()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert (waiting.proven_at, waiting.rejected_at, recorded()) == (None, None, [])


def test_document_decided_meanwhile_is_told(client, moderator, waiting):
    address = page_of(waiting)
    client.post(address, {"outcome": "accept", "domain": "own"})

    response = client.post(address, {"outcome": "refuse", "reason": "too late"})

    waiting.refresh_from_db()
    assert response.status_code == 422
    assert "decided on meanwhile" in response.content.decode()
    assert waiting.rejected_at is None
    assert len(recorded()) == 1


def test_domain_of_another_is_told(client, moderator, waiting):
    OrganizationFactory(domain=waiting.organization.domain)

    response = client.post(page_of(waiting), {"outcome": "accept", "domain": "own"})

    assert response.status_code == 422
    assert "Another organization" in response.context["form"].non_field_errors()[0]
    assert recorded() == []


@pytest.mark.parametrize(
    "data", [{"outcome": "accept", "domain": "own"}, {"outcome": "refuse", "reason": "x"}]
)
def test_own_organization_is_left_to_others(client, moderator, waiting, data):
    MembershipFactory(organization=waiting.organization, user=moderator, role="viewer")

    shown = client.get(page_of(waiting)).content.decode()
    response = client.post(page_of(waiting), data)

    assert "You are part of this organization" in shown
    assert "Accept the mandate" not in shown
    assert response.status_code == 422
    assert recorded() == []


# --- A mandate on record -----------------------------------------------------------------------
def test_mandate_is_refused_afterwards_and_what_it_signed_falls(client, moderator):
    mandate = MandateFactory()
    endorsement = EndorsementFactory(
        organization=mandate.organization,
        mandate=mandate,
        state=EndorsementState.ACCEPTED,
        accepted_at=timezone.now(),
    )

    client.post(page_of(mandate), {"outcome": "revoke", "reason": "The board objects."})

    for row in (mandate, endorsement):
        row.refresh_from_db()
    assert (mandate.rejected_at is not None, endorsement.state) == (True, EndorsementState.REJECTED)
    assert recorded() == [(Act.REVOKE, f"{mandate.organization.display_name}: The board objects.")]


def test_reported_mandate_is_let_stand(client, moderator):
    objection = MandateObjectionFactory()

    page = client.get(page_of(objection.mandate)).content.decode()
    client.post(page_of(objection.mandate), {"outcome": "keep", "reason": "It is in the minutes."})

    assert "The board never met." in page
    assert MandateObjection.objects.get().decision == "dismissed"
    assert Mandate.objects.get().rejected_at is None
    assert [act for act, _note in recorded()] == [Act.UPHOLD]


@pytest.mark.parametrize(
    "mandate", [{"rejected_at": timezone.now()}, {"proven_at": None, "ends_at": None}], ids=["refused", "by mail"]
)  # fmt: skip
def test_mandate_with_nothing_to_decide(client, moderator, mandate):
    row = MandateFactory(**mandate)

    assert "Nothing to decide" in client.get(page_of(row)).content.decode()
    assert client.post(page_of(row), {"outcome": "revoke", "reason": "x"}).status_code == 422
    assert recorded() == []


# --- Here twice ------------------------------------------------------------------------------------
def test_pair_is_shown_side_by_side(client, moderator):
    flag = DuplicateFlagFactory()
    owner = MembershipFactory(organization=flag.organization).user

    page = client.get(page_of(flag, "moderation_duplicate")).content.decode()

    for words in (flag.organization.legal_name, flag.other.legal_name, owner.email, flag.other.domain):
        assert words in page


@pytest.mark.parametrize(
    ("outcome", "act", "is_shown"), [("different", Act.DIFFERENT, True), ("same", Act.SAME, False)]
)
def test_pair_is_decided_and_recorded(client, moderator, outcome, act, is_shown):
    mandate = MandateFactory(
        organization=OrganizationFactory(proven_at=None), stated_at=timezone.now() - timedelta(days=1)
    )
    flag = DuplicateFlagFactory(organization=mandate.organization)

    response = client.post(
        page_of(flag, "moderation_duplicate"), {"outcome": outcome, "reason": "We asked both."}
    )

    flag.refresh_from_db()
    assert response.url == reverse("moderation_duplicates")
    assert (flag.decision, flag.decided_by, flag.reason) == (outcome, moderator, "We asked both.")
    shown = Organization.objects.proven().filter(pk=flag.organization_id)
    assert shown.exists() == is_shown
    assert recorded() == [(act, f"{flag.organization.display_name}: We asked both.")]


@pytest.mark.parametrize("data", [{"outcome": "same"}, {"outcome": "burn", "reason": "x"}, {"reason": "x"}])
def test_pair_with_a_slip_is_not_decided(client, moderator, data):
    flag = DuplicateFlagFactory()

    assert client.post(page_of(flag, "moderation_duplicate"), data).status_code == 422

    assert DuplicateFlag.objects.get().decision == ""
    assert recorded() == []


def test_pair_decided_meanwhile_is_told(client, moderator):
    flag = DuplicateFlagFactory()
    address = page_of(flag, "moderation_duplicate")
    client.post(address, {"outcome": "different", "reason": "x"})

    response = client.post(address, {"outcome": "same", "reason": "y"})

    assert response.status_code == 422
    assert "decided this meanwhile" in response.content.decode()
    assert DuplicateFlag.objects.get().decision == "different"


def test_pair_of_the_own_organization_is_left_to_others(client, moderator):
    flag = DuplicateFlagFactory()
    MembershipFactory(organization=flag.other, user=moderator, role="viewer")
    address = page_of(flag, "moderation_duplicate")

    shown = client.get(address).content.decode()
    response = client.post(address, {"outcome": "same", "reason": "x"})

    assert "You are part of one of the two" in shown
    assert response.status_code == 422
    assert DuplicateFlag.objects.get().decision == ""


# --- All of them ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name", ["moderation_mandate", "moderation_mandate_document", "moderation_duplicate"]
)
def test_unknown_row_is_not_found(client, moderator, name):
    assert client.get(reverse(name, args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize("name", ["moderation_mandates", "moderation_duplicates"])
def test_lists_refuse_to_be_posted(client, moderator, name):
    assert client.post(reverse(name)).status_code == 405


def test_reading_changes_nothing(client, moderator, waiting):
    flag, objection = DuplicateFlagFactory(), MandateObjectionFactory()
    by_mail = WaitingMandateFactory()

    for row, name in [
        (waiting, "moderation_mandate"),
        (waiting, "moderation_mandate_document"),
        (objection.mandate, "moderation_mandate"),
        (by_mail, "moderation_mandate"),
        (flag, "moderation_duplicate"),
    ]:
        assert client.get(page_of(row, name)).status_code == 200
        assert client.head(page_of(row, name)).status_code == 200

    assert recorded() == []
    assert DuplicateFlag.objects.get().decision == ""
    assert not Mandate.objects.filter(rejected_at__isnull=False).exists()
