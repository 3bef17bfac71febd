"""Signed notes and checkpoints: text that anybody can verify with a public key (C2SP signed-note and tlog-checkpoint).

A note is its text, an empty line, and signature lines: `— key name base64(key id and signature)`. A checkpoint is a note that
says how many entries a log has and what its Merkle root is. Signatures are Ed25519 (RFC 8032).
"""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
KEY_ID_BYTES = 4
SIGNATURE_BYTES = 64
LONGEST_NOTE = 10_000


class NoteRefused(Exception):
    """Not a note of this format, or not signed by a key that was asked for. The text says which, in plain words."""


@dataclass(frozen=True)
class VerifierKey:
    """A public key and the name it signs under."""

    name: str
    public_key: bytes  # 32 bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        """`name+key id in hex+base64`, the form in which keys are passed on."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public_key).decode()}"


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself. `extensions` are further lines, each `word value`."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def key_name(site_url: str) -> str:
    """The name a site signs under: its address without the scheme."""
    parts = urlsplit(site_url)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def public_key_of(seed: bytes) -> bytes:
    """The public key (32 bytes) of a private one (32 bytes)."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def signed_note(text: str, *, name: str, seed: bytes) -> str:
    """The text with a signature line. It ends in a newline and has no other control character."""
    if not text.endswith("\n") or any(char < " " and char != "\n" for char in text):
        raise ValueError("a note's text ends in a newline and has no other control character")
    if not name or "+" in name or any(char.isspace() for char in name):
        raise ValueError("a key's name has neither spaces nor plus signs")
    key = VerifierKey(name, public_key_of(seed))
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())
    return f"{text}\n— {name} {base64.b64encode(key.id + signature).decode()}\n"


def verified_text(note: str, *, keys: list[VerifierKey]) -> str:
    """The text of a note that one of the keys has signed. Signatures of other keys are passed over. Raises NoteRefused."""
    text, lines = _parts(note)
    known = {(key.name, key.id): key for key in keys}
    signed = False
    for line in lines:
        name, key_id, signature = _signature(line)
        key = known.get((name, key_id))
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature, text.encode())
        except InvalidSignature:
            raise NoteRefused("the signature does not belong to this text") from None
        signed = True
    if not signed:
        raise NoteRefused("no signature of a known key")
    return text


def signing_names(note: str) -> list[str]:
    """The names under which a note is signed, whether or not the signatures hold. Raises NoteRefused."""
    return [_signature(line)[0] for line in _parts(note)[1]]


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note. Raises NoteRefused."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise NoteRefused("a checkpoint has three lines or more, none of them empty")
    origin, size, root = lines[:3]
    if not (size.isascii() and size.isdigit()) or str(int(size)) != size:
        raise NoteRefused("the size is not a number")
    return Checkpoint(origin, int(size), _decoded(root, length=32), tuple(lines[3:]))


def parse_verifier_key(text: str) -> VerifierKey:
    """Read `name+key id+base64`. Raises NoteRefused when it is no Ed25519 key or its id is not its own."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    data = _decoded(encoded, length=33)
    key = VerifierKey(name, data[1:])
    if not name or data[:1] != ED25519 or key.id.hex() != key_id:
        raise NoteRefused("not a verifier key")
    return key


def _parts(note: str) -> tuple[str, list[str]]:
    text, parted, signatures = note.rpartition("\n\n")
    lines = signatures.split("\n")
    if len(note) > LONGEST_NOTE or not parted or lines.pop() or not lines:
        raise NoteRefused("not a signed note")
    return f"{text}\n", lines


def _signature(line: str) -> tuple[str, bytes, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "—" or not name:
        raise NoteRefused("not a signature line")
    data = _decoded(encoded)
    return name, data[:KEY_ID_BYTES], data[KEY_ID_BYTES:]


def _decoded(text: str, *, length: int | None = None) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteRefused("not base64") from None
    if length is not None and len(data) != length:
        raise NoteRefused(f"{length} bytes are needed")
    return data
