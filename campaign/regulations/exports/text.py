"""Laws and comparisons as plain text: one unit a line, indented by depth, marks as brackets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from campaign.regulations.blocks import Block, Heading, Mark, Paragraph, Span, Table, Writing
from campaign.regulations.exports.lines import Line, Role, law_lines
from campaign.regulations.exports.marks import legend
from campaign.regulations.exports.origin import Origin, file_text
from campaign.regulations.numbered import NumberedText

INDENT = "  "
# What stands around the words of a mark where nothing can be underlined or struck.
BRACKETS = {
    Mark.INSERTED: ("[+", "+]"),
    Mark.DELETED: ("[-", "-]"),
    Mark.CHANGED: ("*", "*"),
    Mark.UNDERLINED: ("_", "_"),
    Mark.NOTE: ("(", ")"),
}

OPENED = ("(", "[", "（", "〔")  # a note that brings its own brackets


def law_plain_text(payload: dict[str, Any], origin: Origin) -> str:
    """The law in an edition's frozen payload as plain text. What it is and where it comes from stands at the end."""
    law = NumberedText.of_payload(payload)
    rows: list[str] = []
    before: Line | None = None
    for line in law_lines(law):
        if before and _parts(before, line):
            rows.append("")
        rows.append(_row(line))
        before = line
    return "\n".join([*rows, "", *_colophon(law.language, origin, payload), ""])


def _parts(before: Line, line: Line) -> bool:
    """Whether an empty line stands between the two."""
    return line.role == Role.HEADING or (line.role != before.role and before.role != Role.HEADING)


def _row(line: Line) -> str:
    lead = INDENT * len(line.nest)
    return "\n".join(f"{lead}{part}" for part in line.words.split("\n"))


def _colophon(language: str, origin: Origin, payload: dict[str, Any]) -> Iterator[str]:
    with translation.override(language):
        yield "--"
        if "template" in payload:
            yield file_text(f"{payload['template']['title']}, {payload['edition']['label']}")
            yield file_text(payload["template"]["disclaimer"])
        else:
            yield _("Not legal advice.")
        if origin.address:
            yield origin.address
        if origin.digest:
            yield f"SHA-256 {origin.digest}"


def writing_plain_text(writing: Writing, origin: Origin) -> str:
    """A comparison or amendment as plain text; it begins with what the signs in it mean."""
    rows = [file_text(writing.title), *(file_text(note) for note in writing.notes)]
    if explained := legend(writing):
        rows.append(marked_text(explained))
    for place, block in enumerate(writing.blocks):
        if place == 0 and isinstance(block, Paragraph):
            rows.append("")
        rows += _block_rows(block)
    rows += ["", *_colophon(writing.language, origin, {})]
    return "\n".join([*rows, ""])


def _block_rows(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from _table_rows(block)
    elif isinstance(block, Heading):
        yield from ("", marked_text(block.spans))
    else:
        yield f"{INDENT * block.level}{_paragraph(block)}"


def _paragraph(block: Paragraph) -> str:
    return " ".join(part for part in (marked_text(block.number), marked_text(block.spans)) if part)


def _table_rows(table: Table) -> Iterator[str]:
    """Row by row, each cell under the name of its column: columns side by side would not stand reading aloud."""
    if table.caption:
        yield from ("", file_text(table.caption))
    for number, row in enumerate(table.rows, start=1):
        yield from ("", f"[{number}]")
        for name, cell in zip(table.columns, row, strict=True):
            yield f"{file_text(name)}:"
            for block in cell:
                said = marked_text(block.spans) if isinstance(block, Heading) else _paragraph(block)
                yield f"{INDENT * (1 + (0 if isinstance(block, Heading) else block.level))}{said}"
            if not cell:
                yield f"{INDENT}–"


def marked_text(spans: Iterable[Span]) -> str:
    """Stretches of text as one, marks told by the brackets around them."""
    return "".join(_bracketed(span) for span in spans)


def _bracketed(span: Span) -> str:
    text = file_text(span.text).replace("\n", " ")
    opens, closes = BRACKETS.get(span.mark, ("", ""))
    if span.mark == Mark.NOTE and text.startswith(OPENED):
        return text
    return f"{opens}{text}{closes}" if text else ""
