"""Bills of the United States Congress."""

import pytest

from tests.regulations.trees import Numbered, sentence_in

NUMBERED = Numbered("us-bill", "en")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "TITLE I", "title I"),
        ("chapter", "Subtitle A", "subtitle A of title I"),
        ("section", "PART 1", "part 1 of subtitle A of title I"),
        ("division", "Subpart A", "subpart A of part 1 of subtitle A of title I"),
        ("article-1", "SECTION 1.", "section 1"),
        ("article-2", "SEC. 2.", "section 2"),
        ("para-1", "(a)", "section 2(a)"),
        ("para-1-i", "(1)", "section 2(a)(1)"),
        ("para-1-i-b", "(B)", "section 2(a)(1)(B)"),
        ("deep-2", "(ii)", "section 2(a)(1)(B)(ii)"),
        ("para-1-more", "", "the second undesignated paragraph of section 2(a)"),
        ("para-2", "(b)", "section 2(b)"),
        ("term-1", "(1)", "section 3(1)"),
        ("term-1-a", "(A)", "section 3(1)(A)"),
        ("supplement-2", "SEC. 2.", "section 2 of appendix A"),
        ("annex", "APPENDIX B", "appendix B"),
        ("annex-1-i", "(1)", "subsection (a)(1) of appendix B"),
    ],
)
def test_us_numbers_and_full_references(key, label, words):
    assert NUMBERED.label(key) == label
    assert NUMBERED.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "this section"),
        ("para-1", "para-1", "this subsection"),
        ("para-1", "para-1-i", "this subsection"),
        ("para-1", "para-2", "subsection (a)"),
        ("deep-2", "para-2", "subsection (a)(1)(B)(ii)"),
        ("deep-2", "para-1-ii", "paragraph (1)(B)(ii)"),
        ("para-1-i-a", "para-1-i-b", "subparagraph (A)"),
        ("para-1-ii", "para-1-i", "paragraph (2)"),
        ("para-1-i", "para-1-i-a", "this paragraph"),
        ("para-1-i-b", "annex", "section 2(a)(1)(B)"),
        ("para-1-more", "para-2", "the second undesignated paragraph of subsection (a)"),
        ("chapter-2", "article-2", "this subtitle"),
        ("section", "article-1", "this part"),
        ("chapter", "article-2", "subtitle A of title I"),
        ("term-1", "term-2", "paragraph (1)"),
        ("term-1", "para-1", "section 3(1)"),
        ("supplement-1", "supplement-2", "section 1"),
        ("supplement-2", "para-1", "section 2 of appendix A"),
        ("annex-1-i", "annex-1", "paragraph (1)"),
        ("para-3#2", "para-1", "the second sentence of subsection (c)"),
        ("para-3#2", "para-3", "the second sentence"),
        ("para-1#2", "annex", "the second sentence of section 2(a)"),
        ("para-1#1", "para-1-ii", "the first sentence of this subsection"),
        (
            "para-1-more#2",
            "para-2",
            "the second sentence of the second undesignated paragraph of subsection (a)",
        ),
    ],
)
def test_us_references_where_the_reader_stands(target, source, words):
    assert NUMBERED.reference(target, source) == words


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("en", "See [[ref:article-1]] and [[ref:article-2]].", "See section 1 and this section."),
        (
            "en",
            "See [[ref:para-1]], [[ref:para-2]] or [[ref:para-3]].",
            "See subsection (a), this subsection or subsection (c).",
        ),
        ("en", "See [[ref:para-1-i]] and [[ref:para-1-ii]].", "See subsections (a)(1) and (a)(2)."),
        (
            "en",
            "Ends. [[ref:para-1]] goes on within [[period]] for [[fine]].",
            "Ends. Subsection (a) goes on within 24 months for EUR 15,000,000.",
        ),
        (
            "en",
            "See [[ref:article-1]] and [[ref:para-3#2]].",
            "See section 1 and the second sentence of subsection (c).",
        ),
    ],
)
def test_us_sentences_with_references_and_values(language, written, said):
    assert sentence_in("us-bill", language, written) == said
