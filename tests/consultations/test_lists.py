"""Lists of questions from CSV and XLSX: read in any order of columns, every mistake told with its place, and nothing runs."""

import io
import zipfile

import pytest
from xlsxwriter import Workbook

from campaign.consultations.importer import (
    ListError,
    lists,
    read_list,
    sheets,
    template_csv,
    template_xlsx,
)
from campaign.consultations.importer.outline import all_questions
from campaign.consultations.importer.sheets import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from campaign.core.errors import DomainError

ROWS = [
    ["part of", "text", "number", "kind", "options", "section", "condition", "required"],
    ["", "Do you publish?", "1", "single-choice", "yes | no", "You", "", "yes"],
    ["1", "Why?", "1.1", "", "", "", "1: yes", ""],
    ["", "How many?", "2", "number", "", "Numbers", "", "no"],
]


def csv_of(rows, delimiter=","):
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return "\n".join(lines).encode()


def xlsx_of(rows, **formulas):
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
        for place, formula in formulas.items():
            sheet.write_formula(place, formula)
    return buffer.getvalue()


def said(raw):
    """(section, number, text, kind, options, condition, required) of each question, in reading order."""
    sections = read_list(raw)
    titles = {id(each): section.title for section in sections for each in all_questions([section])}
    return [
        (titles[id(each)], each.number, each.text, each.kind, each.options, each.condition, each.is_required)
        for each in all_questions(sections)
    ]


EXPECTED = [
    ("You", "1", "Do you publish?", "single-choice", ["yes", "no"], [], True),
    ("You", "1.1", "Why?", "free-text", [], [{"question": "1", "options": ["yes"]}], False),
    ("Numbers", "2", "How many?", "number", [], [], False),
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_list_reads_the_same_from_csv_of_every_kind(delimiter, mark):
    assert said(mark + csv_of(ROWS, delimiter)) == EXPECTED


def test_list_reads_the_same_from_a_workbook():
    assert said(xlsx_of(ROWS)) == EXPECTED


def test_parts_stand_under_their_question():
    [first, _second] = read_list(csv_of(ROWS))

    assert [part.number for part in first.questions[0].parts] == ["1.1"]


def test_templates_can_be_read_and_say_the_same():
    assert said(template_csv()) == said(template_xlsx())


def test_columns_are_understood_in_the_readers_language_too(monkeypatch):
    monkeypatch.setitem(lists.COLUMNS, "number", "Nummer")

    assert read_list(csv_of([["Nummer", "text"], ["7", "Wie?"]]))[0].questions[0].number == "7"
    assert read_list(csv_of([["number", "text"], ["7", "Wie?"]]))[0].questions[0].number == "7"


def mistakes(raw):
    with pytest.raises(ListError) as caught:
        read_list(raw)
    return [(each.row, each.column) for each in caught.value.mistakes]


def test_every_mistake_is_told_with_its_row_and_column():
    rows = [
        ["number", "text", "kind", "options", "required", "max words", "minimum", "maximum", "condition", "part of"],
        ["", "", "", "", "", "", "", "", "", ""],
        ["a b", "Words", "", "", "", "", "", "", "", ""],
        ["1", "", "essay", "", "perhaps", "-1", "1", "", "", ""],
        ["2", "Words", "multi-choice", "only", "", "many", "", "", "", ""],
        ["2", "Words", "single-choice", "a | a", "", "", "", "", "", ""],
        ["3", "Words", "number", "a|b", "", "", "9", "1", "", ""],
        ["4", "Words", "", "", "", "", "", "", "9: yes", "8"],
        ["5", "Words", "", "", "", "", "", "", "3: yes; broken", ""],
    ]  # fmt: skip

    assert mistakes(csv_of(rows)) == [
        (3, "number"),
        (4, "text"),
        (4, "kind"),
        (4, "required"),
        (4, "max words"),
        (4, "minimum"),
        (5, "options"),
        (5, "max words"),
        (6, "number"),
        (6, "options"),
        (7, "options"),
        (7, "minimum"),
        (8, "condition"),
        (8, "part of"),
        (9, "condition"),
    ]


def test_at_most_fifty_mistakes_are_told():
    rows = [["number", "text"], *(["", "Words"] for _ in range(80))]

    assert len(mistakes(csv_of(rows))) == 50


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"", (0, "")),
        (b"number,text\n", (0, "")),
        (b"number,words\n1,a\n", (1, "words")),
        (b"number,number,text\n1,1,a\n", (1, "number")),
        (b'number,text\n1,"open\n', (2, "")),
        (b"number,text\n1,\xff\n", (2, "")),
        (b"number,text\n1,a\x00b\n", (0, "")),
        (b"number,text\n1,a,extra\n", (2, "3")),
        (b"PK\x03\x04 no archive", (0, "")),
    ],
)
def test_file_that_is_no_list_is_refused_with_a_sentence(raw, place):
    assert mistakes(raw)[0] == place


