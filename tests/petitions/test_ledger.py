from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.mailing.services import recipient_key
from campaign.petitions.models import Dimension, LedgerEntry, Signature, SignatureState, Tally
from campaign.petitions.queries import signature_total, signature_totals_by_country
from campaign.petitions.services import (
    SignerData,
    confirm_signature,
    number_signatures,
    number_waiting_signatures,
    sign_petition,
    withdraw_signature,
)
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory
from tests.threads import in_threads


@pytest.mark.sqlite
@pytest.mark.django_db
def test_number_one_petitions_trouble_leaves_the_others_alone():
    ill, well = ConfirmedSignatureFactory().petition, ConfirmedSignatureFactory().petition
    number_waiting_signatures(at=timezone.now())
    Tally.objects.filter(petition=ill, dimension="day").update(
        counted=0
    )  # as if somebody had changed it by hand
    Signature.objects.filter(petition=ill).update(state=SignatureState.WITHDRAWN)
    ConfirmedSignatureFactory(petition=well)

    number_waiting_signatures(at=timezone.now())

    assert signature_total(petition=well) == 2
    assert signature_total(petition=ill) == 1


def assert_rows_tallies_and_ledger_agree(petition):
    counted = Signature.objects.filter(petition=petition, counted=True)
    entries = list(LedgerEntry.objects.filter(petition=petition).order_by("position"))
    kinds = Counter(entry.kind for entry in entries)
    total = kinds["addition"] - kinds["removal"] + kinds["restoration"]
    assert counted.count() == total == signature_total(petition=petition)
    assert [entry.position for entry in entries] == list(range(1, len(entries) + 1))
    assert (entries[-1].total if entries else 0) == total
    numbers = Signature.objects.filter(petition=petition, number__isnull=False).values_list(
        "number", flat=True
    )
    assert sorted(numbers) == list(range(1, kinds["addition"] + 1))
    for dimension in Dimension.values:
        tallies = Tally.objects.filter(petition=petition, dimension=dimension)
        assert sum(tallies.values_list("counted", flat=True)) == total
    by_country = Counter(str(row.country) for row in counted)
    stored = Tally.objects.filter(petition=petition, dimension="country", counted__gt=0)
    assert dict(stored.values_list("key", "counted")) == dict(by_country)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_number_gives_consecutive_numbers_in_order_of_confirmation():
    petition, now = PetitionFactory(), timezone.now()
    late = ConfirmedSignatureFactory(petition=petition, confirmed_at=now)
    early = ConfirmedSignatureFactory(petition=petition, confirmed_at=now - timedelta(hours=1))
    SignatureFactory(petition=petition)

    assert number_waiting_signatures(at=now) == 2

    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.number, late.number) == (1, 2)
    assert_rows_tallies_and_ledger_agree(petition)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_number_twice_adds_nothing():
    ConfirmedSignatureFactory()
    number_waiting_signatures(at=timezone.now())

    assert number_waiting_signatures(at=timezone.now()) == 0


