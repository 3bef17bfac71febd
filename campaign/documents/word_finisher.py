"""The last touch on what pandoc wrote: language, reading direction and lines of tables, and always the same order of parts."""

from typing import Any

from lxml import etree

Parts = dict[str, bytes]

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
FO = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"


def finish_docx(parts: Parts, *, locale: str, is_rtl: bool, moment: str) -> Parts:
    """Tables as wide as the page, the text's language as that of everything, and where it is read from the right, so are pages
    and tables.
    """
    document = _parsed(parts["word/document.xml"])
    for table in document.iter(f"{{{W}}}tbl"):
        _finish_table(table, is_rtl=is_rtl)
    styles = _parsed(parts["word/styles.xml"])
    for style in styles.iter(f"{{{W}}}style"):
        if style.get(f"{{{W}}}styleId") == "Normal":
            _say_language(style, locale)
    trees = {"word/document.xml": document, "word/styles.xml": styles}
    if "word/footnotes.xml" in parts:
        trees["word/footnotes.xml"] = _parsed(parts["word/footnotes.xml"])
    if is_rtl:
        for tree in trees.values():
            _turn(tree)
    changed = {name: _written(tree) for name, tree in trees.items()}
    changed["docProps/core.xml"] = _dated(parts["docProps/core.xml"], ("created", "modified"), moment)
    return _ordered({**parts, **changed}, first="[Content_Types].xml")


def finish_odt(parts: Parts, *, locale: str, is_rtl: bool, moment: str) -> Parts:
    """Lines in tables, the text's language as that of everything, and its reading direction for pages and paragraphs."""
    content = _parsed(parts["content.xml"])
    for style in content.iter(f"{{{STYLE}}}style"):
        if style.get(f"{{{STYLE}}}family") == "table-cell":
            _draw_lines(style, heavy="Header" in (style.get(f"{{{STYLE}}}name") or ""))
    _cells_as_cells(content)
    styles = _parsed(parts["styles.xml"])
    for style in styles.iter(f"{{{STYLE}}}default-style"):
        properties = style.find(f"{{{STYLE}}}text-properties")
        if properties is not None:
            _say_odt_language(properties, locale)
    direction = "rl-tb" if is_rtl else "lr-tb"
    for properties in styles.iter(f"{{{STYLE}}}page-layout-properties"):
        properties.set(f"{{{STYLE}}}writing-mode", direction)
    for properties in styles.iter(f"{{{STYLE}}}paragraph-properties"):
        if properties.get(f"{{{STYLE}}}writing-mode") == "page":
            properties.set(f"{{{STYLE}}}writing-mode", direction)
            # LibreOffice takes "start" for the left in any direction.
            properties.set(f"{{{FO}}}text-align", "right" if is_rtl else "left")
        if is_rtl:
            _mirror_odt(properties)
    changed = {
        "content.xml": _written(content),
        "styles.xml": _written(styles),
        "meta.xml": _dated(parts["meta.xml"], ("creation-date", "date"), moment),
    }
    return _ordered({**parts, **changed}, first="mimetype")


def _dated(part: bytes, names: tuple[str, ...], moment: str) -> bytes:
    """The file's dates, as pandoc in its sandbox does not know them."""
    tree = _parsed(part)
    for name in names:
        for date in tree.iter(f"{{*}}{name}"):
            date.text = moment
    return _written(tree)


def _mirror(border: Any) -> None:
    """The line beside a paragraph stands where its lines begin."""
    left, right = border.find(f"{{{W}}}left"), border.find(f"{{{W}}}right")
    if left is not None and right is None:
        left.tag = f"{{{W}}}right"


def _finish_table(table: Any, *, is_rtl: bool) -> None:
    for properties in table.iter(f"{{{W}}}tblPr"):
        width = properties.find(f"{{{W}}}tblW")
        if width is not None:
            width.set(f"{{{W}}}type", "pct")
            width.set(f"{{{W}}}w", "5000")
        if is_rtl and properties.find(f"{{{W}}}bidiVisual") is None:
            properties.insert(1, etree.Element(f"{{{W}}}bidiVisual"))  # after the style, as the schema has it
    for row in table.iterchildren(f"{{{W}}}tr"):
        _keep_whole(row)
    _leave_room_after(table)


def _turn(tree: Any) -> None:
    """Pages and paragraphs are read from the right; Latin words in them keep their direction by themselves."""
    for section in tree.iter(f"{{{W}}}sectPr"):
        _insert_before(section, f"{{{W}}}bidi", ("rtlGutter", "docGrid", "printerSettings"))
    for border in list(tree.iter(f"{{{W}}}pBdr")):
        _mirror(border)
    for paragraph in tree.iter(f"{{{W}}}p"):
        properties = paragraph.find(f"{{{W}}}pPr")
        if properties is None:
            properties = etree.Element(f"{{{W}}}pPr")
            paragraph.insert(0, properties)
        if properties.find(f"{{{W}}}bidi") is None:
            after = (
                *("adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents"),
                *(
                    "suppressOverlap",
                    "jc",
                    "textDirection",
                    "textAlignment",
                    "textboxTightWrap",
                    "outlineLvl",
                ),
                *("divId", "cnfStyle", "rPr", "sectPr", "pPrChange"),
            )
            _insert_before(properties, f"{{{W}}}bidi", after)


