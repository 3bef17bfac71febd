import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.core.merkle import consistency_holds, inclusion_holds, leaf_hash
from campaign.core.notes import VerifierKey, parse_checkpoint, public_key_of, verified_text
from campaign.petitions.evidence import leaves, petition_tree
from campaign.petitions.models import (
    Dimension,
    EntryKind,
    EntryReason,
    LedgerEntry,
    LedgerKey,
    LedgerTile,
    Signature,
    SignatureState,
    Tally,
    TreeHead,
)
from campaign.petitions.queries import signature_total, signature_totals_by_country
from campaign.petitions.services import (
    catch_up_trees,
    confirm_signature,
    number_signatures,
    number_waiting_signatures,
    verify_ledger,
    withdraw_signature,
)
from campaign.petitions.services.leaving import blank_fields
from campaign.petitions.services.ledger import numbering
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory
from tests.threads import in_threads

ROOT = Path(__file__).resolve().parents[2]
KEY = VerifierKey("testserver", public_key_of(bytes(range(96, 128))))


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
    findings = verify_ledger(petition=petition)
    assert (findings.wrong, findings.mended, findings.total) == ([], [], total)


def assert_proofs_hold(petition):
    """Every entry is in the last signed head, and every earlier head is the beginning of it."""
    texts = leaves(petition_id=petition.pk, start=1, limit=10_000)
    heads = [
        parse_checkpoint(verified_text(head.note, keys=[KEY]))
        for head in TreeHead.objects.filter(petition=petition).order_by("size")
    ]
    if not texts:
        assert heads == []
        return
    tree, last = petition_tree(petition_id=petition.pk, known={}), heads[-1]
    assert (last.size, last.origin) == (len(texts), f"testserver/petitions/{petition.pk}")
    assert last.extensions[0] == f"total {signature_total(petition=petition)}"
    for index, text in enumerate(texts):
        path = tree.inclusion_path(index, last.size)
        leaf = leaf_hash(text.encode())
        assert inclusion_holds(leaf=leaf, index=index, size=last.size, path=path, root=last.root)
    for head in heads:
        path = tree.consistency_path(head.size, last.size)
        assert consistency_holds(old=head.size, old_root=head.root, size=last.size, root=last.root, path=path)


def kinds_and_reasons(petition):
    entries = LedgerEntry.objects.filter(petition=petition).order_by("position")
    return list(entries.values_list("kind", "reason"))


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
    assert TreeHead.objects.count() == 1


@pytest.mark.sqlite
@pytest.mark.django_db
def test_number_keeps_petitions_apart():
    one, other = ConfirmedSignatureFactory().petition, ConfirmedSignatureFactory().petition

    number_waiting_signatures(at=timezone.now())

    assert (signature_total(petition=one), signature_total(petition=other)) == (1, 1)
    assert_rows_tallies_and_ledger_agree(one)
    assert_proofs_hold(one)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_number_in_small_batches_is_the_same():
    petition, now = PetitionFactory(), timezone.now()
    ConfirmedSignatureFactory.create_batch(7, petition=petition)

    steps = [number_signatures(petition_id=petition.pk, at=now, batch=3) for _ in range(4)]

    assert steps == [3, 3, 1, 0]
    assert_rows_tallies_and_ledger_agree(petition)
    assert_proofs_hold(petition)


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("item_count", [1, 3, 60])
def test_number_takes_the_same_queries_for_any_batch(item_count, django_assert_max_num_queries):
    petition = PetitionFactory()
    ConfirmedSignatureFactory.create_batch(item_count, petition=petition)

    with django_assert_max_num_queries(14):  # PostgreSQL asks for its lock besides
        number_signatures(petition_id=petition.pk, at=timezone.now())


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("part", ["_store", "extend_tree", "_move_tallies", "_mark_rows"])
def test_number_crash_in_the_middle_leaves_nothing_half(monkeypatch, part):
    petition = ConfirmedSignatureFactory().petition

    def crash(*args, **kwargs):
        raise RuntimeError("killed")

    monkeypatch.setattr(numbering, part, crash)
    with pytest.raises(RuntimeError):
        number_signatures(petition_id=petition.pk, at=timezone.now())
    monkeypatch.undo()

    assert not LedgerEntry.objects.exists()
    assert not TreeHead.objects.exists()
    assert not Signature.objects.filter(counted=True).exists()
    number_waiting_signatures(at=timezone.now())
    assert_rows_tallies_and_ledger_agree(petition)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_number_row_deleted_meanwhile_is_left_out(monkeypatch):
    petition, now = PetitionFactory(), timezone.now()
    _stays, goes = ConfirmedSignatureFactory.create_batch(2, petition=petition)
    move = numbering._move_tallies

    def delete_and_move(*args, **kwargs):
        Signature.objects.filter(pk=goes.pk)._raw_delete("default")
        move(*args, **kwargs)

    monkeypatch.setattr(numbering, "_move_tallies", delete_and_move)
    with pytest.raises(numbering.SignatureVanished):
        number_signatures(petition_id=petition.pk, at=now)

    assert not LedgerEntry.objects.exists()


