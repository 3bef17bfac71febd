"""German acts, in German and in English."""

import pytest

from campaign.regulations.traditions import tradition
from tests.regulations.trees import Numbered, sentence_in

NUMBERED_DE = Numbered("german-act", "de")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "Teil 1", "Teil 1"),
        ("chapter", "Kapitel 1", "Teil 1 Kapitel 1"),
        ("section", "Abschnitt 1", "Teil 1 Kapitel 1 Abschnitt 1"),
        ("division", "Unterabschnitt 1", "Teil 1 Kapitel 1 Abschnitt 1 Unterabschnitt 1"),
        ("article-1", "§ 1", "§ 1"),
        ("article-2", "§ 2", "§ 2"),
        ("para-1", "(1)", "§ 2 Absatz 1"),
        ("para-1-i", "1.", "§ 2 Absatz 1 Satz 2 Nummer 1"),
        ("para-1-i-b", "b)", "§ 2 Absatz 1 Satz 2 Nummer 1 Buchstabe b"),
        ("deep-2", "bb)", "§ 2 Absatz 1 Satz 2 Nummer 1 Buchstabe b Doppelbuchstabe bb"),
        ("para-1-more", "", "§ 2 Absatz 1 Satz 3"),
        ("para-2", "(2)", "§ 2 Absatz 2"),
        ("term-1", "1.", "§ 3 Nummer 1"),
        ("term-1-a", "a)", "§ 3 Nummer 1 Buchstabe a"),
        ("supplement-2", "§ 2", "Anlage 1 § 2"),
        ("annex", "Anlage 2", "Anlage 2"),
        ("annex-1-i", "1.", "Anlage 2 Absatz 1 Nummer 1"),
    ],
)
def test_germany_numbers_and_full_references_de(key, label, words):
    assert NUMBERED_DE.label(key) == label
    assert NUMBERED_DE.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "§ 2"),
        ("para-1", "para-1", "Absatz 1"),
        ("para-1", "para-1-i", "Absatz 1"),
        ("para-1", "para-2", "Absatz 1"),
        ("deep-2", "para-2", "Absatz 1 Satz 2 Nummer 1 Buchstabe b Doppelbuchstabe bb"),
        ("deep-2", "para-1-ii", "Nummer 1 Buchstabe b Doppelbuchstabe bb"),
        ("para-1-i-a", "para-1-i-b", "Buchstabe a"),
        ("para-1-ii", "para-1-i", "Nummer 2"),
        ("para-1-i", "para-1-i-a", "Nummer 1"),
        ("para-1-i-b", "annex", "§ 2 Absatz 1 Satz 2 Nummer 1 Buchstabe b"),
        ("para-1-more", "para-2", "Absatz 1 Satz 3"),
        ("chapter-2", "article-2", "Kapitel 1"),
        ("section", "article-1", "Abschnitt 1"),
        ("chapter", "article-2", "Teil 1 Kapitel 1"),
        ("term-1", "term-2", "Nummer 1"),
        ("term-1", "para-1", "§ 3 Nummer 1"),
        ("supplement-1", "supplement-2", "§ 1"),
        ("supplement-2", "para-1", "Anlage 1 § 2"),
        ("annex-1-i", "annex-1", "Nummer 1"),
        ("para-3#2", "para-1", "Absatz 3 Satz 2"),
        ("para-3#2", "para-3", "Satz 2"),
        ("para-1#2", "annex", "§ 2 Absatz 1 Satz 2"),
        ("para-1#1", "para-1-ii", "Satz 1"),
        ("para-1-more#2", "para-2", "Absatz 1 Satz 4"),
    ],
)
def test_germany_references_where_the_reader_stands_de(target, source, words):
    assert NUMBERED_DE.reference(target, source) == words


