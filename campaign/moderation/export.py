"""The file of signers who agreed to be written to: read and written chunk by chunk, in flat memory, safe in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.db import models
from django.db.models import Max, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.core.cells import safe_cell
from campaign.petitions.consents import COLUMNS
from campaign.petitions.models import Petition, Signature, SignatureState

CHUNK = 1_000  # signatures read at a time
SHEET_ROWS = 100_000  # ten seconds of work before the first byte; a text file streams from its first row
Row = list[str]


class Purpose(models.TextChoices):
    """What signers can agree to be written to about: purposes of campaign.petitions.consents."""

    UPDATES = "updates", _("Mail about this petition")
    NEWS = "news", _("News of the organization that runs the campaign")


class FileKind(models.TextChoices):
    CSV = "csv", _("Text with commas (CSV), any number of rows")
    XLSX = "xlsx", _("Spreadsheet (XLSX), up to 100,000 rows")


@dataclass(frozen=True)
class Addressees:
    """Who agreed, as of one moment: those numbered later are not among them."""

    petition: Petition
    purpose: Purpose
    last_number: int
    count: int


def addressees(*, petition: Petition, purpose: Purpose) -> Addressees:
    """One read."""
    rows = _agreed(petition, purpose)
    found = rows.aggregate(last=Max("number"), count=models.Count("pk"))
    return Addressees(petition, purpose, found["last"] or 0, found["count"])


def _agreed(petition: Petition, purpose: Purpose) -> QuerySet[Signature]:
    """Only this petition's, confirmed and counted, with a person behind them: not withdrawn, invalidated or erased."""
    return Signature.objects.filter(
        petition=petition,
        state=SignatureState.CONFIRMED,
        counted=True,
        number__isnull=False,
        email_key__isnull=False,
        **{COLUMNS[purpose]: True},
    )


def header() -> Row:
    """In the language that is active."""
    return [
        gettext("Name"),
        gettext("E-mail address"),
        gettext("Country"),
        gettext("Language"),
        gettext("Signed on"),
        gettext("Version of the consent"),
        gettext("Consent given at"),
    ]


def address_rows(whom: Addressees) -> Iterator[Row]:
    """A row for each, by number. Read anew for each chunk: who leaves while the file is written is not in what follows.

    Whose last record of the purpose does not give it is left out: without a record nobody is written to.
    """
    rows = _agreed(whom.petition, whom.purpose).filter(number__lte=whom.last_number)
    rows = rows.only("name", "email", "country", "locale", "signed_at", "consents", "number").order_by(
        "number"
    )
    chunk = list(rows[:CHUNK])
    while chunk:
        for signature in chunk:
            consent = _last_record(signature.consents, whom.purpose)
            if consent is not None and consent["given"]:
                yield _row(signature, consent)
        chunk = list(rows.filter(number__gt=chunk[-1].number)[:CHUNK]) if len(chunk) == CHUNK else []


def _last_record(records: list[dict[str, Any]], purpose: Purpose) -> dict[str, Any] | None:
    return next((row for row in reversed(records) if row["purpose"] == purpose), None)


def _row(signature: Signature, consent: dict[str, Any]) -> Row:
    return [
        signature.name or "",
        signature.email or "",
        str(signature.country),
        signature.locale,
        signature.signed_at.astimezone(UTC).date().isoformat(),
        consent["version"],
        datetime.fromisoformat(consent["at"]).astimezone(UTC).isoformat(timespec="seconds"),
    ]


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(head: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark (spreadsheet programs guess wrong without), lines as in RFC 4180."""
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf" + writer.writerow([safe_cell(cell) for cell in head]).encode()
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row]).encode()


def xlsx_file(head: Row, rows: Iterable[Row]) -> IO[bytes]:
    """A workbook at its start, in a nameless temporary file. Every cell is text, whatever it begins with."""
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115  the response closes it, once it is sent
    with TemporaryDirectory() as folder:
        options = {
            "constant_memory": True,  # a row is written out once the next one begins
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(file, options) as book:
            sheet = book.add_worksheet()
            sheet.set_column(0, len(head) - 1, 24)
            sheet.freeze_panes(1, 0)
            for line, row in enumerate(chain([head], rows)):
                _write(sheet, line, row)
    file.seek(0)
    return file


def _write(sheet: Any, line: int, row: Row) -> None:
    for column, cell in enumerate(row):
        sheet.write_string(line, column, cell)
