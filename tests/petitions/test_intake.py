import json
import logging
import os
import subprocess
import sys
import uuid
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from campaign.guard.models import AccessList, Bucket, Cause, GuardedNetwork, MailboxRule
from campaign.mailing.models import OutgoingMail
from campaign.petitions import tasks
from campaign.petitions.keys import mailbox_keys, name_keys, network_keys, postcode_keys
from campaign.petitions.models import (
    Petition,
    ReasonState,
    Signature,
    SignatureState,
    SignRequest,
)
from campaign.petitions.services import (
    confirm_signature,
    erase_unconfirmed,
    sign_petition,
    take_in_requests,
    withdraw_signature,
)
from tests.browser.conftest import _url_of
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory
from tests.petitions.signing import sign, signer
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NETWORK = "203.0.113.0/24"
STATEMENTS = 17 + (
    connection.vendor == "postgresql"
)  # of one batch: there the rules are locked by one of their own
HOUSE = {"asks_postcode": True, "household_rule": True}


def sign_many(petition, people, at, **changes):
    for person in range(people):
        data = signer(**{"email": f"person-{person}@example.org", **changes})
        sign_petition(petition=petition, signer=data, at=at)


def test_take_in_makes_a_pending_signature_and_one_mail():
    petition, now = PetitionFactory(), timezone.now()
    sign_petition(petition=petition, signer=signer(), at=now)

    assert take_in_requests(at=now + timedelta(seconds=1)) == 1

    row = Signature.objects.get()
    assert (row.state, row.name, row.email, str(row.country), row.signed_at, row.slot) == (
        SignatureState.PENDING,
        "Ada Signer",
        "ada@example.org",
        "DE",
        now,
        1,
    )
    assert (row.name_is_public, row.wants_updates, row.counted, row.number) == (False, False, False, None)
    assert OutgoingMail.objects.get().about_id == row.pk
    assert not SignRequest.objects.exists()


def test_take_in_keeps_all_that_was_typed():
    typed = {
        "postcode": "10115",
        "reason": "Because.",
        "network": NETWORK,
        "source": "flyer",
        "purposes": ("sign", "public_name", "updates"),
    }

    sign(PetitionFactory(), timezone.now(), **typed)

    row = Signature.objects.get()
    assert (row.postcode, row.reason, row.network, row.source) == ("10115", "Because.", NETWORK, "flyer")
    assert (row.name_is_public, row.wants_updates, row.reason_state) == (True, True, ReasonState.WAITING)
    assert [record["purpose"] for record in row.consents] == ["sign", "public_name", "updates"]


def test_take_in_writes_the_indexes_that_rows_are_found_by():
    sign(PetitionFactory(), timezone.now(), postcode="10 115", network=NETWORK)

    row = Signature.objects.get()
    assert bytes(row.email_key) == mailbox_keys("ADA@example.org", {})[0]
    assert row.network_key == network_keys(NETWORK)[0]
    assert row.name_key == name_keys("signer, ada")[0]
    assert row.postcode_key == postcode_keys("10115")[0]


def test_take_in_twice_takes_in_once():
    sign_petition(petition=PetitionFactory(), signer=signer(), at=timezone.now())

    tasks.take_in()
    tasks.take_in()

    assert Signature.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_take_in_several_batches():
    petition, now = PetitionFactory(), timezone.now()
    sign_many(petition, 7, now)

    assert take_in_requests(at=now, size=3) == 7
    assert Signature.objects.count() == 7


@pytest.mark.parametrize("item_count", [1, 20])
def test_take_in_takes_a_fixed_number_of_queries(item_count, django_assert_num_queries):
    petition, now = PetitionFactory(), timezone.now()
    sign(petition, now)  # the lists are read and kept
    sign_many(petition, item_count, now, network=NETWORK)

    with django_assert_num_queries(STATEMENTS):
        take_in_requests(at=now)


@pytest.mark.parametrize("item_count", [1, 20])
def test_take_in_again_takes_a_fixed_number_of_queries(item_count, django_assert_num_queries):
    petition, now = PetitionFactory(), timezone.now()
    sign_many(petition, item_count, now, network="198.51.100.0/24")
    take_in_requests(at=now)
    sign_many(petition, item_count, now, network=NETWORK)

    with django_assert_num_queries(STATEMENTS):
        take_in_requests(at=now)


