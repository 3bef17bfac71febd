from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone
from django.utils.formats import date_format

from campaign.core.links import link_token
from campaign.guard.models import MailboxRule
from campaign.mailing.models import MailState, OutgoingMail
from campaign.mailing.services import pump_mail
from campaign.petitions.models import Signature, SignatureState, SigningPause, SignRequest
from campaign.petitions.services import (
    PetitionNotOpen,
    SigningPaused,
    close_petition,
    confirm_signature,
    sign_petition,
    take_in_requests,
    withdraw_signature,
)
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory
from tests.petitions.signing import sign, signer

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_sign_writes_one_sealed_request_and_nothing_else(django_assert_num_queries):
    petition, now = PetitionFactory(), timezone.now()
    petition.site_pause_note = None  # as `with_site_pause` says it

    with django_assert_num_queries(1):
        sign_petition(petition=petition, signer=signer(), at=now)

    row = SignRequest.objects.get()
    assert (row.petition_id, row.received_at, row.failed_at) == (petition.pk, now, None)
    assert "ada@example.org" in row.typed
    assert not Signature.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"state": "draft"}, {"state": "hidden"}, {"closes_at": timezone.now() - timedelta(seconds=1)}],
)
def test_sign_petition_not_collecting_is_refused(changes):
    petition = PetitionFactory(**changes)

    with pytest.raises(PetitionNotOpen):
        sign_petition(petition=petition, signer=signer(), at=timezone.now())

    assert not SignRequest.objects.exists()


@pytest.mark.parametrize(
    ("own_note", "site_note", "told"),
    [("A", None, "A"), ("", None, ""), (None, "B", "B"), ("A", "B", "A"), ("", "B", "B")],
)
def test_sign_paused_is_refused_with_the_nearest_note(own_note, site_note, told):
    now = timezone.now()
    own = {} if own_note is None else {"paused_at": now, "pause_note": own_note}
    petition = PetitionFactory(**own)
    if site_note is not None:
        SigningPause.objects.create(since=now, note=site_note)

    with pytest.raises(SigningPaused) as refusal:
        sign_petition(petition=petition, signer=signer(), at=now)

    assert refusal.value.note == told
    assert not SignRequest.objects.exists()


def test_letter_confirms_with_a_link():
    sign(PetitionFactory(), timezone.now())

    pump_mail(at=timezone.now())

    token = link_token(purpose="signature-confirm", row_id=Signature.objects.get().pk)
    assert f"/signatures/confirm/{token}/" in outbox.outbox[0].body
    assert outbox.outbox[0].to == ["ada@example.org"]


def test_letter_to_one_who_has_signed_says_so_to_the_mailbox_alone():
    petition = PetitionFactory()
    ConfirmedSignatureFactory(petition=petition, email="ada@example.org")

    sign(petition, timezone.now())
    pump_mail(at=timezone.now())

    assert "/signatures/mine/" in outbox.outbox[0].body
    assert "/signatures/confirm/" not in outbox.outbox[0].body


def test_letter_to_one_who_has_signed_goes_to_the_address_that_was_confirmed():
    MailboxRule.objects.create(domain="example.org", tag="+")
    petition = PetitionFactory()
    ConfirmedSignatureFactory(petition=petition, email="ada@example.org")

    sign(petition, timezone.now(), email="ada+other@example.org")
    pump_mail(at=timezone.now())

    assert outbox.outbox[0].to == ["ada@example.org"]


def test_letter_is_decided_when_it_is_sent():
    petition, now = PetitionFactory(), timezone.now()
    sign(petition, now)
    confirm_signature(signature=Signature.objects.select_related("petition").get(), at=now)

    pump_mail(at=timezone.now())

    assert "/signatures/mine/" in outbox.outbox[0].body


def test_letter_holds_nothing_that_was_typed():
    petition = PetitionFactory(asks_reason=True, asks_postcode=True)
    typed = {"name": "Buy At Evil", "reason": "Visit evil.example", "postcode": "EV1 LL"}
    sign(petition, timezone.now(), **typed)

    pump_mail(at=timezone.now())

    letter = outbox.outbox[0]
    whole = letter.subject + letter.body + letter.alternatives[0][0]
    assert [text for text in typed.values() if text in whole] == []


