"""Comparisons and amendments as HTML, for pages and documents; laws and comparisons as single files to keep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaign.regulations.blocks import Block, Cell, Heading, Mark, Paragraph, Span, Table, Writing
from campaign.regulations.exports.marks import legend
from campaign.regulations.exports.origin import Origin, file_text
from campaign.regulations.numbered import NumberedText
from campaign.regulations.rendering import render_law_html

MAX_HEADING = 6
LONGEST_HANGING = 8  # characters of a number; two of them where one replaces the other
MAX_LEVEL = 8  # deeper lines stand where the last one stands
MARKS = {
    Mark.INSERTED: ("ins", "writing__ins"),
    Mark.DELETED: ("del", "writing__del"),
    Mark.CHANGED: ("strong", "writing__changed"),
    Mark.UNDERLINED: ("u", "writing__underlined"),
    Mark.STRONG: ("strong", "writing__strong"),
    Mark.NOTE: ("i", "writing__note"),
}


def writing_html(
    writing: Writing, *, heading_level: int = 2, with_title: bool = True, with_legend: bool = True
) -> SafeString:
    """The writing as a piece of a page that links css/changes.css; its title stands at `heading_level`.

    Whoever hears the page is told where a change begins and ends. The legend is left out where one page shows many.
    """
    return _Drawer(writing, heading_level).whole(with_title=with_title, with_legend=with_legend)


class _Drawer:
    """Paragraph after paragraph, in code: a template for each would take a second where a text has a thousand."""

    def __init__(self, writing: Writing, level: int) -> None:
        self.writing, self.level = writing, level
        self.last_heading = level
        # <bdi>: else the first of these words would set the direction of the whole paragraph.
        self.hidden = format_html('<bdi class="visually-hidden" lang="{}">', get_language() or "")
        self.said = {
            Mark.DELETED: _("Removed:"),
            Mark.INSERTED: _("Added:"),
            Mark.CHANGED: _("Changed:"),
            Mark.UNDERLINED: _("Changed:"),
        }

    def whole(self, *, with_title: bool, with_legend: bool) -> SafeString:
        title = self.title() if with_title else SafeString("")
        notes = format_html_join(
            "", '<p class="writing__about">{}</p>', ((note,) for note in self.writing.notes)
        )
        explained = legend(self.writing) if with_legend else ()
        return format_html(
            '<div class="writing" lang="{}" dir="{}">{}{}{}{}</div>',
            self.writing.language,
            direction_of(self.writing.language),
            title,
            notes,
            format_html('<p class="writing__about">{}</p>', self.spans(explained)) if explained else "",
            _joined(self.block(block) for block in self.writing.blocks),
        )

    def title(self) -> SafeString:
        tag = SafeString(f"h{self.level}")
        return format_html('<{0} class="writing__title">{1}</{0}>', tag, self.writing.title)

    def block(self, block: Block) -> SafeString:
        if isinstance(block, Table):
            return self.table(block)
        if isinstance(block, Heading):
            return self.heading(block)
        return self.paragraph(block)

    def heading(self, block: Heading) -> SafeString:
        # No level is left out below the one before, whatever was drawn up: the outline would have a hole.
        self.last_heading = min(self.level + block.level, self.last_heading + 1, MAX_HEADING)
        tag = SafeString(f"h{self.last_heading}")
        return format_html('<{0} class="writing__heading">{1}</{0}>', tag, self.spans(block.spans))

    def paragraph(self, block: Paragraph) -> SafeString:
        classes = "writing__line"
        if block.centered:
            classes += " writing__line--centered"
        number = SafeString("")
        if block.number:
            # A longer one (“second subparagraph of …”) has no room beside the words and opens them.
            hangs = sum(len(span.text) for span in block.number) <= LONGEST_HANGING
            classes += " writing__line--numbered" if hangs else ""
            number = format_html('<span class="writing__number">{}</span> ', self.spans(block.number))
        # One element beside the number, so that the words stay together as the second column.
        words = (
            format_html('<span class="writing__words">{}</span>', self.spans(block.spans))
            if block.spans
            else ""
        )
        return format_html(
            '<p class="{}" data-level="{}">{}{}</p>', classes, min(block.level, MAX_LEVEL), number, words
        )

    def table(self, table: Table) -> SafeString:
        """Roles are written out: shown as stacked rows on a narrow screen, it has to be a table all the same."""
        head = format_html_join(
            "", '<th scope="col" role="columnheader">{}</th>', ((name,) for name in table.columns)
        )
        rows = format_html_join("", '<tr role="row">{}</tr>', ((self.row(table, row),) for row in table.rows))
        caption = format_html("<caption>{}</caption>", table.caption) if table.caption else ""
        return format_html(
            '<table class="writing__table" role="table">{}<thead role="rowgroup"><tr role="row">{}</tr></thead>'
            '<tbody role="rowgroup">{}</tbody></table>',
            caption,
            head,
            rows,
        )

    def row(self, table: Table, row: Iterable[Cell]) -> SafeString:
        cells = zip(table.columns, row, strict=True)
        return format_html_join(
            "", '<td role="cell" data-column="{}">{}</td>', ((name, self.cell(cell)) for name, cell in cells)
        )

    def cell(self, cell: Cell) -> SafeString:
        if cell:
            return _joined(self.block(block) for block in cell)
        # An empty cell says so: whoever hears it would take it for a fault.
        empty = format_html("{}{}</bdi>", self.hidden, _("Empty"))
        return format_html('<p class="writing__line">{}</p>', empty)

    def spans(self, spans: Iterable[Span]) -> SafeString:
        return _joined(self.span(span) for span in spans)

    def span(self, span: Span) -> SafeString:
        text = _with_breaks(span.text)
        if not span.text or span.mark not in MARKS:
            return text
        tag, classes = MARKS[span.mark]
        before = after = SafeString("")
        if span.mark in self.said:
            before = format_html("{}[{} </bdi>", self.hidden, self.said[span.mark])
            after = format_html("{}] </bdi>", self.hidden)
        return format_html('<{0} class="{1}">{2}{3}{4}</{0}>', SafeString(tag), classes, before, text, after)


def _with_breaks(text: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((part,) for part in file_text(text).split("\n")))


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def direction_of(language: str) -> str:
    """The reading direction of a language, as an attribute says it."""
    return "rtl" if language.split("-")[0] in settings.LANGUAGES_BIDI else "ltr"


def law_html_file(payload: dict[str, Any], origin: Origin) -> str:
    """The law in an edition's frozen payload as one HTML file that needs nothing else: no script, no address, its own look."""
    law = NumberedText.of_payload(payload)
    template, edition = payload["template"], payload["edition"]
    return _file(
        language=law.language,
        title=f"{template['title']}, {edition['label']}",
        content=render_law_html(payload, heading_level=1),
        origin=origin,
        disclaimer=template["disclaimer"],
    )


def writing_html_file(writing: Writing, origin: Origin) -> str:
    """A comparison or amendment as one HTML file that needs nothing else."""
    with translation.override(writing.language):
        content = writing_html(writing, heading_level=1)
    return _file(
        language=writing.language, title=writing.title, content=content, origin=origin, disclaimer=""
    )


def _file(*, language: str, title: str, content: SafeString, origin: Origin, disclaimer: str) -> str:
    context = {
        "language": language,
        "direction": direction_of(language),
        "title": title,
        "content": content,
        "origin": origin,
        "disclaimer": disclaimer,
    }
    with translation.override(language):
        return str(render_to_string("regulations/exports/file.html", context))