def test_again_before_confirming_what_was_typed_last_stands():
    petition, now = PetitionFactory(asks_reason=True), timezone.now()
    sign(petition, now, name="Ada Typo", country="RU", reason="No.", purposes=("sign", "public_name"))

    sign(petition, now + timedelta(minutes=1), email="ADA@Example.org")

    row = Signature.objects.get()
    assert (row.name, str(row.country), row.reason, row.reason_state) == ("Ada Signer", "DE", None, "")
    assert (row.name_is_public, len(row.consents)) == (False, 1)
    assert row.signed_at == now + timedelta(minutes=1)
    assert OutgoingMail.objects.count() == 2


def test_again_in_the_same_batch_is_one_mail():
    petition, now = PetitionFactory(), timezone.now()
    sign_petition(petition=petition, signer=signer(name="Ada Typo"), at=now)
    sign_petition(petition=petition, signer=signer(), at=now + timedelta(seconds=1))

    take_in_requests(at=now)

    assert Signature.objects.get().name == "Ada Signer"
    assert OutgoingMail.objects.count() == 1


def test_again_taken_in_out_of_order_keeps_what_was_typed_last():
    petition, now = PetitionFactory(), timezone.now()
    sign(petition, now)

    sign(petition, now - timedelta(seconds=1), name="Typed Before")

    assert Signature.objects.get().name == "Ada Signer"


def test_again_in_the_same_moment_still_moves_the_time_that_confirming_compares():
    petition, now = PetitionFactory(), timezone.now()
    sign(petition, now)
    shown = Signature.objects.select_related("petition").get()

    sign(petition, now, name="Somebody Else")

    assert confirm_signature(signature=shown, at=now) is False


@pytest.mark.parametrize("state", [SignatureState.CONFIRMED, SignatureState.INVALIDATED])
def test_again_after_confirming_or_invalidating_changes_nothing(state):
    signature = ConfirmedSignatureFactory(email="ada@example.org", name="Ada Confirmed", state=state)

    sign(signature.petition, timezone.now(), name="Eve", country="RU")

    row = Signature.objects.get()
    assert (row.name, str(row.country), row.signed_at) == ("Ada Confirmed", "DE", signature.signed_at)


def junk(**changes):
    """What moderators invalidated before anybody confirmed it."""
    fields = {"state_before": SignatureState.PENDING, "invalidated_by": uuid.uuid4(), **changes}
    return SignatureFactory(email="ada@example.org", state=SignatureState.INVALIDATED, **fields)


def test_again_after_invalidated_junk_the_mailboxs_owner_signs():
    row = junk(name="Junk Robot", signed_at=timezone.now() - timedelta(hours=1))

    sign(row.petition, timezone.now())

    row = Signature.objects.get()
    assert (row.name, row.state, row.state_before, row.invalidated_by) == (
        "Ada Signer",
        SignatureState.PENDING,
        "",
        None,
    )
    assert OutgoingMail.objects.get().about_id == row.pk
    assert confirm_signature(signature=row, at=timezone.now())


def test_again_after_invalidated_junk_beyond_a_limit_is_set_aside_for_moderators():
    row = junk(signed_at=timezone.now() - timedelta(hours=1))

    sign(row.petition, timezone.now(), is_trapped=True)

    row.refresh_from_db()
    assert (row.state, row.quarantine_cause) == (SignatureState.PENDING, Cause.HONEYPOT)
    assert not OutgoingMail.objects.exists()


def test_again_in_another_spelling_is_the_same_mailbox():
    MailboxRule.objects.create(domain="mail.example", ignores_dots=True, tag="+")
    MailboxRule.objects.create(domain="post.example", same_as="mail.example")
    petition, now = PetitionFactory(), timezone.now()

    for spelling in ("ada.s@mail.example", "adas+x@mail.example", "A.D.A.S@post.example"):
        sign(petition, now, email=spelling)

    assert Signature.objects.count() == 1


def test_again_while_index_keys_are_rotated_finds_the_old_row(settings):
    petition, now = PetitionFactory(), timezone.now()
    sign(petition, now)
    settings.OLD_INDEX_KEY, settings.INDEX_KEY = settings.INDEX_KEY, bytes(32)

    sign(petition, now, name="Ada Again")

    row = Signature.objects.get()
    assert row.name == "Ada Again"
    assert bytes(row.email_key) == mailbox_keys("ada@example.org", {})[0]


