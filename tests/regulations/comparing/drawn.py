"""A piece of writing as lines that show every mark: what golden tests compare, word for word."""

from campaign.regulations.blocks import Heading, Mark, Table
from campaign.regulations.printing import numbered_text
from campaign.regulations.tree import LegalText

SIGNS = {
    Mark.PLAIN: ("", ""),
    Mark.INSERTED: ("{+", "+}"),
    Mark.DELETED: ("{-", "-}"),
    Mark.CHANGED: ("*", "*"),
    Mark.UNDERLINED: ("_", "_"),
    Mark.STRONG: ("**", "**"),
    Mark.NOTE: ("<", ">"),
}


def lines(writing):
    return [line for block in writing.blocks for line in _drawn(block)]


def rows(writing):
    """The cells of the only table, each as one line; paragraphs of a cell are parted by a slash."""
    (table,) = writing.blocks
    return [tuple(" / ".join(_line(block) for block in cell) for cell in row) for row in table.rows]


def _drawn(block):
    if not isinstance(block, Table):
        return [_line(block)]
    cells = [tuple(" / ".join(_line(inner) for inner in cell) for cell in row) for row in block.rows]
    return [f"|{' | '.join(block.columns)}|", *(f"|{' | '.join(row)}|" for row in cells)]


def _line(block):
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_spans(block.spans)}"
    parts = (_spans(block.number), _spans(block.spans))
    return "  " * block.level + " ".join(part for part in parts if part)


def _spans(spans):
    # Lines may not end at some spaces of the law; to read they are spaces.
    return "".join(f"{SIGNS[span.mark][0]}{span.text}{SIGNS[span.mark][1]}" for span in spans).replace(
        "\u00a0", " "
    )


def law(tradition, language, title, *provisions):
    """A small law as printed."""
    return numbered_text(LegalText(title, language, tradition, list(provisions)))
