"""Text that somebody wrote to harm: it keeps nobody busy, breaks no document, and stays text."""

import re
import time
from html.parser import HTMLParser
from importlib import import_module

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from campaign.consultations.checks.wording import _mails
from campaign.consultations.evidence import html_with_marks
from campaign.consultations.importer.pasted import build, read_lines
from campaign.consultations.importer.questions import QUESTION_NUMBER
from campaign.consultations.pieces import escaped, known_marks_in, loose_marks_in
from campaign.consultations.printed.data import safe_markdown
from campaign.consultations.printed.notes import FootNotes, ListedNotes, WordNotes
from campaign.core.plain import plain_text
from tests.consultations.filing_sample import STATUTE, STUDY

# --- Patterns ---------------------------------------------------------------------------

READERS = (
    "campaign.consultations.checks.wording",
    "campaign.consultations.deadlines",
    "campaign.consultations.evidence",
    "campaign.consultations.files",
    "campaign.consultations.importer.lists",
    "campaign.consultations.importer.pasted",
    "campaign.consultations.importer.questions",
    "campaign.consultations.pieces",
    "campaign.consultations.printed.data",
    "campaign.consultations.printed.markdown",
    "campaign.consultations.printed.notes",
    "campaign.core.cleaning",
    "campaign.core.plain",
)
PATTERNS = {
    (pattern.pattern, pattern.flags): pattern
    for name in READERS
    for pattern in vars(import_module(name)).values()
    if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str)
}
UNITS = (
    *"a1 \n\t[]()<>`\\@.-+!#|;~_",
    *("[[", "[[ ", "[[a", "[^", "[^a", "a@", "@a.", "a.", "1 1", "111 ", "111.", "+1 ", "00-0- ", "0 0-"),
    *("a;", "; ", ";a ", "<a ", '<a href="">', '<a href=""', "![", "\ue0001", "\u00a0", "\u3000", "http://", "1. "),
)  # fmt: skip
ENDS = [("", ""), ("[[", "x"), ("1", "x"), ("a", "\u20ac"), ("\n", "-a")]
SHORT, LONG = 3_000, 30_000


def seconds(act, *args):
    """Time of the processor: others work on the same machine."""
    begun = time.process_time()
    act(*args)
    return time.process_time() - begun