def test_petition_closed_meanwhile_still_takes_in_what_was_signed_in_time():
    petition, now = PetitionFactory(), timezone.now()
    sign_petition(petition=petition, signer=signer(), at=now)
    Petition.objects.update(state="closed", closed_at=now)

    take_in_requests(at=now)

    assert Signature.objects.count() == 1


# --- Households --------------------------------------------------------------------
def confirm_all():
    Signature.objects.filter(state=SignatureState.PENDING).update(
        state=SignatureState.CONFIRMED, confirmed_at=timezone.now()
    )


@pytest.mark.parametrize(
    ("rule", "second", "slots"),
    [
        (HOUSE, {"name": "Bob Signer", "postcode": "10115"}, [1, 2]),
        (HOUSE, {"name": "ADA  signér", "postcode": "10115"}, [1]),  # the same person
        (HOUSE, {"name": "Bob Signer", "postcode": "20095"}, [1]),  # another household
        ({"asks_postcode": True}, {"name": "Bob Signer", "postcode": "10115"}, [1]),  # no such rule
    ],
)
@pytest.mark.parametrize("is_confirmed", [True, False])
def test_household_second_person(rule, second, slots, is_confirmed):
    petition, now = PetitionFactory(**rule), timezone.now()
    sign(petition, now, postcode="10115")
    if is_confirmed:
        confirm_all()

    sign(petition, now, **second)

    assert list(Signature.objects.order_by("slot").values_list("slot", flat=True)) == slots


def test_household_third_person_does_not_count_and_the_mailbox_is_told():
    petition, now = PetitionFactory(**HOUSE), timezone.now()
    for name in ("Ada Signer", "Bob Signer"):
        sign(petition, now, name=name, postcode="10115")
    confirm_all()
    OutgoingMail.objects.all().delete()

    sign(petition, now, name="Cid Signer", postcode="10115")

    assert sorted(row.name for row in Signature.objects.all()) == ["Ada Signer", "Bob Signer"]
    assert json.loads(OutgoingMail.objects.get().payload) == {"household_is_full": True}


def test_household_invented_names_do_not_keep_the_owner_out():
    petition, now = PetitionFactory(**HOUSE), timezone.now()
    for turn, name in enumerate(["Invented One", "Invented Two", "Ada Signer"]):
        sign(petition, now + timedelta(seconds=turn), name=name, postcode="10115")

    assert sorted(row.name for row in Signature.objects.all()) == ["Ada Signer", "Invented Two"]


def test_household_slot_that_was_withdrawn_is_free_again():
    petition, now = PetitionFactory(**HOUSE), timezone.now()
    for name in ("Ada Signer", "Bob Signer"):
        sign(petition, now, name=name, postcode="10115")
    confirm_all()
    withdraw_signature(signature=Signature.objects.get(slot=1), at=now)

    sign(petition, now, name="Cid Signer", postcode="10115")

    rows = Signature.objects.filter(email_key__isnull=False).order_by("slot")
    assert [(row.slot, row.name) for row in rows] == [(1, "Cid Signer"), (2, "Bob Signer")]


@pytest.mark.parametrize("cause", ["trapped", "invalidated"])
def test_household_junk_gives_way_before_a_housemate(cause):
    petition, now = PetitionFactory(**HOUSE), timezone.now()
    sign(petition, now, postcode="10115")
    sign(petition, now + timedelta(minutes=1), name="Junk Robot", postcode="10115", is_trapped=True)
    if cause == "invalidated":
        Signature.objects.filter(slot=2).update(state=SignatureState.INVALIDATED, state_before="pending")

    sign(petition, now + timedelta(minutes=2), name="Bob Signer", postcode="10115")

    assert sorted(row.name for row in Signature.objects.all()) == ["Ada Signer", "Bob Signer"]


# --- Limits and lists --------------------------------------------------------------
def causes():
    return sorted(Signature.objects.values_list("quarantine_cause", flat=True))


def test_mailbox_over_its_limit_is_set_aside_without_mail(settings):
    settings.LIMIT_ADDRESS = (2, 20)
    now = timezone.now()

    for _ in range(3):
        sign(PetitionFactory(), now)

    assert causes() == ["", "", Cause.ADDRESS]
    assert OutgoingMail.objects.count() == 2
    aside = Signature.objects.get(quarantine_cause=Cause.ADDRESS)
    assert (aside.state, aside.quarantined_at) == (SignatureState.PENDING, now)


