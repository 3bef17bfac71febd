import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.plain import plain_text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Do **this** and *that*.", "Do this and that."),
        ("One\ntwo\n\nthree", "One two\n\nthree"),
        ("- a\n- b\n\nc", "– a\n– b\n\nc"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n  1. b", "– a\n  1. b"),
        ("See [the memo](https://example.org/m).", "See the memo (https://example.org/m)."),
        ("<https://example.org/m>", "https://example.org/m"),
        ("# Head\n\ntext", "Head\n\ntext"),
        ("| a | b |\n|---|---|\n| 1 | **2** |", "a | b\n1 | 2"),
        ("`x*y`", "x*y"),
        ("<b>raw</b>", "<b>raw</b>"),
        ("", ""),
    ],
)
def test_plain_text(markdown, text):
    assert plain_text(markdown) == text


def test_plain_text_numbers_its_notes_and_drops_marks_that_have_none():
    assert plain_text("Said so[^a] twice[^b].", notes={"a": 2}) == "Said so[2] twice."


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200))
def test_plain_text_takes_any_text(text):
    assert isinstance(plain_text(text), str)


@given(st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=8), min_size=1, max_size=20))
def test_plain_text_keeps_every_word(words):
    assert plain_text(" ".join(words)).split() == words
