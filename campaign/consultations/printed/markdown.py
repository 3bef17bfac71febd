"""People's Markdown as a part of a file of ours that others render, perhaps with raw HTML let through."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.autolink import autolink
from markdown_it.rules_inline.backticks import backtick
from markdown_it.token import Token

from campaign.consultations.limits import folded
from campaign.consultations.pieces import escaped
from campaign.core.cleaning import MAX_NESTING, clean_text

# What may begin raw HTML, or a picture. An address in angle brackets cannot: no name of an element holds a colon.
_SIGN = re.compile(r"[<!]")
_LIVE = re.compile(r"<(?=[A-Za-z/!?])(?!https?:|mailto:)|!(?=\[)", re.IGNORECASE)
_WORDS = {"text", "text_special", "softbreak", "hardbreak"}
_END = "end"


def _placed(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """A rule of the parser that notes the place of what it found in the content it stands in."""

    def found(state: StateInline, silent: bool) -> bool:
        start, known = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        for token in state.tokens[known:]:
            if token.type in {"code_inline", "link_open"}:
                token.meta["place"] = (start, state.pos)
        return True

    return found


def _parser(*, html: bool) -> MarkdownIt:
    parser = (
        MarkdownIt("commonmark", {"html": html, "maxNesting": MAX_NESTING}).enable("table").disable("image")
    )
    parser.inline.ruler.at("backticks", _placed(backtick))
    parser.inline.ruler.at("autolink", _placed(autolink))
    return parser


_quiet, _loud = _parser(html=False), _parser(html=True)


def safe_markdown(text: str, *, below: int = 4) -> str:
    """Raw HTML and pictures become text, headings go below level `below` - 1, and nothing goes on into what follows.

    Where that would make another text of it, all of it is shown as it was typed.
    """
    source = clean_text(text).expandtabs(4)  # in a quotation a tab would be narrower
    made = _made_safe(source, below).strip("\n")
    tokens = _loud.parse(f"{made}\n\n{_END}")
    if _shape(tokens) == [*_shape(_quiet.parse(source)), *_shape(_quiet.parse(_END))]:
        return made
    return plain_markdown(text)


def plain_markdown(text: str) -> str:
    """Plain text as Markdown that shows it as it is, with its line breaks."""
    blocks = [[line.strip() for line in block.split("\n")] for block in re.split(r"\n\s*\n", folded(text))]
    return "\n\n".join("\\\n".join(escaped(line) for line in block if line) for block in blocks)


def _made_safe(source: str, below: int) -> str:
    lines = source.split("\n")
    for heading, words in _headings(_quiet.parse(source)):
        if heading.markup in {"=", "-"}:
            _turn_underlined(lines, heading, words)
    tokens = _quiet.parse("\n".join(lines))
    for heading, _words in _headings(tokens):
        place = heading.map[0] if heading.map else 0
        level = min(6, below - 1 + len(heading.markup))
        # What stands before the signs of a heading are marks of quotations and lists.
        lines[place] = lines[place].replace(heading.markup, "#" * level, 1)
    code = {
        line
        for token in tokens
        if token.type in {"fence", "code_block"} and token.map
        for line in range(*token.map)
    }
    kept = _kept(tokens)
    made = [
        line if place in code else _escaped(line, kept.get(place, [])) for place, line in enumerate(lines)
    ]
    last = tokens[-1] if tokens else None
    if last and last.type == "fence" and _is_open(source):
        made.append(last.markup)
    return "\n".join(made)


def _headings(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    """Each heading with its words."""
    for token, inner in pairwise(tokens):
        if token.type == "heading_open":
            yield token, inner.content


def _turn_underlined(lines: list[str], heading: Token, words: str) -> None:
    """A heading with a line below it as one with signs before it, so that its level can be moved. Keeps the number of lines."""
    first, end = heading.map or [0, 0]
    before = lines[first].rstrip().removesuffix(words.split("\n")[0].rstrip())
    joined = " ".join(line.strip() for line in words.split("\n"))
    inside = re.sub(r"[^>\s]", " ", before)  # stays in its quotation and its list
    lines[first:end] = [f"{before}{'#' * int(heading.tag[1])} {joined}", *([inside] * (end - first - 1))]


def _kept(tokens: list[Token]) -> dict[int, list[bool]]:
    """Of each line, whether each `<` and `!` in it stays: it is of a code span, or of an address that becomes a link.

    These signs are the same and in the same order in a line and in what the parser makes of it: no mark of a quotation, a list
    or a table holds one.
    """
    kept: dict[int, list[bool]] = {}
    for token in tokens:
        if token.type != "inline" or not token.map:
            continue
        spans = [child.meta["place"] for child in token.children or [] if "place" in child.meta]
        begun = 0
        for number, line in enumerate(token.content.split("\n"), start=token.map[0]):
            for sign in _SIGN.finditer(line):
                place = begun + sign.start()
                kept.setdefault(number, []).append(any(start <= place < end for start, end in spans))
            begun += len(line) + 1
    return kept


def _escaped(line: str, kept: list[bool]) -> str:
    """The line with a backslash before what may begin raw HTML or a picture, where there is none."""
    parts, done = [], 0
    for number, sign in enumerate(_SIGN.finditer(line)):
        place = before = sign.start()
        if _LIVE.match(line, place) and not (number < len(kept) and kept[number]):
            while before and line[before - 1] == "\\":
                before -= 1
            if (place - before) % 2 == 0:
                parts += [line[done:place], "\\"]
                done = place
    return "".join([*parts, line[done:]])


def _is_open(source: str) -> bool:
    """Whether what follows a text would still be in its last block of code."""
    return _quiet.parse(f"{source}\n\n{_END}")[-1].type == "fence"


def _shape(tokens: list[Token]) -> list[tuple[Any, ...]]:
    """What a text is made of: its elements in their order, without their words and the levels of headings, with its code."""
    shape: list[tuple[Any, ...]] = []
    for token in tokens:
        if token.type == "inline":
            shape += _shape(token.children or [])
        elif token.type not in _WORDS:
            code = (
                " ".join(token.content.split())
                if token.type in {"code_inline", "fence", "code_block"}
                else ""
            )
            shape.append((token.type, code, token.attrs.get("href"), token.attrs.get("start")))
    return shape