def test_network_over_the_limit_of_a_petition_is_set_aside_and_guarded(settings):
    settings.LIMIT_PETITION_NETWORK = (2, 60)
    petition, now = PetitionFactory(), timezone.now()
    sign_many(petition, 3, now, network=NETWORK)

    take_in_requests(at=now)
    sign(PetitionFactory(), now, network=NETWORK, email="other@example.org")

    assert causes() == ["", "", "", Cause.NETWORK]
    guarded = GuardedNetwork.objects.get()
    assert guarded.network_key == network_keys(NETWORK)[0]
    assert guarded.until == now + timedelta(minutes=30)


def test_network_over_the_limit_of_the_site_is_set_aside(settings):
    settings.LIMIT_NETWORK = (2, 300)
    now = timezone.now()

    for person in range(3):
        sign(PetitionFactory(), now, network=NETWORK, email=f"person-{person}@example.org")

    assert causes() == ["", "", Cause.NETWORK]


def test_network_is_guarded_when_half_of_its_burst_is_used_up(settings):
    settings.LIMIT_PETITION_NETWORK = (6, 60)
    petition, now = PetitionFactory(), timezone.now()
    sign_many(petition, 3, now, network=NETWORK)
    take_in_requests(at=now)
    before = GuardedNetwork.objects.exists()

    sign(petition, now, network=NETWORK, email="fourth@example.org")

    assert (before, GuardedNetwork.objects.get().network_key) == (False, network_keys(NETWORK)[0])
    assert causes() == [""] * 4


def test_solved_check_frees_from_the_limits_of_the_network(settings):
    settings.LIMIT_PETITION_NETWORK = settings.LIMIT_NETWORK = (2, 60)
    petition, now = PetitionFactory(), timezone.now()
    sign_many(petition, 10, now, network=NETWORK, is_checked=True)

    take_in_requests(at=now)
    sign(petition, now, network=NETWORK, email="unchecked@example.org")

    assert causes() == [""] * 11


def test_solved_check_does_not_free_from_the_limit_of_the_mailbox(settings):
    settings.LIMIT_ADDRESS = (2, 20)
    now = timezone.now()

    for _ in range(3):
        sign(PetitionFactory(), now, network=NETWORK, is_checked=True)

    assert causes() == ["", "", Cause.ADDRESS]


def test_campus_signs_at_the_limits_of_the_settings():
    petition, now = PetitionFactory(), timezone.now()
    sign_many(petition, 60, now, network=NETWORK)

    take_in_requests(at=now)

    assert causes() == [""] * 60


def test_unknown_network_has_no_limit(settings):
    settings.LIMIT_NETWORK = settings.LIMIT_PETITION_NETWORK = (1, 1)
    petition, now = PetitionFactory(), timezone.now()
    sign_many(petition, 3, now)

    take_in_requests(at=now)

    assert causes() == ["", "", ""]


def test_limits_are_judged_by_the_time_of_the_request_not_of_the_worker(settings):
    settings.LIMIT_PETITION_NETWORK = (1, 60)
    petition, now = PetitionFactory(), timezone.now()
    for minute in range(4):
        data = signer(email=f"person-{minute}@example.org", network=NETWORK)
        sign_petition(petition=petition, signer=data, at=now + timedelta(minutes=minute))

    take_in_requests(at=now + timedelta(hours=1))

    assert causes() == ["", "", "", ""]


def test_flood_does_not_spoil_what_somebody_signed_before(settings):
    settings.LIMIT_ADDRESS = (1, 1)
    petition, now = PetitionFactory(), timezone.now()
    sign(petition, now)

    sign(petition, now + timedelta(seconds=1), name="Flood")

    row = Signature.objects.get()
    assert (row.name, row.quarantined_at) == ("Ada Signer", None)
    assert OutgoingMail.objects.count() == 1


def test_set_aside_and_signed_again_within_the_limit_is_released(settings):
    settings.LIMIT_PETITION_NETWORK = (1, 60)
    petition, now = PetitionFactory(), timezone.now()
    sign(petition, now, network=NETWORK, email="first@example.org")
    sign(petition, now, network=NETWORK)

    sign(petition, now + timedelta(minutes=2), network=NETWORK)

    row = Signature.objects.order_by("-signed_at")[0]
    assert (row.quarantined_at, row.quarantine_cause) == (None, "")
    assert OutgoingMail.objects.filter(about_id=row.pk).count() == 1


