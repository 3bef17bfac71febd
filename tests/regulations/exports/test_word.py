"""Word processor files: opened with another program's reader, and read part by part."""

import datetime as dt
import io
import zipfile

import docx
import pytest
from lxml import etree

from campaign.regulations.blocks import Heading, Span, Writing
from campaign.regulations.exports.word import law_docx, tracked_writing_docx, writing_docx
from campaign.regulations.exports.word.elements import W
from campaign.regulations.exports.word.styles import word_language
from tests.factories.regulations import unit
from tests.regulations.exports.samples import DISCLAIMER, ORIGIN, REDLINE, TABLE, line, payload, span, whole

NS = {"w": W}


def opened(file):
    return docx.Document(io.BytesIO(file))


def part(file, name):
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return etree.fromstring(archive.read(name))


def body(file):
    return part(file, "word/document.xml")


def accepted(file):
    """The text that is left when all tracked changes are accepted, paragraph by paragraph."""
    return left(file, gone="del", kept="t")


def rejected(file):
    return left(file, gone="ins", kept="t|w:delText")


def left(file, *, gone, kept):
    lines, open_line = [], ""
    for paragraph in body(file).iterfind(".//w:p", NS):
        words = paragraph.xpath(
            f".//w:r[not(ancestor::w:{gone})]/*[self::w:{' or self::w:'.join(kept.replace('w:', '').split('|'))}"
            " or self::w:tab]",
            namespaces=NS,
        )
        open_line += "".join("\t" if word.tag == f"{{{W}}}tab" else word.text for word in words)
        if paragraph.find(f"w:pPr/w:rPr/w:{gone}", NS) is None:
            lines.append(open_line)
            open_line = ""
    return lines


def test_law_docx_has_headings_that_make_an_outline():
    document = opened(law_docx(whole(), ORIGIN))

    headings = [
        (p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))
    ]

    assert headings == [
        ("Title", "A text"),
        ("Heading 1", "CHAPTER I\nGeneral"),
        ("Heading 2", "Article 1\nDuty"),
        ("Heading 2", "Article 2"),
        ("Heading 1", "CHAPTER II\nChanges"),
        ("Heading 2", "Article 3"),
        ("Heading 3", "‘Article 5a\nNew"),
        ("Heading 1", "ANNEX\nList"),
    ]


def test_law_docx_hangs_numbers_by_depth():
    document = opened(law_docx(whole(), ORIGIN))

    lines = {p.text: p.style.name for p in document.paragraphs}

    assert lines["(1)\tA reason."] == "Law 0"
    assert lines["1.\tWhatever follows:"] == "Law 0"
    assert lines["(a)\tfirst:"] == "Law 1"
    assert lines["(i)\tdeep;"] == "Law 2"
    assert lines["–\tdeeper;"] == "Law 3"
    assert lines["It goes on."] == "Law text 1"
    assert lines["‘other words’."] == "Law text 1"
    indents = [document.styles[f"Law {level}"].paragraph_format for level in range(3)]
    assert [(each.left_indent.twips, each.first_line_indent.twips) for each in indents] == [
        (680, -680),
        (1360, -680),
        (2040, -680),
    ]


def test_law_docx_says_every_word_of_the_law():
    document = opened(law_docx(whole(), ORIGIN))

    said = [p.text for p in document.paragraphs]

    assert said[:2] == ["A text", f"Small act, 1.0. {DISCLAIMER}"]
    assert said[2].startswith("THE EUROPEAN PARLIAMENT")
    assert "For the Council\nThe President" in said
    assert said[-2:] == ["Words of the annex.", "(a)\tlisted."]


def test_law_docx_has_properties_header_and_footer():
    document = opened(law_docx(whole(), ORIGIN))

    properties, section = document.core_properties, document.sections[0]

    assert (properties.title, properties.subject, properties.language) == ("A text", "Amending act", "en-GB")
    assert properties.created == dt.datetime(2026, 11, 22, tzinfo=properties.created.tzinfo)
    assert section.header.paragraphs[0].text.startswith("Small act, 1.0\tPage ")
    fields = part(law_docx(whole(), ORIGIN), "word/header1.xml").xpath(
        "//w:fldSimple/@w:instr", namespaces=NS
    )
    assert fields == [" PAGE ", " NUMPAGES "]
    assert section.footer.paragraphs[0].text == f"Not legal advice. SHA-256 {ORIGIN.digest}"


@pytest.mark.parametrize("write", [law_docx])
def test_law_docx_gives_the_same_bytes_twice(write):
    assert write(whole(), ORIGIN) == write(whole(), ORIGIN)


def test_law_docx_has_hostile_text_as_text():
    data = payload(unit("a", "article", "]]> <w:p/> \x0b\u202e & end", heading="<b>"))

    document = opened(law_docx(data, ORIGIN))

    assert "]]> <w:p/>  & end" in [p.text for p in document.paragraphs]


@pytest.mark.parametrize(
    ("language", "tradition", "expected"),
    [
        ("en", "eu-regulation", "en-GB"),
        ("en", "us-bill", "en-US"),
        ("ko", "", "ko-KR"),
        ("ja", "", "ja-JP"),
        ("fr", "", "fr-FR"),
        ("pt-br", "", "pt-BR"),
        ("ar", "", "ar-EG"),
    ],
)
def test_word_language_has_a_region(language, tradition, expected):
    assert word_language(language, tradition) == expected