def _keep_whole(row: Any) -> None:
    """A row does not go over the end of a page."""
    properties = row.find(f"{{{W}}}trPr")
    if properties is None:
        properties = etree.Element(f"{{{W}}}trPr")
        row.insert(0, properties)
    properties.insert(0, etree.Element(f"{{{W}}}cantSplit"))


def _leave_room_after(table: Any) -> None:
    following = table.getnext()
    if following is None or following.tag != f"{{{W}}}p":
        return
    properties = following.find(f"{{{W}}}pPr")
    if properties is not None and properties.find(f"{{{W}}}spacing") is None:
        later = ("ind", "contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr")
        _insert_before(properties, f"{{{W}}}spacing", later)
        properties.find(f"{{{W}}}spacing").set(f"{{{W}}}before", "200")


def _insert_before(parent: Any, tag: str, later: tuple[str, ...]) -> None:
    """Add an element where the schema wants it: before the first of those that come later."""
    if parent.find(tag) is not None:
        return
    names = {f"{{{W}}}{name}" for name in later}
    place = next((index for index, child in enumerate(parent) if child.tag in names), len(parent))
    parent.insert(place, etree.Element(tag))


def _say_language(style: Any, locale: str) -> None:
    properties = style.find(f"{{{W}}}rPr")
    if properties is None:
        properties = etree.SubElement(style, f"{{{W}}}rPr")
    for known in properties.findall(f"{{{W}}}lang"):
        properties.remove(known)
    language = etree.SubElement(properties, f"{{{W}}}lang")
    for name in ("val", "eastAsia", "bidi"):
        language.set(f"{{{W}}}{name}", _tag(locale))


def _say_odt_language(properties: Any, locale: str) -> None:
    language, _separator, country = _tag(locale).partition("-")
    for space, ending in ((FO, ""), (STYLE, "-asian"), (STYLE, "-complex")):
        properties.set(f"{{{space}}}language{ending}", language)
        properties.set(f"{{{space}}}country{ending}", country if len(country) == 2 else "none")


def _tag(locale: str) -> str:
    """A language tag as office programs write it: "pt-BR"."""
    language, _separator, rest = locale.partition("-")
    return f"{language}-{rest.upper() if len(rest) == 2 else rest.title()}" if rest else language


def _draw_lines(style: Any, *, heavy: bool) -> None:
    properties = style.find(f"{{{STYLE}}}table-cell-properties")
    if properties is None:
        properties = etree.SubElement(style, f"{{{STYLE}}}table-cell-properties")
    for name in list(properties.attrib):
        if name.startswith(f"{{{FO}}}border"):
            del properties.attrib[name]
    properties.set(f"{{{FO}}}border-bottom", f"{1 if heavy else 0.5}pt solid #000000")
    properties.set(f"{{{FO}}}padding", "0.08cm")


def _mirror_odt(properties: Any) -> None:
    for name in ("border", "padding"):
        value = properties.attrib.pop(f"{{{FO}}}{name}-left", None)
        if value is not None:
            properties.set(f"{{{FO}}}{name}-right", value)


def _cells_as_cells(content: Any) -> None:
    """Aligned cells get a style of their own from pandoc, which is that of running text: let it be that of cells."""
    used = {
        paragraph.get(f"{{{TEXT}}}style-name"): "Table_20_Heading" if is_head else "Table_20_Contents"
        for is_head, paragraph in _cell_paragraphs(content)
    }
    for style in content.iter(f"{{{STYLE}}}style"):
        if style.get(f"{{{STYLE}}}name") in used:
            style.set(f"{{{STYLE}}}parent-style-name", used[style.get(f"{{{STYLE}}}name")])


def _cell_paragraphs(content: Any) -> list[tuple[bool, Any]]:
    return [
        (next(paragraph.iterancestors(f"{{{TABLE}}}table-header-rows"), None) is not None, paragraph)
        for cell in content.iter(f"{{{TABLE}}}table-cell")
        for paragraph in cell.iter(f"{{{TEXT}}}p")
    ]


def _parsed(part: bytes) -> Any:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _written(tree: Any) -> bytes:
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


def _ordered(parts: Parts, *, first: str) -> Parts:
    return {name: parts[name] for name in sorted(parts, key=lambda name: (name != first, name))}