@pytest.mark.parametrize(
    ("block", "allow", "cause"),
    [
        ("*@example.org", "", Cause.BLOCKED),
        ("203.0.113.0/24", "", Cause.BLOCKED),
        ("", "203.0.113.0/24", ""),
        ("ada@example.org", "203.0.113.0/24", Cause.BLOCKED),
        ("", "", Cause.NETWORK),
    ],
)
def test_lists_block_and_spare_and_blocks_win(block, allow, cause, settings):
    settings.LIMIT_NETWORK = (1, 1)
    petition, now = PetitionFactory(), timezone.now()
    sign(petition, now, network=NETWORK, email="first@other.example")
    AccessList.objects.create(kind="block", lines=block, changed_at=now)
    AccessList.objects.create(kind="allow", lines=allow, changed_at=now)

    sign(petition, now, network=NETWORK)

    assert Signature.objects.order_by("-signed_at", "-pk")[0].quarantine_cause == cause


def test_trapped_request_is_set_aside():
    sign(PetitionFactory(), timezone.now(), is_trapped=True)

    assert causes() == [Cause.HONEYPOT]
    assert not OutgoingMail.objects.exists()


# --- Attacks -----------------------------------------------------------------------
def networks(count):
    return [f"203.0.{number}.0/24" for number in range(count)]


@pytest.mark.parametrize(
    ("requests", "sources", "is_guarded"),
    [(10, networks(2), True), (9, networks(2), False), (10, networks(10), False), (10, [""], False)],
)
def test_signing_in_bulk_switches_the_check_on(requests, sources, is_guarded, settings):
    settings.GUARD_REQUESTS = 10
    petition, now = PetitionFactory(), timezone.now()
    for person in range(requests):
        data = signer(email=f"person-{person}@example.org", network=sources[person % len(sources)])
        sign_petition(petition=petition, signer=data, at=now)

    take_in_requests(at=now)

    petition.refresh_from_db()
    assert petition.guarded_until == (now + timedelta(minutes=30) if is_guarded else None)


def test_many_set_aside_switch_the_check_on(settings, caplog):
    settings.GUARD_QUARANTINED = 3
    petition, now = PetitionFactory(), timezone.now()
    sign_many(petition, 4, now, is_trapped=True)

    with caplog.at_level(logging.WARNING):
        take_in_requests(at=now)

    petition.refresh_from_db()
    assert petition.guarded_until == now + timedelta(minutes=30)
    assert [record.args for record in caplog.records] == [(petition.pk,)]


def test_attack_that_goes_on_keeps_the_check_on_and_one_that_ended_lets_it_go(settings):
    settings.GUARD_QUARANTINED = 3
    petition, now = PetitionFactory(), timezone.now()
    sign_many(petition, 4, now, is_trapped=True)
    take_in_requests(at=now)

    sign(petition, now + timedelta(minutes=4), email="later@example.org")
    petition.refresh_from_db()
    assert petition.guarded_until == now + timedelta(minutes=34)

    sign(petition, now + timedelta(minutes=20), email="latest@example.org")
    petition.refresh_from_db()
    assert petition.guarded_until == now + timedelta(minutes=34)


# --- Faults ------------------------------------------------------------------------
def test_request_that_cannot_be_taken_in_is_set_aside_and_stops_nobody(caplog):
    petition, now = PetitionFactory(), timezone.now()
    sign_many(petition, 3, now)
    broken = SignRequest.objects.order_by("pk")[1]
    broken.typed = '{"name": "Secret Name"}'
    broken.save()

    with caplog.at_level(logging.ERROR):
        assert take_in_requests(at=now) == 2

    assert Signature.objects.count() == 2
    left = SignRequest.objects.get()
    assert (left.pk, left.failed_at) == (broken.pk, now)
    assert str(broken.pk) in caplog.text
    assert "Secret Name" not in caplog.text
    assert take_in_requests(at=now) == 0


def test_request_that_the_database_refuses_is_set_aside():
    petition, now = PetitionFactory(), timezone.now()
    sign_petition(petition=petition, signer=signer(email="a@example.org", locale=None), at=now)
    sign_petition(petition=petition, signer=signer(), at=now)

    take_in_requests(at=now)

    assert Signature.objects.get().email == "ada@example.org"
    assert SignRequest.objects.get().failed_at == now


