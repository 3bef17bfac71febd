"""A pseudo-locale: English with accents, so that a string nobody marked for translation stands out on the page.

Every letter outside placeholders, tags and entities gets an accent, the text grows by about a third as many languages do,
and brackets show where a sentence begins and ends (a sentence glued together from parts shows several).
"""

import re
import struct
from collections.abc import Iterable

OPEN, CLOSE, FILLER = "⟦", "⟧", "·"
ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "åƀćđéƒĝĥíĵķłɱñóþǫŕšţúṽŵẋýžÅƁĆĐÉƑĜĤÍĴĶŁṀÑÓÞǪŔŠŢÚṼŴẊÝŽ",
)
# Left as they are: %(name)s and %d, {name}, tags, entities, line breaks at either end.
KEPT = re.compile(
    r"(%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%[sdif%]|\{[^{}]*\}|<[^<>]+>|&#?\w+;|\A\s+|\s+\Z)"
)

Message = tuple[str, str]  # (key in the catalog, its text: plural forms parted by NUL)


def pseudo_translate(text: str) -> str:
    """One message in the pseudo-locale; plural forms, parted by NUL, stay parted."""
    return "\x00".join(_accented(form) for form in text.split("\x00"))


def _accented(text: str) -> str:
    if not text.strip():
        return text
    parts = KEPT.split(text)
    letters = sum(character.isalpha() for part in parts[::2] for character in part)
    if not letters:
        return text
    padding = FILLER * max(1, round(letters * 0.3))
    head = parts[1] if len(parts) > 1 and parts[0] == "" and parts[1].isspace() else ""
    tail = parts[-2] if len(parts) > 1 and parts[-1] == "" and parts[-2].isspace() else ""
    body = "".join(part if index % 2 else part.translate(ACCENTS) for index, part in enumerate(parts))
    return f"{head}{OPEN}{body[len(head) : len(body) - len(tail)]} {padding}{CLOSE}{tail}"


def read_catalog(content: bytes) -> list[Message]:
    """The messages of a compiled catalog (GNU .mo), header included under the empty key."""
    magic = struct.unpack_from("<I", content)[0]
    order = "<" if magic == 0x950412DE else ">"
    count, keys_at, texts_at = struct.unpack_from(f"{order}3I", content, 8)

    def entry(table: int, index: int) -> str:
        length, offset = struct.unpack_from(f"{order}2I", content, table + 8 * index)
        return content[offset : offset + length].decode()

    return [(entry(keys_at, index), entry(texts_at, index)) for index in range(count)]


def write_catalog(messages: Iterable[Message]) -> bytes:
    """A compiled catalog (GNU .mo): keys in order of their bytes, as readers expect, and no hash table."""
    ordered = sorted((key.encode(), text.encode()) for key, text in messages)
    head = 28
    offset = head + 16 * len(ordered)
    keys, texts, data = b"", b"", b""
    for key, _text in ordered:
        keys += struct.pack("<2I", len(key), offset + len(data))
        data += key + b"\x00"
    for _key, text in ordered:
        texts += struct.pack("<2I", len(text), offset + len(data))
        data += text + b"\x00"
    header = struct.pack("<7I", 0x950412DE, 0, len(ordered), head, head + 8 * len(ordered), 0, offset)
    return header + keys + texts + data
