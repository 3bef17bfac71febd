import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.regulations.numbering import number_tree
from campaign.regulations.traditions import tradition
from campaign.regulations.traditions.numbers import Arabic, Letters, Roman, ordinal_word
from campaign.regulations.tree import walk
from tests.factories.regulations import ACT, unit

EU = tradition("eu-regulation")


def labels(*provisions):
    return number_tree(list(provisions), tradition=EU, language="en").labels


def problems(*provisions):
    found = number_tree(list(provisions), tradition=EU, language="en").problems
    return [(problem.key, problem.remedy) for problem in found]


def test_numbering_of_every_kind_is_that_of_the_official_journal():
    result = labels(
        unit("cit", "citation"),
        unit("r1", "recital"),
        unit("r2", "recital"),
        unit(
            "c1",
            "chapter",
            "",
            unit(
                "s1",
                "section",
                "",
                unit("a1", "article", "", unit("p1", "paragraph"), unit("p2", "paragraph")),
            ),
            unit("s2", "section", "", unit("a2", "article")),
        ),
        unit(
            "c2",
            "chapter",
            "",
            unit("a3", "article", "", unit("p3", "paragraph", "Words:", unit("x", "point"))),
        ),
        unit("x1", "annex"),
        unit("x2", "annex"),
    )

    assert result == {
        "cit": "",
        "r1": "(1)",
        "r2": "(2)",
        "c1": "CHAPTER I",
        "s1": "Section 1",
        "a1": "Article 1",
        "p1": "1.",
        "p2": "2.",
        "s2": "Section 2",
        "a2": "Article 2",
        "c2": "CHAPTER II",
        "a3": "Article 3",
        "p3": "1.",
        "x": "(a)",
        "x1": "ANNEX I",
        "x2": "ANNEX II",
    }


def test_numbering_of_points_goes_on_after_z():
    points = [unit(f"p{index}", "point") for index in range(28)]

    result = labels(unit("a", "article", "Words:", *points))

    letters = [f"({letter})" for letter in string.ascii_lowercase] + ["(aa)", "(ab)"]
    assert [result[f"p{index}"] for index in range(28)] == letters


def test_numbering_of_nested_points_and_indents():
    result = labels(
        unit(
            "a", "article", "Words:",
            unit("p", "point", "Words:", unit("q1", "point"), unit("q2", "point", "Words:", unit("i", "indent"))),
        )
    )  # fmt: skip

    assert [result[key] for key in ("p", "q1", "q2", "i")] == ["(a)", "(i)", "(ii)", "–"]


def test_numbering_of_definitions_and_amending_points():
    result = labels(
        unit(
            "d",
            "article",
            "Words:",
            unit("d1", "definition", "x", unit("da", "point")),
            unit("d2", "definition"),
        ),
        unit("m", "article", "Words:", unit("m1", "amending-point", "x", unit("m1a", "amending-point"))),
    )

    assert [result[key] for key in ("d1", "da", "d2", "m1", "m1a")] == ["(1)", "(a)", "(2)", "(1)", "(a)"]


def test_numbering_counts_chapters_anew_in_each_title_and_articles_never():
    result = labels(
        unit("t1", "title", "", unit("c1", "chapter", "", unit("a1", "article"))),
        unit("t2", "title", "", unit("c2", "chapter", "", unit("a2", "article"))),
    )

    assert (result["t2"], result["c2"], result["a2"]) == ("TITLE II", "CHAPTER I", "Article 2")


def test_numbering_of_a_sole_annex_has_no_number():
    assert labels(unit("a", "article"), unit("x", "annex"))["x"] == "ANNEX"


@pytest.mark.parametrize(
    ("kind", "fixed", "expected"),
    [
        ("paragraph", "1a", ["1.", "1a.", "2."]),
        ("point", "aa", ["(a)", "(aa)", "(b)"]),
        ("definition", "1a", ["(1)", "(1a)", "(2)"]),
    ],
)
def test_numbering_inserted_number_leaves_the_count(kind, fixed, expected):
    units = [unit("one", kind), unit("between", kind, fixed_number=fixed), unit("two", kind)]

    result = labels(unit("a", "article", "Words:" if kind != "paragraph" else "", *units))

    assert [result[key] for key in ("one", "between", "two")] == expected


