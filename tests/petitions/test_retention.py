"""What time does to signatures: one reminder, then erasure, and the count stays."""

from collections import Counter
from datetime import UTC, timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from campaign.core.links import link_token
from campaign.mailing.models import MailState, OutgoingMail
from campaign.mailing.services import pump_mail
from campaign.petitions.models import LedgerEntry, Petition, Signature, SignatureState, SignRequest, Tally
from campaign.petitions.services import (
    confirm_signature,
    erase_due_petitions,
    erase_networks,
    erase_unconfirmed,
    number_waiting_signatures,
    remind_unconfirmed,
    retention,
    withdraw_signature,
)
from campaign.petitions.tasks import erase, remind
from tests.factories.mailing import OutgoingMailFactory
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="threads need a database of their own"
)
DAY = timedelta(days=1)


def ago(days, **more):
    return timezone.now() - timedelta(days=days, **more)


def over(**changes):
    """A petition whose retention has just run out."""
    return PetitionFactory(
        **{"state": "closed", "closes_at": ago(200), "closed_at": ago(200), "retention_days": 183, **changes}
    )


def numbers(petition):
    """What must agree: (rows counted, last total of the ledger, total tally, sums of each dimension)."""
    last = LedgerEntry.objects.filter(petition=petition).order_by("position").last()
    sums = Counter()
    for dimension, counted in Tally.objects.filter(petition=petition).values_list("dimension", "counted"):
        sums[dimension] += counted
    days = Counter(
        row.confirmed_at.astimezone(UTC).date().isoformat()
        for row in Signature.objects.filter(petition=petition, counted=True)
    )
    tallied = dict(
        Tally.objects.filter(petition=petition, dimension="day", counted__gt=0).values_list("key", "counted")
    )
    assert days == tallied
    return (Signature.objects.filter(petition=petition, counted=True).count(), last.total, dict(sums))


# --- Reminder -----------------------------------------------------------------------
def test_remind_after_a_day_once():
    signature = SignatureFactory(signed_at=ago(1))

    assert [remind_unconfirmed(at=timezone.now()) for _ in range(3)] == [1, 0, 0]

    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.about_id, mail.recipient) == (
        "petitions.reminder",
        signature.pk,
        signature.email,
    )


def test_remind_task_twice_sends_one_mail():
    SignatureFactory(signed_at=ago(2))

    for _ in range(2):
        remind()
        pump_mail(at=timezone.now())

    assert len(outbox.outbox) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"signed_at": ago(0, hours=23)},
        {"signed_at": ago(15)},
        {"quarantined_at": ago(1)},
        {"state": SignatureState.CONFIRMED},
        {"state": SignatureState.INVALIDATED},
        {"reminded_at": ago(1)},
        {"petition__state": "hidden"},
        {"petition__closes_at": ago(2)},
        {"petition__closed_at": ago(2), "petition__state": "closed"},
    ],
)
def test_remind_nobody_who_need_not_or_cannot_confirm(changes):
    SignatureFactory(**{"signed_at": ago(2), **changes})

    assert remind_unconfirmed(at=timezone.now()) == 0

    assert not OutgoingMail.objects.exists()


def test_remind_within_the_hours_after_closing():
    SignatureFactory(signed_at=ago(2), petition__state="closed", petition__closes_at=ago(0, hours=2))

    assert remind_unconfirmed(at=timezone.now()) == 1


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_remind_in_batches_reaches_everybody_once(monkeypatch, batch):
    monkeypatch.setattr(retention, "BATCH", batch)
    SignatureFactory.create_batch(5, signed_at=ago(2))

    assert remind_unconfirmed(at=timezone.now()) == 5

    assert OutgoingMail.objects.values("about_id").distinct().count() == 5


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_remind_by_two_workers_at_once_is_one_mail_each():
    SignatureFactory.create_batch(20, petition=PetitionFactory(), signed_at=ago(2))
    now = timezone.now()

    in_threads([lambda: remind_unconfirmed(at=now)] * 2)

    assert OutgoingMail.objects.count() == 20
    assert OutgoingMail.objects.values("about_id").distinct().count() == 20


@pytest.mark.parametrize(
    "meanwhile",
    [{"state": SignatureState.CONFIRMED}, {"quarantined_at": timezone.now()}],
)
def test_reminder_letter_is_dropped_when_there_is_nothing_to_remind_of(meanwhile):
    signature = SignatureFactory(signed_at=ago(2))
    remind_unconfirmed(at=timezone.now())
    Signature.objects.filter(pk=signature.pk).update(**meanwhile)

    pump_mail(at=timezone.now())

    assert outbox.outbox == []
    assert OutgoingMail.objects.get().state == MailState.DROPPED


