"""Position papers."""

import pytest

from tests.regulations.trees import Numbered, sentence_in

NUMBERED = Numbered("position-paper", "en")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "Part A", "part A"),
        ("chapter", "1", "section 1"),
        ("section", "1.1", "section 1.1"),
        ("division", "1.1.1", "section 1.1.1"),
        ("article-1", "1.1.1.1", "section 1.1.1.1"),
        ("article-2", "2.1", "section 2.1"),
        ("para-1", "2.1.1", "paragraph 2.1.1"),
        ("para-1-i", "(a)", "paragraph 2.1.1(a)"),
        ("para-1-i-b", "(ii)", "paragraph 2.1.1(a)(ii)"),
        ("deep-2", "(b)", "paragraph 2.1.1(a)(ii)(b)"),
        ("para-1-more", "", "the second unnumbered paragraph of paragraph 2.1.1"),
        ("para-2", "2.1.2", "paragraph 2.1.2"),
        ("term-1", "(a)", "section 3(a)"),
        ("term-1-a", "(i)", "section 3(a)(i)"),
        ("supplement-2", "2", "section 2 of annex 1"),
        ("annex", "Annex 2", "annex 2"),
        ("annex-1-i", "(a)", "paragraph 1(a) of annex 2"),
    ],
)
def test_paper_numbers_and_full_references(key, label, words):
    assert NUMBERED.label(key) == label
    assert NUMBERED.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "section 2.1"),
        ("para-1", "para-1", "this paragraph"),
        ("para-1", "para-1-i", "this paragraph"),
        ("para-1", "para-2", "paragraph 2.1.1"),
        ("deep-2", "para-2", "paragraph 2.1.1(a)(ii)(b)"),
        ("deep-2", "para-1-ii", "point (a)(ii)(b)"),
        ("para-1-i-a", "para-1-i-b", "point (i)"),
        ("para-1-ii", "para-1-i", "point (b)"),
        ("para-1-i", "para-1-i-a", "this point"),
        ("para-1-i-b", "annex", "paragraph 2.1.1(a)(ii)"),
        ("para-1-more", "para-2", "the second unnumbered paragraph of paragraph 2.1.1"),
        ("chapter-2", "article-2", "section 2"),
        ("section", "article-1", "section 1.1"),
        ("chapter", "article-2", "section 1"),
        ("term-1", "term-2", "point (a)"),
        ("term-1", "para-1", "section 3(a)"),
        ("supplement-1", "supplement-2", "section 1"),
        ("supplement-2", "para-1", "section 2 of annex 1"),
        ("annex-1-i", "annex-1", "point (a)"),
        ("para-3#2", "para-1", "the second sentence of paragraph 2.1.3"),
        ("para-3#2", "para-3", "the second sentence"),
        ("para-1#2", "annex", "the second sentence of paragraph 2.1.1"),
        ("para-1#1", "para-1-ii", "the first sentence of this paragraph"),
        (
            "para-1-more#2",
            "para-2",
            "the second sentence of the second unnumbered paragraph of paragraph 2.1.1",
        ),
    ],
)
def test_paper_references_where_the_reader_stands(target, source, words):
    assert NUMBERED.reference(target, source) == words


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("en", "See [[ref:article-1]] and [[ref:article-2]].", "See sections 1.1.1.1 and 2.1."),
        (
            "en",
            "See [[ref:para-1]], [[ref:para-2]] or [[ref:para-3]].",
            "See paragraph 2.1.1, this paragraph or paragraph 2.1.3.",
        ),
        ("en", "See [[ref:para-1-i]] and [[ref:para-1-ii]].", "See paragraphs 2.1.1(a) and 2.1.1(b)."),
        (
            "en",
            "Ends. [[ref:para-1]] goes on within [[period]] for [[fine]].",
            "Ends. Paragraph 2.1.1 goes on within 24 months for EUR 15,000,000.",
        ),
        (
            "en",
            "See [[ref:article-1]] and [[ref:para-3#2]].",
            "See section 1.1.1.1 and the second sentence of paragraph 2.1.3.",
        ),
    ],
)
def test_paper_sentences_with_references_and_values(language, written, said):
    assert sentence_in("position-paper", language, written) == said