@pytest.mark.parametrize(
    ("language", "attribute", "tag"),
    [("ko", "eastAsia", "ko-KR"), ("ar", "bidi", "ar-EG"), ("fr", "val", "fr-FR")],
)
def test_writing_docx_sets_its_language_where_word_processors_look(language, attribute, tag):
    file = writing_docx(Writing("T", language, (line(span("x")),)), ORIGIN)

    defaults = part(file, "word/styles.xml").find(".//w:rPrDefault/w:rPr/w:lang", NS)

    assert defaults.get(f"{{{W}}}{attribute}") == tag
    assert (body(file).find(".//w:sectPr/w:bidi", NS) is not None) == (language == "ar")


def test_writing_docx_draws_changes_as_lines():
    document = opened(writing_docx(REDLINE, ORIGIN))

    runs = {run.text: run for p in document.paragraphs for run in p.runs}

    assert runs["Scope"].underline
    assert runs["Subject"].font.strike
    assert runs["moved from Article 3"].italic
    assert body(writing_docx(REDLINE, ORIGIN)).find(".//w:ins", NS) is None


def test_tracked_changes_accepted_are_the_new_text_and_rejected_the_old():
    file = tracked_writing_docx(REDLINE, ORIGIN)

    head = ["From 1.0 to 1.1", "Editions 1.0 and 1.1 are compared."]
    assert accepted(file) == [*head, "Article 1 Scope", "1.\tIt lays down rules. ", "(a)\tnew;", "Place"]
    assert rejected(file) == [*head, "Article 1 Subject", "1.\tIt lays out rules. ", "(b)\tgone;", "Place"]


def test_tracked_changes_have_an_author_a_date_and_numbers_of_their_own():
    changes = body(tracked_writing_docx(REDLINE, ORIGIN)).xpath("//w:ins | //w:del", namespaces=NS)

    assert {change.get(f"{{{W}}}author") for change in changes} == {"Reclaim"}
    assert {change.get(f"{{{W}}}date") for change in changes} == {"2026-11-22T00:00:00Z"}
    numbers = [change.get(f"{{{W}}}id") for change in changes]
    assert len(set(numbers)) == len(numbers)


def test_notes_within_tracked_text_are_comments():
    file = tracked_writing_docx(REDLINE, ORIGIN)

    (comment,) = part(file, "word/comments.xml")
    (reference,) = body(file).iterfind(".//w:commentReference", NS)

    assert "".join(comment.itertext()) == "moved from Article 3"
    assert reference.get(f"{{{W}}}id") == comment.get(f"{{{W}}}id")
    opened(file)


def test_writing_docx_has_tables_with_grid_caption_and_a_header_that_is_repeated():
    file = writing_docx(TABLE, ORIGIN)
    (table,) = opened(file).tables
    (drawn,) = body(file).iterfind(".//w:tbl", NS)

    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Text proposed", "Amendment"],
        ["1. A summary.", "1. A longer summary.\nbelow"],
        ["", "Added\nWords."],
    ]
    assert len(drawn.findall("w:tblGrid/w:gridCol", NS)) == 2
    assert drawn.find("w:tblPr/w:tblCaption", NS).get(f"{{{W}}}val") == "Amendment 1"
    assert [row.find("w:trPr/w:tblHeader", NS) is not None for row in drawn.iterfind("w:tr", NS)] == [
        True,
        False,
        False,
    ]
    assert all(cell.find("w:p", NS) is not None for cell in drawn.iterfind(".//w:tc", NS))
    changed = next(run for run in table.rows[1].cells[0].paragraphs[0].runs if run.text == "summary")
    assert (changed.bold, changed.italic) == (True, True)


@pytest.mark.parametrize(("above", "printed"), [("Amendment 1", 1), ("Another heading", 2)])
def test_writing_docx_prints_a_caption_once_when_it_stands_above_already(above, printed):
    writing = Writing("T", "en", (Heading((Span(above),), 2), *TABLE.blocks))

    paragraphs = [paragraph.text for paragraph in opened(writing_docx(writing, ORIGIN)).paragraphs]

    assert [text for text in paragraphs if text in {"Amendment 1", above}] == [above, "Amendment 1"][:printed]


def test_writing_docx_turns_the_page_for_three_columns():
    three = Writing("T", "en", (type(TABLE.blocks[0])("", ("a", "b", "c"), (((), (), ()),)),))

    assert (
        opened(writing_docx(three, ORIGIN)).sections[0].orientation == docx.enum.section.WD_ORIENT.LANDSCAPE
    )
    assert opened(writing_docx(TABLE, ORIGIN)).sections[0].orientation == docx.enum.section.WD_ORIENT.PORTRAIT


def test_every_style_that_is_used_is_there():
    for file in (
        law_docx(whole(), ORIGIN),
        writing_docx(TABLE, ORIGIN),
        tracked_writing_docx(REDLINE, ORIGIN),
    ):
        used = set(body(file).xpath("//w:pStyle/@w:val | //w:tblStyle/@w:val", namespaces=NS))

        assert used <= set(part(file, "word/styles.xml").xpath("//w:style/@w:styleId", namespaces=NS))