def test_reminder_letter_carries_the_link_and_nothing_that_was_typed(settings):
    signature = SignatureFactory(name="Buy my pills", reason="at pills.example", signed_at=ago(2))
    remind_unconfirmed(at=timezone.now())

    pump_mail(at=timezone.now())

    letter = outbox.outbox[0]
    token = link_token(purpose="signature-confirm", row_id=signature.pk)
    whole = letter.subject + letter.body + letter.alternatives[0].content
    assert f"/signatures/confirm/{token}/" in letter.body
    assert "pills" not in whole
    assert signature.petition.title in letter.subject


# --- What was never confirmed -----------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "changes", "kept"),
    [
        (13, {}, True),
        (15, {}, False),
        (15, {"quarantined_at": ago(15)}, True),
        (31, {"quarantined_at": ago(31)}, False),
        (31, {"state": SignatureState.CONFIRMED, "confirmed_at": ago(31)}, True),
        (29, {"state": SignatureState.INVALIDATED, "state_before": SignatureState.PENDING}, True),
        (31, {"state": SignatureState.INVALIDATED, "state_before": SignatureState.PENDING}, False),
        (31, {"state": SignatureState.INVALIDATED, "state_before": SignatureState.CONFIRMED}, True),
    ],
)
def test_erase_unconfirmed_after_its_days(days, changes, kept):
    SignatureFactory(signed_at=ago(days), **changes)

    erase_unconfirmed(at=timezone.now())

    assert Signature.objects.exists() is kept


def test_erase_unconfirmed_by_the_operators_days(settings):
    settings.PENDING_DAYS = 2
    SignatureFactory(signed_at=ago(3))

    assert erase_unconfirmed(at=timezone.now()) == 1


def test_erase_unconfirmed_takes_mails_and_failed_requests_along():
    signature = SignatureFactory(signed_at=ago(15), email="ada@example.org")
    OutgoingMailFactory(recipient="ada@example.org", about_id=signature.pk, state=MailState.SENT)
    for days, failed in ((31, ago(31)), (29, ago(29)), (31, None)):
        SignRequest.objects.create(
            petition=signature.petition, typed="{}", received_at=ago(days), failed_at=failed
        )

    erase_unconfirmed(at=timezone.now())

    assert not OutgoingMail.objects.exists()
    assert SignRequest.objects.count() == 2


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_erase_unconfirmed_spares_who_confirms_at_this_moment():
    signature, now = SignatureFactory(signed_at=ago(15)), timezone.now()

    in_threads(
        [
            lambda: confirm_signature(signature=signature, at=now),
            lambda: erase_unconfirmed(at=now),
        ]
    )
    number_waiting_signatures(at=now)

    states = list(Signature.objects.values_list("state", "counted"))
    assert states in ([], [(SignatureState.CONFIRMED, True)])


# --- Networks -----------------------------------------------------------------------
def test_erase_networks_after_thirty_days_on_all_rows():
    old = ConfirmedSignatureFactory(signed_at=ago(31), network="203.0.113.0/24", network_key=-7)
    young = ConfirmedSignatureFactory(signed_at=ago(29), network="203.0.113.0/24", network_key=-7)

    assert [erase_networks(at=timezone.now()) for _ in range(2)] == [1, 0]

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.network, old.network_key, old.name) == (None, None, "Ada Signer")
    assert young.network == "203.0.113.0/24"


# --- Retention ------------------------------------------------------------------------
def people(petition):
    """Every fate a signature can have."""
    ConfirmedSignatureFactory.create_batch(3, petition=petition, confirmed_at=ago(210), country="FR")
    ConfirmedSignatureFactory(petition=petition, confirmed_at=ago(205), source="newsletter")
    gone = ConfirmedSignatureFactory(petition=petition, confirmed_at=ago(205))
    bad = ConfirmedSignatureFactory(petition=petition, confirmed_at=ago(205))
    SignatureFactory(petition=petition)
    number_waiting_signatures(at=ago(204))
    withdraw_signature(signature=gone, at=ago(203))
    Signature.objects.filter(pk=bad.pk).update(state=SignatureState.INVALIDATED)
    number_waiting_signatures(at=ago(202))


