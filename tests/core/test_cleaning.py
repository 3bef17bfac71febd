import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.cleaning import TAGS, clean_line, clean_text, markdown_to_html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](data:text/html,x)",
        "![picture](http://example.org/pixel.png)",
        '<a href="http://example.org" style="x" onclick="y">z</a>',
        "<svg><script>alert(1)</script></svg>",
        "<link rel=attachment href=file:///etc/passwd>",
        "<style>@import url(http://example.org)</style>",
        "<iframe src=//example.org></iframe>",
    ],
)
def test_markdown_hostile_input_becomes_text_or_nothing(hostile):
    html = str(markdown_to_html(hostile))

    assert set(re.findall(r"<([a-z0-9]+)", html)) <= {"p", "a"}
    assert not re.search(r"<[^>]*(?:javascript:|data:|on\w+=|style=|src=)", html)


def test_markdown_headings_go_below_those_of_the_page():
    assert str(markdown_to_html("# One\n\n###### Six")) == "<h2>One</h2>\n<h4>Six</h4>\n"


def test_markdown_table_and_list_are_kept():
    html = str(markdown_to_html("- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |"))

    assert "<li>a</li>" in html
    assert "<th>x</th>" in html


def test_markdown_link_is_kept_with_safe_rel():
    html = str(markdown_to_html("[law](https://example.org/law)"))

    assert '<a href="https://example.org/law" rel="noopener nofollow ugc">law</a>' in html


@given(st.text(max_size=300))
def test_markdown_never_gives_an_element_outside_the_list(text):
    html = str(markdown_to_html(text))

    assert {tag.lower() for tag in re.findall(r"</?([a-zA-Z][a-zA-Z0-9]*)", html)} <= TAGS


@given(st.text())
def test_clean_text_twice_is_once(text):
    once = clean_text(text)

    assert clean_text(once) == once


def test_clean_text_drops_control_and_direction_marks_and_folds_line_ends():
    assert clean_text("a\r\nb\rc\x07\u202e\u2066d\ttab") == "a\nb\ncd\ttab"


def test_clean_line_is_one_line():
    assert clean_line("  Ada \n\t Lovelace ") == "Ada Lovelace"
