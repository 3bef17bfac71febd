import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.regulations.checks import problems_of
from campaign.regulations.marks import Piece, pieces, reference_mark
from campaign.regulations.sentences import is_proviso, sentences
from tests.factories.regulations import unit
from tests.regulations.trees import law


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "", 0),
        ("en", "One.", 1),
        ("en", "One. Two.", 2),
        ("en", "No full stop at the end", 1),
        ("en", "See No. 5 and Art. 3. Then go on.", 2),
        ("en", "The U.S. Department decides, e.g. by order. It says why.", 2),
        ("en", "It is 3.2 or more. Then it applies.", 2),
        ("en", "As in section 5. The Secretary decides.", 2),
        ("en", "[[ref:a]] applies. [[ref:b]] does not.", 2),
        ("en", "It says “stop.” Then it stops.", 2),
        ("en", "Is it so? It is! Good.", 3),
        ("en", "words (etc.) and more", 1),
        ("de", "Nach Abs. 1 Nr. 2 gilt z. B. dies. Es gilt auch das.", 2),
        ("de", "Ab dem 1. Januar 2027 gilt dies. Danach nicht.", 2),
        ("de", "Es gilt Absatz 1. Dies gilt auch für Absatz 2.", 2),
        ("de", "im Sinne des § 3 Abs. 2 BGB i. V. m. § 5", 1),
        ("fr", "Le dépôt est gratuit. Il est public.", 2),
        ("fr", "M. le ministre, art. L. 111-2, décide. Il publie.", 2),
        ("ko", "기탁하여야 한다. 이 경우 무상으로 한다.", 2),
        ("ko", "2027. 1. 1. 부터 시행한다. 다만, 제3조는 그러하지 아니하다.", 2),
        ("ja", "寄託する。この場合において、無償とする。", 2),
        ("ja", "「終わる。」と書く。次に進む。", 2),
        ("ja", "提供者（個人を除く。以下同じ。）は、寄託する。", 1),
    ],
)
def test_sentences_are_counted_with_the_abbreviations_of_the_language(language, text, count):
    assert len(sentences(text, language)) == count


@given(
    st.lists(
        st.sampled_from(["It applies.", "Is it so?", "[[ref:a]] applies.", "He pays (or not)."]),
        min_size=1,
        max_size=9,
    )
)
def test_sentences_put_together_are_taken_apart_again(parts):
    assert list(sentences(" ".join(parts), "en")) == parts


@pytest.mark.parametrize("language", ["en", "de", "fr", "ko", "ja"])
@given(text=st.text(max_size=80))
def test_sentences_lose_no_words(language, text):
    assert "".join("".join(sentences(text, language)).split()) == "".join(text.split())


@pytest.mark.parametrize("text", [".", "?!", "…", ". ", "。", "。」", "！）"])
def test_sentences_of_twenty_thousand_full_stops_take_no_time(text):
    words = f"{text * 20_000}」"
    began = time.perf_counter()

    found = sentences(words, "ja")

    assert time.perf_counter() - began < 0.5
    assert "".join("".join(found).split()) == "".join(words.split())


def test_sentences_end_after_several_full_stops():
    assert sentences("Is it?! It is… So be it.", "en") == ("Is it?!", "It is…", "So be it.")
    assert sentences("返すのか？！返す。。", "ja") == ("返すのか？！", "返す。", "。")


def test_is_proviso():
    assert is_proviso("다만, 그러하지 아니하다.", "ko")
    assert is_proviso("ただし、この限りでない。", "ja")
    assert not is_proviso("However, it does not.", "en")


def test_pieces_finds_a_sentence_of_a_provision():
    assert list(pieces("See [[ref:duty#2]].")) == [
        Piece(text="See "),
        Piece(reference="duty", sentence=2),
        Piece(text="."),
    ]
    assert reference_mark("duty", 2) == "[[ref:duty#2]]"
    assert reference_mark("duty") == "[[ref:duty]]"


@pytest.mark.parametrize(
    "mark", ["[[ref:duty#0]]", "[[ref:duty#]]", "[[ref:duty#two]]", "[[ref:#2]]", "[[duty#2]]"]
)
def test_pieces_leaves_what_counts_no_sentence(mark):
    assert list(pieces(mark)) == [Piece(text=mark)]


def test_checks_refuse_a_sentence_that_is_not_there():
    provisions = [unit("a", "article", "One. Two."), unit("b", "article", "See [[ref:a#2]] and [[ref:a#3]].")]

    found = problems_of(law("german-act", "de", *provisions))

    assert [(problem.place, problem.remedy) for problem in found] == [
        ("b", "[[ref:a#3]] points to a sentence that is not there: “a” has 2 sentences. Correct the count.")
    ]
