"""Personal data at rest: authenticated encryption with a key ring, and keyed look-up without decrypting.

A stored value is `version byte | length of key id | key id | 12 byte nonce | AES-256-GCM ciphertext and tag`. The place it
stands in (`table:column:primary key`) is authenticated with it: a value copied to another row does not open.
"""

import base64
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"
NONCE_BYTES = 12


class Undecipherable(Exception):
    """A stored value could not be opened: its key is missing from the ring, or it was changed or moved."""


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def encrypt(text: str, *, place: str) -> bytes:
    """Encrypt `text` for one place with the first key of the ring."""
    key_id, key = next(iter(settings.DATA_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    name = key_id.encode()
    sealed = _cipher(key).encrypt(nonce, text.encode(), place.encode())
    return VERSION + bytes([len(name)]) + name + nonce + sealed


def decrypt(value: bytes, *, place: str) -> str:
    """Open what `encrypt` made for the same place. Raises Undecipherable."""
    key_id, rest = key_id_of(value), value[2 + value[1] :]
    key = settings.DATA_KEYS.get(key_id)
    if key is None:
        raise Undecipherable(f"key '{key_id}' is not in the ring ({place.rpartition(':')[0]})")
    try:
        opened = _cipher(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place.encode())
    except InvalidTag:
        raise Undecipherable(f"changed or moved value ({place.rpartition(':')[0]})") from None
    return opened.decode()


def seal_text(text: str, *, place: str) -> str:
    """What `encrypt` makes, in letters: for values that stand inside a JSON field."""
    return base64.urlsafe_b64encode(encrypt(text, place=place)).decode()


def open_text(sealed: str, *, place: str) -> str:
    """Open what `seal_text` made for the same place. Raises Undecipherable."""
    return decrypt(sealed_bytes(sealed), place=place)


def sealed_bytes(sealed: str) -> bytes:
    """The stored value that `seal_text` wrote in letters. Raises Undecipherable."""
    try:
        return base64.b64decode(sealed, altchars=b"-_", validate=True)
    except ValueError:
        raise Undecipherable("not a value of this format") from None


def key_id_of(value: bytes) -> str:
    """The id of the key that made a stored value. Raises Undecipherable."""
    if len(value) < 2 + NONCE_BYTES or value[:1] != VERSION:
        raise Undecipherable("not a value of this format")
    try:
        return value[2 : 2 + value[1]].decode("ascii")
    except UnicodeDecodeError:
        raise Undecipherable("not a value of this format") from None


def blind_index(text: str, *, purpose: str) -> bytes:
    """A 32 byte keyed digest (HMAC-SHA256) to find equal values without storing them. Differs for each purpose."""
    return hmac.digest(settings.INDEX_KEY, f"{purpose}\x00{text}".encode(), "sha256")


def blind_indexes(text: str, *, purpose: str) -> list[bytes]:
    """What a stored row may hold for `text`: the index under the current key, then the one under the old key, if there is one.

    While index keys are being rotated some rows have the one and some the other: look for both, write the first.
    """
    keys = [key for key in (settings.INDEX_KEY, settings.OLD_INDEX_KEY) if key]
    return [hmac.digest(key, f"{purpose}\x00{text}".encode(), "sha256") for key in keys]


def short_key(text: str, *, purpose: str) -> int:
    """The first 8 bytes of the blind index, as a signed 64 bit integer: small enough for wide tables, compared among few rows."""
    return _shortened(blind_index(text, purpose=purpose))


def short_keys(text: str, *, purpose: str) -> list[int]:
    """What a stored row may hold for `text`, as `blind_indexes` has it: look for all, write the first."""
    return [_shortened(index) for index in blind_indexes(text, purpose=purpose)]


def _shortened(index: bytes) -> int:
    return int.from_bytes(index[:8], "big", signed=True)
