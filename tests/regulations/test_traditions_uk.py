"""Bills of the United Kingdom Parliament."""

import pytest

from tests.regulations.trees import Numbered, sentence_in

NUMBERED = Numbered("uk-bill", "en")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "PART 1", "Part 1"),
        ("chapter", "CHAPTER 1", "Chapter 1 of Part 1"),
        ("article-1", "1", "section 1"),
        ("article-2", "2", "section 2"),
        ("para-1", "(1)", "section 2(1)"),
        ("para-1-i", "(a)", "section 2(1)(a)"),
        ("para-1-i-b", "(ii)", "section 2(1)(a)(ii)"),
        ("deep-2", "(B)", "section 2(1)(a)(ii)(B)"),
        ("para-1-more", "", "the second unnumbered paragraph of section 2(1)"),
        ("para-2", "(2)", "section 2(2)"),
        ("term-1", "", "the definition of “model” in section 3"),
        ("term-1-a", "(a)", "paragraph (a) of the definition of “model” in section 3"),
        ("supplement-2", "2", "paragraph 2 of Schedule 1"),
        ("annex", "SCHEDULE 2", "Schedule 2"),
        ("annex-1-i", "(a)", "paragraph 1(a) of Schedule 2"),
    ],
)
def test_uk_numbers_and_full_references(key, label, words):
    assert NUMBERED.label(key) == label
    assert NUMBERED.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "this section"),
        ("para-1", "para-1", "this subsection"),
        ("para-1", "para-1-i", "this subsection"),
        ("para-1", "para-2", "subsection (1)"),
        ("deep-2", "para-2", "subsection (1)(a)(ii)(B)"),
        ("deep-2", "para-1-ii", "paragraph (a)(ii)(B)"),
        ("para-1-i-a", "para-1-i-b", "sub-paragraph (i)"),
        ("para-1-ii", "para-1-i", "paragraph (b)"),
        ("para-1-i", "para-1-i-a", "this paragraph"),
        ("para-1-i-b", "annex", "section 2(1)(a)(ii)"),
        ("para-1-more", "para-2", "the second unnumbered paragraph of subsection (1)"),
        ("chapter-2", "article-2", "this Chapter"),
        ("chapter", "article-2", "Chapter 1 of Part 1"),
        ("term-1", "term-2", "the definition of “model”"),
        ("term-1", "para-1", "the definition of “model” in section 3"),
        ("supplement-1", "supplement-2", "paragraph 1"),
        ("supplement-2", "para-1", "paragraph 2 of Schedule 1"),
        ("annex-1-i", "annex-1", "paragraph (a)"),
        ("para-3#2", "para-1", "the second sentence of subsection (3)"),
        ("para-3#2", "para-3", "the second sentence"),
        ("para-1#2", "annex", "the second sentence of section 2(1)"),
        ("para-1#1", "para-1-ii", "the first sentence of this subsection"),
        (
            "para-1-more#2",
            "para-2",
            "the second sentence of the second unnumbered paragraph of subsection (1)",
        ),
    ],
)
def test_uk_references_where_the_reader_stands(target, source, words):
    assert NUMBERED.reference(target, source) == words


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("en", "See [[ref:article-1]] and [[ref:article-2]].", "See section 1 and this section."),
        (
            "en",
            "See [[ref:para-1]], [[ref:para-2]] or [[ref:para-3]].",
            "See subsection (1), this subsection or subsection (3).",
        ),
        ("en", "See [[ref:para-1-i]] and [[ref:para-1-ii]].", "See subsections (1)(a) and (1)(b)."),
        (
            "en",
            "Ends. [[ref:para-1]] goes on within [[period]] for [[fine]].",
            "Ends. Subsection (1) goes on within 24 months for €15,000,000.",
        ),
        (
            "en",
            "See [[ref:article-1]] and [[ref:para-3#2]].",
            "See section 1 and the second sentence of subsection (3).",
        ),
    ],
)
def test_uk_sentences_with_references_and_values(language, written, said):
    assert sentence_in("uk-bill", language, written) == said
