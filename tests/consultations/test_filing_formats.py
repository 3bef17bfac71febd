"""A filing in each of its formats: the same content, in the manner of each."""

import csv
import io
import json
import re
from datetime import UTC, datetime

import docx
import pikepdf
import pytest
from django.utils import translation
from lxml import etree

from campaign.consultations.documents import (
    build_bundle,
    build_csv,
    build_filing,
    build_json,
    build_markdown,
    build_plain_word,
    build_text,
    build_word,
    draw_filing,
    draw_submission,
    may_cancel_filing_document,
    without_tables,
)
from campaign.consultations.printed.content import filed_texts, month_chart, month_rows
from campaign.consultations.printed.covers import PAPER, READABLE, contrast, cover_of, darkened
from campaign.consultations.printed.data import countries_csv, plain_markdown, safe_markdown
from campaign.consultations.printed.kinds import FILING_KINDS
from campaign.consultations.printed.notes import FootNotes, ListedNotes, PageNotes, WordNotes
from campaign.core.cells import FORMULA_SIGNS
from campaign.core.cleaning import markdown_to_html
from campaign.documents.archives import read_archive
from campaign.documents.builders import builder_for, media_type_of
from campaign.documents.checking import check_file
from campaign.documents.formats import CSV, DOCX, JSON, MARKDOWN, ODT, PDF, TEXT
from campaign.documents.making import make_file
from campaign.organizations.logos import digest_in, keep_logo
from tests.consultations.filing_sample import (
    ANSWER,
    IN_PART,
    STATUTE,
    STUDY,
    fixed,
    own_part,
    question,
    submission,
)
from tests.tools.verapdf import validate

pytestmark = pytest.mark.django_db

TEXTS = {MARKDOWN: build_markdown, TEXT: build_text, JSON: build_json, CSV: build_csv}


def built(build, record=None, locale="en"):
    with translation.override(locale):
        return build(record or fixed(), locale)


def made(build, media_type, record=None, locale="en"):
    record = record or fixed(locale=locale)
    content = make_file(
        source=built(build, record, locale), media_type=media_type, frozen_text=record, locale=locale
    ).content
    check_file(media_type=media_type, content=content)
    return content


# --- All of them ----------------------------------------------------------------------


def test_every_format_has_a_builder_of_its_media_type():
    assert {kind: media_type_of(kind) for kind in FILING_KINDS} == FILING_KINDS


@pytest.mark.parametrize(
    "kind", [kind for kind, media in FILING_KINDS.items() if media not in {PDF, "application/zip"}]
)
def test_every_format_passes_its_check_and_is_the_same_twice(kind):
    record, media_type = fixed(), FILING_KINDS[kind]

    assert made(builder_for(kind), media_type, record) == made(builder_for(kind), media_type, record)


def test_bundle_is_of_all_other_formats():
    assert built(build_bundle).kinds == tuple(kind for kind in FILING_KINDS if not kind.endswith(".zip"))


def test_a_filing_from_before_evidence_covers_and_months_can_still_be_built():
    old = submission()
    del old["evidence"], old["cover"]
    for each in old["sections"][0]["questions"]:
        del each["own_parts"]
    record = fixed(
        text=old,
        record={"signatures": {"petition": "p", "url": "", "counted_at": "", "total": 6, "countries": []}},
    )

    for build in (
        build_filing,
        build_word,
        build_plain_word,
        build_markdown,
        build_text,
        build_json,
        build_csv,
    ):
        assert built(build, record)


# --- PDF ----------------------------------------------------------------------------


def test_pdf_has_notes_evidence_own_parts_and_charts():
    html = built(build_filing).html

    notes = re.findall(r'<span class="footnote">(.*?)</span>', html)
    assert notes == [
        "A. Author: Deadlines in practice, May 2024. https://study.example/deadlines",
        "https://law.example/acts?x=1&amp;y=2",
        "Statute 12/2019.",
        "Deadlines in practice, as in note 1.",
        "Statute 12/2019, as in note 3.",
    ]
    assert html.index("Archives, too") > html.index("Archive Guild") > html.index("three things")
    assert STUDY["archive_digest"] in html
    assert html.count("<svg") == html.count("<title>Signatures by") == 2


def test_pdf_holds_the_data_and_lists_it():
    record = fixed()
    content = made(build_filing, PDF, record)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        names = list(pdf.attachments)
        data = json.loads(pdf.attachments["filing.json"].get_file().read_bytes())
    assert names == ["answers.csv", "countries.csv", "filing.json"]
    assert (data["record"]["digest"], data["submission"]["payload"]["evidence"][0]["key"]) == (
        record.digest,
        "study",
    )


