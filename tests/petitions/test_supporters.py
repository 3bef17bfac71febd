"""Consent to the news of one organization each: how it comes to be, follows the signer, and is counted."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from random import Random
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from campaign.core.rotation import index_key_counts, rotate_index_keys
from campaign.guard.services import save_mailbox_rule
from campaign.petitions.consents import (
    CONSENT_VERSIONS,
    Asking,
    news_named,
    readable_consents,
    wording_digest,
)
from campaign.petitions.keys import mailbox_keys
from campaign.petitions.models import Signature, SignatureState, Supporter
from campaign.petitions.queries import signature_total
from campaign.petitions.services import (
    Reach,
    SignatureIsGone,
    confirm_signature,
    erase_due_petitions,
    erase_signer,
    erase_unconfirmed,
    number_waiting_signatures,
    reindex_mailboxes,
    set_news,
    signer_data,
    withdraw_signature,
)
from campaign.petitions.supporters import (
    coarse,
    consents_of_address,
    joint_reach,
    supporter_total,
    supporters_by_country,
    supporters_by_petition,
    supporters_by_week,
)
from tests.factories.campaigns import CampaignFactory, PartnerFactory
from tests.factories.organizations import OrganizationFactory
from tests.factories.petitions import (
    ConfirmedSignatureFactory,
    PetitionFactory,
    SignatureFactory,
    agreed_to_news,
)
from tests.petitions.signing import boxes, sign
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race"
)
NOW = timezone.now()


def confirm_all():
    for row in Signature.objects.filter(state=SignatureState.PENDING):
        confirm_signature(signature=row, at=timezone.now())


def supports():
    """{(address, name of the organization)}"""
    rows = Supporter.objects.select_related("signature", "organization")
    return {(row.signature.email, row.organization.display_name) for row in rows}


def asking(organization):
    return Asking(str(organization.pk), organization.display_name)


@pytest.fixture
def petition():
    """Of an owner A with partners B and C that ask."""
    petition = PetitionFactory(campaign__owner__display_name="A")
    for name in ("B", "C"):
        PartnerFactory(campaign=petition.campaign, organization__display_name=name)
    return petition


def organizations(petition):
    partners = petition.campaign.partnerships.order_by("pk").select_related("organization")
    return [petition.campaign.owner, *(row.organization for row in partners)]


# --- Signing -----------------------------------------------------------------------
def test_ticked_organizations_are_recorded_with_the_name_that_was_shown(petition):
    _a, b, _c = organizations(petition)

    sign(petition, NOW, organizations=boxes(b))

    record = Signature.objects.get().consents[-1]
    assert record == {
        "purpose": "news",
        "given": True,
        "version": CONSENT_VERSIONS["news"],
        "locale": "en",
        "at": NOW.isoformat(),
        "sha256": wording_digest("news", CONSENT_VERSIONS["news"], "en", "B"),
        "organization": str(b.pk),
        "organization_name": "B",
    }
    assert readable_consents([record])[0].wording == "Mail me news of B."
    assert readable_consents([record])[0].is_exact


def test_supporters_are_there_once_the_mailbox_has_said_yes(petition):
    a, b, _c = organizations(petition)
    sign(petition, NOW, organizations=boxes(a, b))
    assert supports() == set()

    confirm_all()
    confirm_all()

    assert supports() == {("ada@example.org", "A"), ("ada@example.org", "B")}
    row = Supporter.objects.first()
    assert (row.petition, row.since) == (petition, NOW)
    assert bytes(row.person_key) == mailbox_keys("ada@example.org", {})[0]


def test_what_no_organization_there_asks_for_is_dropped(petition):
    a, b, c = organizations(petition)
    petition.campaign.partnerships.filter(organization=c).update(asks_news=False)
    foreign, stranger = PartnerFactory().organization, OrganizationFactory()
    renamed = boxes(b)
    b.display_name = "B, under a new name"
    b.save()
    other_language = boxes(a, locale="de")

    unknown = f"{uuid4()}:{'0' * 12}"
    sign(
        petition,
        NOW,
        organizations=(*boxes(c, foreign, stranger), *renamed, *other_language, unknown, "rubbish", ""),
    )

    assert news_named(Signature.objects.get().consents) == []


def test_what_was_typed_last_stands(petition):
    a, b, _c = organizations(petition)
    sign(petition, NOW, organizations=boxes(a))
    sign(petition, NOW + timedelta(minutes=1), organizations=boxes(b))

    confirm_all()

    assert supports() == {("ada@example.org", "B")}


def test_who_has_signed_already_changes_nothing_by_the_form(petition):
    a, b, _c = organizations(petition)
    sign(petition, NOW, organizations=boxes(a))
    confirm_all()

    sign(petition, NOW + timedelta(minutes=1), organizations=boxes(b))

    assert supports() == {("ada@example.org", "A")}


def test_a_form_of_the_release_before_is_taken_in(petition):
    sign(petition, NOW, purposes=("sign", "news"))

    assert [row["purpose"] for row in Signature.objects.get().consents] == ["sign"]


@pytest.mark.parametrize(("named", "queries"), [(0, 1), (1, 5), (3, 5)])
def test_confirming_writes_the_row_alone_for_who_ticked_none(
    petition, named, queries, django_assert_num_queries
):
    sign(petition, NOW, organizations=boxes(*organizations(petition)[:named]))
    row = Signature.objects.select_related("petition").get()

    with django_assert_num_queries(queries):  # beside it: savepoint, the key, the rows, release
        confirm_signature(signature=row, at=NOW)

    assert Supporter.objects.count() == named


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_confirming_at_once_makes_one_row_each(petition):
    a, b, _c = organizations(petition)
    sign(petition, NOW, organizations=boxes(a, b))

    in_threads([confirm_all] * 4)

    assert Supporter.objects.count() == 2


# --- Changing one's mind -------------------------------------------------------------
def test_set_news_gives_and_takes_back_one_organization(petition):
    a, b, _c = organizations(petition)
    row = agreed_to_news(ConfirmedSignatureFactory(petition=petition), a, b)

    for _ in range(2):
        set_news(signature=row, organization=asking(b), given=False, locale="en", at=NOW)

    assert {name for _address, name in supports()} == {"A"}
    records = Signature.objects.get().consents
    assert [(each.get("organization_name"), each["given"]) for each in records[1:]] == [
        ("A", True),
        ("B", True),
        ("B", False),
    ]


def test_set_news_of_the_first_wording_is_about_the_owner(petition):
    a = petition.campaign.owner
    old = {"purpose": "news", "given": True, "version": "2026-11-1", "locale": "en", "at": NOW.isoformat()}
    row = ConfirmedSignatureFactory(petition=petition, consents=[old], wants_news=True)
    Supporter.objects.create(
        signature=row, organization=a, petition=petition, person_key=row.email_key, since=NOW
    )

    set_news(signature=row, organization=asking(a), given=False, locale="en", at=NOW)

    row.refresh_from_db()
    assert (supports(), row.wants_news) == (set(), False)
    assert readable_consents(row.consents)[0].wording.startswith("Mail me news of the organization that runs")


@pytest.mark.parametrize("state", [SignatureState.PENDING, SignatureState.INVALIDATED])
def test_set_news_of_a_signature_that_does_not_stand_is_refused(petition, state):
    row = SignatureFactory(petition=petition, state=state)

    with pytest.raises(SignatureIsGone):
        agreed_to_news(row, petition.campaign.owner)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_set_news_at_once_loses_no_record_and_no_row(petition):
    row = ConfirmedSignatureFactory(petition=petition)

    in_threads([lambda each=each: agreed_to_news(row, each) for each in organizations(petition)])

    assert len(Signature.objects.get().consents) == 4
    assert Supporter.objects.count() == 3


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_set_news_while_withdrawing_leaves_no_row(petition):
    row = ConfirmedSignatureFactory(petition=petition)

    def give():
        with suppress(SignatureIsGone):
            agreed_to_news(row, petition.campaign.owner)

    in_threads([give, lambda: withdraw_signature(signature=row, at=NOW), give])

    assert not Supporter.objects.exists()


# --- Leaving -----------------------------------------------------------------------
def final(petition):
    petition.state, petition.closes_at = "closed", NOW - timedelta(days=400)
    petition.save()
    return petition


@pytest.mark.parametrize("is_final", [True, False])
def test_withdrawing_takes_them_out_of_every_organization(petition, is_final):
    row = agreed_to_news(ConfirmedSignatureFactory(petition=petition), *organizations(petition))
    kept = agreed_to_news(ConfirmedSignatureFactory(petition=petition), organizations(petition)[1])
    if is_final:
        final(petition)

    withdraw_signature(signature=Signature.objects.get(pk=row.pk), at=NOW)

    assert [each.signature_id for each in Supporter.objects.all()] == [kept.pk]


def test_erasing_oneself_takes_them_out_everywhere(petition):
    first = agreed_to_news(
        ConfirmedSignatureFactory(petition=petition, email="ada@example.org"), *organizations(petition)
    )
    elsewhere = ConfirmedSignatureFactory(email="ada@example.org")
    agreed_to_news(elsewhere, elsewhere.petition.campaign.owner)

    erase_signer(signature=first, reach=Reach.SITE, at=NOW)

    assert not Supporter.objects.exists()


def test_retention_takes_them_out_and_twice_is_once(petition):
    agreed_to_news(
        ConfirmedSignatureFactory(petition=final(petition), confirmed_at=NOW), *organizations(petition)
    )
    number_waiting_signatures(at=NOW)

    for _ in range(2):
        erase_due_petitions(at=NOW)

    assert not Supporter.objects.exists()
    assert Signature.objects.get().email_key is None


def test_what_an_older_release_left_of_the_erased_goes(petition):
    row = agreed_to_news(ConfirmedSignatureFactory(petition=petition), petition.campaign.owner)
    Signature.objects.filter(pk=row.pk).update(email_key=None, email=None)
    whose = {"organization": petition.campaign.owner, "campaign": petition.campaign}
    assert supporter_total(**whose) == 0

    erase_due_petitions(at=NOW)

    assert not Supporter.objects.exists()


def test_never_confirmed_leaves_nothing_behind(petition):
    sign(petition, NOW - timedelta(days=40), organizations=boxes(*organizations(petition)))

    erase_unconfirmed(at=NOW)

    assert not Supporter.objects.exists()
    assert not Signature.objects.exists()


def test_signer_data_names_each_organization(petition):
    row = agreed_to_news(ConfirmedSignatureFactory(petition=petition), organizations(petition)[1])

    data = signer_data(signature=Signature.objects.select_related("petition").get(pk=row.pk), at=NOW)

    consent = data["signatures"][0]["consents"][-1]
    assert (consent["organization"], consent["wording"]) == ("B", "Mail me news of B.")


# --- Keys --------------------------------------------------------------------------
def keys_agree():
    rows = Supporter.objects.select_related("signature")
    return all(bytes(row.person_key) == bytes(row.signature.email_key) for row in rows)


def test_mailbox_key_follows_a_changed_rule(petition):
    agreed_to_news(
        ConfirmedSignatureFactory(petition=petition, email="a.da@mail.example"), *organizations(petition)
    )
    save_mailbox_rule(domain="mail.example", ignores_dots=True)

    reindex_mailboxes()

    rules = {row.person_key for row in Supporter.objects.all()}
    assert keys_agree()
    assert len(rules) == 1
    whose = {"organization": petition.campaign.owner, "campaign": petition.campaign}
    assert len(consents_of_address(**whose, address="ada@mail.example")) == 1


def test_rotated_index_key_reaches_them(petition, settings):
    agreed_to_news(ConfirmedSignatureFactory(petition=petition), *organizations(petition))
    before = bytes(Supporter.objects.first().person_key)
    settings.OLD_INDEX_KEY, settings.INDEX_KEY = settings.INDEX_KEY, b"n" * 32

    outcomes = [rotate_index_keys(tell=lambda text: None) for _ in range(2)]

    assert [outcome.changed for outcome in outcomes] == [1 + 3, 0]
    assert keys_agree()
    assert bytes(Supporter.objects.first().person_key) != before
    assert index_key_counts()["petitions.Supporter"] == {"current": 3, "other": 0}


@pytest.mark.parametrize("item_count", [1, 3])
def test_rotation_reads_them_in_batches(petition, item_count, django_assert_max_num_queries):
    for _ in range(item_count):
        agreed_to_news(ConfirmedSignatureFactory(petition=petition), petition.campaign.owner)

    with django_assert_max_num_queries(20):
        index_key_counts()


# --- Rows from before ----------------------------------------------------------------
migration = import_module("campaign.petitions.migrations.0008_supporters_of_owners")


@pytest.mark.parametrize("batch", [1, 1_000])
def test_who_wanted_news_before_is_a_supporter_of_the_owner(petition, monkeypatch, batch):
    monkeypatch.setattr(migration, "BATCH", batch)
    given = NOW - timedelta(days=3)
    old = {"purpose": "news", "given": True, "version": "2026-11-1", "locale": "en", "at": given.isoformat()}
    fields = {"petition": petition, "consents": [old], "wants_news": True}
    rows = ConfirmedSignatureFactory.create_batch(2, **fields)
    SignatureFactory(**fields)
    ConfirmedSignatureFactory(**fields, email=None, email_key=None)
    ConfirmedSignatureFactory(petition=petition)

    for _ in range(2):
        migration.forwards(apps, None)

    found = Supporter.objects.order_by("signature")
    assert [(row.signature_id, row.organization, row.since) for row in found] == [
        (row.pk, petition.campaign.owner, given) for row in rows
    ]
    assert keys_agree()


# --- Numbers -----------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(8))
def test_each_person_counts_once_whatever_they_tick_where(seed):
    random, campaign = Random(seed), CampaignFactory()  # noqa: S311  the same for each run of a seed
    carrying = [campaign.owner, *(PartnerFactory(campaign=campaign).organization for _ in range(3))]
    gone = PartnerFactory(campaign=campaign)
    petitions = PetitionFactory.create_batch(3, campaign=campaign)
    agreed = {organization.pk: set() for organization in carrying}
    signed = {petition.pk: 0 for petition in petitions}
    for person in range(12):
        for petition in random.sample(petitions, random.randint(1, 3)):
            spelling = random.choice([f"p{person}@example.org", f"P{person}@Example.org"])
            row = ConfirmedSignatureFactory(petition=petition, email=spelling)
            signed[petition.pk] += 1
            for organization in random.sample(carrying, random.randint(0, 4)):
                agreed_to_news(row, organization)
                agreed[organization.pk].add(person)
            if random.random() < 0.2:
                agreed_to_news(row, gone.organization)
    gone.delete()
    number_waiting_signatures(at=NOW)

    assert joint_reach(campaign=campaign) == len(set.union(*agreed.values()))
    for organization in carrying:
        whose = {"organization": organization, "campaign": campaign}
        assert supporter_total(**whose) == len(agreed[organization.pk])
        assert sum(share.total for share in supporters_by_country(**whose)) == len(agreed[organization.pk])
        weeks = supporters_by_week(**whose, at=timezone.now())
        assert sum(week.total for week in weeks) == len(agreed[organization.pk])
    assert [signature_total(petition=petition) for petition in petitions] == list(signed.values())


def test_numbers_leave_out_who_was_taken_out_of_the_count(petition):
    row = agreed_to_news(ConfirmedSignatureFactory(petition=petition), petition.campaign.owner)
    Signature.objects.filter(pk=row.pk).update(state=SignatureState.INVALIDATED)

    whose = {"organization": petition.campaign.owner, "campaign": petition.campaign}
    assert (supporter_total(**whose), joint_reach(campaign=petition.campaign)) == (0, 0)
    assert consents_of_address(**whose, address=row.email) == []


def test_numbers_by_petition_count_a_person_under_each(petition):
    other = PetitionFactory(campaign=petition.campaign)
    for each in (petition, other):
        row = ConfirmedSignatureFactory(petition=each, email="ada@example.org")
        agreed_to_news(row, petition.campaign.owner)
    agreed_to_news(ConfirmedSignatureFactory(petition=other), petition.campaign.owner)

    found = supporters_by_petition(
        organization=petition.campaign.owner,
        campaign=petition.campaign,
        petition_ids=[petition.pk, other.pk],
    )

    assert found == {petition.pk: 1, other.pk: 2}


def test_numbers_by_country_merge_small_ones(petition):
    for country, people in (("FR", 6), ("DE", 5), ("NO", 2), ("LU", 1)):
        for _ in range(people):
            row = ConfirmedSignatureFactory(petition=petition, country=country)
            agreed_to_news(row, petition.campaign.owner)

    shares = supporters_by_country(organization=petition.campaign.owner, campaign=petition.campaign)

    assert [(share.code, share.total) for share in shares] == [("FR", 6), ("", 8)]


def test_numbers_by_week_are_by_the_first_consent(petition):
    other = PetitionFactory(campaign=petition.campaign)
    at = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
    for place, since in ((petition, at - timedelta(days=3)), (other, at)):
        row = ConfirmedSignatureFactory(petition=place, email="ada@example.org")
        agreed_to_news(row, petition.campaign.owner, at=since)

    weeks = supporters_by_week(organization=petition.campaign.owner, campaign=petition.campaign, at=at)

    assert [(week.monday.isoformat(), week.total) for week in weeks[-2:]] == [
        ("2026-11-09", 1),
        ("2026-11-16", 0),
    ]
    assert len(weeks) == 12


@pytest.mark.parametrize(("exact", "told"), [(0, 0), (9, 0), (10, 10), (1239, 1230)])
def test_joint_reach_is_told_in_tens(exact, told):
    assert coarse(exact) == told


@pytest.mark.parametrize("item_count", [1, 3])
def test_numbers_take_a_query_each(petition, item_count, django_assert_num_queries):
    for _ in range(item_count):
        agreed_to_news(ConfirmedSignatureFactory(petition=petition), *organizations(petition))
    whose = {"organization": petition.campaign.owner, "campaign": petition.campaign}

    with django_assert_num_queries(5):
        supporter_total(**whose)
        supporters_by_country(**whose)
        supporters_by_week(**whose, at=NOW)
        supporters_by_petition(**whose, petition_ids=[petition.pk])
        joint_reach(campaign=petition.campaign)