def test_letters_are_five_a_day_at_most():
    petition, now = PetitionFactory(), timezone.now()

    for hour in range(7):
        sign(petition, now + timedelta(hours=hour * 3))
        pump_mail(at=now + timedelta(days=1))

    assert len(outbox.outbox) == 5
    assert OutgoingMail.objects.filter(state=MailState.DROPPED).count() == 2


def test_letters_of_one_batch_are_five_at_most():
    signature = SignatureFactory()
    for _ in range(7):
        OutgoingMail.objects.create(
            kind="petitions.signed",
            locale="en",
            recipient=signature.email,
            recipient_key=b"k",
            about_id=signature.pk,
            not_before=timezone.now(),
        )

    pump_mail(at=timezone.now())

    assert len(outbox.outbox) == 5


def test_letters_count_spellings_of_a_mailbox_together():
    MailboxRule.objects.create(domain="example.org", tag="+")
    petition, now = PetitionFactory(), timezone.now()

    for turn in range(7):
        sign(petition, now + timedelta(hours=turn * 3), email=f"ada+{turn}@example.org")
        pump_mail(at=now + timedelta(days=1))

    assert len(outbox.outbox) == 5


def test_letters_of_another_petition_are_not_counted():
    now = timezone.now()

    for _ in range(2):
        petition = PetitionFactory()
        for turn in range(3):
            sign(petition, now + timedelta(hours=turn * 2))
            pump_mail(at=now + timedelta(days=1))

    assert len(outbox.outbox) == 6


@pytest.mark.parametrize(
    "changes", [{"state": SignatureState.INVALIDATED}, {"quarantined_at": timezone.now()}]
)
def test_letter_is_not_sent_about_what_was_set_aside_meanwhile(changes):
    petition = PetitionFactory()
    sign(petition, timezone.now())
    Signature.objects.update(**changes)

    pump_mail(at=timezone.now())

    assert outbox.outbox == []


def test_letter_is_not_sent_about_what_was_erased_meanwhile():
    sign(PetitionFactory(), timezone.now())
    withdraw_signature(signature=Signature.objects.get(), at=timezone.now())

    pump_mail(at=timezone.now())

    assert outbox.outbox == []


def test_letter_tells_how_long_it_can_be_confirmed_after_an_early_close():
    now = timezone.now()
    petition = PetitionFactory()
    sign(petition, now)
    close_petition(petition=petition, at=now)

    pump_mail(at=timezone.now())

    assert date_format(now + timedelta(hours=24), "j F Y") in outbox.outbox[0].body


def test_letter_tells_when_the_row_is_deleted_if_that_is_sooner(settings):
    settings.PENDING_DAYS, now = 3, timezone.now()
    sign(PetitionFactory(), now)

    pump_mail(at=timezone.now())

    assert date_format(now + timedelta(days=3), "j F Y") in outbox.outbox[0].body


@pytest.mark.parametrize("mail_count", [1, 3])
def test_letters_are_worded_from_a_fixed_number_of_reads(mail_count, django_assert_max_num_queries):
    petition, now = PetitionFactory(), timezone.now()
    for turn in range(mail_count):
        sign_petition(petition=petition, signer=signer(email=f"person-{turn}@example.org"), at=now)
    take_in_requests(at=now)

    # Each mail is marked before it is handed over; on PostgreSQL two more tell it not to wait for the disk.
    with django_assert_max_num_queries(14 + mail_count):
        pump_mail(at=timezone.now())

    assert len(outbox.outbox) == mail_count


def test_withdrawn_and_signed_again_is_a_new_row():
    petition, now = PetitionFactory(), timezone.now()
    confirmed = ConfirmedSignatureFactory(petition=petition, email="ada@example.org")
    withdraw_signature(signature=confirmed, at=now)

    sign(petition, now)

    new = Signature.objects.exclude(pk=confirmed.pk).get()
    assert (new.state, new.email, new.slot) == (SignatureState.PENDING, "ada@example.org", 1)
