"""Rows of a CSV or XLSX file that somebody brings, read within hard limits. Formulas are text here, and never run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from campaign.core.cleaning import clean_text
from campaign.core.errors import DomainError

MAX_ROWS = 5_000
MAX_COLUMNS = 60
MAX_CELL = 200_000  # bytes
MAX_FILE = 2_000_000
MAX_UNPACKED = 16_000_000  # of all parts of a workbook
MAX_PARTS = 200
# A file of 12 kB can unpack to millions of elements, and each costs far more memory than its few bytes.
MAX_OTHER = 500_000  # bytes of a part that holds no cells and no words of cells
MAX_OTHER_TAGS = 10_000
MAX_TAGS = 1_300_000  # of all parts
_CELLS = (MAX_ROWS + 1) * (MAX_COLUMNS + 1)
MAX_MADE = {
    b"c": _CELLS,
    b"si": _CELLS,
    b"row": 100_000,
}  # cells, their words, rows: empty ones with a frame are rows, too
DELIMITERS = (",", ";", "\t")
XLSX_START = b"PK\x03\x04"
_MADE = re.compile(rb"<(?:[\w.-]+:)?(c|si|row)[\s/>]")
# Another encoding could hide what is counted and looked for here.
_ENCODED = re.compile(
    rb"[^<]{0,8}<\?xml[^>]{0,100}encoding\s{0,9}=\s{0,9}[\"'](?!utf-8|utf-16|us-ascii)", re.IGNORECASE
)


@dataclass(frozen=True)
class Mistake:
    """What is wrong in a list, and where. Row 0: in the whole file; no column: in the whole row."""

    row: int
    column: str
    remedy: str

    def __str__(self) -> str:
        if not self.row:
            return self.remedy
        if not self.column:
            return _("Row %(row)s: %(remedy)s") % {"row": self.row, "remedy": self.remedy}
        words = {"row": self.row, "column": self.column, "remedy": self.remedy}
        return _("Row %(row)s, column “%(column)s”: %(remedy)s") % words


class ListError(DomainError):
    """A list is not as it should be. `mistakes` are all that were found, up to a limit."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__(" ".join(map(str, mistakes)))


def refuse(remedy: str, *, row: int = 0, column: str = "") -> ListError:
    """The error for one mistake that makes reading on useless."""
    return ListError([Mistake(row, column, remedy)])


Row = tuple[int, list[str]]  # its number in the file, and its cells as cleaned text


def read_sheet(raw: bytes) -> list[Row]:
    """The rows of a file that are not empty. Whether it is CSV or XLSX its first bytes tell. Raises ListError."""
    if len(raw) > MAX_FILE:
        raise refuse(_("The file is larger than 2 MB. Split the list."))
    rows = list(_limited(_workbook_rows(raw) if raw.startswith(XLSX_START) else _csv_rows(raw)))
    if not rows:
        raise refuse(_("The file is empty. Choose another one."))
    return rows


def _limited(rows: Iterable[tuple[int, list[Any]]]) -> Iterator[Row]:
    for number, cells in rows:
        if number > MAX_ROWS:
            raise refuse(_("The list has more than %(most)s rows. Split it.") % {"most": MAX_ROWS})
        texts = [clean_text(_text(cell)).strip() for cell in cells]
        for place, text in enumerate(texts, start=1):
            if len(text.encode()) > MAX_CELL:
                raise refuse(_("The cell holds more than 200 kB. Shorten it."), row=number, column=str(place))
        if any(texts):
            yield number, texts


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


# --- CSV ------------------------------------------------------------------------
def _csv_rows(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise refuse(_("A letter is not UTF-8. Save the file as “CSV UTF-8”."), row=line) from None
    if "\x00" in text:
        raise refuse(_("This is neither CSV nor XLSX. Save the table in one of the two."))
    csv.field_size_limit(MAX_FILE)  # what is too long is told with its place, by us
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise refuse(
                _(
                    "A quotation mark is opened here and not closed, or text follows a closed one. Mend the line."
                ),
                row=number + 1,
            ) from None
        number += 1
        yield number, _few(cells, number)


def _delimiter(text: str) -> str:
    """The one that the first line has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def _few(cells: list[Any], number: int) -> list[Any]:
    if len(cells) > MAX_COLUMNS:
        raise refuse(
            _("There are more than %(most)s columns. Take out what is not needed.") % {"most": MAX_COLUMNS},
            row=number,
        )
    return cells


# --- XLSX -----------------------------------------------------------------------
def _workbook_rows(raw: bytes) -> Iterator[tuple[int, list[Any]]]:
    _check_parts(raw)
    try:
        book = load_workbook(
            io.BytesIO(raw), read_only=True, data_only=False, keep_links=False, rich_text=False
        )
        sheet = book.worksheets[0]
        # One row and one column more than may be, so that too many are noticed and not cut off.
        rows = sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS + 1, values_only=True)
        for number, cells in enumerate(rows, start=1):
            if number > MAX_ROWS and not any(cell is not None for cell in cells):
                continue
            found = list(cells)
            while found and found[-1] is None:
                found.pop()
            yield number, _few(found, number)
    except ListError:
        raise
    except Exception:  # noqa: BLE001  a damaged workbook fails in as many ways as there are parts of one
        raise refuse(_not_a_workbook()) from None


def _check_parts(raw: bytes) -> None:
    """Raises ListError for what is no workbook, or would unpack to more than a list can be, or has entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise refuse(_("The workbook is larger than it seems. Save the list alone in a new one."))
            if "xl/workbook.xml" not in archive.namelist():
                raise refuse(_("This is neither CSV nor XLSX. Save the table in one of the two."))
            made = _Made()
            for part in parts:
                with archive.open(part) as opened:
                    # What an archive says of its sizes need not be so.
                    content = opened.read(MAX_UNPACKED + 1)
                if len(content) > part.file_size:
                    raise refuse(_not_a_workbook())
                made.add(part.filename, content.replace(b"\x00", b""))  # UTF-16 is two bytes a sign
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ):
        raise refuse(_not_a_workbook()) from None


@dataclass
class _Made:
    """What is to be made of the parts of a workbook so far."""

    tags: int = 0
    made: Counter[bytes] = field(default_factory=Counter)

    def add(self, name: str, content: bytes) -> None:
        """Raises ListError for more than a list can be, and for entities."""
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or _ENCODED.match(content):
            raise refuse(_not_a_workbook())
        tags = content.count(b"<")
        self.tags += tags
        if self.tags <= MAX_TAGS:
            self.made.update(match.group(1) for match in _MADE.finditer(content))
        name = name.lower()
        has_cells = name.startswith("xl/worksheets/") or name == "xl/sharedstrings.xml"
        is_xml = name.endswith((".xml", ".rels"))
        if (
            self.tags > MAX_TAGS
            or any(self.made[tag] > most for tag, most in MAX_MADE.items())
            or (not has_cells and (tags > MAX_OTHER_TAGS or (is_xml and len(content) > MAX_OTHER)))
        ):
            raise refuse(_("The workbook is larger than it seems. Save the list alone in a new one."))


def _not_a_workbook() -> str:
    return _("The workbook cannot be read. Open it in a spreadsheet program and save it anew as XLSX.")
