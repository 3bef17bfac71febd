"""How laws of each tradition are set on pages."""

import pytest

from campaign.regulations.printing import numbered_text
from campaign.regulations.rendering import contents_entries, render_law_html
from tests.factories.regulations import unit
from tests.regulations.trees import Numbered, law, law_text, printed


def html(key, language, *provisions):
    return render_law_html({"law": numbered_text(law(key, language, *provisions)).as_data()})


@pytest.mark.parametrize(
    ("key", "language", "heading", "drawn"),
    [
        (
            "us-bill",
            "en",
            "Duty",
            '<span class="law-number">SECTION\u00a01.</span> <span class="law-heading">DUTY.</span>',
        ),
        ("uk-bill", "en", "Duty", '<span class="law-number">1</span> <span class="law-heading">Duty</span>'),
        (
            "korean-act",
            "ko",
            "목적",
            '<span class="law-number">제1조</span><span class="law-heading">(목적)</span>',
        ),
        (
            "japanese-act",
            "ja",
            "目的",
            '<span class="law-heading">（目的）</span><span class="law-number">第一条</span>',
        ),
        (
            "german-act",
            "de",
            "Zweck",
            '<span class="law-number">§\u00a01</span> <span class="law-heading">Zweck</span>',
        ),
    ],
)
def test_headings_stand_where_the_tradition_has_them(key, language, heading, drawn):
    assert f"<h3>{drawn}</h3>" in html(key, language, unit("a", "article", "Words.", heading=heading))


def test_heading_of_a_subsection_runs_into_its_text():
    section = unit("a", "article", "", unit("p", "paragraph", "Words.", heading="In general"))

    drawn = html("us-bill", "en", section)

    assert '<p><span class="law-run-in">IN GENERAL.—</span>Words.</p>' in drawn
    assert "(a) IN GENERAL.—Words." in printed("us-bill", "en", section)


def test_heading_that_ends_itself_gets_no_second_stop():
    section = unit("a", "article", "", unit("p", "paragraph", "Words.", heading="In general."))

    assert "(1) In general. Words." in printed("uk-bill", "en", section)


def test_definition_without_a_number_hangs_nowhere():
    definition = unit("d", "definition", "means a thing.", term="model")

    drawn = html("uk-bill", "en", unit("a", "article", "In this Act—", definition))

    assert '<li class="law-point law-definition" id="d"><p>“model” means a thing.</p></li>' in drawn


def test_words_over_the_title_stand_over_it():
    drawn = html("us-bill", "en", unit("a", "article"))

    assert '<header class="law-title"><p class="law-above">A BILL</p><h2>A text</h2></header>' in drawn
    assert printed("us-bill", "en", unit("a", "article")).startswith("A BILL\nA text\n")


def test_an_agreement_names_its_parties_and_a_license_has_none():
    clause = unit("a", "article")

    agreement = printed("contract", "en", unit("party", "citation", "the Provider; and"), clause)
    license_text = printed("contract", "en", clause)

    assert agreement.splitlines()[2:5] == ["PARTIES", "(1) the Provider; and", "AGREED TERMS"]
    assert "PARTIES" not in license_text
    assert "Signed" not in license_text


def test_division_stands_among_the_containers():
    division = unit("d", "division", "", unit("a", "article", heading="Scope"), heading="General")
    chapter = unit("c", "chapter", "", unit("s", "section", "", division, heading="All"), heading="First")
    payload = {"law": numbered_text(law("eu-regulation", "en", chapter)).as_data()}

    assert '<section class="law-division" id="d"><h5>' in render_law_html(payload)
    assert "Subsection 1 General" in law_text(payload).replace("\u00a0", " ")
    assert [entry.key for entry in contents_entries(payload)[0].entries[0].entries] == ["d"]


EU = Numbered("eu-regulation", "en")


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("para-3#2", "para-1", "the second sentence of paragraph 3"),
        ("para-3#2", "para-3", "the second sentence"),
        ("para-3#2", "terms", "the second sentence of Article 2(3)"),
        ("para-1#2", "terms", "the second sentence of the first subparagraph of Article 2(1)"),
        ("para-1-more#1", "para-2", "the first sentence of the second subparagraph of paragraph 1"),
        ("para-1-i-a#1", "terms", "the first sentence of Article 2(1), first subparagraph, point (a)(i)"),
    ],
)
def test_eu_references_to_sentences(target, source, words):
    assert EU.reference(target, source) == words


@pytest.mark.parametrize(
    ("key", "language", "body", "counts", "words"),
    [
        ("korean-act", "ko", "하나로 한다. 이 경우 둘로 한다.", (1, 2), ["제1조 전단", "제1조 후단"]),
        ("korean-act", "ko", "하나로 한다. 다만, 둘은 아니다.", (1, 2), ["제1조 본문", "제1조 단서"]),
        ("korean-act", "ko", "하나로 한다. 둘로 한다. 셋으로 한다.", (1, 3), ["제1조 제1문", "제1조 제3문"]),
        ("japanese-act", "ja", "一とする。二とする。", (1, 2), ["第一条前段", "第一条後段"]),
        (
            "japanese-act",
            "ja",
            "一とする。二とする。三とする。",
            (1, 2, 3),
            ["第一条前段", "第一条中段", "第一条後段"],
        ),
        ("japanese-act", "ja", "一とする。ただし、二を除く。", (1, 2), ["第一条本文", "第一条ただし書"]),
        ("german-act", "de", "Eins gilt. Zwei gilt.", (2,), ["§ 1 Satz 2"]),
        ("french-act", "fr", "Un. Deux.", (2,), ["la deuxième phrase de l’article 1er"]),
        ("us-bill", "en", "One. Two.", (2,), ["the second sentence of section 1"]),
    ],
)
def test_sentences_have_the_names_of_the_culture(key, language, body, counts, words):
    marks = "; ".join(f"[[ref:a#{count}]]" for count in counts)

    lines = printed(
        key, language, unit("a", "article", body), unit("b", "article", f"x {marks}")
    ).splitlines()

    line = next(line for line in lines if " x " in line)
    assert line.partition(" x ")[2].replace(" ;", ";").split("; ") == words
