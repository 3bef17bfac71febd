import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.crypto import (
    Undecipherable,
    blind_index,
    decrypt,
    encrypt,
    key_id_of,
    short_key,
    short_keys,
)
from campaign.core.keys import KeyFormatError, parse_key_ring
from campaign.mailing.models import OutgoingMail
from tests.factories.mailing import OutgoingMailFactory


@given(st.text())
def test_decrypt_gives_back_what_encrypt_took(text):
    sealed = encrypt(text, place="table:column:1")

    assert decrypt(sealed, place="table:column:1") == text


def test_encrypt_same_text_twice_differs():
    assert encrypt("name", place="t:c:1") != encrypt("name", place="t:c:1")


def test_decrypt_value_moved_to_another_row_is_refused():
    sealed = encrypt("name", place="t:c:1")

    with pytest.raises(Undecipherable):
        decrypt(sealed, place="t:c:2")


@pytest.mark.parametrize("position", [0, 1, 3, 10, -1])
def test_decrypt_flipped_bit_is_refused(position):
    sealed = bytearray(encrypt("name", place="t:c:1"))

    sealed[position] ^= 1

    with pytest.raises(Undecipherable):
        decrypt(bytes(sealed), place="t:c:1")


def test_decrypt_value_of_older_key_opens(settings):
    settings.DATA_KEYS = {"old": b"o" * 32}
    sealed = encrypt("name", place="t:c:1")

    settings.DATA_KEYS = {"new": b"n" * 32, "old": b"o" * 32}

    assert key_id_of(sealed) == "old"
    assert decrypt(sealed, place="t:c:1") == "name"
    assert key_id_of(encrypt("name", place="t:c:1")) == "new"


def test_decrypt_without_its_key_says_which_is_missing(settings):
    sealed = encrypt("name", place="t:c:1")

    settings.DATA_KEYS = {"other": b"x" * 32}

    with pytest.raises(Undecipherable, match="key 'test' is not in the ring"):
        decrypt(sealed, place="t:c:1")


def test_blind_index_differs_by_purpose_and_by_key(settings):
    first = blind_index("a@example.org", purpose="mail-address")

    assert first != blind_index("a@example.org", purpose="domain")
    settings.INDEX_KEY = b"y" * 32
    assert first != blind_index("a@example.org", purpose="mail-address")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "entry 1: the key id"),
        ("a:12", "key 'a': 64 hex digits"),
        ("a:" + "0" * 64 + ",a:" + "1" * 64, "entry 2: the key id"),
        ("a b:" + "0" * 64, "entry 1: the key id"),
    ],
)
def test_parse_key_ring_malformed_names_the_entry(text, told):
    with pytest.raises(KeyFormatError, match=told):
        parse_key_ring(text)


def test_parse_key_ring_keeps_order():
    ring = parse_key_ring("b:" + "00" * 32 + ", a:" + "11" * 32)

    assert list(ring) == ["b", "a"]
    assert ring["a"] == b"\x11" * 32


@pytest.mark.sqlite
@pytest.mark.django_db
def test_encrypted_field_holds_no_clear_text_in_the_database():
    mail = OutgoingMailFactory(recipient="ada@example.org")

    with connection.cursor() as cursor:
        cursor.execute("SELECT recipient FROM mailing_outgoingmail")
        stored = bytes(cursor.fetchone()[0])

    assert b"ada" not in stored
    assert OutgoingMail.objects.get(pk=mail.pk).recipient == "ada@example.org"


@pytest.mark.sqlite
@pytest.mark.django_db
def test_encrypted_field_survives_save_without_being_read():
    mail = OutgoingMailFactory(recipient="ada@example.org")

    again = OutgoingMail.objects.get(pk=mail.pk)
    again.reason = "changed"
    again.save()

    assert OutgoingMail.objects.get(pk=mail.pk).recipient == "ada@example.org"


@pytest.mark.django_db
def test_encrypted_field_deferred_opens_on_read():
    mail = OutgoingMailFactory(recipient="ada@example.org")

    assert OutgoingMail.objects.only("kind").get(pk=mail.pk).recipient == "ada@example.org"


@pytest.mark.django_db
def test_encrypted_field_update_with_text_is_refused_and_blanking_works():
    mail = OutgoingMailFactory(recipient="ada@example.org")
    row = OutgoingMail.objects.filter(pk=mail.pk)

    with pytest.raises(TypeError, match="is encrypted"), transaction.atomic():
        row.update(recipient="eve@example.org")
    row.update(recipient=None)

    assert row.get().recipient is None


@pytest.mark.django_db
def test_encrypted_field_cannot_be_searched():
    with pytest.raises(FieldError):
        OutgoingMail.objects.filter(recipient="ada@example.org").exists()


@given(st.text())
def test_short_key_is_the_begin_of_the_index_and_fits_the_column(text):
    key = short_key(text, purpose="p")

    assert key.to_bytes(8, "big", signed=True) == blind_index(text, purpose="p")[:8]


def test_short_keys_name_the_old_one_while_keys_are_rotated(settings):
    old = short_key("text", purpose="p")
    settings.OLD_INDEX_KEY, settings.INDEX_KEY = settings.INDEX_KEY, bytes(32)

    assert short_keys("text", purpose="p") == [short_key("text", purpose="p"), old]
