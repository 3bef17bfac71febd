"""The formats in which documents are made: what they are called, how their files end."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
MARKDOWN = "text/markdown"
TEXT = "text/plain"
JSON = "application/json"
CSV = "text/csv"
ZIP = "application/zip"


@dataclass(frozen=True)
class Format:
    """`content_type` is the media type as it is sent; `suffix` ends the name of each file."""

    suffix: str
    label: str | Promise
    content_type: str


FORMATS = {
    PDF: Format(".pdf", _("PDF"), PDF),
    DOCX: Format(".docx", _("Word document (DOCX)"), DOCX),
    ODT: Format(".odt", _("OpenDocument text (ODT)"), ODT),
    MARKDOWN: Format(".md", _("Markdown"), "text/markdown; charset=utf-8"),
    TEXT: Format(".txt", _("Plain text"), "text/plain; charset=utf-8"),
    JSON: Format(".json", _("Data (JSON)"), JSON),
    CSV: Format(".csv", _("Table (CSV)"), "text/csv; charset=utf-8"),
    ZIP: Format(".zip", _("Archive (ZIP)"), ZIP),
}


def format_of(media_type: str) -> Format:
    """Raises KeyError for a media type that no document has."""
    return FORMATS[media_type]
