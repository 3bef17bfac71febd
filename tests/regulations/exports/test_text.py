"""Plain text and Markdown."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from campaign.regulations.blocks import Mark, Writing
from campaign.regulations.exports.lines import law_lines
from campaign.regulations.exports.markdown import law_markdown, markdown_escaped, writing_markdown
from campaign.regulations.exports.text import law_plain_text, writing_plain_text
from campaign.regulations.numbered import NumberedText
from tests.factories.regulations import unit
from tests.regulations.exports.samples import DISCLAIMER, ORIGIN, REDLINE, TABLE, line, payload, span, whole


def shown(markdown):
    """The words a reader of Markdown sees, in one line."""
    page = re.sub(r"<[^>]*>", " ", MarkdownIt("commonmark").render(markdown))
    return " ".join(html.unescape(page).split())


def test_law_plain_text_is_the_whole_law():
    text = law_plain_text(whole(), ORIGIN)

    assert text == "\n".join(
        [
            "A text",
            "",
            "THE EUROPEAN PARLIAMENT AND THE COUNCIL OF THE EUROPEAN UNION,",
            "",
            "Having regard to it,",
            "",
            "Whereas:",
            "",
            "(1) A reason.",
            "(2) Another, see Article\u00a01(1), first subparagraph, point\u00a0(a),",
            "",
            "HAVE ADOPTED THIS REGULATION:",
            "",
            "CHAPTER I General",
            "",
            "Article 1 Duty",
            "1. Whatever follows:",
            "  (a) first:",
            "    (i) deep;",
            "      – deeper;",
            "  (b) second.",
            "  It goes on.",
            "2. As in paragraph\u00a01.",
            "",
            "Article 2",
            "The following apply:",
            "(1) ‘model’ means a thing.",
            "",
            "CHAPTER II Changes",
            "",
            "Article 3",
            "Regulation (EU)\u00a02000/1 is amended:",
            "(1) the following is inserted:",
            "",
            "    ‘Article 5a New",
            "    1. Words.",
            "    2. Words.’;",
            "(2) the words are replaced by:",
            "    ‘other words’.",
            "",
            "This Regulation shall be binding in its entirety and directly applicable in all Member States.",
            "Done at …,",
            "For the European Parliament",
            "The President",
            "For the Council",
            "The President",
            "",
            "ANNEX List",
            "Words of the annex.",
            "(a) listed.",
            "",
            "--",
            "Small act, 1.0",
            DISCLAIMER,
            ORIGIN.address,
            f"SHA-256 {ORIGIN.digest}",
            "",
        ]
    )


def test_law_markdown_shows_the_words_of_the_law_in_their_order():
    lines = law_lines(NumberedText.of_payload(whole()))

    page = shown(law_markdown(whole(), ORIGIN))

    assert page.startswith(" ".join(" ".join(line.words for line in lines).split()))


def test_law_markdown_nests_points_and_quotes():
    page = MarkdownIt("commonmark").render(law_markdown(whole(), ORIGIN))

    assert "<h3>Article 1 Duty</h3>" in page
    assert re.search(r"<li>\s*<p>\(i\) deep;</p>\s*<ul>\s*<li>– deeper;</li>", page)
    assert re.search(
        r"<blockquote>\s*<h4>‘Article 5a New</h4>\s*<p>1\. Words\.</p>\s*<p>2\. Words\.’;</p>\s*</blockquote>",
        page,
    )
    assert "<pre>" not in page


@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=40))
def test_escaped_text_is_shown_as_it_is(said):
    assert shown(f"x {markdown_escaped(said)} y") == " ".join(f"x {markdown_plain(said)} y".split())
    assert shown(markdown_escaped(said.strip())) == " ".join(markdown_plain(said).split())


def markdown_plain(said):
    """What is left of a text that is cleaned for files."""
    from campaign.regulations.exports.origin import file_text

    return file_text(said)


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "# no heading", "1. no list", "- no", "[x](y)", "a|b", "***"]
)
def test_law_markdown_keeps_hostile_text_plain(hostile):
    page = MarkdownIt("commonmark").render(law_markdown(payload(unit("a", "article", hostile)), ORIGIN))

    assert f"<p>{html.escape(hostile)}</p>" in page


def test_writing_plain_text_says_what_its_signs_mean():
    assert writing_plain_text(REDLINE, ORIGIN).split("\n")[:11] == [
        "From 1.0 to 1.1",
        "Editions 1.0 and 1.1 are compared.",
        "How it is marked: [-words that were removed-] [+words that were added+]",
        "",
        "Article 1 [-Subject-][+Scope+]",
        "1. It lays [-out-][+down+] rules. (moved from Article 3)",
        "  [+(a)+] [+new;+]",
        "  [-(b)-] [-gone;-]",
        "Place",
        "",
        "--",
    ]


def test_writing_plain_text_gives_tables_row_by_row():
    assert writing_plain_text(TABLE, ORIGIN).split("\n")[3:17] == [
        "Amendment 1",
        "",
        "[1]",
        "Text proposed:",
        "  1. A *summary*.",
        "Amendment:",
        "  1. A *longer summary*.",
        "    _below_",
        "",
        "[2]",
        "Text proposed:",
        "  –",
        "Amendment:",
        "  (Added)",
    ]


def test_note_that_brings_its_brackets_gets_no_others():
    note = Writing("T", "ko", (line(span("(현행과 같음)", Mark.NOTE)),))

    assert "\n(현행과 같음)\n" in writing_plain_text(note, ORIGIN)


def test_writing_markdown_marks_with_elements_and_draws_tables():
    redline, table = writing_markdown(REDLINE, ORIGIN), writing_markdown(TABLE, ORIGIN)

    assert "## Article 1 <del>Subject</del><ins>Scope</ins>" in redline
    assert "1\\. It lays <del>out</del><ins>down</ins> rules. <i>moved from Article 3</i>" in redline
    assert "| 1\\. A <b><i>summary</i></b>. | 1\\. A <b><i>longer summary</i></b>.<br><u>below</u> |" in table


@pytest.mark.parametrize("write", [writing_markdown, writing_plain_text])
def test_writing_text_gives_the_same_twice(write):
    assert write(TABLE, ORIGIN) == write(TABLE, ORIGIN)