def test_database_that_is_away_sets_nothing_aside(monkeypatch):
    petition, now = PetitionFactory(), timezone.now()
    sign_petition(petition=petition, signer=signer(), at=now)

    def away(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr("campaign.petitions.services.intake._store", away)
    with pytest.raises(OperationalError):
        take_in_requests(at=now)
    monkeypatch.undo()

    assert not Bucket.objects.exists()
    assert take_in_requests(at=now) == 1


def test_request_of_a_newer_release_is_taken_in():
    petition, now = PetitionFactory(), timezone.now()
    sign_petition(petition=petition, signer=signer(), at=now)
    row = SignRequest.objects.get()
    row.typed = json.dumps({**json.loads(row.typed), "favorite_color": "red"})
    row.save()

    assert take_in_requests(at=now) == 1


# --- Races and deaths, on PostgreSQL -------------------------------------------------
postgresql_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_lose_and_double_nothing(settings):
    settings.LIMIT_ADDRESS = (100, 100)
    petition, now = PetitionFactory(), timezone.now()
    for turn in range(120):
        data = signer(email=f"person-{turn % 30}@example.org", name=f"Name {turn}")
        sign_petition(petition=petition, signer=data, at=now + timedelta(seconds=turn))

    in_threads([lambda: take_in_requests(at=now, size=7)] * 4)

    assert not SignRequest.objects.exists()
    rows = Signature.objects.all()
    assert len(rows) == 30
    assert {row.name for row in rows} == {f"Name {turn}" for turn in range(90, 120)}


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_twenty_same_requests_at_once_are_one_signature():
    petition, now = PetitionFactory(), timezone.now()

    in_threads([lambda: sign_petition(petition=petition, signer=signer(), at=now)] * 20)
    in_threads([lambda: take_in_requests(at=now, size=1)] * 4)

    assert Signature.objects.count() == 1
    assert OutgoingMail.objects.count() == 5  # the burst of a mailbox's limit
    assert not SignRequest.objects.exists()


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_household_of_four_at_once_is_two_people():
    petition, now = PetitionFactory(**HOUSE), timezone.now()
    for turn in range(4):
        data = signer(name=f"Person {turn}", postcode="10115")
        sign_petition(petition=petition, signer=data, at=now + timedelta(seconds=turn))

    in_threads([lambda: take_in_requests(at=now, size=1)] * 4)

    assert sorted(Signature.objects.values_list("slot", flat=True)) == [1, 2]


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_limit_holds_with_several_workers(settings):
    settings.LIMIT_PETITION_NETWORK = (10, 1)
    petition, now = PetitionFactory(), timezone.now()
    sign_many(petition, 40, now, network=NETWORK)

    in_threads([lambda: take_in_requests(at=now, size=5)] * 4)

    assert Signature.objects.filter(quarantined_at=None).count() == 10


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_junk_signed_again_while_moderators_undo_and_its_time_runs_out_is_one_signature(settings):
    settings.QUARANTINE_DAYS = 0
    now = timezone.now()
    row = junk(signed_at=now - timedelta(days=1))
    for turn in range(3):
        data = signer(name=f"Ada {turn}")
        sign_petition(petition=row.petition, signer=data, at=now + timedelta(seconds=turn))
    undone = Signature.objects.filter(pk=row.pk, state=SignatureState.INVALIDATED)

    in_threads(
        [
            *[lambda: take_in_requests(at=now, size=1)] * 3,
            lambda: undone.update(state="pending", state_before="", invalidated_by=None),
            lambda: erase_unconfirmed(at=now),
        ]
    )

    row = Signature.objects.get()
    assert (row.name, row.state, row.invalidated_by) == ("Ada 2", SignatureState.PENDING, None)
    assert not SignRequest.objects.exists()


DYING = """
import sys, time, django
django.setup()
from django.utils import timezone
from campaign.petitions.services import intake

def store(requests):
    stored(requests)
    print("half-way", flush=True)
    time.sleep(60)

stored, intake._store = intake._store, store
intake.take_in_requests(at=timezone.now())
"""


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_worker_killed_half_way_leaves_its_batch_to_the_next():
    petition, now = PetitionFactory(), timezone.now()
    sign_many(petition, 5, now)
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "campaign.settings.test",
        "RECLAIM_TEST_DATABASE_URL": _url_of(connection.settings_dict),
    }
    command = [sys.executable, "-c", DYING]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout.readline() == "half-way\n"
        assert take_in_requests(at=now) == 0  # it has them all
        worker.kill()

    for _ in range(50):  # until the server has noticed
        if take_in_requests(at=now):
            break

    assert Signature.objects.count() == OutgoingMail.objects.count() == 5
    assert set(Bucket.objects.values_list("tokens", flat=True)) == {4}
    assert not SignRequest.objects.exists()