def look_for(pattern, text):
    for _match in pattern.finditer(text):
        pass
    pattern.fullmatch(text)


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=lambda pattern: pattern.pattern[:30])
def test_pattern_takes_ten_times_as_long_for_ten_times_as_much(pattern):
    for unit in UNITS:
        for before, behind in ENDS:
            short, long = (before + unit * (size // len(unit)) + behind for size in (SHORT, LONG))

            # With the square of the length it would be a hundred times.
            assert any(
                seconds(look_for, pattern, long) < 40 * max(seconds(look_for, pattern, short), 0.002)
                for _turn in range(3)
            ), (unit, before, behind)


@pytest.mark.parametrize(
    "act",
    [
        lambda text: loose_marks_in(text) + known_marks_in(text),
        escaped,
        lambda text: list(_mails(text)),
        lambda text: build(read_lines(f"1. What?\n{text}")),
        lambda text: build(read_lines(f"1. What? ({text})")),
        plain_text,
    ],
    ids=["pieces", "escaped", "mails", "pasted", "pasted in a question", "plain"],
)
@pytest.mark.parametrize("unit", ["[[ ", " ", "111 ", "1", "a", "a@", "[^", "\n", "max 111 "])
def test_reader_of_hostile_text_is_done_at_once(act, unit):
    text = "[[" + unit * (20_000 // len(unit)) + "x"

    assert seconds(act, text) < 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to anna.b+c@mail.office.example.", ["anna.b+c@mail.office.example"]),
        ("a@b and @c.de and d@ e.fr", []),
        ("x@y.eu,z@y.eu", ["x@y.eu", "z@y.eu"]),
    ],
)
def test_mail_addresses_are_found(text, found):
    assert list(_mails(text)) == found


def test_piece_may_have_spaces_inside_its_brackets():
    assert known_marks_in("[[ signatures ]] [[  signatures  by country ]]") == [
        "[[ signatures ]]",
        "[[  signatures  by country ]]",
    ]


@pytest.mark.parametrize(
    ("number", "is_one"),
    [("1", True), ("A.1", True), ("2(b)", True), ("é", True)]
    + [(bad, False) for bad in ["..", ".", "-1", "(a)", "_", "", "1" * 17, "1/2"]],
)
def test_number_of_a_question_begins_with_a_letter_or_digit(number, is_one):
    assert bool(QUESTION_NUMBER.fullmatch(number)) is is_one


# --- Signs that are ours ----------------------------------------------------------------

FORGED = [
    "&#xE000;99&#xE001;",
    "&#57344;99&#57345;",
    "\ue00099\ue001",
    "&#xE000;0&#xE001;",
    f"&#xe000;{'9' * 5_000}&#xe001;",
]


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("notes", [FootNotes, WordNotes, ListedNotes])
def test_signs_typed_as_numbers_of_characters_cite_nothing(notes, forged):
    taken = notes([STUDY, STATUTE])

    html = taken.html(f"Before {forged} and `{forged}` and [{forged}](https://a.example/{forged}).")

    assert [body for body in taken.bodies if STUDY["title"] in body or STATUTE["title"] in body] == []
    assert "\ue000" not in html
    assert "\ue001" not in html


def test_mark_beside_a_forged_one_is_the_only_note():
    html = html_with_marks("&#xE000;0&#xE001; said[^study] and [^unknown]", {"study": 1}.get)

    assert html == "<p>0 said\ue0001\ue001 and [^unknown]</p>\n"


def test_address_that_looks_like_a_mark_stays_as_typed():
    address = "https://a.example/%EE%80%800%EE%80%81"

    assert f'href="{address}"' in html_with_marks(f"[words]({address})", {}.get)


# --- Markdown that others render --------------------------------------------------------

LET_THROUGH = MarkdownIt("commonmark", {"html": True}).enable("table")
AS_TEXT = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
HTML = ["<b>", "<img src=x onerror=alert(1)>", "<a `b>", "<!--", "-->", "<?", "</p>", "<script>", "&lt;"]
BLOCKS = [
    "\n",
    "\n\n",
    "    ",
    "\t",
    "> ",
    "- ",
    "1. ",
    "# ",
    "===\n",
    "---\n",
    "```",
    "~~~",
    "| a |\n",
    "|---|\n",
]
SPANS = [
    "`",
    "``",
    "\\",
    "\\\\",
    "[",
    "](",
    ")",
    "[x](y)",
    "![",
    "[f]: <",
    "<https://a.example>",
    "<a@b.example>",
]
WORDS = ["*", "|", "x", "word", " ", "  \n", "'", '"']
BITS = st.sampled_from([*HTML, *BLOCKS, *SPANS, *WORDS])


class Elements(HTMLParser):
    """The elements of HTML, each with the attributes that Markdown does not give it."""

    given = frozenset({"href", "title", "start", "class", "style"})

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append(("h" if tag in HEADINGS else tag, dict(attrs).keys() - self.given))

    def handle_comment(self, data):
        self.found.append(("!", data))

    handle_decl = handle_pi = unknown_decl = handle_comment


def elements(parser, markdown):
    return Elements(parser.render(markdown)).found


@given(st.lists(BITS, max_size=24).map("".join))
@example("\\`<img src=x onerror=alert(1)>`")
@example("`foo\nbar` <script>alert(1)</script> `")
@example("[x](<a `b>) `<img src=x>`")
@example("[a](x`y) <img src=x> `")
@example("[foo]: <a b>\n    <img src=x>")
@example("- foo\n  ---\n  ```\n<script>")
@example("```\n<b>")
@example("\t<b>")
def test_markdown_gives_no_element_that_its_source_has_not(text):
    made = safe_markdown(text)
    quoted = "\n".join(f"> {line}".rstrip() for line in made.split("\n"))

    plain = {tag for tag, _attributes in elements(AS_TEXT, text)} | {"p", "br"}
    assert {tag for tag, _attributes in elements(LET_THROUGH, made)} <= plain
    assert {tag for tag, _attributes in elements(LET_THROUGH, quoted)} <= plain | {"blockquote"}
    assert all(not attributes for _tag, attributes in elements(LET_THROUGH, made))
    assert LET_THROUGH.render(f"{made}\n\n<b>").endswith("<b>")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\\`<b>`", r"\`\<b>`"),
        ("`a\n<b>` <b>", "`a\n<b>` \\<b>"),
        ("| a |\n| - |\n| `<b>` <b> |", "| a |\n| - |\n| `<b>` \\<b> |"),
        ("> Top `<b>`\n> ---\n> more", "> ##### Top `<b>`\n> \n> more"),
        ("write <office@a.example>", "write <office@a.example>"),
        ("a\\\\<b>", r"a\\\<b>"),
        ("```\nopen", "```\nopen\n```"),
        ("- ```\n  <b>", "- ```\n  <b>"),
    ],
)
def test_markdown_stays_what_it_is(typed, shown):
    assert safe_markdown(typed) == shown
