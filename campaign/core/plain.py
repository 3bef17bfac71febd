"""From Markdown to the plain text that a person would type into a box."""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from campaign.core.cleaning import MAX_NESTING, clean_text

_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).enable("table")
_NOTE = re.compile(r"\[\^([^\[\]\s]{1,200})\]")
BULLET = "– "


def plain_text(markdown: str, *, notes: dict[str, int] | None = None) -> str:
    """Paragraphs with a blank line between them, items of lists on lines of their own, links with their address after them.

    `notes` gives the number of each footnote mark: `[^key]` becomes `[3]`; a mark without a number goes.
    """
    numbers = notes or {}
    text = _NOTE.sub(lambda mark: f"\ue000{numbers[mark[1]]}\ue001" if mark[1] in numbers else "", markdown)
    writer = _Lines()
    for token in _parser.parse(clean_text(text)):
        writer.write(token)
    return "\n".join(writer.lines).replace("\ue000", "[").replace("\ue001", "]").strip()


class _Lines:
    """Writes the lines of a document, token by token."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.lists: list[int | None] = []  # of each open list the next number, None for bullets
        self.lead = ""  # what stands before the next words: a bullet or number
        self.cells: list[str] | None = None

    def write(self, token: Token) -> None:
        step = getattr(self, f"on_{token.type}", None)
        if step is not None:
            step(token)

    def on_bullet_list_open(self, _token: Token) -> None:
        self.lists.append(None)

    def on_ordered_list_open(self, token: Token) -> None:
        self.lists.append(int(token.attrGet("start") or 1))

    def on_bullet_list_close(self, _token: Token) -> None:
        self.lists.pop()
        if not self.lists:
            self.lines.append("")

    on_ordered_list_close = on_bullet_list_close

    def on_list_item_open(self, _token: Token) -> None:
        number = self.lists[-1]
        self.lead = "  " * (len(self.lists) - 1) + (BULLET if number is None else f"{number}. ")
        if number is not None:
            self.lists[-1] = number + 1

    def on_tr_open(self, _token: Token) -> None:
        self.cells = []

    def on_tr_close(self, _token: Token) -> None:
        self.lines.append(" | ".join(self.cells or []))
        self.cells = None

    def on_table_close(self, _token: Token) -> None:
        self.lines.append("")

    def on_inline(self, token: Token) -> None:
        words = _inline(token.children or [])
        if self.cells is not None:
            self.cells.append(words.replace("\n", " "))
            return
        self.lines.append(self.lead + words)
        self.lead = ""
        if not self.lists:
            self.lines.append("")

    def on_code_block(self, token: Token) -> None:
        self.lines += [token.content.rstrip("\n"), ""]

    on_fence = on_code_block


def _inline(tokens: list[Token]) -> str:
    parts: list[str] = []
    address = ""
    begun = 0
    for token in tokens:
        match token.type:
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case "link_open":
                address, begun = str(token.attrGet("href") or ""), len(parts)
            case "link_close":
                if address.removeprefix("mailto:") != "".join(parts[begun:]):
                    parts.append(f" ({address})")
            case "image":
                parts.append(token.content)
            case _:
                parts.append(token.content)
    return "".join(parts)
