from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.petitions.models import Signature, SignatureState
from campaign.petitions.proofs import commitment, trace
from campaign.petitions.services import confirm_signature
from tests.factories.petitions import SignatureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_confirm_makes_marks_that_salt_and_address_open():
    signature = SignatureFactory(email="Ada@Example.org")

    assert confirm_signature(signature=signature, at=timezone.now()) is True

    row = Signature.objects.get()
    salt = bytes.fromhex(row.salt)
    assert len(salt) == 32
    assert bytes(row.commitment) == commitment(salt=salt, address="ada@example.org")
    assert bytes(row.trace) == trace(salt=salt, address="ada@example.org")


def test_confirm_makes_a_salt_of_its_own_for_each():
    for _ in range(2):
        confirm_signature(signature=SignatureFactory(), at=timezone.now())

    salts = {row.salt for row in Signature.objects.all()}
    assert len(salts) == 2


def test_confirm_again_with_a_row_read_before_keeps_salt_and_moment():
    signature, now = SignatureFactory(), timezone.now()
    read_before = Signature.objects.get()
    confirm_signature(signature=signature, at=now)
    first = Signature.objects.get()

    assert confirm_signature(signature=read_before, at=now + timedelta(hours=1)) is True

    again = Signature.objects.get()
    assert (again.salt, again.confirmed_at) == (first.salt, now)


@pytest.mark.parametrize(
    "changes",
    [
        {"quarantined_at": timezone.now()},
        {"state": SignatureState.WITHDRAWN},
        {"state": SignatureState.INVALIDATED},
        {"signed_at": timezone.now() + timedelta(minutes=1)},
    ],
)
def test_confirm_what_changed_since_it_was_read_changes_nothing(changes):
    signature = SignatureFactory()
    Signature.objects.update(**changes)

    assert confirm_signature(signature=signature, at=timezone.now()) is False

    row = Signature.objects.get()
    assert (row.confirmed_at, row.salt, row.commitment) == (None, None, None)


def test_confirm_without_an_address_is_refused():
    signature = SignatureFactory(email=None, email_key=None)

    assert confirm_signature(signature=signature, at=timezone.now()) is False