def test_mistake_is_one_sentence_with_its_place():
    with pytest.raises(DomainError) as caught:
        read_list(b"number,text\n1,\n")

    assert str(caught.value) == "Row 2, column “text”: The words of the question are missing."


# --- What would harm ----------------------------------------------------------------
def test_formula_is_text_and_is_not_run():
    raw = xlsx_of([["number", "text"], ["1", ""]], B2='=HYPERLINK("https://evil.example","x")')

    assert said(raw)[0][2] == '=HYPERLINK("https://evil.example","x")'


def test_rows_and_cells_have_limits():
    many = csv_of([["number", "text"], *([str(row), "a"] for row in range(MAX_ROWS))])
    long = csv_of([["number", "text"], ["1", "é" * (MAX_CELL // 2 + 1)]])

    assert mistakes(many) == [(0, "")]
    assert mistakes(long) == [(2, "2")]


def test_row_far_below_does_not_keep_the_reader_busy():
    raw = with_part(xlsx_of([["number", "text"]]), "xl/worksheets/sheet1.xml", b"</row>",
                    b'</row><row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>')  # fmt: skip

    assert mistakes(raw) == [(0, "")]


def with_part(raw, name, old, new):
    """The workbook with other words in one part of it."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as before,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.namelist():
            content = before.read(part)
            after.writestr(part, content.replace(old, new, 1) if part == name else content)
    return buffer.getvalue()


def test_archive_that_unpacks_without_end_is_refused():
    raw = with_part(xlsx_of(ROWS), "xl/sharedStrings.xml", b"<sst", b" " * 20_000_000 + b"<sst")

    assert len(raw) < 200_000
    assert mistakes(raw) == [(0, "")]


def test_workbook_with_entities_is_refused():
    entity = b'<!DOCTYPE a [<!ENTITY x "boom">]><sst'
    raw = with_part(xlsx_of(ROWS), "xl/sharedStrings.xml", b"<sst", entity)

    assert mistakes(raw) == [(0, "")]


SHEET, WORDS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


@pytest.mark.parametrize(
    ("part", "before", "many"),
    [
        ("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 1_000_000),
        ("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 20_000),
        ("xl/workbook.xml", b"</sheets>", b'<sheet name="a" sheetId="1" r:id="rId1"/>' * 20_000),
        (SHEET, b"</row>", b"<c/>" * 400_000),
        (SHEET, b"</row>", b"<s:c/>" * 400_000),
        (SHEET, b"</sheetData>", b'<row r="9"/>' * 200_000),
        (SHEET, b"<sheetData>", b"<x/>" * 2_000_000),
        (WORDS, b"</sst>", b"<si/>" * 400_000),
    ],
    ids=["styles", "fewer styles", "sheets", "cells", "named cells", "rows", "anything", "words"],
)
def test_small_file_that_becomes_millions_of_elements_is_refused_before_it_is_read(
    monkeypatch, part, before, many
):
    monkeypatch.setattr(sheets, "load_workbook", lambda *args, **options: pytest.fail("was read"))
    raw = with_part(xlsx_of(ROWS), part, before, many + before)

    with pytest.raises(ListError) as caught:
        read_list(raw)

    assert len(raw) < 40_000
    assert str(caught.value) == ("The workbook is larger than it seems. Save the list alone in a new one.")


@pytest.mark.parametrize("encoding", ["utf-16", "cp037"])
def test_entities_in_another_encoding_are_found_or_the_encoding_refused(encoding):
    words = '<!DOCTYPE a [<!ENTITY x "boom">]><sst/>'
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    content = (
        (head + words).encode("utf-16") if encoding == "utf-16" else head.encode() + words.encode(encoding)
    )
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_of(ROWS))) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == WORDS else old.read(part))

    with pytest.raises(ListError) as caught:
        read_list(buffer.getvalue())

    assert str(caught.value).startswith("The workbook cannot be read.")


def test_workbook_with_as_much_as_a_list_can_hold_is_read():
    rows = [["number", "text"], *([str(place), *["w"] * (MAX_COLUMNS - 1)] for place in range(MAX_ROWS - 1))]

    assert len(sheets.read_sheet(xlsx_of(rows))) == MAX_ROWS


def test_archive_that_is_no_workbook_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "number,text")

    assert mistakes(buffer.getvalue()) == [(0, "")]
