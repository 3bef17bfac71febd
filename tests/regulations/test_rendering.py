import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from campaign.documents.canonical import canonical_json
from campaign.regulations.numbered import NumberedText
from campaign.regulations.printing import numbered_text
from campaign.regulations.rendering import contents_entries, provision_rows, render_law_html
from tests.factories.regulations import ACT, text, unit

HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(1)> "quoted" & <b>'


def payload(*provisions, **more):
    return {"law": numbered_text(text(*provisions, **more)).as_data()}


def small():
    new = unit("new", "article", "", unit("new-1", "paragraph"), fixed_number="5a", heading="New")
    quoted = unit("quoted", "quoted", "", new, act=ACT)
    return payload(
        unit("cit", "citation", "Having regard to it,"),
        unit("rec", "recital", "A reason,"),
        unit(
            "a", "article", "Words:", unit("p", "point", "one;"), unit("q", "point", "two."), heading="First"
        ),
        unit("b", "article", "Words:", unit("m", "amending-point", "the following is inserted:", quoted)),
        unit("x", "annex", heading="List"),
    )


class Outline(HTMLParser):
    """Open elements at each id, and whether all are closed."""

    def __init__(self):
        super().__init__()
        self.stack, self.at, self.void = [], {}, {"br", "img"}

    def handle_starttag(self, tag, attrs):
        self.stack.append(tag)
        found = dict(attrs).get("id")
        if found:
            self.at[found] = list(self.stack)
        if tag in self.void:
            self.stack.pop()

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag


def outline(html):
    parser = Outline()
    parser.feed(html)
    assert parser.stack == []
    return parser.at


def test_render_law_html_is_well_formed_and_every_provision_has_its_anchor():
    at = outline(render_law_html(small()))

    assert set(at) == {"cit", "rec", "a", "p", "q", "b", "m", "quoted", "new", "new-1", "x"}
    assert at["rec"] == ["article", "ol", "li"]
    assert at["q"] == ["article", "section", "ol", "li"]
    assert at["new"] == ["article", "section", "ol", "li", "blockquote", "section"]


def test_render_law_html_sets_headings_below_each_other():
    html = render_law_html(small(), heading_level=3)

    assert "<h3>A text</h3>" in html
    assert '<h4><span class="law-number">Article 1</span> <span class="law-heading">First</span></h4>' in html
    assert '<h5><span class="law-number">‘Article 5a</span> <span class="law-heading">New</span></h5>' in html


def test_render_law_html_says_the_language_and_the_layout():
    assert '<article class="law law-eu" lang="en">' in render_law_html(small())


def test_render_law_html_parts_the_anchors_of_two_laws():
    linked = payload(unit("a", "article", "See [[ref:b]]."), unit("b", "article"))

    html = render_law_html(linked, id_prefix="annex-1-")

    assert set(outline(html)) == {"annex-1-a", "annex-1-b"}
    assert '<a class="law-ref" href="#annex-1-b">Article\u00a02</a>' in html


def test_render_law_html_with_permalinks_names_each_provision():
    html = render_law_html(payload(unit("a", "article", "", unit("p", "paragraph"))), permalinks=True)

    assert '<a class="law-anchor" href="#p" aria-label="Link to Article 1(1)">#</a>' in html
    assert "law-anchor" not in render_law_html(payload(unit("a", "article")))


def test_render_law_html_for_print_has_plain_words_only():
    html = render_law_html(
        payload(unit("a", "article", "See [[ref:b]] now."), unit("b", "article")), for_print=True
    )

    assert "<p>See Article\u00a02 now.</p>" in html


@pytest.mark.parametrize("for_print", [True, False])
def test_render_law_html_escapes_hostile_text(for_print):
    hostile = unit("a", "article", HOSTILE, unit("d", "definition", HOSTILE, term=HOSTILE), heading=HOSTILE)

    html = render_law_html(payload(hostile), for_print=for_print)

    outline(html)
    for markup in ("<script", "<img", "<b>"):
        assert markup not in html
    assert html.count("&lt;script&gt;") == 4


def test_payload_is_canonical_and_reads_back():
    data = json.loads(canonical_json(small()))

    assert NumberedText.of_payload(data).as_data() == small()["law"]


def test_provision_rows_and_contents():
    rows = provision_rows(small())
    contents = contents_entries(small())

    assert [(row.depth, row.key) for row in rows if row.depth > 2] == [(3, "new"), (4, "new-1")]
    assert [row.citation for row in rows if row.key == "new-1"] == [f"Article 5a(1) of {ACT}"]
    assert [(entry.key, [below.key for below in entry.entries]) for entry in contents] == [
        ("a", []),
        ("new", []),
        ("x", []),
    ]


def test_contents_leave_out_headings_that_run_into_their_text():
    paragraph = unit("p", "paragraph", heading="In general")
    bill = replace(text(unit("a", "article", "", paragraph, heading="Scope")), tradition="us-bill")

    contents = contents_entries({"law": numbered_text(bill).as_data()})

    assert [(entry.key, entry.entries) for entry in contents] == [("a", [])]


def test_contents_put_articles_below_their_chapter():
    article = unit("a", "article", heading="Scope")

    contents = contents_entries(payload(unit("c", "chapter", "", article, heading="General")))

    assert [(entry.number, [below.number for below in entry.entries]) for entry in contents] == [
        ("CHAPTER I", ["Article 1"])
    ]
