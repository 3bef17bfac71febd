from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone
from django.utils.formats import date_format

from campaign.core.links import link_token
from campaign.mailing.models import MailState, OutgoingMail
from campaign.mailing.services import pump_mail
from campaign.petitions.models import Signature, SignatureState, Tally
from campaign.petitions.services import (
    ConfirmationTooLate,
    PetitionNotOpen,
    SignerData,
    close_petition,
    confirm_signature,
    number_waiting_signatures,
    sign_petition,
    withdraw_signature,
)
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def signer(**changes):
    fields = {
        "name": "Ada Signer",
        "email": "ada@example.org",
        "country": "DE",
        "locale": "en",
        "purposes": ("sign",),
    }
    return SignerData(**{**fields, **changes})


def test_sign_stores_a_pending_signature_and_one_mail():
    petition, now = PetitionFactory(), timezone.now()

    sign_petition(petition=petition, signer=signer(), at=now)

    row = Signature.objects.get()
    assert (row.state, row.name, row.email, str(row.country)) == (
        SignatureState.PENDING,
        "Ada Signer",
        "ada@example.org",
        "DE",
    )
    assert (row.name_is_public, row.wants_updates, row.counted, row.number) == (False, False, False, None)
    assert OutgoingMail.objects.get().about_id == petition.pk


def test_sign_mail_confirms_with_a_link():
    sign_petition(petition=PetitionFactory(), signer=signer(), at=timezone.now())

    pump_mail(at=timezone.now())

    token = link_token(purpose="signature-confirm", row_id=Signature.objects.get().pk)
    assert f"/signatures/confirm/{token}/" in outbox.outbox[0].body
    assert outbox.outbox[0].to == ["ada@example.org"]


def test_sign_again_before_confirming_keeps_what_was_typed_last():
    petition, now = PetitionFactory(), timezone.now()
    sign_petition(petition=petition, signer=signer(name="Ada Typo", country="RU"), at=now)

    sign_petition(petition=petition, signer=signer(email="ADA@Example.org"), at=now + timedelta(minutes=1))

    row = Signature.objects.get()
    assert (row.name, str(row.country), row.signed_at) == ("Ada Signer", "DE", now + timedelta(minutes=1))
    assert OutgoingMail.objects.count() == 2


def test_sign_again_after_confirming_changes_nothing():
    signature = ConfirmedSignatureFactory(email="ada@example.org", name="Ada Confirmed")

    sign_petition(petition=signature.petition, signer=signer(name="Eve", country="RU"), at=timezone.now())

    row = Signature.objects.get()
    assert (row.name, str(row.country), row.signed_at) == ("Ada Confirmed", "DE", signature.signed_at)


def test_sign_again_after_confirming_tells_the_mailbox_alone():
    petition = PetitionFactory()
    ConfirmedSignatureFactory(petition=petition, email="ada@example.org")

    sign_petition(petition=petition, signer=signer(), at=timezone.now())
    pump_mail(at=timezone.now())

    assert "/signatures/mine/" in outbox.outbox[0].body
    assert "/signatures/confirm/" not in outbox.outbox[0].body


def test_sign_sixth_time_in_a_day_sends_no_more_mail():
    petition, now = PetitionFactory(), timezone.now()

    for _ in range(7):
        sign_petition(petition=petition, signer=signer(), at=now)
        pump_mail(at=timezone.now())

    assert len(outbox.outbox) == 5
    assert OutgoingMail.objects.filter(state=MailState.DROPPED).count() == 2


def test_sign_invalidated_address_gets_no_mail():
    petition = PetitionFactory()
    SignatureFactory(petition=petition, email="ada@example.org", state=SignatureState.INVALIDATED)

    sign_petition(petition=petition, signer=signer(), at=timezone.now())
    pump_mail(at=timezone.now())

    assert outbox.outbox == []


@pytest.mark.parametrize(
    "changes",
    [{"state": "draft"}, {"state": "hidden"}, {"closes_at": timezone.now() - timedelta(seconds=1)}],
)
def test_sign_petition_not_collecting_is_refused(changes):
    petition = PetitionFactory(**changes)

    with pytest.raises(PetitionNotOpen):
        sign_petition(petition=petition, signer=signer(), at=timezone.now())

    assert not Signature.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_confirm_changes_the_row_alone():
    signature, now = SignatureFactory(), timezone.now()

    confirm_signature(signature=signature, at=now)

    signature.refresh_from_db()
    assert (signature.state, signature.confirmed_at, signature.counted) == (
        SignatureState.CONFIRMED,
        now,
        False,
    )