@pytest.mark.sqlite
@pytest.mark.django_db
def test_number_keeps_petitions_apart():
    one, other = ConfirmedSignatureFactory().petition, ConfirmedSignatureFactory().petition

    number_waiting_signatures(at=timezone.now())

    assert (signature_total(petition=one), signature_total(petition=other)) == (1, 1)
    assert_rows_tallies_and_ledger_agree(one)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_number_in_small_batches_is_the_same():
    petition, now = PetitionFactory(), timezone.now()
    ConfirmedSignatureFactory.create_batch(7, petition=petition)

    steps = [number_signatures(petition_id=petition.pk, at=now, batch=3) for _ in range(4)]

    assert steps == [3, 3, 1, 0]
    assert_rows_tallies_and_ledger_agree(petition)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_number_crash_in_the_middle_leaves_nothing_half(monkeypatch):
    petition = ConfirmedSignatureFactory().petition

    def crash(*args, **kwargs):
        raise RuntimeError("killed")

    monkeypatch.setattr("campaign.petitions.services.ledger._move_tallies", crash)
    with pytest.raises(RuntimeError):
        number_signatures(petition_id=petition.pk, at=timezone.now())
    monkeypatch.undo()

    assert not LedgerEntry.objects.exists()
    assert not Signature.objects.filter(counted=True).exists()
    number_waiting_signatures(at=timezone.now())
    assert_rows_tallies_and_ledger_agree(petition)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["sign", "confirm", "withdraw", "invalidate", "restore", "number"]), st.integers(0, 4)
    ),
    max_size=40,
)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_any_sequence_of_acts_ends_in_rows_tallies_and_ledger_that_agree(acts, db):
    with transaction.atomic():
        petition, now = PetitionFactory(), timezone.now()

        for act, person in acts:
            do(act, person, petition, now)
        number_waiting_signatures(at=now)

        assert_rows_tallies_and_ledger_agree(petition)
        assert not Signature.objects.awaiting_ledger().exists()
        transaction.set_rollback(True)


def do(act, person, petition, now):
    email = f"person-{person}@example.org"
    if act == "number":
        number_waiting_signatures(at=now)
        return
    if act == "sign":
        data = SignerData(name="A", email=email, country=["DE", "FR"][person % 2], locale="en", purposes=())
        sign_petition(petition=petition, signer=data, at=now)
        return
    row = Signature.objects.filter(petition=petition, email_key=recipient_key(email)).first()
    if row is None:
        return
    if act == "confirm":
        confirm_signature(signature=row, at=now)
    elif act == "withdraw":
        withdraw_signature(signature=row, at=now)
    elif act == "invalidate":
        Signature.objects.filter(pk=row.pk, state="confirmed").update(state=SignatureState.INVALIDATED)
    else:
        Signature.objects.filter(pk=row.pk, state="invalidated").update(state=SignatureState.CONFIRMED)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_totals_by_country_merge_small_cells_and_add_up():
    petition = PetitionFactory()
    for country, people in {"DE": 7, "FR": 6, "MT": 2, "LU": 1}.items():
        ConfirmedSignatureFactory.create_batch(people, petition=petition, country=country)
    number_waiting_signatures(at=timezone.now())

    rows = [(row.code, row.total) for row in signature_totals_by_country(petition=petition)]

    assert rows == [("DE", 7), ("", 9)]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_totals_by_country_single_small_petition_names_no_country():
    petition = ConfirmedSignatureFactory().petition
    number_waiting_signatures(at=timezone.now())

    assert [(row.code, row.total) for row in signature_totals_by_country(petition=petition)] == [("", 1)]


postgresql_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_twenty_same_signs_at_once_are_one_signature():
    petition, now = PetitionFactory(), timezone.now()
    data = SignerData(name="A", email="a@example.org", country="DE", locale="en", purposes=())

    in_threads([lambda: sign_petition(petition=petition, signer=data, at=now)] * 20)

    assert Signature.objects.count() == 1


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_twenty_same_confirms_at_once_count_once():
    signature, now = SignatureFactory(), timezone.now()

    def confirm_and_number():
        confirm_signature(signature=Signature.objects.get(pk=signature.pk), at=now)
        number_waiting_signatures(at=now)

    in_threads([confirm_and_number] * 20)
    number_waiting_signatures(at=now)

    assert signature_total(petition=signature.petition) == 1
    assert_rows_tallies_and_ledger_agree(signature.petition)


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_sequencers_at_once_number_each_signature_once():
    petition, now = PetitionFactory(), timezone.now()
    ConfirmedSignatureFactory.create_batch(60, petition=petition)

    def number_a_while():
        for _ in range(20):
            number_signatures(petition_id=petition.pk, at=now, batch=7)

    in_threads([number_a_while] * 4)
    number_waiting_signatures(at=now)

    assert signature_total(petition=petition) == 60
    assert_rows_tallies_and_ledger_agree(petition)