@pytest.mark.sqlite
@pytest.mark.django_db
def test_entry_shows_commitment_then_trace_and_why():
    signature, now = SignatureFactory(), timezone.now()
    confirm_signature(signature=signature, at=now)
    number_waiting_signatures(at=now)
    signature.refresh_from_db()
    rows = Signature.objects.filter(pk=signature.pk)
    for state in (SignatureState.INVALIDATED, SignatureState.CONFIRMED, SignatureState.WITHDRAWN):
        rows.update(state=state)
        number_waiting_signatures(at=now)

    entries = LedgerEntry.objects.order_by("position")
    assert [(entry.kind, entry.reason, bytes(entry.mark)) for entry in entries] == [
        (EntryKind.ADDITION, EntryReason.NONE, bytes(signature.commitment)),
        (EntryKind.REMOVAL, EntryReason.MODERATOR, bytes(signature.trace)),
        (EntryKind.RESTORATION, EntryReason.MODERATOR, bytes(signature.trace)),
        (EntryKind.REMOVAL, EntryReason.SIGNER, bytes(signature.trace)),
    ]
    assert [(entry.additions, entry.total) for entry in entries] == [(1, 1), (1, 0), (1, 1), (1, 0)]
    assert signature.commitment != signature.trace


@pytest.mark.sqlite
@pytest.mark.django_db
def test_leaf_is_canonical_json_of_the_entry():
    signature, now = SignatureFactory(), timezone.now()
    confirm_signature(signature=signature, at=now)
    number_waiting_signatures(at=now)

    text = leaves(petition_id=signature.petition_id, start=1, limit=1)[0]

    signature.refresh_from_db()
    assert text == json.dumps(
        {
            "additions": 1,
            "day": now.astimezone(UTC).date().isoformat(),
            "kind": "addition",
            "mark": bytes(signature.commitment).hex(),
            "petition": str(signature.petition_id),
            "position": 1,
            "reason": "",
            "total": 1,
        },
        sort_keys=True,
        separators=(",", ":"),
    )