def test_confirm_twice_keeps_the_first_moment():
    signature, now = SignatureFactory(), timezone.now()
    confirm_signature(signature=signature, at=now)
    signature.refresh_from_db()

    confirm_signature(signature=signature, at=now + timedelta(hours=1))

    signature.refresh_from_db()
    assert signature.confirmed_at == now


@pytest.mark.parametrize(("hours", "in_time"), [(23, True), (25, False)])
def test_confirm_until_24_hours_after_closing(hours, in_time):
    now = timezone.now()
    petition = PetitionFactory(closes_at=now - timedelta(hours=hours), state="closed")
    signature = SignatureFactory(petition=petition)

    if in_time:
        confirm_signature(signature=signature, at=now)
    else:
        with pytest.raises(ConfirmationTooLate):
            confirm_signature(signature=signature, at=now)

    signature.refresh_from_db()
    assert (signature.state == SignatureState.CONFIRMED) is in_time


def test_confirm_invalidated_stays_invalidated():
    signature = SignatureFactory(state=SignatureState.INVALIDATED)

    confirm_signature(signature=signature, at=timezone.now())

    signature.refresh_from_db()
    assert signature.state == SignatureState.INVALIDATED


def test_withdraw_erases_name_and_address_at_once():
    signature = ConfirmedSignatureFactory(name_is_public=True, wants_updates=True)

    withdraw_signature(signature=signature, at=timezone.now())

    signature.refresh_from_db()
    assert (signature.state, signature.name, signature.email) == (SignatureState.WITHDRAWN, None, None)
    assert (signature.name_is_public, signature.wants_updates) == (False, False)


def test_withdrawn_cannot_be_confirmed_by_an_old_link():
    signature = ConfirmedSignatureFactory()
    withdraw_signature(signature=signature, at=timezone.now())
    signature.refresh_from_db()

    assert confirm_signature(signature=signature, at=timezone.now()) is False

    signature.refresh_from_db()
    assert signature.state == SignatureState.WITHDRAWN


def test_confirm_what_was_signed_anew_meanwhile_is_refused():
    signature = SignatureFactory(email="ada@example.org")
    sign_petition(petition=signature.petition, signer=signer(name="Other"), at=timezone.now())

    assert confirm_signature(signature=signature, at=timezone.now()) is False


def test_withdraw_and_confirm_before_the_ledger_ran_keeps_the_day():
    now = timezone.now()
    signature = ConfirmedSignatureFactory(email="ada@example.org", confirmed_at=now - timedelta(days=3))
    number_waiting_signatures(at=now)
    withdraw_signature(signature=signature, at=now)
    sign_petition(petition=signature.petition, signer=signer(), at=now)
    signature.refresh_from_db()

    confirm_signature(signature=signature, at=now)
    signature.refresh_from_db()
    withdraw_signature(signature=signature, at=now)
    number_waiting_signatures(at=now)

    days = Tally.objects.filter(dimension="day").values_list("key", "counted")
    assert dict(days) == {(now - timedelta(days=3)).date().isoformat(): 0}


def test_letter_tells_how_long_it_can_be_confirmed_after_an_early_close():
    now = timezone.now()
    petition = PetitionFactory()
    sign_petition(petition=petition, signer=signer(), at=now)
    close_petition(petition=petition, at=now)

    pump_mail(at=timezone.now())

    assert date_format(now + timedelta(hours=24), "j F Y") in outbox.outbox[0].body


def test_withdraw_then_confirm_again_restores_under_the_same_number():
    signature, now = ConfirmedSignatureFactory(), timezone.now()
    address = signature.email
    number_waiting_signatures(at=now)
    withdraw_signature(signature=signature, at=now)
    number_waiting_signatures(at=now)

    sign_petition(petition=signature.petition, signer=signer(email=address), at=now)
    signature.refresh_from_db()
    confirm_signature(signature=signature, at=now)
    number_waiting_signatures(at=now)

    signature.refresh_from_db()
    assert (signature.counted, signature.number) == (True, 1)
    kinds = signature.entries.order_by("position").values_list("kind", flat=True)
    assert list(kinds) == ["addition", "removal", "restoration"]
