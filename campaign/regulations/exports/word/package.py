"""The parts around a text that make a word processor file of it: header, footer, properties, and the archive."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from lxml import etree

from campaign.regulations.exports.origin import Origin, file_text
from campaign.regulations.exports.word.elements import (
    Element,
    add,
    add_field,
    add_paragraph,
    add_run,
    part_bytes,
    root,
    tag,
)
from campaign.regulations.exports.word.styles import is_mirrored, style_sheet, word_language

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
APP = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PROGRAM = "Reclaim"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment an archive can name
# A4 in twentieths of a point, and what its margins leave.
SHORT, LONG, MARGIN = 11906, 16838, 1418
UPRIGHT_WIDTH, WIDE_WIDTH = SHORT - 2 * MARGIN, LONG - 2 * MARGIN
PARTS = ("styles", "settings", "header1", "footer1")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file says of itself. `running` is the short title in the header, `subject` what kind of text it is."""

    title: str
    running: str
    subject: str
    language: str
    origin: Origin
    tradition: str = ""
    stacked: bool = True
    wide: bool = False


def docx_bytes(document: Element, about: About, comments: Element | None = None) -> bytes:
    """The finished file. `document` is the root w:document with its w:body; the page's setting is added to it."""
    _add_section(document, about)
    mirrored = is_mirrored(about.language)
    with translation.override(about.language):
        parts = {
            "word/document.xml": part_bytes(document),
            "word/styles.xml": part_bytes(
                style_sheet(about.language, tradition=about.tradition, stacked=about.stacked)
            ),
            "word/settings.xml": part_bytes(_settings()),
            "word/header1.xml": part_bytes(_header(about, mirrored=mirrored)),
            "word/footer1.xml": part_bytes(_footer(about)),
        }
    names = list(PARTS)
    if comments is not None:
        parts["word/comments.xml"] = part_bytes(comments)
        names.append("comments")
    parts = {
        "[Content_Types].xml": _content_types(names),
        "_rels/.rels": _package_relations(),
        "docProps/core.xml": _core(about),
        "docProps/app.xml": _app(),
        "word/_rels/document.xml.rels": _document_relations(names),
        **parts,
    }
    return _archive(parts)


def _archive(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3  # the same on every machine
            archive.writestr(entry, content)
    return file.getvalue()


def _add_section(document: Element, about: About) -> None:
    body = document[0]
    section = add(body, "sectPr")
    for name in ("header", "footer"):
        reference = add(section, f"{name}Reference", type="default")
        reference.set(f"{{{R}}}id", f"r{name}1")
    width, height = (LONG, SHORT) if about.wide else (SHORT, LONG)
    add(section, "pgSz", w=width, h=height, **({"orient": "landscape"} if about.wide else {}))
    sides = dict.fromkeys(("top", "right", "bottom", "left"), MARGIN)
    add(section, "pgMar", **sides, header=709, footer=567, gutter=0)
    if is_mirrored(about.language):
        add(section, "bidi")


def _header(about: About, *, mirrored: bool) -> Element:
    """The short title, and the page's number at the end of the line."""
    header = root("hdr")
    paragraph = add_paragraph(header, "Header")
    tabs = etree.Element(tag("tabs"))
    paragraph[0].append(tabs)
    add(tabs, "tab", val="right", pos=WIDE_WIDTH if about.wide else UPRIGHT_WIDTH)
    add_run(paragraph, f"{about.running}\t")
    before, between, after = _page_words()
    add_run(paragraph, before)
    add_field(paragraph, "PAGE")
    add_run(paragraph, between)
    add_field(paragraph, "NUMPAGES")
    if after:
        add_run(paragraph, after)
    return header


def _page_words() -> tuple[str, str, str]:
    """What stands before, between and after the two numbers of “Page 2 of 7”, in whatever order a language has them."""
    said = _("Page %(page)s of %(pages)s") % {"page": "\x01", "pages": "\x02"}
    before, _one, rest = said.partition("\x01")
    between, _two, after = rest.partition("\x02")
    return before, between, after


def _footer(about: About) -> Element:
    footer = root("ftr")
    said = _("Not legal advice.")
    if about.origin.digest:
        said = f"{said} SHA-256 {about.origin.digest}"
    add_run(add_paragraph(footer, "Footer"), said)
    return footer


def _settings() -> Element:
    settings = root("settings")
    add(settings, "zoom", percent=100)
    add(settings, "defaultTabStop", val=680)
    add(settings, "characterSpacingControl", val="doNotCompress")
    compatibility = add(settings, "compat")
    add(
        compatibility, "compatSetting",
        name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15,
    )  # fmt: skip
    return settings


def _content_types(names: list[str]) -> bytes:
    types = etree.Element(f"{{{TYPES}}}Types", nsmap={None: TYPES})
    for extension, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    ):
        etree.SubElement(types, f"{{{TYPES}}}Default", Extension=extension, ContentType=kind)
    rows = [("/word/document.xml", f"{WORD}.document.main+xml")]
    rows += [(f"/word/{name}.xml", f"{WORD}.{name.rstrip('1')}+xml") for name in names]
    rows += [
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        ("/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"),
    ]
    for name, kind in rows:
        etree.SubElement(types, f"{{{TYPES}}}Override", PartName=name, ContentType=kind)
    return part_bytes(types)


def _relations(rows: list[tuple[str, str, str]]) -> bytes:
    relations = etree.Element(f"{{{RELATIONS}}}Relationships", nsmap={None: RELATIONS})
    for key, kind, target in rows:
        etree.SubElement(relations, f"{{{RELATIONS}}}Relationship", Id=key, Type=kind, Target=target)
    return part_bytes(relations)


def _package_relations() -> bytes:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    return _relations(
        [
            ("rdocument", f"{R}/officeDocument", "word/document.xml"),
            ("rcore", core, "docProps/core.xml"),
            ("rapp", f"{R}/extended-properties", "docProps/app.xml"),
        ]
    )


def _document_relations(names: list[str]) -> bytes:
    return _relations([(f"r{name}", f"{R}/{name.rstrip('1')}", f"{name}.xml") for name in names])


def _core(about: About) -> bytes:
    names = {"cp": CORE, "dc": DC, "dcterms": DCTERMS, "xsi": XSI}
    core = etree.Element(f"{{{CORE}}}coreProperties", nsmap=names)
    moment = f"{about.origin.date.isoformat()}T00:00:00Z"
    for namespace, name, text in (
        (DC, "title", about.title),
        (DC, "subject", about.subject),
        (DC, "creator", PROGRAM),
        (DC, "identifier", about.origin.digest and f"sha256:{about.origin.digest}"),
        (DC, "language", word_language(about.language, about.tradition)),
        (DCTERMS, "created", moment),
        (DCTERMS, "modified", moment),
    ):
        if not text:
            continue
        element = etree.SubElement(core, f"{{{namespace}}}{name}")
        element.text = file_text(text)
        if namespace == DCTERMS:
            element.set(f"{{{XSI}}}type", "dcterms:W3CDTF")
    return part_bytes(core)


def _app() -> bytes:
    properties = etree.Element(f"{{{APP}}}Properties", nsmap={None: APP})
    etree.SubElement(properties, f"{{{APP}}}Application").text = PROGRAM
    return part_bytes(properties)