@pytest.mark.skipif(
    bool(validate.missing()), reason=f"{validate.missing()}; see tests/tools/verapdf/validate.py"
)
def test_pdf_conforms_to_both_standards_with_each_cover(tmp_path):
    files = []
    for design, color in (("plain", ""), ("band", "#ffd54a"), ("letter", "#1f9e8a")):
        file = tmp_path / f"{design}.pdf"
        file.write_bytes(made(build_filing, PDF, fixed(cover={"design": design, "color": color})))
        files.append(file)

    outcome = validate.validate(*files)

    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize(
    ("design", "sign"), [("plain", "<dl>"), ("band", "band-area"), ("letter", "letterhead")]
)
def test_pdf_has_the_cover_that_was_frozen(design, sign):
    html = built(build_filing, fixed(cover={"design": design, "color": "#aa3300"})).html

    cover = html.partition('<header class="cover')[2].partition("</header>")[0]
    assert sign in cover


@pytest.mark.parametrize(
    "color", ["#ffffff", "#000000", "#777777", "#ffd54a", "#c8321e", "#00ff00", "#8a2be2"]
)
def test_text_of_covers_can_be_read_on_any_color(color):
    cover = cover_of({"cover": {"design": "band", "color": color}})

    assert contrast(cover.on_color, cover.color) >= READABLE
    assert contrast(cover.on_paper, PAPER) >= READABLE


def test_contrast_of_black_and_white_is_21_and_dark_colors_stay():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert darkened("#8a1c0f") == "#8a1c0f"


@pytest.mark.parametrize("color", ["", "red", "#12", "#12345g", "url(x)", "#123456;}body{display:none", None])
def test_cover_with_what_is_no_color_is_in_ink(color):
    assert cover_of({"cover": {"design": "shiny", "color": color}}).color == "#000000"
    assert cover_of({"cover": {"design": "shiny", "color": color}}).design == "plain"


def test_months_without_signatures_stand_between_the_others():
    rows = month_rows(
        {
            "months": [
                {"month": "2026-11", "total": 6},
                {"month": "2027-02", "total": 9},
                {"month": "", "total": 7},
            ]
        }
    )

    assert [bar.value for bar in month_chart(rows).bars] == [6, 0, 0, 9]
    assert [row["name"] for row in rows] == ["November 2026", "February 2027", "Other months"]


# --- Notes ----------------------------------------------------------------------------


def test_mark_without_a_source_stays_and_escaped_ones_are_none():
    html = FootNotes([STUDY]).html(r"One[^gone], two\[^study], three[^study].")

    assert "One[^gone], two[^study], three<span" in html


def test_notes_of_hostile_sources_are_text():
    hostile = {**STATUTE, "title": "<script>x</script>", "author": '"><img src=x>'}

    html = FootNotes([hostile]).html("a[^statute]")

    assert "<script" not in html
    assert "<img" not in html


def test_address_that_is_shown_already_gets_no_note():
    assert "footnote" not in FootNotes([]).html("<https://a.example/b> and [a@b.example](mailto:a@b.example)")


def test_private_marks_typed_by_people_place_no_note():
    notes = WordNotes([STUDY])

    assert "noteref" not in notes.html("a\ue0000\ue001")
    assert notes.bodies == []


def test_listed_notes_show_no_links():
    notes = ListedNotes([STUDY])

    html = notes.html("See [the law](https://law.example/)[^study].")

    assert html == "<p>See the law [1] [2].</p>\n"
    assert notes.bodies[0] == "https://law.example/"


# --- Word processors ------------------------------------------------------------------


def test_docx_has_headings_questions_own_parts_and_real_footnotes():
    content = made(build_word, DOCX)

    document = docx.Document(io.BytesIO(content))
    by_style = [(row.style.name, row.text) for row in document.paragraphs]
    notes = etree.fromstring(read_archive(content)["word/footnotes.xml"])
    words = ["".join(note.itertext()).strip() for note in notes.iter("{*}footnote")]
    assert ("Heading 2", "Question 1") in by_style
    assert ("Heading 3", "Archive Guild") in by_style
    assert ("Question", "What should be done?") in by_style
    assert len(document.tables) == 3
    assert [word for word in words if word][:2] == [
        "A. Author: Deadlines in practice, May 2024. https://study.example/deadlines",
        "https://law.example/acts?x=1&y=2",
    ]


def test_plain_docx_has_neither_footnotes_nor_tables_nor_pictures_nor_links():
    content = made(build_plain_word, DOCX)

    parts = read_archive(content)
    document = docx.Document(io.BytesIO(content))
    lines = [row.text for row in document.paragraphs]
    assert b"footnoteReference" not in parts["word/document.xml"]
    assert b"hyperlink" not in parts["word/document.xml"]
    assert [name for name in parts if name.startswith("word/media/")] == []
    assert document.tables == []
    assert "Year; Requests" in lines
    assert "We ask for three things [1]:" in lines
    assert (
        lines[lines.index("Notes") + 1]
        == "A. Author: Deadlines in practice, May 2024. https://study.example/deadlines"
    )


