"""Japanese acts, in Japanese and in English."""

import pytest

from tests.regulations.trees import Numbered, sentence_in

NUMBERED_JA = Numbered("japanese-act", "ja", supplement="附則")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "第一編", "第一編"),
        ("chapter", "第一章", "第一編第一章"),
        ("section", "第一節", "第一編第一章第一節"),
        ("division", "第一款", "第一編第一章第一節第一款"),
        ("article-1", "第一条", "第一条"),
        ("article-2", "第二条", "第二条"),
        ("para-1", "", "第二条第一項"),
        ("para-1-i", "一", "第二条第一項第一号"),
        ("para-1-i-b", "ロ", "第二条第一項第一号ロ"),
        ("deep-2", "(2)", "第二条第一項第一号ロ(2)"),
        ("para-1-more", "", "第二条第一項第二段"),
        ("para-2", "２", "第二条第二項"),
        ("term-1", "一", "第三条第一号"),
        ("term-1-a", "イ", "第三条第一号イ"),
        ("supplement-2", "第二条", "附則第二条"),
        ("annex", "別表", "別表"),
        ("annex-1-i", "一", "別表第一項第一号"),
    ],
)
def test_japan_numbers_and_full_references_ja(key, label, words):
    assert NUMBERED_JA.label(key) == label
    assert NUMBERED_JA.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "この条"),
        ("para-1", "para-1", "この項"),
        ("para-1", "para-1-i", "この項"),
        ("para-1", "para-2", "第一項"),
        ("deep-2", "para-2", "第一項第一号ロ(2)"),
        ("deep-2", "para-1-ii", "第一号ロ(2)"),
        ("para-1-i-a", "para-1-i-b", "イ"),
        ("para-1-ii", "para-1-i", "第二号"),
        ("para-1-i", "para-1-i-a", "この号"),
        ("para-1-i-b", "annex", "第二条第一項第一号ロ"),
        ("para-1-more", "para-2", "第一項第二段"),
        ("chapter-2", "article-2", "この章"),
        ("section", "article-1", "この節"),
        ("chapter", "article-2", "第一編第一章"),
        ("term-1", "term-2", "第一号"),
        ("term-1", "para-1", "第三条第一号"),
        ("supplement-1", "supplement-2", "第一条"),
        ("supplement-2", "para-1", "附則第二条"),
        ("annex-1-i", "annex-1", "第一号"),
        ("para-3#2", "para-1", "第三項後段"),
        ("para-3#2", "para-3", "後段"),
        ("para-1#2", "annex", "第二条第一項各号列記以外の部分後段"),
        ("para-1#1", "para-1-ii", "この項各号列記以外の部分前段"),
        ("para-1-more#2", "para-2", "第一項第二段後段"),
    ],
)
def test_japan_references_where_the_reader_stands_ja(target, source, words):
    assert NUMBERED_JA.reference(target, source) == words


NUMBERED_EN = Numbered("japanese-act", "en", supplement="附則")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "Part 1", "Part 1"),
        ("chapter", "Chapter 1", "Chapter 1 of Part 1"),
        ("section", "Section 1", "Section 1 of Chapter 1 of Part 1"),
        ("division", "Subsection 1", "Subsection 1 of Section 1 of Chapter 1 of Part 1"),
        ("article-1", "Article 1", "Article 1"),
        ("article-2", "Article 2", "Article 2"),
        ("para-1", "(1)", "Article 2, paragraph (1)"),
        ("para-1-i", "(i)", "Article 2, paragraph (1), item (i)"),
        ("para-1-i-b", "(b)", "Article 2, paragraph (1), item (i), (b)"),
        ("deep-2", "(2)", "Article 2, paragraph (1), item (i), (b), (2)"),
        ("para-1-more", "", "Article 2, paragraph (1), second unnumbered paragraph"),
        ("para-2", "(2)", "Article 2, paragraph (2)"),
        ("term-1", "(i)", "Article 3, item (i)"),
        ("term-1-a", "(a)", "Article 3, item (i), (a)"),
        ("supplement-2", "Article 2", "Article 2 of the Supplementary Provisions"),
        ("annex", "Appended Table", "the Appended Table"),
        ("annex-1-i", "(i)", "paragraph (1), item (i) of the Appended Table"),
    ],
)
def test_japan_numbers_and_full_references_en(key, label, words):
    assert NUMBERED_EN.label(key) == label
    assert NUMBERED_EN.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "this Article"),
        ("para-1", "para-1", "this paragraph"),
        ("para-1", "para-1-i", "this paragraph"),
        ("para-1", "para-2", "paragraph (1)"),
        ("deep-2", "para-2", "paragraph (1), item (i), (b), (2)"),
        ("deep-2", "para-1-ii", "item (i), (b), (2)"),
        ("para-1-i-a", "para-1-i-b", "sub-item (a)"),
        ("para-1-ii", "para-1-i", "item (ii)"),
        ("para-1-i", "para-1-i-a", "this item"),
        ("para-1-i-b", "annex", "Article 2, paragraph (1), item (i), (b)"),
        ("para-1-more", "para-2", "paragraph (1), second unnumbered paragraph"),
        ("chapter-2", "article-2", "Chapter 1"),
        ("section", "article-1", "Section 1"),
        ("chapter", "article-2", "Chapter 1 of Part 1"),
        ("term-1", "term-2", "item (i)"),
        ("term-1", "para-1", "Article 3, item (i)"),
        ("supplement-1", "supplement-2", "Article 1"),
        ("supplement-2", "para-1", "Article 2 of the Supplementary Provisions"),
        ("annex-1-i", "annex-1", "item (i)"),
        ("para-3#2", "para-1", "the second sentence of paragraph (3)"),
        ("para-3#2", "para-3", "the second sentence"),
        ("para-1#2", "annex", "the second sentence of Article 2, paragraph (1)"),
        ("para-1#1", "para-1-ii", "the first sentence of this paragraph"),
        ("para-1-more#2", "para-2", "the second sentence of paragraph (1), second unnumbered paragraph"),
    ],
)
def test_japan_references_where_the_reader_stands_en(target, source, words):
    assert NUMBERED_EN.reference(target, source) == words


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("ja", "[[ref:article-1]]及び[[ref:terms]]の規定", "第一条及び第三条の規定"),
        ("ja", "[[ref:para-1]]及び[[ref:para-3]]", "第一項及び第三項"),
        ("ja", "[[ref:term-1]]又は[[ref:term-2]]", "第三条第一号又は第二号"),
        ("ja", "[[period]]以内に[[fine]]", "二十四月以内に千五百万ユーロ"),
        ("en", "under [[ref:para-1-i]] within [[period]]", "under paragraph (1), item (i) within 24 months"),
    ],
)
def test_japan_sentences_with_references_and_values(language, written, said):
    assert sentence_in("japanese-act", language, written) == said
