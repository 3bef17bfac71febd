"""Changing keys under a running site: data keys and the index key."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from campaign.core import rotation
from campaign.core.crypto import blind_index, blind_indexes, key_id_of
from campaign.core.rotation import data_key_counts, rotate_data_keys, rotate_index_keys
from campaign.guard.models import AccessList, MailboxRule
from campaign.mailing.models import MailState, OutgoingMail
from campaign.mailing.services import pump_mail, recipient_key
from campaign.organizations.models import Invitation
from campaign.organizations.services import OtherAddress, accept_invitation
from campaign.petitions.models import Signature, SignatureState
from campaign.petitions.services import (
    Reach,
    SignerData,
    confirm_signature,
    erase_signer,
    sign_petition,
    take_in_requests,
)
from tests.factories.accounts import UserFactory
from tests.factories.mailing import OutgoingMailFactory
from tests.factories.organizations import OrganizationFactory
from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory, SignatureFactory
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: there is no race to test"
)
OLD, NEW = b"o" * 32, b"n" * 32


def quiet(text):
    pass


def put_in_front(settings, key_id="new", key=NEW):
    """What an operator does first: the new key encrypts from now on."""
    settings.DATA_KEYS = {key_id: key, **settings.DATA_KEYS}


def key_ids(field="email"):
    rows = Signature.objects.filter(**{f"{field}__isnull": False}).values_list(field, flat=True)
    return {key_id_of(row.value) for row in rows}


# --- Data keys ----------------------------------------------------------------
def test_rotate_encrypts_every_value_of_every_model_anew(settings):
    ConfirmedSignatureFactory.create_batch(3, reason="For the rivers.", salt="ab" * 32)
    OutgoingMailFactory()
    AccessList.objects.create(kind="block", lines="*@spam.example", changed_at=timezone.now())
    put_in_front(settings)

    outcome = rotate_data_keys(tell=quiet)

    counts = data_key_counts()
    assert {key_id for place in counts.values() for key_id in place} == {"new"}
    assert counts["petitions_signature.email"] == {"new": 3}
    assert (outcome.changed, outcome.left, outcome.unreadable) == (3 * 4 + 2 + 1, 0, 0)


def test_rotate_keeps_the_texts_readable_without_the_old_key(settings):
    signature = ConfirmedSignatureFactory(name="Ada Signer", email="ada@example.org")
    lines = AccessList.objects.create(kind="block", lines="*@spam.example", changed_at=timezone.now())
    put_in_front(settings)
    rotate_data_keys(tell=quiet)

    settings.DATA_KEYS = {"new": NEW}

    row = Signature.objects.get(pk=signature.pk)
    assert (row.name, row.email) == ("Ada Signer", "ada@example.org")
    assert AccessList.objects.get(pk=lines.pk).lines == "*@spam.example"


def test_rotate_twice_changes_nothing_more(settings):
    ConfirmedSignatureFactory()
    put_in_front(settings)
    rotate_data_keys(tell=quiet)
    before = [row.value for row in Signature.objects.values_list("email", flat=True)]

    assert rotate_data_keys(tell=quiet).changed == 0

    assert [row.value for row in Signature.objects.values_list("email", flat=True)] == before


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_rotate_that_was_killed_goes_on_where_it_stood(settings, monkeypatch, batch):
    monkeypatch.setattr(rotation, "BATCH", batch)
    SignatureFactory.create_batch(5, petition=PetitionFactory())
    put_in_front(settings)
    whole, calls = rotation._write, iter(range(100))

    def killed(*args):
        if next(calls) == 3:
            raise KeyboardInterrupt
        whole(*args)

    with monkeypatch.context() as patched:
        patched.setattr(rotation, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            rotate_data_keys(tell=quiet)

    rotate_data_keys(tell=quiet)

    assert (key_ids("name"), key_ids("email")) == ({"new"}, {"new"})
    assert {row.name for row in Signature.objects.all()} == {"Ada Signer"}


def test_rotate_leaves_a_row_that_was_changed_meanwhile_as_it_is(settings, monkeypatch):
    signature = SignatureFactory(name="Before")
    put_in_front(settings)
    whole = rotation._write

    def slow(field, stored, outcome):
        row = Signature.objects.get(pk=signature.pk)
        row.name = "Typed meanwhile"
        row.save(update_fields=["name"])
        whole(field, stored, outcome)

    monkeypatch.setattr(rotation, "_write", slow)
    rotate_data_keys(tell=quiet)

    assert Signature.objects.get().name == "Typed meanwhile"
    assert key_ids("name") == {"new"}


def test_rotate_value_that_cannot_be_read_is_counted_and_left(settings):
    broken, whole = SignatureFactory.create_batch(2, petition=PetitionFactory())
    with connection.cursor() as cursor:  # as a restored backup of other keys would leave it
        cursor.execute(
            "UPDATE petitions_signature SET name = (SELECT email FROM petitions_signature WHERE id = %s) WHERE id = %s",
            [Signature._meta.pk.get_db_prep_value(row.pk, connection) for row in (whole, broken)],
        )
    put_in_front(settings)

    outcome = rotate_data_keys(tell=quiet)

    assert outcome.unreadable == 1
    assert data_key_counts()["petitions_signature.name"] == {"new": 1, "test": 1}


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_rotate_waits_for_nobody_and_takes_locked_rows_next_time(settings):
    locked, free = SignatureFactory.create_batch(2, petition=PetitionFactory())
    put_in_front(settings)
    left = []

    with transaction.atomic():
        Signature.objects.select_for_update().get(pk=locked.pk)
        in_threads([lambda: left.append(rotate_data_keys(tell=quiet).left)])
        assert Signature.objects.filter(pk=free.pk).values_list("name", flat=True)

    assert left == [1]
    assert rotate_data_keys(tell=quiet).left == 0
    assert key_ids("name") == {"new"}


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_rotate_twice_at_once_beside_confirmations_loses_nothing(settings):
    rows = SignatureFactory.create_batch(30, petition=PetitionFactory())
    put_in_front(settings)
    now = timezone.now()

    def confirm_all():
        for row in rows:
            confirm_signature(signature=row, at=now)

    in_threads([lambda: rotate_data_keys(tell=quiet), lambda: rotate_data_keys(tell=quiet), confirm_all])
    rotate_data_keys(tell=quiet)

    assert Signature.objects.filter(state=SignatureState.CONFIRMED).count() == 30
    assert key_ids("salt") == key_ids("email") == {"new"}


def keys_command(*arguments):
    out = StringIO()
    call_command("keys", *arguments, stdout=out)
    return out.getvalue()


def test_command_tells_by_its_outcome_whether_the_old_key_can_go(settings):
    SignatureFactory()
    put_in_front(settings)

    with pytest.raises(CommandError, match="still needed"):
        keys_command("status")
    told = keys_command("rotate")

    assert "petitions_signature.email: 1 under new" in told
    assert "The old one is not needed" in told
    assert "The old one is not needed" in keys_command("status")


def test_command_names_values_whose_key_is_missing(settings):
    SignatureFactory()
    settings.DATA_KEYS = {"new": NEW}

    with pytest.raises(CommandError, match="Not finished"):
        keys_command("rotate")


# --- The index key ------------------------------------------------------------
@pytest.fixture
def new_index_key(settings):
    """Call it to put a new index key in place; rows made before have the old one."""

    def put():
        settings.OLD_INDEX_KEY, settings.INDEX_KEY = settings.INDEX_KEY, NEW

    return put


def signer(**changes):
    fields = {
        "name": "Ada Signer",
        "email": "ada@example.org",
        "country": "DE",
        "locale": "en",
        "purposes": ("sign",),
    }
    return SignerData(**{**fields, **changes})


def sign(petition, **changes):
    sign_petition(petition=petition, signer=signer(**changes), at=timezone.now())
    take_in_requests(at=timezone.now())


def test_blind_indexes_are_the_current_and_the_old_one(settings, new_index_key):
    old = blind_index("a", purpose="x")
    assert blind_indexes("a", purpose="x") == [old]

    new_index_key()

    assert blind_indexes("a", purpose="x") == [blind_index("a", purpose="x"), old]
    assert blind_index("a", purpose="x") != old


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("rotated", [True, False])
def test_sign_again_in_the_middle_of_a_rotation_is_one_signature(new_index_key, confirmed, rotated):
    petition = PetitionFactory()
    sign(petition)
    if confirmed:
        confirm_signature(signature=Signature.objects.get(), at=timezone.now())
    new_index_key()
    if rotated:
        rotate_index_keys(tell=quiet)

    sign(petition, email="ADA@Example.org")

    assert Signature.objects.count() == 1


def test_rotate_index_gives_every_row_the_keys_it_would_get_today(settings, new_index_key):
    petition = PetitionFactory(household_rule=True, asks_postcode=True)
    typed = {"postcode": "10115", "network": "203.0.113.0/24"}
    sign(petition, **typed)
    new_index_key()

    rotate_index_keys(tell=quiet)

    settings.OLD_INDEX_KEY = b""
    sign(petition, **typed)  # an unconfirmed row gets its keys from what was typed last
    row = Signature.objects.get()
    names = ("email_key", "domain_key", "network_key", "name_key", "postcode_key")
    keys = [getattr(row, name) for name in names]
    sign(PetitionFactory(), **typed)
    assert keys == [getattr(Signature.objects.exclude(pk=row.pk).get(), name) for name in names]


def test_rotate_index_of_an_erased_row_leaves_it_without_keys(new_index_key):
    signature = ConfirmedSignatureFactory(email="ada@example.org")
    erase_signer(signature=signature, reach=Reach.SITE, at=timezone.now())
    new_index_key()

    rotate_index_keys(tell=quiet)

    assert Signature.objects.values_list("email_key", "domain_key", "name_key").get() == (None, None, None)


def test_rotate_index_mails_follow_and_sent_ones_forget_whose_they_were(new_index_key):
    waiting = OutgoingMailFactory(recipient="ada@example.org")
    sent = OutgoingMailFactory(recipient="ada@example.org")
    OutgoingMail.objects.filter(pk=sent.pk).update(state=MailState.SENT, recipient=None, payload=None)
    new_index_key()

    rotate_index_keys(tell=quiet)

    keys = dict(OutgoingMail.objects.values_list("pk", "recipient_key"))
    assert {pk: bytes(key) for pk, key in keys.items()} == {
        waiting.pk: recipient_key("ada@example.org"),
        sent.pk: b"",
    }


def test_rotate_index_twice_and_killed_half_way_ends_in_the_same(new_index_key, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    ConfirmedSignatureFactory.create_batch(5, petition=PetitionFactory())
    new_index_key()
    whole, calls = rotation._index_rows, iter(range(100))

    def killed(*args):
        if next(calls) == 1:
            raise KeyboardInterrupt
        whole(*args)

    with monkeypatch.context() as patched:
        patched.setattr(rotation, "_index_rows", killed)
        with pytest.raises(KeyboardInterrupt):
            rotate_index_keys(tell=quiet)

    assert rotate_index_keys(tell=quiet).changed == 3
    assert rotate_index_keys(tell=quiet).changed == 0
    assert all(bytes(row.email_key) == recipient_key(row.email) for row in Signature.objects.all())


def test_rotate_index_after_a_new_mailbox_rule_loses_nobody(new_index_key):
    petition = PetitionFactory()
    for address in ("ada@example.org", "a.da@example.org"):
        ConfirmedSignatureFactory(petition=petition, email=address)
    MailboxRule.objects.create(domain="example.org", ignores_dots=True)
    new_index_key()

    outcome = rotate_index_keys(tell=quiet)

    assert outcome.clashing == 0
    keys = {row.email: bytes(row.email_key) for row in Signature.objects.all()}
    assert keys == {address: recipient_key(address) for address in ("ada@example.org", "a.da@example.org")}
    assert rotate_index_keys(tell=quiet).changed == 0


def test_rotate_index_two_rows_of_one_mailbox_are_told_and_left(new_index_key):
    old = ConfirmedSignatureFactory(email="ada@example.org")
    new_index_key()
    doubled = ConfirmedSignatureFactory(petition=old.petition, email="ada@example.org")
    told = []

    outcome = rotate_index_keys(tell=told.append)

    assert outcome.clashing == 1
    assert any(str(old.pk) in line for line in told)
    assert not any(str(doubled.pk) in line for line in told)
    assert Signature.objects.count() == 2


def test_erase_everywhere_in_the_middle_of_a_rotation_finds_all(new_index_key):
    ConfirmedSignatureFactory(email="ada@example.org")
    new_index_key()
    signature = ConfirmedSignatureFactory(email="ada@example.org")

    erase_signer(signature=signature, reach=Reach.SITE, at=timezone.now())

    assert not Signature.objects.filter(email_key__isnull=False).exists()


def test_mail_queued_before_a_rotation_is_still_worded(new_index_key):
    sign(PetitionFactory())
    new_index_key()
    rotate_index_keys(tell=quiet)

    assert pump_mail(at=timezone.now()) == 1


def test_invitation_from_before_a_rotation_is_accepted_by_its_address_alone(new_index_key):
    user = UserFactory(email="ada@example.org")
    invitation = Invitation.objects.create(
        organization=OrganizationFactory(),
        email="ada@example.org",
        email_key=recipient_key("ada@example.org"),
        role="viewer",
        expires_at=timezone.now() + timedelta(days=1),
    )
    new_index_key()

    with pytest.raises(OtherAddress):
        accept_invitation(invitation=invitation, user=UserFactory(email="eve@example.org"), at=timezone.now())
    accept_invitation(invitation=invitation, user=user, at=timezone.now())

    assert Invitation.objects.get().accepted_at


def test_command_rotates_the_index_and_proves_it(new_index_key):
    ConfirmedSignatureFactory.create_batch(2)
    new_index_key()

    with pytest.raises(CommandError, match="still needed"):
        keys_command("status", "--index")
    told = keys_command("rotate", "--index")

    assert "petitions.Signature: 2 rows current, 0 not" in told
    assert "The old one is not needed" in told