def test_without_tables_keeps_every_cell():
    head = '<table>\n<thead>\n<tr>\n<th>a</th>\n<th style="x">b</th>\n</tr>\n</thead>\n'
    table = f"{head}<tbody><tr><td>1</td><td>2</td></tr></tbody></table>"

    assert re.sub(r"\s+", "", without_tables(table)) == "<p>a;b</p><p>1;2</p>"


def test_odt_has_the_same_headings_as_docx():
    odt = etree.fromstring(read_archive(made(build_word, ODT))["content.xml"])
    word = docx.Document(io.BytesIO(made(build_word, DOCX)))

    assert ["".join(found.itertext()) for found in odt.iter("{*}h")] == [
        row.text for row in word.paragraphs if row.style.name.startswith("Heading")
    ]


# --- Text, data, tables ---------------------------------------------------------------


def test_text_has_one_block_for_each_box():
    assert built(build_text).text.startswith(
        "A joint answer\n\n\nQuestion 1\n----------\nWe ask for three things[1]:"
    )
    assert "\n\n\nQuestion 2\n----------\nYes\n\n\n" in built(build_text).text
    assert "All answers for one box\n-----------------------\n2. Yes" in built(build_text).text


def test_markdown_has_marks_and_their_sources():
    text = built(build_markdown).text

    assert "[^study]: A. Author: Deadlines in practice, May 2024. https://study.example/deadlines" in text
    assert "> What should be done?\n" in text
    assert "#### Archive Guild\n\nArchives, too[^statute]." in text
    assert "| Germany | 600 |" in text


def test_json_holds_what_the_digests_are_taken_of():
    record = fixed()
    data = json.loads(built(build_json, record).text)

    assert data["record"]["payload"] == record.data
    assert data["submission"]["digest"] == record.data["text"]
    assert sorted(data) == ["record", "submission"]


def test_csv_has_a_row_for_each_answer_and_own_part():
    rows = list(csv.DictReader(io.StringIO(built(build_csv).text.removeprefix("\ufeff"), newline="")))

    assert [(row["number"], row["organization"], row["short_answer"]) for row in rows] == [
        ("1", "", ""),
        ("1", "Archive Guild", ""),
        ("2", "", "Yes"),
    ]
    assert rows[0]["answer"] == ANSWER


def test_csv_of_countries_adds_up():
    rows = list(csv.DictReader(io.StringIO(countries_csv(filed_texts(fixed())).removeprefix("\ufeff"))))

    assert [(row["code"], row["country"], row["signatures"]) for row in rows] == [
        ("DE", "Germany", "600"),
        ("", "", "45"),
    ]


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_csv_is_no_formula_in_any_cell(sign):
    bomb = f"{sign}HYPERLINK(1)"
    hostile = question(bomb, question=bomb, answer=bomb, short_answer=bomb, own_parts=[own_part(bomb, bomb)])
    record = fixed(sections=[{"title": bomb, "questions": [hostile]}], box_text="")

    content = made(build_csv, CSV, record).decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(content, newline="")) for cell in row]
    assert not any(cell.startswith(FORMULA_SIGNS) for cell in cells)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a <script>alert(1)</script>", r"a \<script>alert(1)\</script>"),
        ("<!-- x -->", r"\<!-- x -->"),
        ("![x](https://spy.example/a.png)", r"\![x](https://spy.example/a.png)"),
        ("<https://a.example/>", "<https://a.example/>"),
        ("<javascript:alert(1)>", r"\<javascript:alert(1)>"),
        ("`<b>` and <b>", r"`<b>` and \<b>"),
        ("```\n<b>\n```", "```\n<b>\n```"),
        ("# Top", "#### Top"),
        ("Top\n===", "#### Top"),
        ("1 < 2", "1 < 2"),
        ("a\u202eb", "ab"),
    ],
)
def test_safe_markdown_makes_html_and_pictures_text(typed, shown):
    assert safe_markdown(typed) == shown


# --- Pages, and who may ----------------------------------------------------------------


def test_submission_on_a_page_has_numbers_that_lead_to_its_evidence():
    html = draw_submission(filed_texts(fixed()).text)

    assert '<sup class="note-mark"><a href="#evidence-1">1</a></sup>' in html
    assert 'id="evidence-1"' in html
    assert html.index("Archive Guild") < html.index("Archives, too")
    assert "footnote" not in html


def test_may_cancel_filing_document_is_for_who_leads(django_user_model):
    assert may_cancel_filing_document(fixed(), django_user_model()) is False


# --- Exceptions, files, plain answers, practice, letters ------------------------------
FILE = {"name": "paper.pdf", "byte_size": 8, "digest": "cd" * 32}


