"""A comparison or amendment as a word processor file, its changes drawn as lines or as changes to accept or reject."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from django.utils import translation
from django.utils.translation import gettext as _

from campaign.regulations.blocks import Block, Cell, Heading, Mark, Paragraph, Span, Table, Writing
from campaign.regulations.exports.marks import legend
from campaign.regulations.exports.origin import Origin
from campaign.regulations.exports.word.elements import (
    Element,
    add,
    add_paragraph,
    add_row,
    add_run,
    add_table,
    root,
)
from campaign.regulations.exports.word.law import new_document
from campaign.regulations.exports.word.package import (
    PROGRAM,
    UPRIGHT_WIDTH,
    WIDE_WIDTH,
    About,
    docx_bytes,
)
from campaign.regulations.exports.word.styles import HEADINGS, LEVELS, is_mirrored

LOOK = {
    Mark.INSERTED: "inserted",
    Mark.DELETED: "deleted",
    Mark.CHANGED: "changed",
    Mark.UNDERLINED: "underlined",
    Mark.STRONG: "strong",
    Mark.NOTE: "note",
}
TRACKED = {Mark.INSERTED: "ins", Mark.DELETED: "del"}
WIDE_FROM = 3  # columns
NARROW = 24  # characters in the longest cell of a column


def writing_docx(writing: Writing, origin: Origin) -> bytes:
    """The writing as DOCX. What was added is underlined, what was removed struck through, for good."""
    return _Drawer(writing, origin, tracked=False).file()


def tracked_writing_docx(writing: Writing, origin: Origin) -> bytes:
    """The writing as DOCX with real tracked changes: accept them all and the new text is left, reject them and the old one is.

    Notes that stand within a text of law become comments, so that neither text holds them.
    """
    return _Drawer(writing, origin, tracked=True).file()


class _Drawer:
    def __init__(self, writing: Writing, origin: Origin, *, tracked: bool) -> None:
        self.writing, self.origin, self.tracked = writing, origin, tracked
        self.mirrored = is_mirrored(writing.language)
        tables = [block for block in writing.blocks if isinstance(block, Table)]
        self.wide = any(len(table.columns) >= WIDE_FROM for table in tables)
        self.numbers = count(1)
        self.last_heading = 0
        self.comments = root("comments")

    def file(self) -> bytes:
        document, body = new_document()
        add_run(add_paragraph(body, "Title"), self.writing.title)
        for note in self.writing.notes:
            add_run(add_paragraph(body, "Notice"), note)
        if not self.tracked and (explained := legend(self.writing)):
            self.spans(add_paragraph(body, "Notice"), explained)
        before = ""
        for block in self.writing.blocks:
            self.block(body, block, before)
            before = "" if isinstance(block, Table) else "".join(span.text for span in block.spans)
        with translation.override(self.writing.language):
            subject = _("Comparison of legal texts")
        about = About(
            title=self.writing.title,
            running=self.writing.title,
            subject=subject,
            language=self.writing.language,
            origin=self.origin,
            stacked=False,
            wide=self.wide,
        )
        return docx_bytes(document, about, self.comments if len(self.comments) else None)

    def block(self, body: Element, block: Block, before: str) -> None:
        if isinstance(block, Table):
            self.table(body, block, before)
        elif isinstance(block, Heading):
            self.last_heading = min(block.level, self.last_heading + 1, HEADINGS)
            paragraph = add_paragraph(body, f"Heading{self.last_heading}")
            self.spans(paragraph, block.spans)
            self.track_paragraph(paragraph, block.spans)
        else:
            self.paragraph(body, block)

    def paragraph(self, parent: Element, block: Paragraph, *, in_cell: bool = False) -> None:
        level = min(block.level, LEVELS)
        style = f"Cell{level}" if in_cell else f"Law{level}" if block.number else f"LawText{level}"
        if block.centered and not in_cell:
            style = "Centered"
        paragraph = add_paragraph(parent, style, **({"jc": "center"} if block.centered and in_cell else {}))
        gap = (
            ()
            if not block.number
            else (Span(" " if in_cell or block.centered else "\t", block.number[-1].mark),)
        )
        spans = (*block.number, *gap, *block.spans)
        self.spans(paragraph, spans)
        if not in_cell:
            # The last paragraph of a cell can be neither added nor removed.
            self.track_paragraph(paragraph, spans)

    def spans(self, paragraph: Element, spans: Sequence[Span]) -> None:
        has_text = any(span.mark != Mark.NOTE and span.text.strip() for span in spans)
        for span in spans:
            if not span.text:
                continue
            if not self.tracked:
                add_run(paragraph, span.text, LOOK.get(span.mark, ""))
            elif span.mark in TRACKED:
                change = add(paragraph, TRACKED[span.mark], **self.change())
                add_run(change, span.text, deleted=span.mark == Mark.DELETED)
            elif span.mark == Mark.NOTE and has_text:
                self.comment(paragraph, span.text)
            else:
                add_run(paragraph, span.text, LOOK.get(span.mark, ""))

    def track_paragraph(self, paragraph: Element, spans: Sequence[Span]) -> None:
        """A paragraph that is new, or gone, as a whole: its end is part of the change."""
        marks = {span.mark for span in spans if span.text and span.mark != Mark.NOTE}
        if self.tracked and len(marks) == 1 and (mark := marks.pop()) in TRACKED:
            properties = add(paragraph[0], "rPr")
            add(properties, TRACKED[mark], **self.change())

    def change(self) -> dict[str, str | int]:
        moment = f"{self.origin.date.isoformat()}T00:00:00Z"
        return {"id": next(self.numbers), "author": PROGRAM, "date": moment}

    def comment(self, paragraph: Element, text: str) -> None:
        change = self.change()
        said = add(self.comments, "comment", **change, initials=PROGRAM[0])
        add_run(add_paragraph(said, "Normal"), text.strip())
        add(add(paragraph, "r"), "commentReference", id=change["id"])

    def table(self, body: Element, table: Table, before: str) -> None:
        # What stands right above it already is not printed twice: who hears the table is told by its properties.
        if table.caption and not (before and before in table.caption):
            add_run(add_paragraph(body, "Caption"), table.caption)
        total = WIDE_WIDTH if self.wide else UPRIGHT_WIDTH
        widths = _widths(table, total)
        drawn = add_table(body, caption=table.caption, widths=widths, mirrored=self.mirrored)
        for cell, name in zip(add_row(drawn, widths, is_header=True), table.columns, strict=True):
            add_run(add_paragraph(cell, "CellHead"), name)
        for row in table.rows:
            for cell, content in zip(add_row(drawn, widths), row, strict=True):
                self.cell(cell, content)
        # Two tables in a row would grow together.
        add_paragraph(body, "Normal")

    def cell(self, parent: Element, content: Cell) -> None:
        for block in content:
            if isinstance(block, Heading):
                self.spans(add_paragraph(parent, "CellHead"), block.spans)
            else:
                self.paragraph(parent, block, in_cell=True)
        if not content:
            add_paragraph(parent, "Cell0")


def _widths(table: Table, total: int) -> list[int]:
    """Even columns, but for one that holds nothing but short words in every row."""
    columns = len(table.columns)
    longest = [
        max([len(name), *(len(block.text) for row in table.rows for block in row[place])], default=0)
        for place, name in enumerate(table.columns)
    ]
    narrow = [length <= NARROW for length in longest]
    if all(narrow) or not any(narrow):
        return [total // columns] * columns
    small = total // (columns * 2)
    rest = (total - small * sum(narrow)) // (columns - sum(narrow))
    return [small if is_narrow else rest for is_narrow in narrow]
