"""A law as a word processor file: headings that make an outline, numbers as printed, hanging by depth."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from campaign.regulations.exports.lines import STACKED, Line, Nest, Role, law_lines
from campaign.regulations.exports.origin import Origin
from campaign.regulations.exports.word.elements import Element, add, add_paragraph, add_run, root
from campaign.regulations.exports.word.package import About, R, docx_bytes
from campaign.regulations.exports.word.styles import HEADINGS, LEVELS, STEP
from campaign.regulations.kinds import InstrumentKind
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.numbered import NumberedText


def law_docx(payload: dict[str, Any], origin: Origin) -> bytes:
    """The law in an edition's frozen payload as DOCX."""
    law = NumberedText.of_payload(payload)
    template, edition = payload["template"], payload["edition"]
    name = f"{template['title']}, {edition['label']}"
    document, body = new_document()
    stacked = law.layout in STACKED
    for line in law_lines(law):
        _add_line(body, line, stacked=stacked)
        if line.role == Role.TITLE:
            add_run(add_paragraph(body, "Notice"), f"{name}. {template['disclaimer']}")
    with translation.override(law.language):
        subject = str(InstrumentKind(template["kind"]).label)
    about = About(
        title=law.title,
        running=name,
        subject=subject,
        language=law.language,
        origin=origin,
        tradition=law.tradition,
        stacked=stacked,
    )
    return docx_bytes(document, about)


def new_document() -> tuple[Element, Element]:
    """An empty document and its body."""
    document = root("document", r=R)
    return document, add(document, "body")


def _add_line(body: Element, line: Line, *, stacked: bool) -> None:
    if line.role == Role.TITLE:
        add_run(add_paragraph(body, "Title"), line.text)
    elif line.role == Role.HEADING:
        _add_heading(body, line, stacked=stacked)
    elif line.role == Role.UNIT:
        _add_unit(body, line)
    else:
        add_run(add_paragraph(body, "Normal"), line.text)


def _add_heading(body: Element, line: Line, *, stacked: bool) -> None:
    settings = {"pageBreakBefore": ""} if line.kind == Kind.ANNEX and Nest.QUOTE not in line.nest else {}
    paragraph = add_paragraph(body, f"Heading{min(line.depth, HEADINGS)}", **settings)
    _indent_quote(paragraph, line)
    number, heading = line.number, line.heading
    is_set_apart = stacked and line.kind == Kind.ARTICLE
    if number:
        add_run(paragraph, number, "heading number" if is_set_apart else "")
    if number and heading:
        add_run(paragraph, "\n" if stacked else line.gap)
    if heading:
        add_run(paragraph, heading)


def _add_unit(body: Element, line: Line) -> None:
    level = _level(line)
    paragraph = add_paragraph(body, f"Law{level}" if line.number else f"LawText{level}")
    if line.number:
        add_run(paragraph, f"{line.number}\t")
    if line.heading:
        add_run(paragraph, line.heading, "strong")
        if line.text:
            add_run(paragraph, " ")
    if line.text:
        add_run(paragraph, line.text)


def _indent_quote(paragraph: Element, line: Line) -> None:
    """Headings put into another act stand in the middle of the quoted text, not of the page."""
    if not line.nest:
        return
    add(paragraph[0], "ind", left=_level(line) * STEP)


def _level(line: Line) -> int:
    """How far a line is set in. Quoted text below a number stands where the words beside that number do."""
    steps = [
        nest for above, nest in zip((None, *line.nest), line.nest, strict=False)
        if nest == Nest.NUMBER or above != Nest.NUMBER
    ]  # fmt: skip
    return min(len(steps), LEVELS)