@pytest.mark.parametrize(
    "shown",
    [
        lambda record: draw_filing(record),
        lambda record: built(build_markdown, record).text,
        lambda record: built(build_filing, record).html,
        lambda record: built(build_word, record).html,
    ],
    ids=["page", "markdown", "pdf", "word"],
)
def test_support_in_part_is_nowhere_shown_as_a_full_one(shown):
    text = shown(fixed(record={"endorsements": [IN_PART]}))

    assert "In part, except for:" in text
    assert "Question 2" in text.partition("In part, except for:")[2][:80]
    assert "staff has checked" in text
    assert "confirmed by mail on its own domain" not in text


@pytest.mark.parametrize(
    "shown",
    [
        lambda record: draw_submission(filed_texts(record).text),
        lambda record: built(build_markdown, record).text,
        lambda record: built(build_text, record).text,
        lambda record: built(build_csv, record).text,
        lambda record: built(build_filing, record).html,
        lambda record: built(build_word, record).html,
    ],
    ids=["page", "markdown", "text", "csv", "pdf", "word"],
)
def test_file_of_an_answer_is_named_with_its_digest(shown):
    sections = [{"title": "Files", "questions": [question(answer="", upload=FILE)]}]

    text = shown(fixed(sections=sections, box_text=""))

    assert "paper.pdf" in text
    assert FILE["digest"] in text
    assert "Not answered." not in text


PLAIN = "2024. was *bad*\n# no heading\n\n<b>last</b>"


def test_short_answer_is_plain_text_on_pages_and_in_documents():
    sections = [{"title": "One", "questions": [question(answer="", short_answer=PLAIN)]}]
    record = fixed(sections=sections, box_text="")
    plain = "<p>2024. was *bad*<br># no heading</p>\n\n<p>&lt;b&gt;last&lt;/b&gt;</p>"

    for html in (
        draw_submission(filed_texts(record).text),
        built(build_filing, record).html,
        built(build_word, record).html,
    ):
        assert plain in html


def test_short_answer_in_markdown_shows_as_it_is():
    assert markdown_to_html(plain_markdown(PLAIN)) == (
        "<p>2024. was *bad*<br>\n# no heading</p>\n<p>&lt;b&gt;last&lt;/b&gt;</p>\n"
    )


def test_short_own_part_stands_beside_the_full_one_where_it_is_endorsed():
    own = {**own_part("Archive Guild", "In **full**."), "short_answer": "In *short*."}
    sections = [{"title": "One", "questions": [question(own_parts=[own])]}]

    html = draw_submission(filed_texts(fixed(sections=sections)).text)

    assert "<p>In <strong>full</strong>.</p>" in html
    assert "<p>In *short*.</p>" in html


@pytest.mark.parametrize("is_practice", [True, False])
def test_every_text_of_a_practice_filing_says_so(is_practice):
    record = fixed(record={"is_practice": is_practice})

    rows = list(csv.DictReader(io.StringIO(built(build_csv, record).text.removeprefix("\ufeff"))))
    texts = [
        built(build_text, record).text,
        built(build_markdown, record).text,
        built(build_filing, record).html,
        built(build_word, record).html,
    ]
    assert {row["filing"] for row in rows} == {"practice" if is_practice else ""}
    assert {"not addressed to the authority" in text for text in texts} == {is_practice}


def test_cover_is_dated_by_the_authoritys_clock():
    record = fixed(cover={"design": "letter", "color": ""})
    record.frozen_at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)

    for build in (build_filing, build_word):
        cover = built(build, record, "de").html.partition("Question")[0]
        assert "23. November 2026" in cover
        assert "22. November 2026" not in cover


def test_letterhead_has_the_logo_that_the_record_fixed():
    name = keep_logo(b"\x89PNG the logo")
    letter = {"design": "letter", "color": ""}

    with_logo = built(build_filing, fixed(record={"letterhead": digest_in(name)}, cover=letter)).html
    without = built(build_filing, fixed(record={"letterhead": ""}, cover=letter)).html

    assert ("data:image/png" in with_logo, "data:image/png" in without) == (True, False)


@pytest.mark.parametrize("kind", [FootNotes, WordNotes])
def test_note_in_the_words_of_a_link_stands_behind_it(kind):
    notes = kind([STUDY])

    html = notes.html("See [the report[^study]](https://law.example/r) now.")

    assert "study" not in html.partition("</a>")[0]
    assert notes.bodies == [
        "https://law.example/r",
        "A. Author: Deadlines in practice, May 2024. https://study.example/deadlines",
    ]


def test_note_in_the_words_of_a_link_leads_to_the_list_on_a_page():
    html = PageNotes([STUDY]).html("See [the report[^study]](https://law.example/r) now.")

    assert 'the report</a><sup class="note-mark"><a href="#evidence-1">1</a></sup> now.' in html
