import json
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from campaign.core.links import link_token
from campaign.core.merkle import inclusion_holds, leaf_hash
from campaign.core.notes import parse_checkpoint, parse_verifier_key, verified_text
from campaign.mailing.models import MailState, OutgoingMail, Priority
from campaign.mailing.services import pump_mail
from campaign.petitions.models import Petition, PetitionState, Signature, SignatureState
from campaign.petitions.proofs import commitment, read_receipt
from campaign.petitions.services import (
    confirm_signature,
    number_waiting_signatures,
    queue_receipts,
    skip_receipts,
    withdraw_signature,
)
from campaign.petitions.services import receipts as receipts_module
from campaign.petitions.services.leaving import blank_fields
from campaign.petitions.tasks import queue_receipts as queue_receipts_task
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def counted(petition=None, **fields):
    """A signature that was confirmed and numbered."""
    signature = SignatureFactory(**({"petition": petition} if petition else {}), **fields)
    confirm_signature(signature=signature, at=timezone.now())
    number_waiting_signatures(at=timezone.now())
    return Signature.objects.select_related("petition").get(pk=signature.pk)


def receipt_address(signature):
    return reverse("signature_receipt", args=[link_token(purpose="signature-manage", row_id=signature.pk)])


def test_queue_one_mail_for_each_addition_and_none_twice():
    signature, now = counted(email="ada@example.org", locale="de"), timezone.now()

    assert queue_receipts(at=now) == 1
    assert queue_receipts(at=now) == 0
    queue_receipts_task()

    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.recipient, mail.locale, mail.about_id, mail.priority) == (
        "petitions.receipt",
        "ada@example.org",
        "de",
        signature.pk,
        Priority.BULK,
    )


def test_queue_in_batches_reaches_everybody_in_every_petition(monkeypatch):
    monkeypatch.setattr(receipts_module, "BATCH", 2)
    for petition in (PetitionFactory(), PetitionFactory()):
        ConfirmedSignatureFactory.create_batch(5, petition=petition)
    number_waiting_signatures(at=timezone.now())

    assert queue_receipts(at=timezone.now()) == 10

    about = OutgoingMail.objects.values_list("about_id", flat=True)
    assert set(about) == set(Signature.objects.values_list("pk", flat=True))


def test_queue_stops_after_its_share_and_goes_on_the_next_time(monkeypatch):
    monkeypatch.setattr(receipts_module, "BATCH", 2)
    petition = PetitionFactory()
    ConfirmedSignatureFactory.create_batch(5, petition=petition)
    number_waiting_signatures(at=timezone.now())

    assert [queue_receipts(at=timezone.now(), most=3) for _ in range(3)] == [4, 1, 0]


@pytest.mark.parametrize("act", ["withdraw", "erase", "invalidate"])
def test_who_left_gets_none(act):
    signature = counted()
    if act == "withdraw":
        withdraw_signature(signature=signature, at=timezone.now())
    elif act == "erase":
        Signature.objects.filter(pk=signature.pk).update(**blank_fields())
    else:
        Signature.objects.filter(pk=signature.pk).update(state=SignatureState.INVALIDATED)

    assert queue_receipts(at=timezone.now()) == 0
    assert Petition.objects.get(pk=signature.petition_id).receipts_position == 1


@pytest.mark.parametrize("act", ["erase", "hide"])
def test_who_left_before_the_pump_came_gets_none(act):
    signature = counted()
    queue_receipts(at=timezone.now())
    if act == "erase":
        Signature.objects.filter(pk=signature.pk).update(**blank_fields())
    else:
        Petition.objects.update(state=PetitionState.HIDDEN)

    pump_mail(at=timezone.now())

    assert outbox.outbox == []
    assert OutgoingMail.objects.get().state == MailState.DROPPED


def test_crash_while_queueing_leaves_nothing_half(monkeypatch):
    counted()

    def crash(rows):
        list(rows)
        raise RuntimeError("killed")

    monkeypatch.setattr(receipts_module, "queue_mails", crash)
    with pytest.raises(RuntimeError):
        queue_receipts(at=timezone.now())
    monkeypatch.undo()

    assert queue_receipts(at=timezone.now()) == 1


def test_skip_leaves_out_those_numbered_so_far():
    petition = counted().petition
    skip_receipts(petition=petition)
    later = counted(petition)

    queue_receipts(at=timezone.now())

    assert OutgoingMail.objects.get().about_id == later.pk


