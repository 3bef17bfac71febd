"""One way to write data as bytes, so that a digest of it means something.

The rules are those of RFC 8785 (JSON Canonicalization Scheme) for the part of JSON we allow: objects, arrays, strings,
whole numbers, true, false and null. Anyone can recompute a digest with any RFC 8785 implementation, or with the file itself.
"""

import hashlib
import json
import unicodedata
from typing import Any

MAX_INTEGER = 2**53 - 1  # what every JSON reader holds without rounding (RFC 7493, section 2.2)
MAX_DEPTH = 100


class NotCanonical(ValueError):
    """A value has no canonical form. The message names the place and what stands there."""


def canonical_json(data: Any) -> bytes:
    """UTF-8 JSON without white space, members sorted by UTF-16 code units, strings in Unicode NFC.

    Raises NotCanonical for anything else than dict (with text keys), list, tuple, str, int within ±(2^53 - 1), bool and
    None: fractions above all, which languages print differently. Write them as text.
    """
    return json.dumps(_plain(data, "$", 0), ensure_ascii=False, separators=(",", ":")).encode()


def digest_of(data: Any) -> str:
    """SHA-256 of the canonical form, as 64 hex digits. Raises NotCanonical."""
    return hashlib.sha256(canonical_json(data)).hexdigest()


def _plain(value: Any, place: str, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise NotCanonical(f"{place}: nested deeper than {MAX_DEPTH} levels")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, place)
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical(f"{place}: {value} is beyond 2^53 - 1; write it as text")
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain(item, f"{place}[{index}]", depth + 1) for index, item in enumerate(value)]
    if isinstance(value, dict):
        return _members(value, place, depth)
    raise NotCanonical(f"{place}: {type(value).__name__} has no place in canonical JSON")


def _members(value: dict[Any, Any], place: str, depth: int) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise NotCanonical(f"{place}: the key {key!r} is not text")
        name = _text(key, place)
        if name in members:
            raise NotCanonical(f"{place}: two keys are the same text, “{name}”")
        members[name] = _plain(item, f"{place}.{name}", depth + 1)
    return dict(sorted(members.items(), key=lambda member: member[0].encode("utf-16-be")))


def _text(value: str, place: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotCanonical(f"{place}: half of a surrogate pair") from None
    if "\x00" in value:
        raise NotCanonical(f"{place}: NUL character")
    # str(): marked-safe and other kinds of text are stored as what they say.
    return str(unicodedata.normalize("NFC", value))
