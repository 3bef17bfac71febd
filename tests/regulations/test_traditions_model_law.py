"""Model laws of UNCITRAL, and treaties."""

import pytest

from campaign.regulations.traditions import tradition
from tests.regulations.trees import Numbered, sentence_in

NUMBERED = Numbered("model-law", "en")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "Part I", "part I"),
        ("chapter", "Chapter I", "chapter I of part I"),
        ("section", "Section 1", "section 1 of chapter I of part I"),
        ("division", "Subsection A", "subsection A of section 1 of chapter I of part I"),
        ("article-1", "Article 1", "article 1"),
        ("article-2", "Article 2", "article 2"),
        ("para-1", "1.", "article 2, paragraph 1"),
        ("para-1-i", "(a)", "article 2, paragraph 1 (a)"),
        ("para-1-i-b", "(ii)", "article 2, paragraph 1 (a)(ii)"),
        ("deep-2", "(B)", "article 2, paragraph 1 (a)(ii)(B)"),
        ("para-1-more", "", "the second unnumbered paragraph of article 2, paragraph 1"),
        ("para-2", "2.", "article 2, paragraph 2"),
        ("term-1", "(a)", "article 3 (a)"),
        ("term-1-a", "(i)", "article 3 (a)(i)"),
        ("supplement-2", "Article 2", "article 2 of annex I"),
        ("annex", "Annex II", "annex II"),
        ("annex-1-i", "(a)", "paragraph 1 (a) of annex II"),
    ],
)
def test_model_law_numbers_and_full_references(key, label, words):
    assert NUMBERED.label(key) == label
    assert NUMBERED.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "this article"),
        ("para-1", "para-1", "this paragraph"),
        ("para-1", "para-1-i", "this paragraph"),
        ("para-1", "para-2", "paragraph 1"),
        ("deep-2", "para-2", "paragraph 1 (a)(ii)(B)"),
        ("deep-2", "para-1-ii", "subparagraph (a)(ii)(B)"),
        ("para-1-i-a", "para-1-i-b", "subparagraph (i)"),
        ("para-1-ii", "para-1-i", "subparagraph (b)"),
        ("para-1-i", "para-1-i-a", "this subparagraph"),
        ("para-1-i-b", "annex", "article 2, paragraph 1 (a)(ii)"),
        ("para-1-more", "para-2", "the second unnumbered paragraph of paragraph 1"),
        ("chapter-2", "article-2", "this chapter"),
        ("section", "article-1", "this section"),
        ("chapter", "article-2", "chapter I of part I"),
        ("term-1", "term-2", "subparagraph (a)"),
        ("term-1", "para-1", "article 3 (a)"),
        ("supplement-1", "supplement-2", "article 1"),
        ("supplement-2", "para-1", "article 2 of annex I"),
        ("annex-1-i", "annex-1", "subparagraph (a)"),
        ("para-3#2", "para-1", "the second sentence of paragraph 3"),
        ("para-3#2", "para-3", "the second sentence"),
        ("para-1#2", "annex", "the second sentence of article 2, paragraph 1"),
        ("para-1#1", "para-1-ii", "the first sentence of this paragraph"),
        ("para-1-more#2", "para-2", "the second sentence of the second unnumbered paragraph of paragraph 1"),
    ],
)
def test_model_law_references_where_the_reader_stands(target, source, words):
    assert NUMBERED.reference(target, source) == words


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("en", "See [[ref:article-1]] and [[ref:article-2]].", "See article 1 and this article."),
        (
            "en",
            "See [[ref:para-1]], [[ref:para-2]] or [[ref:para-3]].",
            "See paragraph 1, this paragraph or paragraph 3.",
        ),
        ("en", "See [[ref:para-1-i]] and [[ref:para-1-ii]].", "See paragraph 1 (a) and paragraph 1 (b)."),
        (
            "en",
            "Ends. [[ref:para-1]] goes on within [[period]] for [[fine]].",
            "Ends. Paragraph 1 goes on within 24 months for EUR 15,000,000.",
        ),
        (
            "en",
            "See [[ref:article-1]] and [[ref:para-3#2]].",
            "See article 1 and the second sentence of paragraph 3.",
        ),
    ],
)
def test_model_law_sentences_with_references_and_values(language, written, said):
    assert sentence_in("model-law", language, written) == said


@pytest.mark.parametrize(
    ("kinds", "enacting"),
    [
        ({"article"}, []),
        ({"recital", "article"}, []),
        ({"citation", "recital", "article"}, ["Have agreed as follows:"]),
    ],
)
def test_model_law_that_names_its_parties_says_what_they_did(kinds, enacting):
    frame = tradition("model-law").frame("en", frozenset(kinds))

    assert frame["enacting"] == enacting
