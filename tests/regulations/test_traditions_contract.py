"""Contracts, licenses and grant conditions."""

import pytest

from tests.regulations.trees import Numbered, sentence_in

NUMBERED = Numbered("contract", "en")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "Part A", "part A"),
        ("chapter", "Chapter 1", "chapter 1 of part A"),
        ("section", "Section 1", "section 1 of chapter 1 of part A"),
        ("division", "Division A", "division A of section 1 of chapter 1 of part A"),
        ("article-1", "1.", "clause 1"),
        ("article-2", "2.", "clause 2"),
        ("para-1", "2.1", "clause 2.1"),
        ("para-1-i", "(a)", "clause 2.1(a)"),
        ("para-1-i-b", "(ii)", "clause 2.1(a)(ii)"),
        ("deep-2", "(B)", "clause 2.1(a)(ii)(B)"),
        ("para-1-more", "", "the second unnumbered paragraph of clause 2.1"),
        ("para-2", "2.2", "clause 2.2"),
        ("term-1", "(a)", "clause 3(a)"),
        ("term-1-a", "(i)", "clause 3(a)(i)"),
        ("supplement-2", "2.", "paragraph 2 of Schedule 1"),
        ("annex", "Schedule 2", "Schedule 2"),
        ("annex-1-i", "(a)", "paragraph 1(a) of Schedule 2"),
    ],
)
def test_contract_numbers_and_full_references(key, label, words):
    assert NUMBERED.label(key) == label
    assert NUMBERED.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "clause 2"),
        ("para-1", "para-1", "this clause 2.1"),
        ("para-1", "para-1-i", "this clause 2.1"),
        ("para-1", "para-2", "clause 2.1"),
        ("deep-2", "para-2", "clause 2.1(a)(ii)(B)"),
        ("deep-2", "para-1-ii", "paragraph (a)(ii)(B)"),
        ("para-1-i-a", "para-1-i-b", "sub-paragraph (i)"),
        ("para-1-ii", "para-1-i", "paragraph (b)"),
        ("para-1-i", "para-1-i-a", "this paragraph (a)"),
        ("para-1-i-b", "annex", "clause 2.1(a)(ii)"),
        ("para-1-more", "para-2", "the second unnumbered paragraph of clause 2.1"),
        ("chapter-2", "article-2", "this chapter"),
        ("section", "article-1", "this section"),
        ("chapter", "article-2", "chapter 1 of part A"),
        ("term-1", "term-2", "paragraph (a)"),
        ("term-1", "para-1", "clause 3(a)"),
        ("supplement-1", "supplement-2", "paragraph 1"),
        ("supplement-2", "para-1", "paragraph 2 of Schedule 1"),
        ("annex-1-i", "annex-1", "paragraph (a)"),
        ("para-3#2", "para-1", "the second sentence of clause 2.3"),
        ("para-3#2", "para-3", "the second sentence"),
        ("para-1#2", "annex", "the second sentence of clause 2.1"),
        ("para-1#1", "para-1-ii", "the first sentence of this clause 2.1"),
        ("para-1-more#2", "para-2", "the second sentence of the second unnumbered paragraph of clause 2.1"),
    ],
)
def test_contract_references_where_the_reader_stands(target, source, words):
    assert NUMBERED.reference(target, source) == words


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("en", "See [[ref:article-1]] and [[ref:article-2]].", "See clauses 1 and 2."),
        (
            "en",
            "See [[ref:para-1]], [[ref:para-2]] or [[ref:para-3]].",
            "See clause 2.1, this clause 2.2 or clause 2.3.",
        ),
        ("en", "See [[ref:para-1-i]] and [[ref:para-1-ii]].", "See clauses 2.1(a) and 2.1(b)."),
        (
            "en",
            "Ends. [[ref:para-1]] goes on within [[period]] for [[fine]].",
            "Ends. Clause 2.1 goes on within 24 months for €15,000,000.",
        ),
        (
            "en",
            "See [[ref:article-1]] and [[ref:para-3#2]].",
            "See clause 1 and the second sentence of clause 2.3.",
        ),
    ],
)
def test_contract_sentences_with_references_and_values(language, written, said):
    assert sentence_in("contract", language, written) == said