def test_retention_erases_everybody_and_keeps_the_count():
    petition = over()
    people(petition)
    before = numbers(petition)
    kept = list(Signature.objects.filter(counted=True).order_by("number").values_list("number", "country"))

    erase_due_petitions(at=timezone.now())
    number_waiting_signatures(at=timezone.now())

    assert before[:2] == (4, 4)
    assert numbers(petition) == before
    assert (
        list(Signature.objects.filter(counted=True).order_by("number").values_list("number", "country"))
        == kept
    )
    for row in Signature.objects.all():
        assert (row.name, row.email, row.email_key, row.salt, row.consents) == (None, None, None, None, [])
    assert not Signature.objects.filter(state=SignatureState.PENDING).exists()


def test_retention_is_noted_when_it_is_done():
    petition, now = over(), timezone.now()
    ConfirmedSignatureFactory(petition=petition)

    assert [erase_due_petitions(at=now) for _ in range(2)] == [1, 0]

    petition.refresh_from_db()
    assert petition.erased_at == now


@pytest.mark.parametrize(
    "changes",
    [
        {"legal_hold_reason": "Case 12 C 34/26"},
        {"retention_days": 201},
        {"state": "open", "closes_at": timezone.now() + DAY, "closed_at": None},
        {"erased_at": timezone.now()},
    ],
)
def test_retention_leaves_alone_what_is_not_due_or_held(changes):
    petition = over(**changes)
    ConfirmedSignatureFactory(petition=petition)

    assert erase_due_petitions(at=timezone.now()) == 0

    assert Signature.objects.get().name == "Ada Signer"
    assert Petition.objects.get().erased_at == changes.get("erased_at")


@pytest.mark.parametrize("state", ["closed", "hidden", "withdrawn"])
def test_retention_of_a_petition_that_was_taken_down_runs_out_too(state):
    ConfirmedSignatureFactory(petition=over(state=state))

    assert erase_due_petitions(at=timezone.now()) == 1


def test_retention_legal_hold_stops_it_half_way(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    petition = over()
    ConfirmedSignatureFactory.create_batch(5, petition=petition)
    whole = retention._erase

    def erase_then_hold(rows):
        whole(rows)
        Petition.objects.update(legal_hold_reason="Case 12 C 34/26")

    monkeypatch.setattr(retention, "_erase", erase_then_hold)
    erase_due_petitions(at=timezone.now())

    petition.refresh_from_db()
    assert petition.erased_at is None
    assert Signature.objects.filter(email_key__isnull=False).count() == 3


def test_retention_that_was_killed_goes_on_where_it_stood(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    petition = over()
    ConfirmedSignatureFactory.create_batch(5, petition=petition)
    number_waiting_signatures(at=timezone.now())
    whole, calls = retention._erase, iter(range(10))

    def killed_in_the_second_batch(rows):
        whole(rows)
        if next(calls) == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(retention, "_erase", killed_in_the_second_batch)
        with pytest.raises(KeyboardInterrupt):
            erase_due_petitions(at=timezone.now())
    assert Signature.objects.filter(email_key__isnull=False).count() == 3

    assert erase_due_petitions(at=timezone.now()) == 3

    assert Signature.objects.filter(email_key__isnull=False).count() == 0
    assert numbers(petition)[:2] == (5, 5)


def test_retention_takes_both_people_of_a_mailbox_across_batches(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 1)
    petition = over()
    for slot in (1, 2):
        ConfirmedSignatureFactory(petition=petition, email="home@example.org", slot=slot)

    assert erase_due_petitions(at=timezone.now()) == 2


def test_retention_time_is_over_goes_on_next_time(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 1)
    petition = over()
    ConfirmedSignatureFactory.create_batch(2, petition=petition)

    assert erase_due_petitions(at=timezone.now(), seconds=0) == 1

    petition.refresh_from_db()
    assert petition.erased_at is None


def test_erase_task_twice_leaves_the_same():
    petition = over()
    people(petition)

    erase()
    first = list(Signature.objects.order_by("pk").values_list("pk", "state", "counted"))
    erase()

    assert list(Signature.objects.order_by("pk").values_list("pk", "state", "counted")) == first


@pytest.mark.parametrize("item_count", [1, 3])
def test_retention_takes_a_fixed_number_of_queries(item_count, django_assert_num_queries):
    ConfirmedSignatureFactory.create_batch(item_count, petition=over())

    with django_assert_num_queries(13):
        erase_due_petitions(at=timezone.now())


def test_erases_at_is_that_long_after_closing():
    now = timezone.now()
    petition = PetitionFactory(closes_at=now, retention_days=10)

    assert petition.erases_at == now + 10 * DAY
    assert PetitionFactory(closes_at=None, state="draft").erases_at is None