def test_skip_with_an_empty_ledger_changes_nothing():
    petition = PetitionFactory()

    skip_receipts(petition=petition)

    petition.refresh_from_db()
    assert petition.receipts_position == 0


def test_letter_tells_number_and_links_and_carries_the_receipt():
    signature = counted(email="ada@example.org")
    queue_receipts(at=timezone.now())

    pump_mail(at=timezone.now())

    letter = outbox.outbox[0]
    assert "as number 1." in letter.body
    token = link_token(purpose="signature-manage", row_id=signature.pk)
    assert f"http://testserver/signatures/mine/{token}/" in letter.body
    assert f"http://testserver/petitions/{signature.petition.slug}/ledger/" in letter.body
    name, text, media_type = letter.attachments[0]
    assert (name, media_type) == ("receipt-1.json", "application/json")
    assert read_receipt(text.decode()).number == 1
    assert b"ada@" not in text
    assert b"Ada Signer" not in text


@pytest.mark.parametrize("item_count", [1, 3])
def test_letters_of_a_batch_take_the_same_queries(item_count, django_assert_num_queries):
    from campaign.petitions.letters.receipt import load_receipts

    petition = counted().petition
    for _ in range(item_count):
        counted(petition)
    queue_receipts(at=timezone.now())
    mails = list(OutgoingMail.objects.all())

    with django_assert_num_queries(4):
        loaded = load_receipts(mails)

    assert len(loaded) == item_count + 1


def test_receipt_proves_the_signature(client):
    counted()
    signature = counted(Petition.objects.get(), email="Ada@example.org")
    counted(signature.petition)

    receipt = read_receipt(client.get(receipt_address(signature)).content.decode())

    key = parse_verifier_key(receipt.verifier_key)
    checkpoint = parse_checkpoint(verified_text(receipt.checkpoint, keys=[key]))
    assert (receipt.number, receipt.position, receipt.size, checkpoint.size) == (2, 2, 3, 3)
    assert inclusion_holds(
        leaf=leaf_hash(receipt.leaf.encode()), index=1, size=3, path=receipt.path, root=checkpoint.root
    )
    mark = commitment(salt=receipt.salt, address="ada@example.org").hex()
    assert json.loads(receipt.leaf)["mark"] == mark


def test_download_is_a_file_that_nobody_keeps(client):
    response = client.get(receipt_address(counted()))

    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="receipt-1.json"'
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]
    assert client.post(receipt_address(Signature.objects.get())).status_code == 405


def test_download_before_the_number_leads_to_the_page_that_waits_for_it(client):
    signature = ConfirmedSignatureFactory()

    response = client.get(receipt_address(signature))

    token = link_token(purpose="signature-manage", row_id=signature.pk)
    assert (response.status_code, response.url) == (302, reverse("signature_manage", args=[token]))


@pytest.mark.parametrize("act", ["withdraw", "erase", "invalidate", "pending"])
def test_download_of_who_left_is_gone(client, act):
    signature = SignatureFactory() if act == "pending" else counted()
    if act == "withdraw":
        withdraw_signature(signature=signature, at=timezone.now())
    elif act == "erase":
        Signature.objects.filter(pk=signature.pk).update(**blank_fields())
    elif act == "invalidate":
        Signature.objects.filter(pk=signature.pk).update(state=SignatureState.INVALIDATED)

    assert client.get(receipt_address(signature)).status_code == 410


def test_download_with_a_link_we_did_not_make_is_404(client):
    assert client.get(reverse("signature_receipt", args=["made.up"])).status_code == 404


def test_download_of_a_signature_older_than_commitments_has_no_salt(client):
    signature = ConfirmedSignatureFactory(confirmed_at=timezone.now() - timedelta(days=400))
    number_waiting_signatures(at=timezone.now())

    receipt = read_receipt(client.get(receipt_address(signature)).content.decode())

    assert (receipt.salt, json.loads(receipt.leaf)["mark"]) == (b"", "")


postgresql_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_workers_at_once_queue_each_receipt_once(monkeypatch):
    monkeypatch.setattr(receipts_module, "BATCH", 3)
    ConfirmedSignatureFactory.create_batch(20, petition=PetitionFactory())
    number_waiting_signatures(at=timezone.now())

    in_threads([lambda: queue_receipts(at=timezone.now())] * 4)
    queue_receipts(at=timezone.now())

    about = list(OutgoingMail.objects.values_list("about_id", flat=True))
    assert len(about) == len(set(about)) == 20
