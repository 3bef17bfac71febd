"""French acts, in French and in English."""

import pytest

from tests.regulations.trees import Numbered, sentence_in

NUMBERED_FR = Numbered("french-act", "fr")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "TITRE Ier", "le titre Ier"),
        ("chapter", "Chapitre Ier", "le chapitre Ier du titre Ier"),
        ("section", "Section 1", "la section 1 du chapitre Ier du titre Ier"),
        ("division", "Sous-section 1", "la sous-section 1 de la section 1 du chapitre Ier du titre Ier"),
        ("article-1", "Article 1er", "l’article 1er"),
        ("article-2", "Article 2", "l’article 2"),
        ("para-1", "I. –", "le I de l’article 2"),
        ("para-1-i", "1°", "le 1° du I de l’article 2"),
        ("para-1-i-b", "b)", "le b du 1° du I de l’article 2"),
        ("deep-2", "ii)", "le ii du b du 1° du I de l’article 2"),
        ("para-1-more", "", "le huitième alinéa du I de l’article 2"),
        ("para-2", "II. –", "le II de l’article 2"),
        ("term-1", "1°", "le 1° de l’article 3"),
        ("term-1-a", "a)", "le a du 1° de l’article 3"),
        ("supplement-2", "Article 2", "l’article 2 de l’annexe I"),
        ("annex", "ANNEXE II", "l’annexe II"),
        ("annex-1-i", "1°", "le 1° du I de l’annexe II"),
    ],
)
def test_france_numbers_and_full_references_fr(key, label, words):
    assert NUMBERED_FR.label(key) == label
    assert NUMBERED_FR.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "le présent article"),
        ("para-1", "para-1", "le présent I"),
        ("para-1", "para-1-i", "le présent I"),
        ("para-1", "para-2", "le I du présent article"),
        ("deep-2", "para-2", "le ii du b du 1° du I du présent article"),
        ("deep-2", "para-1-ii", "le ii du b du 1° du présent I"),
        ("para-1-i-a", "para-1-i-b", "le a du présent 1°"),
        ("para-1-ii", "para-1-i", "le 2° du présent I"),
        ("para-1-i", "para-1-i-a", "le présent 1°"),
        ("para-1-i-b", "annex", "le b du 1° du I de l’article 2"),
        ("para-1-more", "para-2", "le huitième alinéa du I du présent article"),
        ("chapter-2", "article-2", "le présent chapitre"),
        ("section", "article-1", "la présente section"),
        ("chapter", "article-2", "le chapitre Ier du titre Ier"),
        ("term-1", "term-2", "le 1° du présent article"),
        ("term-1", "para-1", "le 1° de l’article 3"),
        ("supplement-1", "supplement-2", "l’article 1er de la présente annexe"),
        ("supplement-2", "para-1", "l’article 2 de l’annexe I"),
        ("annex-1-i", "annex-1", "le 1° du présent I"),
        ("para-3#2", "para-1", "la deuxième phrase du III du présent article"),
        ("para-3#2", "para-3", "la deuxième phrase"),
        ("para-1#2", "annex", "la deuxième phrase du premier alinéa du I de l’article 2"),
        ("para-1#1", "para-1-ii", "la première phrase du premier alinéa du présent I"),
        ("para-1-more#2", "para-2", "la deuxième phrase du huitième alinéa du I du présent article"),
    ],
)
def test_france_references_where_the_reader_stands_fr(target, source, words):
    assert NUMBERED_FR.reference(target, source) == words


NUMBERED_EN = Numbered("french-act", "en")


