"""A piece of writing without a file format: comparisons and amendments are drawn up as one, pages and files are made from it.

One model for all of them, so that the page, the PDF and the word processor file cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Mark(StrEnum):
    """Why a stretch of text stands out. Never shown by color alone."""

    PLAIN = ""
    INSERTED = "ins"  # underlined
    DELETED = "del"  # struck through
    CHANGED = "changed"  # bold italics: the changed words of a column, as the European Parliament prints them
    UNDERLINED = "underlined"  # the changed words of a Korean or Japanese comparison table
    STRONG = "strong"  # numbers and names of places
    NOTE = "note"  # words about the text, not of it: “moved from Article 3”, “deleted”


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one manner."""

    text: str
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. `number` hangs before it (“(a)”), `level` is its depth as a unit of law, from 0."""

    spans: tuple[Span, ...]
    number: tuple[Span, ...] = ()
    level: int = 0
    centered: bool = False

    @property
    def text(self) -> str:
        """Number and words as one line of plain text."""
        said = ("".join(span.text for span in spans) for spans in (self.number, self.spans))
        return " ".join(part for part in said if part)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of `level` 1 to 4 below the title of the writing."""

    spans: tuple[Span, ...]
    level: int = 1

    @property
    def text(self) -> str:
        """The heading as one line of plain text."""
        return "".join(span.text for span in self.spans)


Cell = tuple["Paragraph | Heading", ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row. Every row has as many cells as there are columns."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = Paragraph | Heading | Table


@dataclass(frozen=True, slots=True)
class Writing:
    """A whole piece: `language` is that of the law it is about, in which its own words are written, too."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = field(
        default=()
    )  # said under the title: what was compared, and that it is no legal advice


WRITING_SCHEMA = 1


def writing_as_data(writing: Writing) -> dict[str, Any]:
    """The writing as plain data, as it is frozen."""
    return {
        "schema": WRITING_SCHEMA,
        "title": writing.title,
        "language": writing.language,
        "notes": list(writing.notes),
        "blocks": [_block_as_data(block) for block in writing.blocks],
    }


def writing_of_data(data: dict[str, Any]) -> Writing:
    """Read a writing back from plain data. What else stands beside it is left alone."""
    return Writing(
        title=data["title"],
        language=data["language"],
        blocks=tuple(_block_of_data(block) for block in data["blocks"]),
        notes=tuple(data["notes"]),
    )


def _block_as_data(block: Block) -> dict[str, Any]:
    if isinstance(block, Table):
        rows = [[[_block_as_data(part) for part in cell] for cell in row] for row in block.rows]
        return {"type": "table", "caption": block.caption, "columns": list(block.columns), "rows": rows}
    if isinstance(block, Heading):
        return {"type": "heading", "spans": _spans_as_data(block.spans), "level": block.level}
    return {
        "type": "paragraph",
        "spans": _spans_as_data(block.spans),
        "number": _spans_as_data(block.number),
        "level": block.level,
        "centered": block.centered,
    }


def _spans_as_data(spans: tuple[Span, ...]) -> list[dict[str, str]]:
    return [{"text": span.text, **({"mark": str(span.mark)} if span.mark else {})} for span in spans]


def _block_of_data(data: dict[str, Any]) -> Block:
    if data["type"] != "table":
        return _part_of_data(data)
    rows = tuple(tuple(tuple(_part_of_data(part) for part in cell) for cell in row) for row in data["rows"])
    return Table(data["caption"], tuple(data["columns"]), rows)


def _part_of_data(data: dict[str, Any]) -> Paragraph | Heading:
    if data["type"] == "heading":
        return Heading(_spans_of_data(data["spans"]), data["level"])
    spans, number = _spans_of_data(data["spans"]), _spans_of_data(data["number"])
    return Paragraph(spans, number, data["level"], data["centered"])


def _spans_of_data(data: list[dict[str, str]]) -> tuple[Span, ...]:
    return tuple(Span(span["text"], Mark(span.get("mark", ""))) for span in data)


def without_tables(writing: Writing) -> Writing:
    """The same for files that take no tables: each row as its cells one below the other, under the names of their columns."""
    blocks: list[Block] = []
    for block in writing.blocks:
        if not isinstance(block, Table):
            blocks.append(block)
            continue
        for row in block.rows:
            for name, cell in zip(block.columns, row, strict=True):
                if cell:
                    blocks += [Paragraph((Span(f"{name}:", Mark.STRONG),)), *cell]
    return replace(writing, blocks=tuple(blocks))
