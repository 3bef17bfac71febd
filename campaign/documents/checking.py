"""What a finished file has to be before it is stored: whole, of its format, and nothing that opens by itself."""

import csv
import io
import json
from collections.abc import Callable

from lxml import etree

from campaign.core.cells import FORMULA_SIGNS
from campaign.documents.archives import ArchiveBroken, read_archive
from campaign.documents.children import RenderFailed
from campaign.documents.formats import CSV, DOCX, JSON, MARKDOWN, ODT, PDF, TEXT, ZIP
from campaign.documents.reasons import Reason

WORD_PARTS = {"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml"}
ODT_PARTS = {"mimetype", "META-INF/manifest.xml", "content.xml", "styles.xml"}
# Parts that fetch or run something when the file is opened.
ACTIVE = ("vbaproject", "activex", "embeddings/", "oleobject", "attachedtemplate", "basic/", "scripts/")


def check_file(*, media_type: str, content: bytes) -> None:
    """Raises RenderFailed when a file is not what its format promises."""
    if not content or not _CHECKS[media_type](content):
        raise RenderFailed(Reason.FAULTY)


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-1.7") and content.rstrip().endswith(b"%%EOF")


def _is_word(content: bytes) -> bool:
    parts = _parts(content)
    relations = [part for name, part in parts.items() if name.endswith(".rels")]
    return _is_office(parts, WORD_PARTS) and all(_leads_nowhere(part) for part in relations)


def _is_odt(content: bytes) -> bool:
    parts = _parts(content)
    return (
        next(iter(parts), "") == "mimetype"
        and parts["mimetype"] == ODT.encode()
        and _is_office(parts, ODT_PARTS)
    )


def _is_office(parts: dict[str, bytes], needed: set[str]) -> bool:
    names = [name.lower() for name in parts]
    is_quiet = not any(word in name for name in names for word in ACTIVE)
    xml = (part for name, part in parts.items() if name.endswith((".xml", ".rels")))
    return needed <= parts.keys() and is_quiet and all(_is_xml(part) for part in xml)


def _leads_nowhere(relations: bytes) -> bool:
    """Only links that a reader clicks lead out of the file."""
    outside = (row for row in etree.fromstring(relations, _parser()) if row.get("TargetMode") == "External")
    return all(str(row.get("Type")).endswith("/hyperlink") for row in outside)


def _is_xml(part: bytes) -> bool:
    try:
        tree = etree.fromstring(part, _parser())
    except etree.XMLSyntaxError:
        return False
    return not tree.getroottree().docinfo.doctype


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _is_csv(content: bytes) -> bool:
    """A table that no spreadsheet takes for formulas, each row as long as the first."""
    if not _is_text(content):
        return False
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return all(
        len(row) == len(rows[0]) and not any(cell.startswith(FORMULA_SIGNS) for cell in row) for row in rows
    )


def _is_zip(content: bytes) -> bool:
    names = _parts(content)
    return bool(names) and not any("/" in name or "\\" in name or name.startswith(".") for name in names)


def _parts(content: bytes) -> dict[str, bytes]:
    try:
        return read_archive(content)
    except ArchiveBroken:
        return {}


_CHECKS: dict[str, Callable[[bytes], bool]] = {
    PDF: _is_pdf,
    DOCX: _is_word,
    ODT: _is_odt,
    MARKDOWN: _is_text,
    TEXT: _is_text,
    JSON: _is_json,
    CSV: _is_csv,
    ZIP: _is_zip,
}
