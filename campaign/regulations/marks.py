"""The marks in a provision's text: `[[name]]` for a variable, `[[ref:key]]` for a reference to a provision."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = re.compile(r"\[\[(ref:)?([^\[\]]*)\]\]")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KEY = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: plain, or a mark. Exactly one of the three is filled."""

    text: str = ""
    variable: str = ""
    reference: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """Split text at its marks. What only looks like a mark stays in the plain text (see `stray_mark`)."""
    end = 0
    for match in _MARK.finditer(text):
        name, is_reference = match[2], bool(match[1])
        if not (_KEY if is_reference else _NAME).fullmatch(name):
            continue
        if match.start() > end:
            yield Piece(text=text[end : match.start()])
        yield Piece(reference=name) if is_reference else Piece(variable=name)
        end = match.end()
    if end < len(text):
        yield Piece(text=text[end:])


def stray_mark(text: str) -> str:
    """The first thing that opens or closes a mark without being one, with some text around it; empty when there is none."""
    for piece in pieces(text):
        for brackets in ("[[", "]]"):
            at = piece.text.find(brackets)
            if at >= 0:
                return piece.text[max(at - 10, 0) : at + 20]
    return ""