def test_numbering_plain_fixed_number_moves_the_count():
    quoted = unit(
        "q", "quoted", "",
        unit("d1", "definition", fixed_number="69"), unit("d2", "definition"),
        act=ACT, place=(("article", "3"),),
    )  # fmt: skip

    result = labels(unit("a", "article", "Words:", unit("m", "amending-point", "Words:", quoted)))

    assert (result["d1"], result["d2"]) == ("(69)", "(70)")


def test_numbering_inserted_article_starts_its_own_paragraphs():
    article = unit("new", "article", "", unit("n1", "paragraph"), unit("n2", "paragraph"), fixed_number="53a")
    quoted = unit("q", "quoted", "", article, act=ACT)

    result = labels(
        unit("a", "article", "Words:", unit("m", "amending-point", "Words:", quoted)), unit("b", "article")
    )

    assert (result["new"], result["n1"], result["n2"], result["b"]) == (
        "Article 53a",
        "1.",
        "2.",
        "Article 2",
    )


def test_numbering_taken_number_is_told():
    article = unit("a", "article", "", unit("p1", "paragraph"), unit("p2", "paragraph", fixed_number="1"))

    assert problems(article) == [
        ("p2", "the number 1 is taken by “p1”; give one of them another number."),
    ]


def test_numbering_same_number_in_two_quotations_of_one_place_is_told():
    def quoted(key):
        point = unit(f"{key}-point", "point", fixed_number="e")
        place = (("article", "55"), ("paragraph", "1"))
        return unit(
            key, "amending-point", "Words:", unit(f"{key}-q", "quoted", "", point, act=ACT, place=place)
        )

    found = problems(unit("a", "article", "Words:", quoted("one"), quoted("two")))

    assert [key for key, _ in found] == ["two-point"]


def test_numbering_number_out_of_order_is_told():
    units = [unit("p1", "paragraph", fixed_number="5"), unit("p2", "paragraph", fixed_number="3")]

    assert problems(unit("a", "article", "", *units)) == [
        ("p2", "the number 3 stands out of order; move the provision."),
    ]


@pytest.mark.parametrize(
    ("kind", "number"), [("paragraph", "(1)"), ("point", "1"), ("paragraph", "0"), ("point", "A")]
)
def test_numbering_impossible_number_is_told(kind, number):
    found = problems(unit("a", "article", "", unit("p", kind, fixed_number=number)))

    assert found == [
        ("p", f"“{number}” is no number of this tradition; write it without brackets, like 53a or da."),
    ]


def test_numbering_number_on_an_unnumbered_kind_is_told():
    found = problems(unit("a", "article", "Words.", unit("s", "subparagraph", fixed_number="2")))

    assert found == [("s", "a subparagraph carries no number; remove the number.")]


def test_numbering_quoted_unit_without_number_is_told():
    quoted = unit("q", "quoted", "", unit("new", "article"), act=ACT)

    found = problems(unit("a", "article", "Words:", unit("m", "amending-point", "Words:", quoted)))

    assert found == [("new", "its number in the other act is missing. Add “number”.")]


@given(
    st.integers(min_value=1, max_value=3000),
    st.sampled_from([Arabic(), Letters(), Roman(), Roman(upper=True)]),
)
def test_numbers_read_back_what_they_write(count, style):
    assert style.read(style.write(count), after=count - 1) == count


@given(st.lists(st.sampled_from(["paragraph", "point", "definition", "recital"]), min_size=1, max_size=60))
def test_numbering_is_a_bijection_on_siblings_of_a_kind(kinds):
    units = [unit(f"u{index}", kind) for index, kind in enumerate(kinds)]

    result = number_tree(units, tradition=EU, language="en")

    for kind in set(kinds):
        numbers = [result.labels[item.key] for item in units if item.kind == kind]
        assert len(set(numbers)) == len(numbers)
    assert result.problems == []


@given(st.permutations(range(6)))
def test_numbering_follows_the_order_and_keeps_the_keys(order):
    units = [unit(f"p{index}", "paragraph") for index in order]
    tree = [unit("a", "article", "", *units)]

    result = labels(*tree)

    assert {item.key for item, _ in walk(tree)} == set(result)
    assert [result[item.key] for item in units] == [f"{number}." for number in range(1, 7)]


@pytest.mark.parametrize(
    ("count", "word"), [(1, "first"), (20, "twentieth"), (21, "21st"), (112, "112th"), (33, "33rd")]
)
def test_ordinal_word(count, word):
    assert ordinal_word(count) == word
