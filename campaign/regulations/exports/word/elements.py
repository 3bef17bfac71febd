"""The few elements of WordprocessingML that law and comparisons need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

from lxml import etree

from campaign.regulations.exports.origin import file_text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BREAKS = re.compile("([\n\t])")

Element: TypeAlias = Any  # lxml has no types

BOLD = (("b", ""), ("bCs", ""))
ITALIC = (("i", ""), ("iCs", ""))
UPRIGHT = (("b", "0"), ("bCs", "0"))
LOOKS: dict[str, tuple[tuple[str, str], ...]] = {
    "heading number": (*UPRIGHT, *ITALIC),
    "strong": BOLD,
    "inserted": (("u", "single"),),
    "deleted": (("strike", ""),),
    "changed": (*BOLD, *ITALIC),
    "underlined": (("u", "single"),),
    "note": ITALIC,
}


def tag(name: str) -> str:
    """The qualified name of an element or attribute of WordprocessingML."""
    return f"{{{W}}}{name}"


def add(parent: Element, name: str, /, **attributes: str | int) -> Element:
    """Append an element; attributes are of the same namespace."""
    return etree.SubElement(parent, tag(name), {tag(key): str(value) for key, value in attributes.items()})


def root(name: str, **prefixes: str) -> Element:
    """The root element of a part, with the namespaces it uses besides its own."""
    return etree.Element(tag(name), nsmap={"w": W, **prefixes})


def add_paragraph(parent: Element, style: str, **settings: str) -> Element:
    """Append a paragraph of a style. `settings` become elements of its properties, in the order the schema asks for."""
    paragraph = add(parent, "p")
    properties = add(paragraph, "pPr")
    add(properties, "pStyle", val=style)
    for name, value in settings.items():
        add(properties, name, **({"val": value} if value else {}))
    return paragraph


def add_run(parent: Element, text: str, look: str = "", *, deleted: bool = False) -> Element:
    """Append text; line ends and tabs become elements. `deleted`: within a tracked deletion.

    `look` is a key of LOOKS. It is set directly: in a style, bold within bold would be read as not bold.
    """
    run = add(parent, "r")
    if look:
        properties = add(run, "rPr")
        for name, value in LOOKS[look]:
            add(properties, name, **({"val": value} if value else {}))
    for part in _BREAKS.split(file_text(text)):
        if part == "\n":
            add(run, "br")
        elif part == "\t":
            add(run, "tab")
        elif part:
            words = add(run, "delText" if deleted else "t")
            words.text = part
            words.set(SPACE, "preserve")
    return run


def add_field(parent: Element, instruction: str) -> None:
    """Append a field that the word processor fills in (PAGE, NUMPAGES)."""
    field = add(parent, "fldSimple", instr=f" {instruction} ")
    add_run(field, "1")


def add_table(parent: Element, *, caption: str, widths: Sequence[int], mirrored: bool) -> Element:
    """Append a table of full width with its grid; rows are added by `add_row`."""
    table = add(parent, "tbl")
    properties = add(table, "tblPr")
    add(properties, "tblStyle", val="LawTable")
    if mirrored:
        add(properties, "bidiVisual")
    add(properties, "tblW", w=sum(widths), type="dxa")
    add(properties, "tblLayout", type="fixed")
    add(
        properties,
        "tblLook",
        val="0020",
        firstRow=1,
        lastRow=0,
        firstColumn=0,
        lastColumn=0,
        noHBand=1,
        noVBand=1,
    )
    if caption:
        add(properties, "tblCaption", val=file_text(caption))
    grid = add(table, "tblGrid")
    for width in widths:
        add(grid, "gridCol", w=width)
    return table


def add_row(table: Element, widths: Sequence[int], *, is_header: bool = False) -> list[Element]:
    """Append a row and give back its cells, empty: each needs a paragraph. A header row is repeated on every page."""
    row = add(table, "tr")
    if is_header:
        properties = add(row, "trPr")
        add(properties, "cantSplit")
        add(properties, "tblHeader")
    cells = []
    for width in widths:
        cell = add(row, "tc")
        add(add(cell, "tcPr"), "tcW", w=width, type="dxa")
        cells.append(cell)
    return cells


def part_bytes(element: Element) -> bytes:
    """A part of the package."""
    return etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True)
