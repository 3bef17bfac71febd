"""Units as blocks: the same words set for one column, or for both texts in one."""

from __future__ import annotations

from collections.abc import Iterable

from campaign.documents.words import Piece
from campaign.regulations.blocks import Heading, Mark, Paragraph, Span
from campaign.regulations.comparing.changes import Change
from campaign.regulations.comparing.outline import TITLE, Node, Outline
from campaign.regulations.kinds import HEADED
from campaign.regulations.kinds import ProvisionKind as Kind

MAX_HEADING = 4
Unit = Heading | Paragraph
Marks = dict[str, Mark | None]  # how each kind of piece is set; None: not at all

BOTH: Marks = {"keep": Mark.PLAIN, "del": Mark.DELETED, "ins": Mark.INSERTED}


def left(mark: Mark) -> Marks:
    """The old text, with what is not in the new one in this manner."""
    return {"keep": Mark.PLAIN, "del": mark, "ins": None}


def right(mark: Mark) -> Marks:
    """The new text, with what was not in the old one in this manner."""
    return {"keep": Mark.PLAIN, "del": None, "ins": mark}


def spans(pieces: Iterable[Piece], marks: Marks) -> tuple[Span, ...]:
    """Pieces as stretches of text."""
    set_in = ((text, marks[op]) for op, text in pieces)
    return joined(Span(text, mark) for text, mark in set_in if mark is not None)


def joined(parts: Iterable[Span]) -> tuple[Span, ...]:
    """Stretches of text, two neighbors in one manner as one."""
    found: list[Span] = []
    for span in parts:
        if found and found[-1].mark == span.mark:
            found[-1] = Span(found[-1].text + span.text, span.mark)
        elif span.text:
            found.append(span)
    return tuple(found)


def plain(text: str, mark: Mark = Mark.PLAIN) -> tuple[Span, ...]:
    return (Span(text, mark),) if text else ()


def note(text: str, *, level: int = 0) -> Paragraph:
    """Words about the text."""
    return Paragraph(plain(text, Mark.NOTE), level=level)


def changed_unit(change: Change, marks: Marks, *, as_node: Node | None = None) -> tuple[Unit, ...]:
    """One unit by its pieces, set as the unit it is now or, where its kind changed, as the one given."""
    return _unit(
        as_node or change.node,
        spans(change.label_words, marks),
        spans(change.heading_words, marks),
        spans(change.words, marks),
    )


def own_lines(node: Node, mark: Mark = Mark.PLAIN) -> tuple[Unit, ...]:
    """One unit as it is printed, all in one manner."""
    return _unit(node, plain(node.label, mark), plain(node.heading, mark), plain(node.body, mark))


def whole_unit(outline: Outline, node: Node, mark: Mark = Mark.PLAIN) -> tuple[Unit, ...]:
    """A unit with all below it."""
    return tuple(line for below in outline.subtree(node) for line in own_lines(below, mark))


def quoted(line: Unit, opening: str = "", closing: str = "", *, level: int | None = None) -> Paragraph:
    """A line in quotation marks, as a paragraph: what an amendment puts in is no heading of the amendment."""
    number = line.number if isinstance(line, Paragraph) else ()
    words = line.spans
    if opening:
        number, words = (plain(opening) + number, words) if number else ((), plain(opening) + words)
    if closing and (words or not number):
        words += plain(closing)
    elif closing:
        number += plain(closing)
    own = line.level if isinstance(line, Paragraph) else 0
    return Paragraph(joined(words), number=joined(number), level=own if level is None else level)


def _unit(
    node: Node, number: tuple[Span, ...], heading: tuple[Span, ...], body: tuple[Span, ...]
) -> tuple[Unit, ...]:
    if node.kind == TITLE:
        return (Heading(body, level=1),) if body else ()
    if node.is_fixed:
        return tuple(Paragraph(line) for line in _lines(body))
    if node.kind in HEADED and (number or heading):
        level = min(node.level + 2, MAX_HEADING)
        head = Heading(_set_apart(number, heading, node.gap), level=level)
        return (head, Paragraph(body)) if body else (head,)
    words = _set_apart(heading, body, " ")
    level = node.level + (1 if node.kind == Kind.QUOTED else 0)
    return (Paragraph(words, number=number, level=level),) if number or words else ()


def _set_apart(first: tuple[Span, ...], then: tuple[Span, ...], gap: str) -> tuple[Span, ...]:
    if not first or not then or not gap:
        return joined(first + then)
    mark = first[-1].mark if first[-1].mark == then[0].mark else Mark.PLAIN
    return joined((*first, Span(gap, mark), *then))


def _lines(words: tuple[Span, ...]) -> list[tuple[Span, ...]]:
    """Fixed words hold line ends: a paragraph for each line."""
    lines: list[list[Span]] = [[]]
    for span in words:
        first, *others = span.text.split("\n")
        lines[-1] += plain(first, span.mark)
        lines += [list(plain(text, span.mark)) for text in others]
    return [tuple(line) for line in lines if line]
