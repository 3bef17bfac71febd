"""What signers do on their own page: consents, reason, withdrawing, erasing, the copy of their data."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone, translation

from campaign.mailing.models import MailState, OutgoingMail
from campaign.petitions import consents
from campaign.petitions.consents import (
    COLUMNS,
    CONSENT_VERSIONS,
    REGISTRY,
    consents_given,
    readable_consents,
    wording_digest,
)
from campaign.petitions.models import ReasonState, Signature, SignatureState, Tally
from campaign.petitions.services import (
    Left,
    Reach,
    SignatureIsGone,
    confirm_signature,
    erase_signer,
    number_waiting_signatures,
    own_signatures,
    set_consent,
    signer_data,
    take_back_reason,
    withdraw_signature,
)
from tests.factories.mailing import OutgoingMailFactory
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="threads need a database of their own"
)
PERSONAL = ["name", "email", "postcode", "reason", "network", "salt"]
KEYS = ["email_key", "domain_key", "network_key", "name_key", "postcode_key"]


def full(factory=ConfirmedSignatureFactory, **changes):
    """A signature that holds all a signature can hold."""
    fields = {
        "postcode": "10115",
        "reason": "For my children.",
        "reason_state": ReasonState.SHOWN,
        "network": "203.0.113.0/24",
        "salt": "ab" * 32,
        "domain_key": 1,
        "network_key": 2,
        "name_key": 3,
        "postcode_key": 4,
        "name_is_public": True,
        "wants_updates": True,
        "wants_news": True,
    }
    return factory(**{**fields, **changes})


def held(signature):
    """The names of the columns that still lead back to a person."""
    row = Signature.objects.get(pk=signature.pk)
    return [name for name in (*PERSONAL, *KEYS) if getattr(row, name) is not None]


def closed(**changes):
    """A petition whose count is final."""
    now = timezone.now()
    return PetitionFactory(state="closed", closes_at=now - timedelta(days=3), closed_at=None, **changes)


# --- Consents -------------------------------------------------------------------
def test_every_purpose_has_a_wording_in_the_registry():
    assert set(CONSENT_VERSIONS) == set(REGISTRY) == {"sign", "news", *COLUMNS}
    assert all(version in REGISTRY[purpose] for purpose, version in CONSENT_VERSIONS.items())


def test_set_consent_adds_a_record_with_the_words_that_were_shown():
    signature, now = ConfirmedSignatureFactory(), timezone.now()

    set_consent(signature=signature, purpose="updates", given=True, locale="en", at=now)

    signature.refresh_from_db()
    assert signature.wants_updates
    assert signature.consents[-1] == {
        "purpose": "updates",
        "given": True,
        "version": CONSENT_VERSIONS["updates"],
        "locale": "en",
        "at": now.isoformat(),
        "sha256": wording_digest("updates", CONSENT_VERSIONS["updates"], "en"),
    }


@pytest.mark.parametrize(("purpose", "column"), COLUMNS.items())
def test_set_consent_given_and_taken_back_keeps_both_records(purpose, column):
    signature, now = ConfirmedSignatureFactory(), timezone.now()

    set_consent(signature=signature, purpose=purpose, given=True, locale="en", at=now)
    set_consent(signature=signature, purpose=purpose, given=False, locale="en", at=now)

    signature.refresh_from_db()
    assert getattr(signature, column) is False
    assert [(row["purpose"], row["given"]) for row in signature.consents] == [
        ("sign", True),
        (purpose, True),
        (purpose, False),
    ]


def test_set_consent_twice_is_once():
    signature, now = ConfirmedSignatureFactory(), timezone.now()

    for _ in range(2):
        set_consent(signature=signature, purpose="updates", given=True, locale="en", at=now)

    assert len(Signature.objects.get().consents) == 2


def test_set_consent_leaves_other_purposes_alone():
    signature = ConfirmedSignatureFactory(name_is_public=True, wants_updates=True)

    set_consent(signature=signature, purpose="public_name", given=False, locale="en", at=timezone.now())

    signature.refresh_from_db()
    assert (signature.name_is_public, signature.wants_updates) == (False, True)


@pytest.mark.parametrize("state", [SignatureState.PENDING, SignatureState.INVALIDATED])
def test_set_consent_of_a_signature_that_does_not_stand_is_refused(state):
    signature = SignatureFactory(state=state)

    with pytest.raises(SignatureIsGone):
        set_consent(signature=signature, purpose="updates", given=True, locale="en", at=timezone.now())


def test_set_consent_sign_is_no_box_to_untick():
    with pytest.raises(KeyError):
        set_consent(
            signature=ConfirmedSignatureFactory(),
            purpose="sign",
            given=False,
            locale="en",
            at=timezone.now(),
        )


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_set_consent_at_once_loses_no_record():
    signature, now = ConfirmedSignatureFactory(), timezone.now()

    in_threads(
        [
            lambda purpose=purpose: set_consent(
                signature=signature, purpose=purpose, given=True, locale="en", at=now
            )
            for purpose in COLUMNS
        ]
    )

    signature.refresh_from_db()
    assert {row["purpose"] for row in signature.consents} == {"sign", *COLUMNS}
    assert (signature.name_is_public, signature.wants_updates) == (True, True)


def test_old_wording_is_printed_with_the_words_of_then(monkeypatch):
    records = consents_given(["updates"], locale="en", at=timezone.now())
    monkeypatch.setitem(consents.REGISTRY["updates"], "2030-1", "Quite other words.")
    monkeypatch.setitem(consents.CONSENT_VERSIONS, "updates", "2030-1")

    read = readable_consents(records)[0]

    assert read.wording == "Mail me when something happens with this petition."
    assert read.is_exact


def test_wording_that_was_translated_anew_says_so():
    records = consents_given(["updates"], locale="en", at=timezone.now())

    read = readable_consents([{**records[0], "sha256": "00" * 32}])[0]

    assert not read.is_exact


def test_wording_digest_is_of_the_language_shown():
    with translation.override("en-xa"):
        record = consents_given(["sign"], locale="en", at=timezone.now())[0]

    assert record["sha256"] == wording_digest("sign", CONSENT_VERSIONS["sign"], "en")


# --- Reason ---------------------------------------------------------------------
def test_take_back_reason_erases_it_and_the_signature_stands():
    signature = full()

    take_back_reason(signature=signature)

    signature.refresh_from_db()
    assert (signature.reason, signature.reason_state) == (None, ReasonState.NONE)
    assert (signature.state, signature.name) == (SignatureState.CONFIRMED, "Ada Signer")


# --- Withdrawing ----------------------------------------------------------------
def test_withdraw_erases_all_and_leaves_the_count():
    signature, now = full(), timezone.now()
    number_waiting_signatures(at=now)

    outcome = withdraw_signature(signature=signature, at=now)
    number_waiting_signatures(at=now)

    row = Signature.objects.get()
    assert outcome == Left.WITHDRAWN
    assert held(signature) == []
    assert (row.state, row.counted, row.number, row.consents) == (SignatureState.WITHDRAWN, False, 1, [])
    assert (row.name_is_public, row.wants_updates, row.wants_news) == (False, False, False)
    assert Tally.objects.get(dimension="total").counted == 0


def test_withdraw_keeps_the_day_and_no_moment():
    signature = full()

    withdraw_signature(signature=signature, at=timezone.now())

    row = Signature.objects.get()
    day = signature.confirmed_at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    assert (row.confirmed_at, row.signed_at, row.created_at) == (day, day, day)


def test_withdraw_frees_the_address_for_a_new_signature():
    signature = ConfirmedSignatureFactory(email="ada@example.org")
    withdraw_signature(signature=signature, at=timezone.now())

    again = SignatureFactory(petition=signature.petition, email="ada@example.org")
    confirm_signature(signature=again, at=timezone.now())
    number_waiting_signatures(at=timezone.now())

    again.refresh_from_db()
    assert (again.counted, Signature.objects.filter(counted=True).count()) == (True, 1)


def test_withdraw_pending_deletes_the_row():
    signature = SignatureFactory()

    assert withdraw_signature(signature=signature, at=timezone.now()) == Left.DELETED

    assert not Signature.objects.exists()


def test_withdraw_twice_does_nothing_more():
    signature, now = ConfirmedSignatureFactory(), timezone.now()
    withdraw_signature(signature=signature, at=now)

    assert withdraw_signature(signature=signature, at=now + timedelta(days=1)) == Left.NOTHING

    assert Signature.objects.get().withdrawn_at == now


@pytest.mark.parametrize(("hours", "outcome", "total"), [(23, Left.WITHDRAWN, 0), (25, Left.ERASED, 1)])
def test_withdraw_around_the_moment_the_count_is_final(hours, outcome, total):
    now = timezone.now()
    petition = PetitionFactory(state="closed", closes_at=now - timedelta(hours=hours))
    signature = full(petition=petition)
    number_waiting_signatures(at=now)

    assert withdraw_signature(signature=signature, at=now) == outcome
    number_waiting_signatures(at=now)

    assert held(signature) == []
    assert Tally.objects.get(dimension="total").counted == total
    assert Signature.objects.filter(counted=True, state=SignatureState.CONFIRMED).count() == total


def test_withdraw_under_a_hidden_petition_that_may_come_back_leaves_the_count():
    signature = ConfirmedSignatureFactory(petition__state="hidden")

    assert withdraw_signature(signature=signature, at=timezone.now()) == Left.WITHDRAWN


def test_withdraw_invalidated_cannot_be_undone_by_moderators():
    signature = full(state=SignatureState.INVALIDATED, state_before=SignatureState.CONFIRMED)

    outcome = withdraw_signature(signature=signature, at=timezone.now())

    assert (outcome, Signature.objects.get().state) == (Left.WITHDRAWN, SignatureState.WITHDRAWN)
    assert held(signature) == []


def test_withdraw_invalidated_when_the_count_is_final_cannot_be_undone_either():
    signature = full(
        petition=closed(), state=SignatureState.INVALIDATED, state_before=SignatureState.CONFIRMED
    )

    outcome = withdraw_signature(signature=signature, at=timezone.now())

    assert (outcome, Signature.objects.get().state) == (Left.WITHDRAWN, SignatureState.WITHDRAWN)


@pytest.mark.parametrize(
    ("factory", "outcome", "left"),
    [(SignatureFactory, Left.DELETED, 0), (ConfirmedSignatureFactory, Left.NOTHING, 1)],
)
def test_withdraw_only_what_is_pending_spares_what_was_confirmed_meanwhile(factory, outcome, left):
    signature = factory()
    signature.state = SignatureState.PENDING  # as it was read before

    assert withdraw_signature(signature=signature, only_pending=True, at=timezone.now()) == outcome

    assert Signature.objects.filter(email_key__isnull=False).count() == left


def test_withdraw_takes_mails_to_other_spellings_along():
    signature = ConfirmedSignatureFactory(email="ada@example.org")
    OutgoingMailFactory(recipient="a.da+tag@example.org", about_id=signature.pk)
    # Its key was made with an index key that is gone.
    OutgoingMailFactory(recipient_key=b"", about_id=signature.pk, state=MailState.SENT)

    withdraw_signature(signature=signature, at=timezone.now())

    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("state", [MailState.WAITING, MailState.CLAIMED, MailState.SENT, MailState.FAILED])
def test_withdraw_takes_its_mails_along_and_no_others(state):
    signature = ConfirmedSignatureFactory(email="ada@example.org")
    OutgoingMailFactory(recipient="ada@example.org", about_id=signature.pk, state=state)
    other = OutgoingMailFactory(recipient="ada@example.org", kind="mailing.letter")

    withdraw_signature(signature=signature, at=timezone.now())

    assert [mail.pk for mail in OutgoingMail.objects.all()] == [other.pk]


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_withdraw_while_confirming_ends_in_one_or_the_other():
    signature, now = SignatureFactory(), timezone.now()

    in_threads(
        [
            lambda: confirm_signature(signature=signature, at=now),
            lambda: withdraw_signature(signature=signature, at=now),
        ]
    )
    number_waiting_signatures(at=now)

    rows = list(Signature.objects.all())
    assert [row.state for row in rows] in ([], [SignatureState.WITHDRAWN])
    assert not Signature.objects.filter(counted=True).exists()


# --- Erasing everywhere -----------------------------------------------------------
def test_erase_campaign_spares_other_campaigns_and_other_people():
    first = ConfirmedSignatureFactory(email="ada@example.org")
    second = ConfirmedSignatureFactory(email="ada@example.org", petition__campaign=first.petition.campaign)
    elsewhere = ConfirmedSignatureFactory(email="ada@example.org")
    other = ConfirmedSignatureFactory(petition=first.petition, email="bob@example.org")

    done = erase_signer(signature=first, reach=Reach.CAMPAIGN, at=timezone.now())

    assert done == {Left.WITHDRAWN: 2}
    assert (held(first), held(second)) == ([], [])
    assert "email" in held(elsewhere)
    assert "email" in held(other)


def test_erase_site_withdraws_erases_and_deletes_as_each_petition_stands():
    signature = ConfirmedSignatureFactory(email="ada@example.org")
    final = ConfirmedSignatureFactory(email="ADA@example.org", petition=closed())
    SignatureFactory(email="ada@example.org")

    done = erase_signer(signature=signature, reach=Reach.SITE, at=timezone.now())

    assert done == {Left.WITHDRAWN: 1, Left.ERASED: 1, Left.DELETED: 1}
    assert (held(signature), held(final)) == ([], [])
    assert Signature.objects.count() == 2


def household():
    """Ada and Bob sign one petition with one mailbox; Ada signed another one before."""
    ada = ConfirmedSignatureFactory(name="Ada Signer", email="home@example.org")
    bob = ConfirmedSignatureFactory(petition=ada.petition, name="Bob", email="home@example.org", slot=2)
    early = ConfirmedSignatureFactory(name="ada  SIGNER", email="home@example.org")
    return ada, bob, early


def test_erase_shared_mailbox_spares_the_other_person():
    ada, bob, early = household()

    erase_signer(signature=ada, reach=Reach.SITE, at=timezone.now())

    assert (held(ada), held(early)) == ([], [])
    assert "name" in held(bob)


def test_erase_whole_mailbox_takes_the_other_person_along():
    ada, bob, early = household()

    erase_signer(signature=ada, reach=Reach.SITE, whole_mailbox=True, at=timezone.now())

    assert (held(ada), held(bob), held(early)) == ([], [], [])


def test_erase_spares_another_name_of_the_mailbox_even_if_that_person_withdrew_here():
    ada, bob, early = household()
    elsewhere = ConfirmedSignatureFactory(name="Bob", email="home@example.org")
    withdraw_signature(signature=bob, at=timezone.now())

    data = signer_data(signature=ada, at=timezone.now())
    erase_signer(signature=ada, reach=Reach.SITE, at=timezone.now())

    assert [entry["name"] for entry in data["signatures"]] == ["ada  SIGNER", "Ada Signer"]
    assert (held(ada), held(early)) == ([], [])
    assert "name" in held(elsewhere)


def test_own_signatures_under_another_spelling_of_the_name_need_the_whole_mailbox():
    signature = ConfirmedSignatureFactory(name="Ada Signer", email="ada@example.org")
    misspelled = ConfirmedSignatureFactory(name="Ada Singer", email="ada@example.org")

    own = own_signatures(signature=signature)
    everything = own_signatures(signature=signature, whole_mailbox=True)

    assert [row.pk for row in own] == [signature.pk]
    assert {row.pk for row in everything} == {signature.pk, misspelled.pk}


@pytest.mark.parametrize("item_count", [1, 3])
def test_own_signatures_take_a_fixed_number_of_queries(item_count, django_assert_num_queries):
    signature = ConfirmedSignatureFactory(email="ada@example.org")
    ConfirmedSignatureFactory.create_batch(item_count, email="ada@example.org")

    with django_assert_num_queries(4):
        own_signatures(signature=signature)


def test_erase_that_was_killed_half_way_goes_on(monkeypatch):
    signature = ConfirmedSignatureFactory(email="ada@example.org")
    ConfirmedSignatureFactory.create_batch(2, email="ada@example.org")
    killed = iter([None, None])

    def forget(rows):
        next(killed)  # the third row raises StopIteration: the process is gone

    with monkeypatch.context() as patched:
        patched.setattr("campaign.petitions.services.leaving.forget_mails", forget)
        with pytest.raises((StopIteration, RuntimeError)):
            erase_signer(signature=signature, reach=Reach.SITE, at=timezone.now())
    assert "email" in held(signature), "the row that the link opens goes last"

    erase_signer(signature=signature, reach=Reach.SITE, at=timezone.now())

    assert not Signature.objects.filter(email_key__isnull=False).exists()


# --- The copy of their data ---------------------------------------------------------
def test_signer_data_holds_everything_and_nobody_elses():
    signature = full(email="ada@example.org")
    ConfirmedSignatureFactory(petition=signature.petition, name="Bob Other", email="bob@example.org")
    mail = OutgoingMailFactory(recipient="ada@example.org", about_id=signature.pk, kind="petitions.signed")

    data = signer_data(signature=signature, at=timezone.now())

    entry = data["signatures"][0]
    assert len(data["signatures"]) == 1
    assert {name: entry[name] for name in ("name", "email", "postcode", "reason", "network", "country")} == {
        "name": "Ada Signer",
        "email": "ada@example.org",
        "postcode": "10115",
        "reason": "For my children.",
        "network": "203.0.113.0/24",
        "country": "DE",
    }
    assert entry["consents"][0]["wording"].startswith("I sign this petition")
    assert entry["mails"] == [
        {
            "kind": "petitions.signed",
            "state": "waiting",
            "queued_at": mail.created_at.isoformat(),
            "sent_at": None,
        }
    ]
    assert entry["petition"]["text_sha256"] == signature.petition.frozen_text.digest


# --- Records from before the list ---------------------------------------------------
migration = import_module("campaign.petitions.migrations.0003_consent_records")


@pytest.mark.parametrize("batch", [1, 1_000])
def test_consents_of_old_rows_become_records_and_back(monkeypatch, batch):
    monkeypatch.setattr(migration, "BATCH", batch)
    old = {"sign": "2026-11-1", "updates": "2026-11-1"}
    rows = SignatureFactory.create_batch(3, petition=PetitionFactory(), consents=old, locale="de")
    newer = ConfirmedSignatureFactory()

    for _ in range(2):
        migration.forwards(apps, None)
    records = Signature.objects.get(pk=rows[0].pk).consents
    untouched = Signature.objects.get(pk=newer.pk).consents
    migration.backwards(apps, None)

    assert [(row["purpose"], row["given"], row["locale"]) for row in records] == [
        ("sign", True, "de"),
        ("updates", True, "de"),
    ]
    assert datetime.fromisoformat(records[0]["at"]) == rows[0].signed_at
    assert untouched == newer.consents
    assert {row.pk: row.consents for row in Signature.objects.filter(locale="de")} == {
        row.pk: old for row in rows
    }


def test_consents_that_were_taken_back_are_not_given_after_going_back():
    signature, now = ConfirmedSignatureFactory(), timezone.now()
    for given in (True, False):
        set_consent(signature=signature, purpose="updates", given=given, locale="en", at=now)

    migration.backwards(apps, None)

    assert Signature.objects.get().consents == {"sign": CONSENT_VERSIONS["sign"]}


def test_consents_of_old_rows_can_be_printed():
    signature = SignatureFactory(consents={"sign": "2026-11-1"})
    migration.forwards(apps, None)

    read = readable_consents(Signature.objects.get(pk=signature.pk).consents)

    assert [(row.purpose, row.is_exact) for row in read] == [("sign", False)]
