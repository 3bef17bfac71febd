"""Comparisons on pages, and single files to keep."""

import re
from html.parser import HTMLParser

import pytest
from lxml import html

from campaign.regulations.blocks import Heading, Mark, Table, Writing
from campaign.regulations.exports.html import law_html_file, writing_html, writing_html_file
from tests.factories.regulations import unit
from tests.regulations.exports.samples import ORIGIN, REDLINE, TABLE, line, payload, span, whole

HOSTILE = '<script>alert(1)</script> "x" & <b>'


class Nesting(HTMLParser):
    void = {"meta", "br", "img"}

    def __init__(self):
        super().__init__()
        self.stack = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.void:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag


def assert_well_formed(page):
    parser = Nesting()
    parser.feed(page)
    assert parser.stack == []


def drawn(writing, **more):
    page = writing_html(writing, **more)
    assert_well_formed(page)
    return html.fromstring(page)


def heard(element):
    """What a screen reader says of an element."""
    return " ".join("".join(element.itertext()).split())


def test_writing_html_tells_where_a_change_begins_and_ends():
    page = drawn(REDLINE)

    (inserted,) = page.xpath("//h3/ins")
    (removed,) = page.xpath("//h3/del")

    assert heard(inserted) == "[Added: Scope]"
    assert heard(removed) == "[Removed: Subject]"
    assert inserted[0].get("class") == "visually-hidden"


def test_writing_html_puts_headings_below_its_title():
    page = drawn(REDLINE, heading_level=4)

    assert [heading.tag for heading in page.xpath("//h1|//h2|//h3|//h4|//h5")] == ["h4", "h5"]
    assert drawn(REDLINE, with_title=False).xpath("//h2") == []


def test_writing_html_leaves_out_no_level_of_headings():
    deep = Writing("T", "en", tuple(Heading((span("x"),), level) for level in (3, 1, 3, 4, 2)))

    assert [heading.tag for heading in drawn(deep).find_class("writing__heading")] == [
        "h3",
        "h3",
        "h4",
        "h5",
        "h4",
    ]


def test_writing_html_hangs_short_numbers_only():
    lines = (line(span("x"), number=[span("(viii)")]), line(span("x"), number=[span("second subparagraph")]))

    page = drawn(Writing("T", "en", lines))

    assert [each.get("class") for each in page.iter("p")] == [
        "writing__line writing__line--numbered",
        "writing__line",
    ]


def test_writing_html_says_what_its_marks_mean():
    assert heard(drawn(REDLINE).find_class("writing__about")[-1]) == (
        "How it is marked: [Removed: words that were removed] [Added: words that were added]"
    )


def test_writing_html_tables_have_caption_scope_and_column_names_in_each_cell():
    page = drawn(TABLE)
    (table,) = page.iter("table")

    assert heard(table.find("caption")) == "Amendment 1"
    assert [(cell.get("scope"), cell.text) for cell in table.iter("th")] == [
        ("col", "Text proposed"),
        ("col", "Amendment"),
    ]
    assert [cell.get("data-column") for cell in table.iter("td")] == ["Text proposed", "Amendment"] * 2
    assert [row.get("role") for row in table.iter("tr")] == ["row"] * 3


def test_writing_html_says_that_a_cell_is_empty():
    empty = drawn(TABLE).xpath("//td")[2]

    assert heard(empty) == "Empty"


def test_writing_html_has_language_and_direction():
    page = drawn(Writing("T", "ar", (line(span("x")),)))

    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")


def test_writing_html_escapes_hostile_text_once():
    hostile = (line(span(HOSTILE, Mark.INSERTED), number=[span(HOSTILE)]),)
    writing = Writing(HOSTILE, "en", (*hostile, Table(HOSTILE, (HOSTILE,), ((hostile,),))), (HOSTILE,))

    page = drawn(writing)

    assert page.xpath("//script | //b") == []
    assert page.xpath("//p/span/ins/text()")[0] == HOSTILE


def test_writing_html_turns_line_ends_into_breaks():
    page = drawn(Writing("T", "en", (line(span("one\ntwo")),)))

    assert len(page.xpath("//p/span/br")) == 1


@pytest.mark.parametrize("page", [law_html_file(whole(), ORIGIN), writing_html_file(TABLE, ORIGIN)])
def test_html_files_need_nothing_else(page):
    assert_well_formed(page)
    root = html.fromstring(page)
    assert root.get("lang") == "en"
    assert root.findtext("head/title") in {"Small act, 1.0", "Amendments"}
    assert root.xpath("//script | //link | //img | //iframe | //@src") == []
    assert not re.search(r"url\(|@import", page)
    assert ORIGIN.digest in page
    assert len(root.xpath("//h1")) == 1


def test_law_html_file_escapes_hostile_text():
    root = html.fromstring(law_html_file(payload(unit("a", "article", HOSTILE, heading=HOSTILE)), ORIGIN))

    assert root.xpath("//script | //b") == []


def test_html_files_are_the_same_twice():
    assert law_html_file(whole(), ORIGIN) == law_html_file(whole(), ORIGIN)
