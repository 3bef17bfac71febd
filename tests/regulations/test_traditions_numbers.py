"""What holds for the numbers of every tradition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.regulations.checks import problems_of
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.numbering import number_tree
from campaign.regulations.printing import numbered_text
from campaign.regulations.rendering import render_law_html
from campaign.regulations.traditions import tradition, tradition_keys
from campaign.regulations.traditions.french_act import FrenchAct
from campaign.regulations.traditions.korean_act import circled, ends_in_consonant
from campaign.regulations.tree import walk
from tests.factories.regulations import ACT, unit
from tests.regulations.trees import law, printed, tree

ALL = tradition_keys()
STYLES = {
    (key, kind, depth): style
    for key in ALL
    for kind, row in getattr(tradition(key), "styles", {}).items()
    for depth, style in enumerate(row)
}


def test_the_traditions_there_are():
    assert ALL == [
        "contract",
        "eu-regulation",
        "french-act",
        "german-act",
        "japanese-act",
        "korean-act",
        "model-law",
        "position-paper",
        "uk-bill",
        "us-bill",
    ]


@given(st.sampled_from(sorted(STYLES)), st.integers(min_value=1, max_value=400))
def test_numbers_of_every_style_read_back_what_they_write(which, count):
    style = STYLES[which]

    assert style.read(style.write(count), after=count - 1) == count


@given(
    st.sampled_from(sorted(STYLES)), st.sets(st.integers(min_value=1, max_value=400), min_size=2, max_size=2)
)
def test_no_style_writes_two_counts_alike(which, counts):
    one, other = counts

    assert STYLES[which].write(one) != STYLES[which].write(other)


@given(
    st.sampled_from(ALL),
    st.lists(st.sampled_from([Kind.POINT, Kind.DEFINITION, Kind.AMENDING_POINT]), min_size=2, max_size=40),
)
def test_numbering_never_gives_two_listed_siblings_one_number(key, kinds):
    form = tradition(key)
    units = [
        unit(f"u{index}", kind, term=f"t{index}" * (kind == Kind.DEFINITION))
        for index, kind in enumerate(kinds)
    ]
    article = unit("a", "article", "Words:", *units)

    result = number_tree([article], tradition=form, language="en")

    assert result.problems == []
    cited = [item.key for item in units if form.can_be_cited(item.kind)]
    if key != "eu-regulation":  # there points and definitions count apart, in letters and in figures
        assert len({form.reference(result.places[item], None, "en") for item in cited}) == len(cited)


@given(st.sampled_from([key for key in ALL if key != "eu-regulation"]), st.data())
def test_every_provision_that_can_be_cited_has_words_of_its_own(key, data):
    form = tradition(key)
    language = data.draw(st.sampled_from(sorted(form.languages)))
    provisions = tree()
    result = number_tree(provisions, tradition=form, language=language)

    said = [
        form.reference(result.places[item.key], None, language)
        for item, _above in walk(provisions)
        if form.can_be_cited(item.kind)
    ]

    assert len(set(said)) == len(said)


@pytest.mark.parametrize("key", ALL)
def test_every_tradition_takes_the_tree_of_neutral_kinds(key):
    if key == "eu-regulation":
        pytest.skip("an annex of the Union holds no articles")
    form = tradition(key)

    for language in sorted(form.languages):
        found = [
            problem
            for problem in problems_of(law(key, language, *tree()))
            if "is defined and used nowhere" not in problem.remedy
        ]
        assert found == []


@pytest.mark.parametrize("key", ALL)
def test_every_tradition_is_rendered_with_its_layout_and_language(key):
    form = tradition(key)
    for language in sorted(form.languages):
        provisions = [unit("a", "article", "Words.", heading="Scope")]
        html = render_law_html({"law": numbered_text(law(key, language, *provisions)).as_data()})
        assert f'<article class="law {form.layout}" lang="{language}">' in html
        assert 'id="a"' in html


@pytest.mark.parametrize("key", ALL)
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.QUOTED])
def test_every_kind_has_a_name_in_every_language(key, kind):
    form = tradition(key)

    for language in form.languages:
        assert form.kind_name(kind, (), language)


@pytest.mark.parametrize(
    ("key", "language", "kind", "fixed", "label", "words"),
    [
        ("us-bill", "en", "article", "1A", "SEC. 1A.", "section 1A"),
        ("us-bill", "en", "paragraph", "aa", "(aa)", "section 9(aa)"),
        ("uk-bill", "en", "article", "1A", "1A", "section 1A"),
        ("uk-bill", "en", "article", "1ZA", "1ZA", "section 1ZA"),
        ("uk-bill", "en", "paragraph", "1A", "(1A)", "section 9(1A)"),
        ("uk-bill", "en", "point", "aa", "(aa)", "section 9(aa)"),
        ("contract", "en", "article", "1A", "1A.", "clause 1A"),
        ("contract", "en", "paragraph", "1A", "9.1A", "clause 9.1A"),
        ("model-law", "en", "article", "1 bis", "Article 1 bis", "article 1 bis"),
        ("model-law", "en", "paragraph", "1 ter", "1 ter.", "article 9, paragraph 1 ter"),
        ("position-paper", "en", "article", "1a", "1a", "section 1a"),
        ("korean-act", "ko", "article", "1의2", "제1조의2", "제1조의2"),
        ("korean-act", "en", "article", "1의2", "Article 1-2", "Article 1-2"),
        ("korean-act", "ko", "point", "1의2", "1의2.", "제9조제1호의2"),
        ("german-act", "de", "article", "1a", "§ 1a", "§ 1a"),
        ("german-act", "de", "paragraph", "1a", "(1a)", "§ 9 Absatz 1a"),
        ("german-act", "en", "article", "1a", "Section 1a", "section 1a"),
        ("french-act", "fr", "article", "1 bis", "Article 1er bis", "l’article 1er bis"),
        ("french-act", "fr", "article", "1er ter", "Article 1er ter", "l’article 1er ter"),
        ("french-act", "fr", "paragraph", "I bis", "I bis. –", "le I bis de l’article 9"),
        ("french-act", "fr", "point", "1 bis", "1° bis", "le 1° bis de l’article 9"),
        ("japanese-act", "ja", "article", "1の2", "第一条の二", "第一条の二"),
        ("japanese-act", "ja", "point", "1の2", "一の二", "第九条第一号の二"),
        ("japanese-act", "en", "article", "1の2", "Article 1-2", "Article 1-2"),
    ],
)  # fmt: skip
def test_inserted_numbers_leave_the_count(key, language, kind, fixed, label, words):
    form = tradition(key)
    units = [unit("one", kind), unit("between", kind, fixed_number=fixed), unit("two", kind)]
    body = "" if kind == "paragraph" else "Words:"
    provisions = units if kind == "article" else [unit("a", "article", body, *units, fixed_number="9")]

    result = number_tree(provisions, tradition=form, language=language)

    assert result.problems == []
    assert result.labels["between"].replace("\u00a0", " ") == label
    assert form.reference(result.places["between"], None, language) == words
    count = form.style((), kind).read(result.places["two"].steps[-1].number, after=1)
    assert count == 2


@pytest.mark.parametrize(
    ("key", "kind", "fixed", "remedy"),
    [
        ("us-bill", "article", "1 bis", "write it without brackets, like 2A or b."),
        ("uk-bill", "article", "1a", "write it without brackets, like 1A, ZA1 or za."),
        ("korean-act", "article", "1A", "write it without brackets, like 3의2 or 가의2."),
        ("japanese-act", "article", "1의2", "write it without brackets, like 3の2."),
        ("french-act", "article", "1a", "write it without brackets, like 3 bis or 1 ter."),
        ("german-act", "article", "1A", "write it without brackets, like 3a."),
    ],
)
def test_a_number_of_another_tradition_is_told(key, kind, fixed, remedy):
    form = tradition(key)

    result = number_tree([unit("a", kind, fixed_number=fixed)], tradition=form, language=min(form.languages))

    assert [problem.remedy for problem in result.problems] == [
        f"“{fixed}” is no number of this tradition; {remedy}"
    ]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1", "①"),
        ("20", "⑳"),
        ("21", "㉑"),
        ("35", "㉟"),
        ("36", "㊱"),
        ("50", "㊿"),
        ("51", "(51)"),
        ("2의2", "②의2"),
    ],
)
def test_korean_paragraphs_are_circled_as_far_as_there_are_circles(number, said):
    assert circled(number) == said


def test_korean_items_go_on_after_the_fourteenth():
    style = tradition("korean-act").style((Kind.ARTICLE, Kind.POINT), Kind.POINT)

    assert [style.write(count) for count in (1, 2, 14, 15, 16, 28, 29)] == [
        "가",
        "나",
        "하",
        "거",
        "너",
        "허",
        "고",
    ]


def test_japanese_sub_items_follow_the_iroha():
    style = tradition("japanese-act").style((Kind.ARTICLE, Kind.POINT), Kind.POINT)

    assert "".join(style.write(count) for count in range(1, 8)) == "イロハニホヘト"


def test_american_items_double_their_letters():
    chain = (Kind.ARTICLE, Kind.PARAGRAPH, *[Kind.POINT] * 4)

    style = tradition("us-bill").style(chain, Kind.POINT)

    assert [style.write(count) for count in (1, 2, 26, 27)] == ["aa", "bb", "zz", "aaa"]


def test_all_lists_of_a_united_states_section():
    points = unit(
        "one",
        "point",
        "W:",
        unit(
            "two",
            "point",
            "W:",
            unit("three", "point", "W:", unit("four", "point", "W:", unit("five", "point"))),
        ),
    )
    provisions = [unit("a", "article", "", unit("p", "paragraph", "Words:", points))]

    result = number_tree(provisions, tradition=tradition("us-bill"), language="en")

    assert tradition("us-bill").reference(result.places["five"], None, "en") == "section 1(a)(1)(A)(i)(I)(aa)"


@pytest.mark.parametrize(
    ("key", "language", "term", "line"),
    [
        ("us-bill", "en", "model", "    (1) MODEL.—The term “model” means a thing."),
        ("uk-bill", "en", "model", "    “model” means a thing."),
        ("model-law", "en", "model", "    (a) “model” means a thing."),
        ("korean-act", "ko", "모델", "    1. “모델”이란 means a thing."),
        ("korean-act", "ko", "제공자", "    1. “제공자”란 means a thing."),
        ("japanese-act", "ja", "モデル", "    一 モデル　means a thing."),
        ("french-act", "fr", "modèle", "    1° « modèle » : means a thing."),
        ("german-act", "de", "Modell", "    1. „Modell“ means a thing."),
    ],
)
def test_definitions_open_as_the_culture_has_them(key, language, term, line):
    definition = unit("d", "definition", "means a thing.", term=term)
    section = unit("t", "title", "", unit("a", "article", "Words:", definition))

    assert line in printed(key, language, section).splitlines()


@pytest.mark.parametrize(
    ("word", "answer"), [("모델", True), ("제공자", False), ("AI", False), ("LLM", True), ("GPT-3", True)]
)
def test_ends_in_consonant(word, answer):
    assert ends_in_consonant(word) is answer


@pytest.mark.parametrize(
    ("key", "language", "first", "last"),
    [
        ("us-bill", "en", "“SEC. 5A.", "Words.”."),
        ("german-act", "de", "„§ 5a", "Words.“."),
        ("french-act", "fr", "« Article 5 bis", "Words. »."),
        ("korean-act", "ko", "제5조의2", "Words."),
    ],
)
def test_text_put_into_another_act_is_quoted_in_the_marks_of_the_language(key, language, first, last):
    fixed = {"us-bill": "5A", "german-act": "5a", "french-act": "5 bis", "korean-act": "5의2"}[key]
    new = unit("new", "article", "Words.", fixed_number=fixed, heading="New")
    quoted = unit("q", "quoted", "", new, act=ACT)

    lines = printed(
        key, language, unit("a", "article", "Words:", unit("m", "amending-point", "Words:", quoted))
    ).splitlines()

    at = next(index for index, line in enumerate(lines) if first in line)
    assert lines[at + 1].strip() == last


def test_text_right_below_an_annex_is_cited_as_its():
    annex = unit("x", "annex", "Words:", unit("more", "subparagraph", "Words:", unit("i", "point")))

    for key, first, second in (
        (
            "uk-bill",
            "the second unnumbered paragraph of the Schedule",
            "paragraph (a) of the second unnumbered paragraph of the Schedule",
        ),
        (
            "us-bill",
            "the second undesignated paragraph of the appendix",
            "paragraph (1) of the second undesignated paragraph of the appendix",
        ),
    ):
        result = number_tree([unit("a", "article"), annex], tradition=tradition(key), language="en")
        assert tradition(key).reference(result.places["more"], None, "en") == first
        assert tradition(key).reference(result.places["i"], None, "en") == second


def test_french_lists_count_as_lines():
    result = number_tree(tree(), tradition=tradition("french-act"), language="fr")

    # The opening words, 1°, a), b), i), ii) and 2° come before it.
    assert result.places["para-1-more"].steps[-1].ordinal == 8
    assert FrenchAct.counts_lines
