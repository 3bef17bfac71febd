"""Which words were kept: exact for every pair of texts, whole words only, and never for long."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.documents import words
from campaign.documents.words import common_places, likeness, word_changes, word_weights

TEXTS = st.one_of(
    st.text(),
    st.text(alphabet="ab .\n’1,"),
    st.lists(st.sampled_from(["the ", "model ", "shall. ", "24", " months\n", "모델을", "条", "’s "])).map(
        "".join
    ),
)


def before(pieces):
    return "".join(text for op, text in pieces if op != "ins")


def after(pieces):
    return "".join(text for op, text in pieces if op != "del")


@given(TEXTS, TEXTS)
def test_word_changes_hold_both_texts_exactly(old, new):
    pieces = word_changes(old, new)

    assert (before(pieces), after(pieces)) == (old, new)


@given(TEXTS, TEXTS)
def test_word_changes_have_no_empty_piece_and_no_two_of_a_kind_in_a_row(old, new):
    ops = [op for op, text in word_changes(old, new) if text]

    assert len(ops) == len(word_changes(old, new))
    assert all(one != other for one, other in pairwise(ops))


@given(TEXTS, TEXTS)
def test_word_changes_by_sentences_hold_both_texts_exactly(old, new):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "MAX_PAIRS", 6)
        pieces = word_changes(old, new)

    assert (before(pieces), after(pieces)) == (old, new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ()),
        ("The same.", "The same.", (("keep", "The same."),)),
        ("", "All of it.", (("ins", "All of it."),)),
        ("All of it.", "", (("del", "All of it."),)),
        (
            "within 24 months of it",
            "within 36 months of it",
            (("keep", "within "), ("del", "24"), ("ins", "36"), ("keep", " months of it")),
        ),
        ("a model", "a covered model", (("keep", "a "), ("ins", "covered "), ("keep", "model"))),
        # A space alone between two changes belongs to them.
        (
            "Every model shall be returned.",
            "Each system must be returned.",
            (("del", "Every model shall"), ("ins", "Each system must"), ("keep", " be returned.")),
        ),
        # Korean and Chinese by character.
        ("모델을 반환", "모델은 반환", (("keep", "모델"), ("del", "을"), ("ins", "은"), ("keep", " 반환"))),
        ("第三条", "第四条", (("keep", "第"), ("del", "三"), ("ins", "四"), ("keep", "条"))),
        # Vowel signs stay with their letters, numbers with their points.
        ("पहले हिन्दी में", "पहले हिन्दी मे", (("keep", "पहले हिन्दी "), ("del", "में"), ("ins", "मे"))),
        ("of 1,250.5 t", "of 1,250 t", (("keep", "of "), ("del", "1,250.5"), ("ins", "1,250"), ("keep", " t"))),
    ],
)  # fmt: skip
def test_word_changes_are_those_a_reader_would_mark(old, new, expected):
    assert word_changes(old, new) == expected


def test_word_changes_above_the_limit_keep_whole_sentences(monkeypatch):
    monkeypatch.setattr(words, "MAX_PAIRS", 9)

    pieces = word_changes("A b c d e. It is the same. F.", "G h c i j. It is the same. K.")

    assert pieces == (
        ("del", "A b c d e"), ("ins", "G h c i j"), ("keep", ". It is the same. "), ("del", "F"), ("ins", "K"), ("keep", "."),
    )  # fmt: skip


HOSTILE = {
    "rewritten": ("old " * 20_000, "new " * 20_000),
    "no sentence": (
        " ".join(f"a{n}" for n in range(20_000)),
        " ".join(f"b{n} a{n}" for n in range(0, 20_000, 2)),
    ),
    "one word": ("a " * 20_000, "b" + " a" * 19_000 + "c"),
    "points and digits": ("1." * 40_000 + "a", "1." * 40_000 + "b"),
    "signs": (". " * 20_000, "! . " * 10_000),
    "reversed": (
        " ".join(str(n) for n in range(20_000)),
        " ".join(str(n) for n in reversed(range(20_000))),
    ),
    "characters": ("模" * 10_000 + "型" * 10_000, "型" * 10_000 + "模" * 10_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_word_changes_of_twenty_thousand_words_take_no_more_than_two_seconds(name):
    old, new = HOSTILE[name]
    start = time.perf_counter()

    pieces = word_changes(old, new)

    assert time.perf_counter() - start < 2  # some hundredths on a free machine
    assert (before(pieces), after(pieces)) == (old, new)


@given(st.lists(st.integers(0, 4)), st.lists(st.integers(0, 4)))
def test_common_places_are_as_many_as_there_can_be(old, new):
    places = common_places(old, new)

    assert [old[i] for i, _ in places] == [new[j] for _, j in places]
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(places))
    assert len(places) == longest(old, new)


def longest(old, new):
    """The textbook's table."""
    row = [0] * (len(new) + 1)
    for item in old:
        above, row = row, [0]
        for j, other in enumerate(new):
            row.append(above[j] + 1 if item == other else max(above[j + 1], row[j]))
    return row[-1]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [("one two", "two  one", 1.0), ("one", "six", 0.0), ("", "", 1.0), ("one two", "one six", 0.5)],
)
def test_likeness_is_the_share_of_common_words(old, new, expected):
    assert likeness(word_weights(old), word_weights(new)) == expected
