"""Laws and comparisons as Markdown that any reader shows: every sign of theirs escaped, marks as HTML's ins and del."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from campaign.regulations.blocks import Block, Heading, Mark, Paragraph, Span, Table, Writing
from campaign.regulations.exports.lines import Line, Nest, Role, law_lines
from campaign.regulations.exports.marks import legend
from campaign.regulations.exports.origin import Origin, file_text
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.numbered import NumberedText

_SIGNS = re.compile(r"([\\`*_\[\]<>#|~&$^!])")
_OPENING = re.compile(r"^(\s*)([-+=]|\d{1,9}(?=[.)]))")
MAX_HEADING = 6
HANGS_FLAT = {Kind.PARAGRAPH, Kind.RECITAL, Kind.ARTICLE}  # their numbers need no list around them
# Elements, not stars: those mean nothing between a letter and a bracket.
MARKS = {
    Mark.INSERTED: ("<ins>", "</ins>"),
    Mark.DELETED: ("<del>", "</del>"),
    Mark.CHANGED: ("<b><i>", "</i></b>"),
    Mark.UNDERLINED: ("<u>", "</u>"),
    Mark.STRONG: ("<b>", "</b>"),
    Mark.NOTE: ("<i>", "</i>"),
}


def markdown_escaped(text: str) -> str:
    """Plain text so that Markdown shows it as it is; line ends become hard ones."""
    rows = [_OPENING.sub(_escaped_opening, _SIGNS.sub(r"\\\1", row)) for row in file_text(text).split("\n")]
    return "\\\n".join(rows)


def _escaped_opening(match: re.Match[str]) -> str:
    space, sign = match[1], match[2]
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


def law_markdown(payload: dict[str, Any], origin: Origin) -> str:
    """The law in an edition's frozen payload as Markdown: headings, numbers as printed, quoted text as block quotes."""
    law = NumberedText.of_payload(payload)
    rows: list[str] = []
    flat: dict[tuple[Nest, ...], str] = {}
    last: str | None = None
    for line in law_lines(law):
        lead = _lead(line, flat)
        own = _row(line)
        if last is not None:
            rows.append(_gap(last, lead))
        rows += [
            f"{lead if index == 0 else lead.replace('- ', '  ')}{part}" for index, part in enumerate(own)
        ]
        last = lead
    return "\n".join([*rows, "", *_colophon(law.language, origin, payload), ""])


def _lead(line: Line, flat: dict[tuple[Nest, ...], str]) -> str:
    """What stands before a line: the quotes and lists it is in. `flat` holds what each depth above has come to."""
    for longer in [nest for nest in flat if len(nest) > len(line.nest)]:
        del flat[longer]
    lead = flat.get(line.nest, "")
    if line.nest and line.nest not in flat:
        above = flat.get(line.nest[:-1], "")
        lead = f"{above}> " if line.nest[-1] == Nest.QUOTE else above
        flat[line.nest] = lead
    hangs = line.role == Role.UNIT and line.number
    below = (*line.nest, Nest.NUMBER)
    flat.pop(below, None)
    if not hangs:
        return lead
    if line.kind in HANGS_FLAT:
        flat[below] = lead
        return lead
    flat[below] = f"{lead}  "
    return f"{lead}- "


def _gap(before: str, lead: str) -> str:
    """An empty line, inside the quotes that go on."""
    shared = before.replace("- ", "  ")
    kept = 0
    for index, (one, other) in enumerate(zip(shared, lead, strict=False)):
        if one != other:
            break
        if one == ">":
            kept = index + 1
    return shared[:kept].rstrip()


def _row(line: Line) -> list[str]:
    if line.role == Role.TITLE:
        return [f"# {markdown_escaped(line.text)}"]
    if line.role == Role.HEADING:
        return [f"{'#' * min(line.depth + 1, MAX_HEADING)} {markdown_escaped(line.words)}"]
    heading = f"**{markdown_escaped(line.heading)}**" if line.heading else ""
    parts = (markdown_escaped(line.number), heading, markdown_escaped(line.text))
    return " ".join(part for part in parts if part).split("\n")


def _colophon(language: str, origin: Origin, payload: dict[str, Any]) -> Iterator[str]:
    with translation.override(language):
        yield "---"
        yield ""
        if "template" in payload:
            title = f"{payload['template']['title']}, {payload['edition']['label']}"
            yield f"{markdown_escaped(title)}. {markdown_escaped(payload['template']['disclaimer'])}"
        else:
            yield markdown_escaped(_("Not legal advice."))
        if origin.address:
            yield ""
            yield f"<{origin.address}>"
        if origin.digest:
            yield ""
            yield f"SHA-256 `{origin.digest}`"


def writing_markdown(writing: Writing, origin: Origin) -> str:
    """A comparison or amendment as Markdown. Tables are those of GitHub's dialect, which most readers know."""
    rows = [f"# {markdown_escaped(writing.title)}"]
    for note in writing.notes:
        rows += ["", f"*{markdown_escaped(note)}*" if note.strip() else ""]
    if explained := legend(writing):
        rows += ["", marked(explained)]
    for block in writing.blocks:
        rows += ["", *_block_rows(block)]
    return "\n".join([*rows, "", *_colophon(writing.language, origin, {}), ""])


def _block_rows(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from _table_rows(block)
    elif isinstance(block, Heading):
        yield f"{'#' * min(block.level + 1, MAX_HEADING)} {marked(block.spans)}"
    else:
        yield f"{'> ' * block.level}{_paragraph(block)}"


def _paragraph(block: Paragraph) -> str:
    return " ".join(part for part in (marked(block.number), marked(block.spans)) if part)


def _table_rows(table: Table) -> Iterator[str]:
    if table.caption:
        yield f"**{markdown_escaped(table.caption)}**"
        yield ""
    yield _table_row(markdown_escaped(name) for name in table.columns)
    yield _table_row("---" for _name in table.columns)
    for row in table.rows:
        yield _table_row(
            "<br>".join(
                marked(block.spans) if isinstance(block, Heading) else _paragraph(block) for block in cell
            )
            for cell in row
        )


def _table_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace(chr(10), ' ') for cell in cells)} |"


def marked(spans: Iterable[Span]) -> str:
    """Stretches of text as one, with the signs of their marks."""
    joined = "".join(_marked(span) for span in spans)
    return _OPENING.sub(_escaped_opening, joined)


def _marked(span: Span) -> str:
    text = _SIGNS.sub(r"\\\1", file_text(span.text).replace("\n", " "))
    opens, closes = MARKS.get(span.mark, ("", ""))
    return f"{opens}{text}{closes}" if text else ""
