"""Which files a filing can be had as."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.consultations.models import Filing
from campaign.documents.formats import CSV, DOCX, JSON, MARKDOWN, ODT, PDF, TEXT, ZIP
from campaign.documents.models import Document

FILING_BUNDLE = "consultations.filing.zip"
# In the order in which pages list them.
FILING_KINDS = {
    "consultations.filing": PDF,
    "consultations.filing.docx": DOCX,
    "consultations.filing.plain.docx": DOCX,
    "consultations.filing.odt": ODT,
    "consultations.filing.md": MARKDOWN,
    "consultations.filing.txt": TEXT,
    "consultations.filing.json": JSON,
    "consultations.filing.csv": CSV,
    FILING_BUNDLE: ZIP,
}
_WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "consultations.filing": (_("PDF"), _("For the authority and for print; the data lies inside it.")),
    "consultations.filing.docx": (_("Word document (DOCX)"), _("With real headings and footnotes.")),
    "consultations.filing.plain.docx": (
        _("Word document, plain (DOCX)"),
        _("For portals that take no footnotes, tables or pictures."),
    ),
    "consultations.filing.odt": (_("OpenDocument text (ODT)"), _("For LibreOffice and others.")),
    "consultations.filing.md": (_("Markdown"), _("The whole text with its marks.")),
    "consultations.filing.txt": (_("Plain text"), _("One block for each box of the portal.")),
    "consultations.filing.json": (_("Data (JSON)"), _("All that was fixed, with its digests.")),
    "consultations.filing.csv": (_("Table (CSV)"), _("Questions and answers in rows.")),
    FILING_BUNDLE: (_("All of them (ZIP)"), _("What is ready, and a list of digests.")),
}


@dataclass(frozen=True)
class FilingDocument:
    """One format in which a filing can be had. `document` is None until somebody orders it."""

    kind: str
    label: str
    about: str
    document: Document | None


def filing_documents(*, filing: Filing) -> list[FilingDocument]:
    """All formats of a filing, each with its document in the submission's language. `submission` is loaded."""
    rows = Document.objects.filter(
        frozen_text=filing.record_id, locale=filing.submission.locale, kind__in=FILING_KINDS
    )
    by_kind = {row.kind: row for row in rows}
    return [
        FilingDocument(kind, str(label), str(about), by_kind.get(kind))
        for kind, (label, about) in _WORDS.items()
    ]


def is_any_waiting(documents: list[FilingDocument]) -> bool:
    """Whether a page that lists them should ask again soon."""
    return any(row.document is not None and row.document.is_waiting for row in documents)


def ordered_documents(*, filing: Filing) -> list[Document]:
    """The files of a filing that somebody ordered, in whatever state, in the order of the formats."""
    return [row.document for row in filing_documents(filing=filing) if row.document is not None]


def wanted_kinds(endings: Iterable[str]) -> list[str]:
    """The kinds that an authority asks for which takes files of these endings ("docx"); the PDF is always one."""
    kinds = {
        "docx": "consultations.filing.docx",
        "odt": "consultations.filing.odt",
        "txt": "consultations.filing.txt",
    }
    return ["consultations.filing", *(kinds[each] for each in dict.fromkeys(endings) if each in kinds)]