@pytest.mark.sqlite
@pytest.mark.django_db
def test_withdrawn_keeps_its_number_and_who_signs_again_gets_the_next():
    petition, now = PetitionFactory(), timezone.now()
    signature = ConfirmedSignatureFactory(petition=petition, email="ada@example.org")
    number_waiting_signatures(at=now)
    withdraw_signature(signature=signature, at=now)
    again = ConfirmedSignatureFactory(petition=petition, email="ada@example.org")
    number_waiting_signatures(at=now)

    signature.refresh_from_db()
    again.refresh_from_db()
    assert (signature.number, signature.counted) == (1, False)
    assert (again.number, again.counted) == (2, True)
    assert Counter(kinds_and_reasons(petition)) == {("addition", ""): 2, ("removal", "signer"): 1}
    assert_rows_tallies_and_ledger_agree(petition)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_tree_catches_up_with_entries_older_than_itself():
    petition, now = PetitionFactory(), timezone.now()
    ConfirmedSignatureFactory.create_batch(5, petition=petition)
    number_waiting_signatures(at=now)
    LedgerTile.objects.all().delete()
    TreeHead.objects.all().delete()

    assert [catch_up_trees(at=now), catch_up_trees(at=now)] == [1, 0]

    assert TreeHead.objects.get().size == 5
    ConfirmedSignatureFactory(petition=petition)
    number_waiting_signatures(at=now)
    assert_proofs_hold(petition)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_tree_catches_up_in_the_step_that_adds(monkeypatch):
    petition, now = PetitionFactory(), timezone.now()
    ConfirmedSignatureFactory.create_batch(5, petition=petition)
    number_waiting_signatures(at=now)
    LedgerTile.objects.all().delete()
    TreeHead.objects.all().delete()
    monkeypatch.setattr("campaign.petitions.services.ledger.tree.CHUNK", 2)
    ConfirmedSignatureFactory.create_batch(2, petition=petition)

    number_signatures(petition_id=petition.pk, at=now)

    assert TreeHead.objects.get().size == 7
    assert_proofs_hold(petition)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_key_is_listed_once_and_a_new_one_beside_it(settings):
    petition, now = PetitionFactory(), timezone.now()
    for _ in range(2):
        ConfirmedSignatureFactory(petition=petition)
        number_waiting_signatures(at=now)
    settings.LEDGER_KEY = bytes(32)
    ConfirmedSignatureFactory(petition=petition)
    number_waiting_signatures(at=now + timedelta(days=1))

    keys = LedgerKey.objects.order_by("since").values_list("name", "public_key", "since")
    assert [(name, bytes(key), since) for name, key, since in keys] == [
        ("testserver", KEY.public_key, now),
        ("testserver", public_key_of(bytes(32)), now + timedelta(days=1)),
    ]
    assert verify_ledger(petition=petition).wrong == []


@pytest.mark.sqlite
@pytest.mark.django_db
def test_clocks_that_disagree_give_consecutive_entries():
    petition, now = PetitionFactory(), timezone.now()
    for hours in (5, -5, 0):
        ConfirmedSignatureFactory(petition=petition, confirmed_at=now + timedelta(hours=hours))
        number_waiting_signatures(at=now - timedelta(hours=hours))

    assert list(LedgerEntry.objects.order_by("position").values_list("position", "additions")) == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]
    assert_rows_tallies_and_ledger_agree(petition)
    assert_proofs_hold(petition)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_more_sources_than_one_statement_takes():
    petition = PetitionFactory()
    for number in range(12):
        ConfirmedSignatureFactory(petition=petition, source=f"tag-{number}")

    numbering_keys = numbering.KEYS_AT_ONCE
    try:
        numbering.KEYS_AT_ONCE = 5
        number_waiting_signatures(at=timezone.now())
    finally:
        numbering.KEYS_AT_ONCE = numbering_keys

    assert Tally.objects.filter(dimension="source", counted=1).count() == 12
    assert_rows_tallies_and_ledger_agree(petition)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["sign", "confirm", "withdraw", "invalidate", "restore", "erase", "number"]),
        st.integers(0, 4),
    ),
    max_size=40,
)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_any_sequence_of_acts_ends_in_rows_tallies_ledger_and_proofs_that_agree(acts, db):
    with transaction.atomic():
        petition, now = PetitionFactory(), timezone.now()

        for act, person in acts:
            do(act, person, petition, now)
        number_waiting_signatures(at=now)

        assert_rows_tallies_and_ledger_agree(petition)
        assert_proofs_hold(petition)
        assert not Signature.objects.awaiting_ledger().exists()
        transaction.set_rollback(True)


