"""An empty list of questions to fill in, with examples of each kind, as CSV and as XLSX."""

from __future__ import annotations

import csv
import io

from xlsxwriter import Workbook

from campaign.consultations.importer.lists import COLUMNS

# In English, as the names of the columns are: whoever downloads it writes over it.
EXAMPLES = (
    {
        "section": "About you",
        "number": "1",
        "text": "Does your organization release what it trains?",
        "kind": "single-choice",
        "options": "yes | no",
        "required": "yes",
    },
    {
        "section": "About you",
        "number": "1.1",
        "text": "Under which license?",
        "kind": "free-text",
        "max characters": "500",
        "condition": "1: yes",
        "part of": "1",
    },
    {
        "section": "The draft",
        "number": "2",
        "text": "How many people work on it?",
        "kind": "number",
        "minimum": "0",
        "maximum": "100000",
    },
)


def template_csv() -> bytes:
    """The list as CSV with a byte order mark, so that spreadsheet programs read its letters."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, fieldnames=list(COLUMNS), restval="")
    writer.writeheader()
    writer.writerows(EXAMPLES)
    return buffer.getvalue().encode("utf-8-sig")


def template_xlsx() -> bytes:
    """The list as a workbook whose cells are text, so that “1.10” stays what it is."""
    buffer = io.BytesIO()
    with Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("questions")
        text, head = book.add_format({"num_format": "@", "text_wrap": True}), book.add_format({"bold": True})
        sheet.set_column(0, len(COLUMNS) - 1, 16, text)
        sheet.set_column(2, 2, 60, text)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name, head)
            for row, example in enumerate(EXAMPLES, start=1):
                sheet.write_string(row, column, example.get(name, ""), text)
    return buffer.getvalue()
