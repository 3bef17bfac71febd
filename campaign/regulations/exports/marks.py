"""The marks in a writing, and the line that says what they mean."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from campaign.regulations.blocks import Block, Heading, Mark, Paragraph, Span, Table, Writing


def spans_of(block: Paragraph | Heading) -> tuple[Span, ...]:
    """All stretches of a block, its number first."""
    return (*block.number, *block.spans) if isinstance(block, Paragraph) else block.spans


def marks_in(blocks: Iterable[Block]) -> set[Mark]:
    """The marks that occur anywhere in these blocks."""
    found: set[Mark] = set()
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    found |= marks_in(cell)
        else:
            found |= {span.mark for span in spans_of(block) if span.text}
    return found


def legend(writing: Writing) -> tuple[Span, ...]:
    """One line in the writing's language that shows each mark it uses on the words that explain it; empty when it uses none."""
    used = marks_in(writing.blocks)
    with translation.override(writing.language):
        said = {
            Mark.DELETED: _("words that were removed"),
            Mark.INSERTED: _("words that were added"),
            Mark.CHANGED: _("words that were changed"),
            Mark.UNDERLINED: _("words that were changed"),
        }
        signs = [Span(words, mark) for mark, words in said.items() if mark in used]
        if not signs:
            return ()
        parts = [Span(_("How it is marked:"))]
    for sign in signs:
        parts += [Span(" "), sign]
    return tuple(parts)
