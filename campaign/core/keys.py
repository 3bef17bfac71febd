"""Reading keys from the environment. Imports nothing of Django: settings use it."""

import binascii


class KeyFormatError(ValueError):
    """A key variable does not have the promised form."""


def parse_key_ring(text: str) -> dict[str, bytes]:
    """Read `id:64 hex digits[,id:64 hex digits…]` into {id: 32 bytes}; the first key encrypts, the others only decrypt.

    Raises KeyFormatError, which names the entry and never the key.
    """
    ring: dict[str, bytes] = {}
    for position, entry in enumerate(text.split(","), start=1):
        key_id, _, digits = entry.strip().partition(":")
        if not key_id.isalnum() or len(key_id) > 16 or key_id in ring:
            raise KeyFormatError(
                f"RECLAIM_DATA_KEYS, entry {position}: the key id must be 1 to 16 letters or digits "
                "and stand only once. Write entries as id:64 hex digits, parted by commas."
            )
        ring[key_id] = _key_bytes(digits, f"RECLAIM_DATA_KEYS, key '{key_id}'")
    return ring


def parse_index_key(text: str, name: str = "RECLAIM_INDEX_KEY") -> bytes:
    """Read 64 hex digits into 32 bytes. Raises KeyFormatError, which says `name`."""
    return _key_bytes(text.strip(), name)


def parse_ledger_key(text: str) -> bytes:
    """Read 64 hex digits into 32 bytes. Raises KeyFormatError."""
    return _key_bytes(text.strip(), "RECLAIM_LEDGER_KEY")


def _key_bytes(digits: str, name: str) -> bytes:
    try:
        key = binascii.unhexlify(digits)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise KeyFormatError(
            f"{name}: 64 hex digits are needed. Make a key with: "
            "python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return key