NUMBERED_EN = Numbered("german-act", "en")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "Part 1", "part 1"),
        ("chapter", "Chapter 1", "part 1, chapter 1"),
        ("section", "Division 1", "part 1, chapter 1, division 1"),
        ("division", "Subdivision 1", "part 1, chapter 1, division 1, subdivision 1"),
        ("article-1", "Section 1", "section 1"),
        ("article-2", "Section 2", "section 2"),
        ("para-1", "(1)", "section 2(1)"),
        ("para-1-i", "1.", "section 2(1), sentence 2, number 1"),
        ("para-1-i-b", "(b)", "section 2(1), sentence 2, number 1(b)"),
        ("deep-2", "(bb)", "section 2(1), sentence 2, number 1(b)(bb)"),
        ("para-1-more", "", "section 2(1), sentence 3"),
        ("para-2", "(2)", "section 2(2)"),
        ("term-1", "1.", "section 3, number 1"),
        ("term-1-a", "(a)", "section 3, number 1(a)"),
        ("supplement-2", "Section 2", "annex 1, section 2"),
        ("annex", "Annex 2", "annex 2"),
        ("annex-1-i", "1.", "annex 2(1), number 1"),
    ],
)
def test_germany_numbers_and_full_references_en(key, label, words):
    assert NUMBERED_EN.label(key) == label
    assert NUMBERED_EN.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "section 2"),
        ("para-1", "para-1", "subsection (1)"),
        ("para-1", "para-1-i", "subsection (1)"),
        ("para-1", "para-2", "subsection (1)"),
        ("deep-2", "para-2", "subsection (1), sentence 2, number 1(b)(bb)"),
        ("deep-2", "para-1-ii", "number 1(b)(bb)"),
        ("para-1-i-a", "para-1-i-b", "letter (a)"),
        ("para-1-ii", "para-1-i", "number 2"),
        ("para-1-i", "para-1-i-a", "number 1"),
        ("para-1-i-b", "annex", "section 2(1), sentence 2, number 1(b)"),
        ("para-1-more", "para-2", "subsection (1), sentence 3"),
        ("chapter-2", "article-2", "chapter 1"),
        ("section", "article-1", "division 1"),
        ("chapter", "article-2", "part 1, chapter 1"),
        ("term-1", "term-2", "number 1"),
        ("term-1", "para-1", "section 3, number 1"),
        ("supplement-1", "supplement-2", "section 1"),
        ("supplement-2", "para-1", "annex 1, section 2"),
        ("annex-1-i", "annex-1", "number 1"),
        ("para-3#2", "para-1", "subsection (3), sentence 2"),
        ("para-3#2", "para-3", "sentence 2"),
        ("para-1#2", "annex", "section 2(1), sentence 2"),
        ("para-1#1", "para-1-ii", "sentence 1"),
        ("para-1-more#2", "para-2", "subsection (1), sentence 4"),
    ],
)
def test_germany_references_where_the_reader_stands_en(target, source, words):
    assert NUMBERED_EN.reference(target, source) == words


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("de", "nach [[ref:article-1]] und [[ref:terms]]", "nach §§ 1 und 3"),
        ("de", "[[ref:article-1]] bis [[ref:terms]]", "§§ 1 bis 3"),
        ("de", "nach [[ref:para-1]] oder [[ref:para-3]]", "nach Absatz 1 oder 3"),
        ("de", "[[ref:para-1-i]] und [[ref:para-1-ii]]", "Absatz 1 Satz 2 Nummer 1 und 2"),
        ("de", "[[ref:term-1]] und [[ref:term-2]]", "§ 3 Nummer 1 und 2"),
        (
            "de",
            "innerhalb von [[period]] bis zu [[fine]]",
            "innerhalb von 24 Monaten bis zu 15 Millionen Euro",
        ),
        ("de", "mindestens [[period]]", "mindestens 24 Monate"),
        (
            "en",
            "under [[ref:para-1-i]] within [[period]]",
            "under subsection (1), sentence 2, number 1 within 24 months",
        ),
    ],
)
def test_germany_sentences_with_references_and_values(language, written, said):
    assert sentence_in("german-act", language, written) == said


def test_germany_parts_in_a_row_keep_their_names():
    said = tradition("german-act").link(["Abschnitt 1", "Abschnitt 5"], " treten", "de")

    assert said == ["Abschnitt 1", "Abschnitt 5"]
