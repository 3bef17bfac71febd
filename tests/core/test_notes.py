import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from campaign.core.notes import (
    Checkpoint,
    NoteRefused,
    VerifierKey,
    key_name,
    parse_checkpoint,
    parse_verifier_key,
    public_key_of,
    signed_note,
    signing_names,
    verified_text,
)

SEED = bytes(range(32))
NAME = "example.com/ledgers"
KEY = VerifierKey(NAME, public_key_of(SEED))
TEXT = "A count is worth\nwhat anybody can check.\n\nSo check it.\n"

# The example of the specification (c2sp.org/signed-note): a note, and who signed it.
PUBLISHED = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)


def test_signed_note_is_verified_by_its_key():
    note = signed_note(TEXT, name=NAME, seed=SEED)

    assert verified_text(note, keys=[KEY]) == TEXT
    assert note.startswith(f"{TEXT}\n— {NAME} ")
    assert note.endswith("\n")


def test_signature_line_holds_key_id_and_ed25519_signature():
    line = signed_note(TEXT, name=NAME, seed=SEED).splitlines()[-1]

    data = base64.b64decode(line.split(" ")[2])

    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
    identifier = sha256(NAME.encode() + b"\n\x01" + public.public_bytes_raw()).digest()[:4]
    assert data[:4] == identifier
    public.verify(data[4:], TEXT.encode())


def test_published_note_is_read():
    assert signing_names(PUBLISHED) == ["quasimodo.example/salvatore"]
    with pytest.raises(NoteRefused, match="no signature of a known key"):
        verified_text(PUBLISHED, keys=[KEY])


def test_verifier_key_is_read_back():
    assert parse_verifier_key(str(KEY)) == KEY
    assert str(KEY).count("+") >= 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+AAAA",
        str(KEY).replace(NAME, "example.com/other"),
        str(KEY)[:-4],
        f"{NAME}+{KEY.id.hex()}+{base64.b64encode(bytes([2]) + KEY.public_key).decode()}",
    ],
)
def test_verifier_key_that_is_none_is_refused(text):
    with pytest.raises(NoteRefused):
        parse_verifier_key(text)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("worth", "wroth"),
        lambda note: note.replace("\n\n— ", "\n \n\n— "),
        lambda note: note.replace(NAME, "example.com/other"),
        lambda note: note[:-1],
        lambda note: note.replace("—", "-"),
        lambda note: TEXT,
        lambda note: note.replace("— ", "— x", 1),
        lambda note: "",
        lambda note: note + "x" * 10_000,
        lambda note: note.rpartition(" ")[0] + " !!!\n",
    ],
)
def test_changed_note_is_refused(change):
    with pytest.raises(NoteRefused):
        verified_text(change(signed_note(TEXT, name=NAME, seed=SEED)), keys=[KEY])


def test_every_flipped_bit_of_the_signature_is_refused():
    head, _, encoded = signed_note(TEXT, name=NAME, seed=SEED).rstrip("\n").rpartition(" ")
    data = base64.b64decode(encoded)
    for bit in range(len(data) * 8):
        flipped = (int.from_bytes(data) ^ 1 << bit).to_bytes(len(data))
        with pytest.raises(NoteRefused):
            verified_text(f"{head} {base64.b64encode(flipped).decode()}\n", keys=[KEY])


def test_signatures_of_strangers_are_passed_over():
    stranger = signed_note(TEXT, name="example.org/witness", seed=bytes(32)).splitlines()[-1]

    note = signed_note(TEXT, name=NAME, seed=SEED) + stranger + "\n"

    assert verified_text(note, keys=[KEY]) == TEXT
    assert signing_names(note) == [NAME, "example.org/witness"]


def test_checkpoint_is_read_back_as_written():
    checkpoint = Checkpoint("example.com/log", 12, bytes(range(32)), ("total 9", "time 2026-11-22T09:00:00Z"))

    text = str(checkpoint)

    assert text.splitlines()[:2] == ["example.com/log", "12"]
    assert parse_checkpoint(text) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        f"a\n01\n{'A' * 43}=\n",
        f"a\n-1\n{'A' * 43}=\n",
        f"a\n1\n{'A' * 40}\n",
        f"a\n1\n{'A' * 43}=\n\nb\n",
        f"a\n1\n{'A' * 43}=",
        f"\n1\n{'A' * 43}=\n",
    ],
)
def test_checkpoint_of_another_form_is_refused(text):
    with pytest.raises(NoteRefused):
        parse_checkpoint(text)


@pytest.mark.parametrize("text", ["no newline", "tab\t\n", "nul\x00\n"])
def test_text_that_cannot_be_a_note_is_not_signed(text):
    with pytest.raises(ValueError, match="control character"):
        signed_note(text, name=NAME, seed=SEED)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak"])
def test_name_that_cannot_be_a_key_is_not_signed_with(name):
    with pytest.raises(ValueError, match="name"):
        signed_note(TEXT, name=name, seed=SEED)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://campaign.example.org", "campaign.example.org"),
        ("http://localhost:8000", "localhost:8000"),
        ("https://example.org/campaigns/", "example.org/campaigns"),
    ],
)
def test_key_name_is_the_address_without_the_scheme(url, name):
    assert key_name(url) == name
