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
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Campaign
from campaign.core.cells import safe_cell
from campaign.organizations.models import Organization
from campaign.petitions.consents import last_news_record
from campaign.petitions.models import Petition, Signature, SignatureState, Supporter
from campaign.petitions.supporters import supporter_total, supporters_of

CHUNK = 1_000  # signatures read at a time
SHEET_ROWS = 100_000  # ten seconds of work before the first byte; a text file streams from its first row
Row = list[str]


class Purpose(models.TextChoices):
    """What signers can agree to be written to about: purposes of campaign.petitions.consents."""

    UPDATES = "updates", _("Mail about this petition")
    NEWS = "news", _("News of your organization")


class FileKind(models.TextChoices):
    CSV = "csv", _("Text with commas (CSV), any number of rows")
    XLSX = "xlsx", _("Spreadsheet (XLSX), up to 100,000 rows")


@dataclass(frozen=True)
class Addressees:
    """Who agreed to mail about a petition, as of one moment: those numbered later are not among them."""

    petition: Petition
    last_number: int
    count: int


@dataclass(frozen=True)
class Supporters:
    """Who agreed to the news of one organization, in a campaign or under one petition of it: those of later are not among them.

    `count` is of people: who signed several petitions is one.
    """

    organization: Organization
    campaign: Campaign
    petition: Petition | None
    at: datetime
    count: int


def addressees(*, petition: Petition) -> Addressees:
    """One read."""
    found = _agreed(petition).aggregate(last=Max("number"), count=models.Count("pk"))
    return Addressees(petition, found["last"] or 0, found["count"])


def supporters(
    *, organization: Organization, campaign: Campaign, petition: Petition | None = None, at: datetime
) -> Supporters:
    """One read."""
    total = supporter_total(organization=organization, campaign=campaign, petition=petition)
    return Supporters(organization, campaign, petition, at, total)


def _agreed(petition: Petition) -> QuerySet[Signature]:
    """Only this petition's, confirmed and counted, with a person behind them: not withdrawn, invalidated or erased."""
    return Signature.objects.filter(
        petition=petition,
        state=SignatureState.CONFIRMED,
        counted=True,
        number__isnull=False,
        email_key__isnull=False,
        wants_updates=True,
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


def address_rows(whom: Addressees | Supporters) -> Iterator[Row]:
    """A row for each. Read anew for each chunk: who leaves while the file is written is not in what follows.

    Whose last record of the purpose does not give it is left out: without a record nobody is written to.
    """
    return _supporter_rows(whom) if isinstance(whom, Supporters) else _addressee_rows(whom)


def _addressee_rows(whom: Addressees) -> Iterator[Row]:
    """By number."""
    rows = _agreed(whom.petition).filter(number__lte=whom.last_number)
    rows = rows.only("name", "email", "country", "locale", "signed_at", "consents", "number").order_by(
        "number"
    )
    chunk = list(rows[:CHUNK])
    while chunk:
        for signature in chunk:
            consent = _last_record(signature.consents, Purpose.UPDATES)
            if consent is not None and consent["given"]:
                yield _row(signature, consent)
        chunk = list(rows.filter(number__gt=chunk[-1].number)[:CHUNK]) if len(chunk) == CHUNK else []


def _supporter_rows(whom: Supporters) -> Iterator[Row]:
    """By mailbox, which says nothing of who signed when: a line for each, whatever petitions they signed."""
    rows = supporters_of(organization=whom.organization, campaign=whom.campaign, petition=whom.petition)
    rows = rows.filter(since__lte=whom.at, signature__confirmed_at__lte=whom.at)
    rows = rows.select_related("signature").order_by("person_key", "pk")
    who = {"organization_id": str(whom.organization.pk), "owner_id": str(whom.campaign.owner_id)}
    chunk, last_key = list(rows[:CHUNK]), b""
    while chunk:
        for row in chunk:
            consent = last_news_record(row.signature.consents, **who)
            if bytes(row.person_key) == last_key or consent is None or not consent["given"]:
                continue
            last_key = bytes(row.person_key)
            yield _row(row.signature, consent)
        chunk = list(_behind(rows, chunk[-1])[:CHUNK]) if len(chunk) == CHUNK else []


def _behind(rows: QuerySet[Supporter], last: Supporter) -> QuerySet[Supporter]:
    """What follows in the order of mailboxes. The first condition is where the index is entered."""
    later = Q(person_key__gt=last.person_key) | Q(pk__gt=last.pk)
    return rows.filter(later, person_key__gte=last.person_key)


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
