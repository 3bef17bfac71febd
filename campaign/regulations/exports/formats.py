"""Every format a law or a comparison can be had in. The PDF is none of them: it is a document, made by a worker."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.regulations.blocks import Writing
from campaign.regulations.exports.akoma_ntoso import law_akoma_ntoso
from campaign.regulations.exports.html import law_html_file, writing_html_file
from campaign.regulations.exports.markdown import law_markdown, writing_markdown
from campaign.regulations.exports.origin import Origin
from campaign.regulations.exports.text import law_plain_text, writing_plain_text
from campaign.regulations.exports.word import law_docx, tracked_writing_docx, writing_docx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_STEM = 100
_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `key` is what an address calls it; `suffix` stands before the extension where two formats share one."""

    key: str
    label: str | Promise
    content_type: str
    extension: str
    suffix: str = ""

    def file_name(self, stem: str) -> str:
        """The name of a file whose stem is safe."""
        return f"{stem}{self.suffix}.{self.extension}"


@dataclass(frozen=True, slots=True)
class LawFormat(Format):
    """A format of laws. `write` takes an edition's frozen payload."""

    write: Callable[[dict[str, Any], Origin], bytes | str] = law_plain_text

    def content(self, payload: dict[str, Any], origin: Origin) -> bytes:
        """The finished file."""
        return _as_bytes(self.write(payload, origin))


@dataclass(frozen=True, slots=True)
class WritingFormat(Format):
    """A format of comparisons and amendments."""

    write: Callable[[Writing, Origin], bytes | str] = writing_plain_text

    def content(self, writing: Writing, origin: Origin) -> bytes:
        """The finished file."""
        return _as_bytes(self.write(writing, origin))


def _as_bytes(content: bytes | str) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


HTML, MARKDOWN, TEXT = (f"text/{kind}; charset=utf-8" for kind in ("html", "markdown", "plain"))

LAW_FORMATS: dict[str, LawFormat] = {
    each.key: each
    for each in (
        LawFormat("docx", _("Word processor file (DOCX)"), DOCX, "docx", write=law_docx),
        LawFormat("html", _("Single web page (HTML)"), HTML, "html", write=law_html_file),
        LawFormat("md", _("Markdown"), MARKDOWN, "md", write=law_markdown),
        LawFormat("txt", _("Plain text"), TEXT, "txt", write=law_plain_text),
        LawFormat("xml", _("Akoma Ntoso 3.0 (XML)"), "application/xml", "xml", write=law_akoma_ntoso),
    )
}
WRITING_FORMATS: dict[str, WritingFormat] = {
    each.key: each
    for each in (
        WritingFormat("docx", _("Word processor file (DOCX)"), DOCX, "docx", write=writing_docx),
        WritingFormat(
            "docx-tracked",
            _("Word processor file with changes to accept or reject (DOCX)"),
            DOCX,
            "docx",
            "-tracked",
            write=tracked_writing_docx,
        ),
        WritingFormat("html", _("Single web page (HTML)"), HTML, "html", write=writing_html_file),
        WritingFormat("md", _("Markdown"), MARKDOWN, "md", write=writing_markdown),
        WritingFormat("txt", _("Plain text"), TEXT, "txt", write=writing_plain_text),
    )
}


def safe_stem(*parts: str, fallback: str = "text") -> str:
    """A file's name without its extension: ASCII letters, digits, points and hyphens only, never hidden, never empty."""
    plain = unicodedata.normalize("NFKD", "-".join(parts)).encode("ascii", "ignore").decode()
    stem = _UNSAFE.sub("-", plain)[:MAX_STEM].strip("-.")
    return re.sub(r"\.{2,}", ".", stem) or fallback


def law_stem(payload: dict[str, Any]) -> str:
    """The stem of an edition's files: its slug and label."""
    return safe_stem(payload["template"]["slug"], payload["edition"]["label"])
