"""Words to strike and to insert: what is quoted stands in the text once, and obeying it gives exactly the new text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.regulations.comparing.edits import WordEdit, word_edits

TEXTS = st.lists(
    st.sampled_from(["the", "model", "of", "it,", "within", "24", "months.", "“open”", "a", "an"]),
    min_size=1,
    max_size=40,
).map(" ".join)


def places_of(words, text):
    return [place for place in range(len(text)) if text.startswith(words, place)]


@given(TEXTS, TEXTS)
@example("a b a b a b a", "a b a c a b a")
def test_word_edits_obeyed_one_after_the_other_make_the_new_text(old, new):
    edits = word_edits(old, new)

    result = old
    for edit in edits or ():
        assert len(places_of(edit.strike, result)) == 1 or edit.each_place
        assert len(places_of(edit.strike.strip(), old)) == 1 or edit.each_place
        result = result.replace(edit.strike, edit.insert)
    assert edits is None or result == new


@given(TEXTS, st.integers(0, 39), st.sampled_from(["covered", "the", "24"]))
def test_word_edits_of_one_word_in_a_long_text_never_need_the_whole_of_it(old, place, word):
    words = [f"w{count}" for count in range(20)] + old.split(" ")
    changed = [*words]
    changed[place % 20] = word

    assert word_edits(" ".join(words), " ".join(changed)) is not None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("within 24 months of it", "within 36 months of it", [("replace", "24", "36")]),
        (
            "It shall be kept for 2 years and renewed after 2 years at the most by it.",
            "It shall be kept for 2 years and renewed after 3 years at the most by it.",
            [("replace", "after 2", "after 3")],
        ),
        (
            "The office keeps it, and the office tells it, and the office ends it at once or not.",
            "The board keeps it, and the board tells it, and the board ends it at once or not.",
            [("replace", "office", "board")],
        ),
        ("placed on the market.", "placed on the market or used.", [("after", "market", " or used")]),
        ("The model is returned to the public.", "Every model is returned to the public.", [("replace", "The", "Every")]),
        ("It is a large model of its kind.", "It is a model of its kind.", [("strike", "large ")]),
        ("Kept here by law.", "Kept there by law.", [("replace", "here", "there")]),
        ("Bring the art of it.", "Bring the cart of it.", [("replace", "art", "cart")]),
        ("The fee is 10 euros.", "The fee is 100 euros.", [("replace", "10", "100")]),
        ("The fee is 10 or 105 euros.", "The fee is 100 or 105 euros.", [("replace", "is 10", "is 100")]),
        ("It is the fee for 1 copy.", "It is the fee for 1.5 copy.", [("replace", "1", "1.5")]),
        ("It is the provider of it.", "It is the provider’s of it.", [("replace", "provider", "provider’s")]),
        ("Models are returned.", "All models are returned.", [("replace", "Models", "All models")]),
        ("Kept by the office.", "Kept by the same office.", [("after", "the ", "same ")]),
        ("10 or 20 days.", "2 times 10 or 20 days.", [("before", "10", "2 times ")]),
        ("Model and code are returned.", "The model and code are returned.", [("replace", "Model", "The model")]),
    ],
)  # fmt: skip
def test_word_edits_are_those_a_drafter_would_write(old, new, expected):
    assert [edit.phrase for edit in word_edits(old, new)] == expected


def test_word_edits_at_each_place_say_so():
    old = "The office keeps it for the time that the law gives; the office tells it; in the end the office drops it."

    assert word_edits(old, old.replace("office", "board")) == (WordEdit("office", "board", each_place=True),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "New."),
        ("Old.", ""),
        ("Nothing of this stays here.", "Everything was written anew by us."),
        ("a a a a a a a a", "a a a a a a a"),
        (" ".join(f"w{n}" for n in range(60)), " ".join(f"w{n}" if n % 5 else f"x{n}" for n in range(60))),
    ],
)
def test_word_edits_leave_it_when_the_whole_text_is_better_replaced(old, new):
    assert word_edits(old, new) is None
