"""Korean acts, in Korean and in English."""

import pytest

from tests.regulations.trees import Numbered, sentence_in

NUMBERED_KO = Numbered("korean-act", "ko", supplement="부칙")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "제1편", "제1편"),
        ("chapter", "제1장", "제1편제1장"),
        ("section", "제1절", "제1편제1장제1절"),
        ("division", "제1관", "제1편제1장제1절제1관"),
        ("article-1", "제1조", "제1조"),
        ("article-2", "제2조", "제2조"),
        ("para-1", "①", "제2조제1항"),
        ("para-1-i", "1.", "제2조제1항제1호"),
        ("para-1-i-b", "나.", "제2조제1항제1호나목"),
        ("deep-2", "2)", "제2조제1항제1호나목2)"),
        ("para-1-more", "", "제2조제1항 두 번째 문단"),
        ("para-2", "②", "제2조제2항"),
        ("term-1", "1.", "제3조제1호"),
        ("term-1-a", "가.", "제3조제1호가목"),
        ("supplement-2", "제2조", "부칙 제2조"),
        ("annex", "별표", "별표"),
        ("annex-1-i", "1.", "별표 제1항제1호"),
    ],
)
def test_korea_numbers_and_full_references_ko(key, label, words):
    assert NUMBERED_KO.label(key) == label
    assert NUMBERED_KO.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "이 조"),
        ("para-1", "para-1", "이 항"),
        ("para-1", "para-1-i", "이 항"),
        ("para-1", "para-2", "제1항"),
        ("deep-2", "para-2", "제1항제1호나목2)"),
        ("deep-2", "para-1-ii", "제1호나목2)"),
        ("para-1-i-a", "para-1-i-b", "가목"),
        ("para-1-ii", "para-1-i", "제2호"),
        ("para-1-i", "para-1-i-a", "이 호"),
        ("para-1-i-b", "annex", "제2조제1항제1호나목"),
        ("para-1-more", "para-2", "제1항 두 번째 문단"),
        ("chapter-2", "article-2", "이 장"),
        ("section", "article-1", "이 절"),
        ("chapter", "article-2", "제1편제1장"),
        ("term-1", "term-2", "제1호"),
        ("term-1", "para-1", "제3조제1호"),
        ("supplement-1", "supplement-2", "제1조"),
        ("supplement-2", "para-1", "부칙 제2조"),
        ("annex-1-i", "annex-1", "제1호"),
        ("para-3#2", "para-1", "제3항 후단"),
        ("para-3#2", "para-3", "후단"),
        ("para-1#2", "annex", "제2조제1항 각 호 외의 부분 후단"),
        ("para-1#1", "para-1-ii", "이 항 각 호 외의 부분 전단"),
        ("para-1-more#2", "para-2", "제1항 두 번째 문단 후단"),
    ],
)
def test_korea_references_where_the_reader_stands_ko(target, source, words):
    assert NUMBERED_KO.reference(target, source) == words


NUMBERED_EN = Numbered("korean-act", "en", supplement="부칙")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "PART 1", "Part 1"),
        ("chapter", "CHAPTER 1", "Chapter 1 of Part 1"),
        ("section", "SECTION 1", "Section 1 of Chapter 1 of Part 1"),
        ("division", "SUBSECTION 1", "Subsection 1 of Section 1 of Chapter 1 of Part 1"),
        ("article-1", "Article 1", "Article 1"),
        ("article-2", "Article 2", "Article 2"),
        ("para-1", "(1)", "Article 2(1)"),
        ("para-1-i", "1.", "Article 2(1)1"),
        ("para-1-i-b", "(b)", "Article 2(1)1(b)"),
        ("deep-2", "2)", "Article 2(1)1(b)(2)"),
        ("para-1-more", "", "Article 2(1), second unnumbered paragraph"),
        ("para-2", "(2)", "Article 2(2)"),
        ("term-1", "1.", "Article 3, subparagraph 1"),
        ("term-1-a", "(a)", "Article 3, subparagraph 1(a)"),
        ("supplement-2", "Article 2", "Article 2 of the Addenda"),
        ("annex", "Attached Table", "the attached Table"),
        ("annex-1-i", "1.", "paragraph (1)1 of the attached Table"),
    ],
)
def test_korea_numbers_and_full_references_en(key, label, words):
    assert NUMBERED_EN.label(key) == label
    assert NUMBERED_EN.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "this Article"),
        ("para-1", "para-1", "this paragraph"),
        ("para-1", "para-1-i", "this paragraph"),
        ("para-1", "para-2", "paragraph (1)"),
        ("deep-2", "para-2", "paragraph (1)1(b)(2)"),
        ("deep-2", "para-1-ii", "subparagraph 1(b)(2)"),
        ("para-1-i-a", "para-1-i-b", "item (a)"),
        ("para-1-ii", "para-1-i", "subparagraph 2"),
        ("para-1-i", "para-1-i-a", "this subparagraph"),
        ("para-1-i-b", "annex", "Article 2(1)1(b)"),
        ("para-1-more", "para-2", "paragraph (1), second unnumbered paragraph"),
        ("chapter-2", "article-2", "Chapter 1"),
        ("section", "article-1", "Section 1"),
        ("chapter", "article-2", "Chapter 1 of Part 1"),
        ("term-1", "term-2", "subparagraph 1"),
        ("term-1", "para-1", "Article 3, subparagraph 1"),
        ("supplement-1", "supplement-2", "Article 1"),
        ("supplement-2", "para-1", "Article 2 of the Addenda"),
        ("annex-1-i", "annex-1", "subparagraph 1"),
        ("para-3#2", "para-1", "the second sentence of paragraph (3)"),
        ("para-3#2", "para-3", "the second sentence"),
        ("para-1#2", "annex", "the second sentence of the part other than the list of Article 2(1)"),
        ("para-1#1", "para-1-ii", "the first sentence of the part other than the list of this paragraph"),
        ("para-1-more#2", "para-2", "the second sentence of paragraph (1), second unnumbered paragraph"),
    ],
)
def test_korea_references_where_the_reader_stands_en(target, source, words):
    assert NUMBERED_EN.reference(target, source) == words


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("ko", "[[ref:article-1]] 및 [[ref:article-2]]를 따른다.", "제1조 및 이 조를 따른다."),
        ("ko", "[[ref:term-1]] 및 [[ref:term-1-a]]", "제3조제1호 및 제1호가목"),
        ("ko", "[[ref:para-1]] 및 [[ref:para-3]]을 따른다.", "제1항 및 제3항을 따른다."),
        ("ko", "[[ref:article-1]]부터 [[ref:terms]]까지", "제1조부터 제3조까지"),
        ("ko", "[[period]] 이내에 [[fine]]을 낸다.", "24개월 이내에 1천500만유로을 낸다."),
        ("en", "Under [[ref:para-1-i]] and [[ref:article-1]].", "Under paragraph (1)1 and Article 1."),
    ],
)
def test_korea_sentences_with_references_and_values(language, written, said):
    assert sentence_in("korean-act", language, written) == said
