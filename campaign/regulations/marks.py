"""The marks in a provision's text: `[[name]]` for a variable, `[[ref:key]]` for a reference to a provision.

`[[ref:key#2]]` refers to the second sentence of that provision's own text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = re.compile(r"\[\[(ref:)?([^\[\]]*)\]\]")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KEY = re.compile(r"([a-z][a-z0-9-]*)(?:#([1-9]\d?))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: plain, or a mark. Exactly one of the three is filled; `sentence` is 0 but for one of a provision's."""

    text: str = ""
    variable: str = ""
    reference: str = ""
    sentence: int = 0


def pieces(text: str) -> Iterator[Piece]:
    """Split text at its marks. What only looks like a mark stays in the plain text (see `stray_mark`)."""
    end = 0
    for match in _MARK.finditer(text):
        piece = _mark(match)
        if piece is None:
            continue
        if match.start() > end:
            yield Piece(text=text[end : match.start()])
        yield piece
        end = match.end()
    if end < len(text):
        yield Piece(text=text[end:])


def _mark(match: re.Match[str]) -> Piece | None:
    if not match[1]:
        return Piece(variable=match[2]) if _NAME.fullmatch(match[2]) else None
    key = _KEY.fullmatch(match[2])
    return Piece(reference=key[1], sentence=int(key[2] or 0)) if key else None


def reference_mark(key: str, sentence: int = 0) -> str:
    """A reference as it is written in a text."""
    return f"[[ref:{key}#{sentence}]]" if sentence else f"[[ref:{key}]]"


def stray_mark(text: str) -> str:
    """The first thing that opens or closes a mark without being one, with some text around it; empty when there is none."""
    for piece in pieces(text):
        for brackets in ("[[", "]]"):
            at = piece.text.find(brackets)
            if at >= 0:
                return piece.text[max(at - 10, 0) : at + 20]
    return ""