@pytest.mark.parametrize(
    ("key", "label", "words"),
    [
        ("title", "TITLE I", "Title I"),
        ("chapter", "Chapter I", "Chapter I of Title I"),
        ("section", "Section 1", "Section 1 of Chapter I of Title I"),
        ("division", "Subsection 1", "Subsection 1 of Section 1 of Chapter I of Title I"),
        ("article-1", "Article 1", "Article 1"),
        ("article-2", "Article 2", "Article 2"),
        ("para-1", "I. –", "I of Article 2"),
        ("para-1-i", "1°", "point 1° of I of Article 2"),
        ("para-1-i-b", "b)", "point b of point 1° of I of Article 2"),
        ("deep-2", "ii)", "point ii of point b of point 1° of I of Article 2"),
        ("para-1-more", "", "the eighth paragraph of I of Article 2"),
        ("para-2", "II. –", "II of Article 2"),
        ("term-1", "1°", "point 1° of Article 3"),
        ("term-1-a", "a)", "point a of point 1° of Article 3"),
        ("supplement-2", "Article 2", "Article 2 of Annex I"),
        ("annex", "ANNEX II", "Annex II"),
        ("annex-1-i", "1°", "point 1° of I of Annex II"),
    ],
)
def test_france_numbers_and_full_references_en(key, label, words):
    assert NUMBERED_EN.label(key) == label
    assert NUMBERED_EN.reference(key) == words


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("article-2", "para-1", "this Article"),
        ("para-1", "para-1", "this part"),
        ("para-1", "para-1-i", "this part"),
        ("para-1", "para-2", "I of this Article"),
        ("deep-2", "para-2", "point ii of point b of point 1° of I of this Article"),
        ("deep-2", "para-1-ii", "point ii of point b of point 1° of this part"),
        ("para-1-i-a", "para-1-i-b", "point a of this point"),
        ("para-1-ii", "para-1-i", "point 2° of this part"),
        ("para-1-i", "para-1-i-a", "this point"),
        ("para-1-i-b", "annex", "point b of point 1° of I of Article 2"),
        ("para-1-more", "para-2", "the eighth paragraph of I of this Article"),
        ("chapter-2", "article-2", "this Chapter"),
        ("section", "article-1", "this Section"),
        ("chapter", "article-2", "Chapter I of Title I"),
        ("term-1", "term-2", "point 1° of this Article"),
        ("term-1", "para-1", "point 1° of Article 3"),
        ("supplement-1", "supplement-2", "Article 1 of this annex"),
        ("supplement-2", "para-1", "Article 2 of Annex I"),
        ("annex-1-i", "annex-1", "point 1° of this part"),
        ("para-3#2", "para-1", "the second sentence of III of this Article"),
        ("para-3#2", "para-3", "the second sentence"),
        ("para-1#2", "annex", "the second sentence of the first paragraph of I of Article 2"),
        ("para-1#1", "para-1-ii", "the first sentence of the first paragraph of this part"),
        ("para-1-more#2", "para-2", "the second sentence of the eighth paragraph of I of this Article"),
    ],
)
def test_france_references_where_the_reader_stands_en(target, source, words):
    assert NUMBERED_EN.reference(target, source) == words


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("fr", "selon [[ref:article-1]] et [[ref:terms]]", "selon les articles 1er et 3"),
        ("fr", "renvoie à [[ref:article-1]] et [[ref:terms]]", "renvoie aux articles 1er et 3"),
        ("fr", "au sens de [[ref:para-1]]", "au sens du I du présent article"),
        (
            "fr",
            "conformément à [[ref:para-1-more]]",
            "conformément au huitième alinéa du I du présent article",
        ),
        ("fr", "[[ref:para-1]] et [[ref:para-3]]", "Les I et III du présent article"),
        ("fr", "en vertu de [[ref:para-1]] et [[ref:para-3]]", "en vertu des I et III du présent article"),
        ("fr", "« mots » ; dans [[period]] : [[fine]]", "« mots » ; dans vingt-quatre mois : 15 000 000 €"),
        (
            "en",
            "under [[ref:para-1-i]] within [[period]]",
            "under point 1° of I of this Article within 24 months",
        ),
    ],
)
def test_france_sentences_with_references_and_values(language, written, said):
    assert sentence_in("french-act", language, written) == said