def do(act, person, petition, now):
    email = f"person-{person}@example.org"
    if act == "number":
        number_signatures(petition_id=petition.pk, at=now, batch=2)
        return
    row = Signature.objects.filter(petition=petition, locale=f"xx-{person}", email_key__isnull=False).first()
    if act == "sign":
        if row is None:
            country = ["DE", "FR"][person % 2]
            SignatureFactory(petition=petition, email=email, country=country, locale=f"xx-{person}")
        return
    if row is None:
        return
    if act == "confirm":
        confirm_signature(signature=row, at=now)
    elif act == "withdraw":
        withdraw_signature(signature=row, at=now)
    elif act == "erase":
        Signature.objects.filter(pk=row.pk, state="confirmed").update(**blank_fields())
    elif act == "invalidate":
        Signature.objects.filter(pk=row.pk, state="confirmed").update(state=SignatureState.INVALIDATED)
    else:
        Signature.objects.filter(pk=row.pk, state="invalidated", confirmed_at__isnull=False).update(
            state=SignatureState.CONFIRMED
        )


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
def test_twenty_same_confirms_at_once_count_once_and_all_are_told_so():
    signature, now = SignatureFactory(), timezone.now()
    told = []

    def confirm_and_number():
        told.append(confirm_signature(signature=Signature.objects.get(pk=signature.pk), at=now))
        number_waiting_signatures(at=now)

    in_threads([confirm_and_number] * 20)
    number_waiting_signatures(at=now)

    assert told == [True] * 20
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
    assert_proofs_hold(petition)


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_confirmation_that_commits_late_is_numbered_after_later_ones():
    petition, now = PetitionFactory(), timezone.now()
    late = SignatureFactory(petition=petition)

    with transaction.atomic():
        confirm_signature(signature=late, at=now)

        def number_another():
            ConfirmedSignatureFactory(petition=petition, confirmed_at=now + timedelta(seconds=5))
            number_waiting_signatures(at=now)

        in_threads([number_another])
    number_waiting_signatures(at=now)

    late.refresh_from_db()
    assert late.number == 2
    assert_rows_tallies_and_ledger_agree(petition)


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_row_withdrawn_while_its_batch_is_numbered_is_removed_next(monkeypatch):
    signature, now = SignatureFactory(), timezone.now()
    confirm_signature(signature=signature, at=now)
    store = numbering._store

    def withdraw_and_store(entries):
        in_threads([lambda: withdraw_signature(signature=signature, at=now)])
        store(entries)

    monkeypatch.setattr(numbering, "_store", withdraw_and_store)
    number_signatures(petition_id=signature.petition_id, at=now)
    monkeypatch.undo()
    number_waiting_signatures(at=now)

    assert kinds_and_reasons(signature.petition) == [("addition", ""), ("removal", "signer")]
    assert_rows_tallies_and_ledger_agree(signature.petition)


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_a_batch_is_numbered(monkeypatch):
    petition, now = PetitionFactory(), timezone.now()
    numbered = SignatureFactory(petition=petition)
    confirm_signature(signature=numbered, at=now)
    move = numbering._move_tallies

    def others():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
        confirm_signature(signature=SignatureFactory(petition=petition), at=now)
        withdraw_signature(signature=numbered, at=now)
        assert signature_total(petition=petition) == 0

    def move_beside_others(*args, **kwargs):
        move(*args, **kwargs)
        in_threads([others])

    monkeypatch.setattr(numbering, "_move_tallies", move_beside_others)
    number_signatures(petition_id=petition.pk, at=now)
    monkeypatch.undo()
    number_waiting_signatures(at=now)

    assert signature_total(petition=petition) == 1
    assert_rows_tallies_and_ledger_agree(petition)


KILLED = """
import sys, time
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.utils import timezone
from campaign.petitions.services.ledger import numbering
mark = numbering._mark_rows
def mark_and_wait(*args, **kwargs):
    mark(*args, **kwargs)
    print("all is written, nothing is committed", flush=True)
    time.sleep(60)
numbering._mark_rows = mark_and_wait
numbering.number_waiting_signatures(at=timezone.now())
"""


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_sequencer_killed_before_its_commit_leaves_nothing_and_the_next_goes_on():
    petition, now = PetitionFactory(), timezone.now()
    ConfirmedSignatureFactory.create_batch(3, petition=petition)
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, connection.settings_dict["NAME"]],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "campaign.settings.test"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "all is written, nothing is committed\n"
        assert number_signatures(petition_id=petition.pk, at=now) == 0  # the other one is at it
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    finally:
        process.kill()
        process.stdout.close()

    assert not LedgerEntry.objects.exists()
    for _ in range(100):  # the server notices within moments that its client is gone, and lets the lock go
        if number_waiting_signatures(at=now):
            break
        time.sleep(0.1)
    assert signature_total(petition=petition) == 3
    assert_rows_tallies_and_ledger_agree(petition)
    assert_proofs_hold(petition)
