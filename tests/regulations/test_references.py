import pytest

from campaign.regulations.numbering import number_tree
from campaign.regulations.printing import numbered_text
from campaign.regulations.traditions import Place, Step, tradition
from tests.factories.regulations import ACT, text, unit

EU = tradition("eu-regulation")
OUTSIDE = Place(steps=())

TREE = [
    unit("recital-1", "recital"),
    unit("recital-2", "recital"),
    unit(
        "chapter",
        "chapter",
        "",
        unit(
            "section",
            "section",
            "",
            unit(
                "article-1",
                "article",
                "",
                unit(
                    "first",
                    "paragraph",
                    "Words:",
                    unit("first-a", "point"),
                    unit(
                        "first-b",
                        "point",
                        "Words:",
                        unit("first-b-i", "point"),
                        unit(
                            "first-b-ii",
                            "point",
                            "Words:",
                            unit("indent-1", "indent"),
                            unit("indent-2", "indent"),
                        ),
                    ),
                ),
                unit(
                    "second",
                    "paragraph",
                    "Words:",
                    unit("second-a", "point"),
                    unit("second-sub", "subparagraph", "Words:", unit("second-sub-a", "point")),
                    unit("second-third", "subparagraph"),
                ),
            ),
        ),
    ),
    unit(
        "chapter-2",
        "chapter",
        "",
        unit("article-2", "article", "Words.", unit("article-2-second", "subparagraph")),
    ),
    unit(
        "article-3",
        "article",
        "Words:",
        unit("definition", "definition", "Words:", unit("definition-a", "point")),
    ),
    unit(
        "amending",
        "article",
        "Words:",
        unit(
            "amend-1",
            "amending-point",
            "Words:",
            unit(
                "new",
                "quoted",
                "",
                unit(
                    "new-article",
                    "article",
                    "",
                    unit("new-1", "paragraph", "Words:", unit("new-1-a", "point")),
                    unit("new-2", "paragraph"),
                    fixed_number="53a",
                ),
                act=ACT,
            ),
        ),
        unit(
            "amend-2",
            "amending-point",
            "Words:",
            unit(
                "amend-2-a",
                "amending-point",
                "Words:",
                unit(
                    "added",
                    "quoted",
                    "",
                    unit("added-point", "point", fixed_number="da"),
                    act=ACT,
                    place=(("article", "53"), ("paragraph", "1")),
                ),
            ),
        ),
    ),
    unit("annex", "annex", "", unit("annex-1", "paragraph", "Words:", unit("annex-1-a", "point"))),
]


@pytest.fixture(scope="module")
def places():
    return number_tree(TREE, tradition=EU, language="en").places


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("recital-2", "recital (2)"),
        ("chapter", "Chapter I"),
        ("section", "Section 1 of Chapter I"),
        ("article-1", "Article 1"),
        ("first", "Article 1(1)"),
        ("first-a", "Article 1(1), point (a)"),
        ("first-b-ii", "Article 1(1), point (b)(ii)"),
        ("indent-2", "Article 1(1), point (b)(ii), second indent"),
        ("second-a", "Article 1(2), first subparagraph, point (a)"),
        ("second-sub", "second subparagraph of Article 1(2)"),
        ("second-third", "third subparagraph of Article 1(2)"),
        ("second-sub-a", "Article 1(2), second subparagraph, point (a)"),
        ("article-2-second", "second paragraph of Article 2"),
        ("definition", "Article 3, point (1)"),
        ("definition-a", "Article 3, point (1)(a)"),
        ("amend-2-a", "Article 4, point (2)(a)"),
        ("new-article", f"Article 53a of {ACT}"),
        ("new-1", f"Article 53a(1) of {ACT}"),
        ("new-1-a", f"Article 53a(1), point (a), of {ACT}"),
        ("added-point", f"Article 53(1), point (da), of {ACT}"),
        ("annex", "the Annex"),
        ("annex-1-a", "the Annex, point 1, point (a)"),
    ],
)
def test_reference_full_form(places, key, words):
    assert EU.reference(places[key], OUTSIDE, "en") == words


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("first", "article-1", "this Article"),
        ("first", "first", "this paragraph"),
        ("first-a", "first", "this paragraph"),
        ("second", "first", "paragraph 1"),
        ("second", "first-b-i", "paragraph 1, point (b)(i)"),
        ("first-b", "first-a", "point (a)"),
        ("second-third", "second-a", "the first subparagraph, point (a)"),
        ("second", "second-a", "point (a)"),
        ("second-third", "second-sub", "the second subparagraph"),
        ("second-third", "second-third", "this subparagraph"),
        ("first", "second-third", "the third subparagraph of paragraph 2"),
        ("article-2", "second-third", "the third subparagraph of Article 1(2)"),
        ("article-2", "article-2-second", "the second paragraph"),
        ("article-1", "section", "Section 1"),
        ("article-2", "section", "Section 1 of Chapter I"),
        ("new-2", "new-1-a", "paragraph 1, point (a)"),
        ("added-point", "new-1", "Article 53a(1)"),
        ("new-1", "added-point", "Article 53(1), point (da)"),
        ("article-2", "new-1", f"Article 53a(1) of {ACT}"),
        ("amend-1", "amend-2", "point (2)"),
    ],
)
def test_reference_short_form_where_the_reader_stands(places, source, target, words):
    assert EU.reference(places[target], places[source], "en") == words


def test_reference_golden_examples_of_the_drafting_guide():
    article, paragraph, point = Step("article", "53a"), Step("paragraph", "1"), Step("point", "d")
    third = (Step("article", "3"), Step("paragraph", "1"), Step("subparagraph", ordinal=3))

    assert EU.reference(Place((article, paragraph, point)), None, "en") == "Article 53a(1), point (d)"
    assert EU.reference(Place(third), None, "en") == "third subparagraph of Article 3(1)"


def body_of(key, *provisions):
    law = numbered_text(text(*provisions))
    found = [item for top in law.provisions for item in (top, *top.children) if item.key == key]
    return found[0].body_text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("See [[ref:a]] and [[ref:b]].", "See Articles 1 and 2."),
        ("See [[ref:a]], [[ref:b]] or [[ref:c]].", "See Articles 1, 2 or 3."),
        ("See [[ref:a]] to [[ref:c]].", "See Articles 1 to 3."),
        ("See [[ref:a]] and [[ref:c-2]].", "See Article 1 and Article 3(2)."),
        ("Under [[ref:c-2-a]] nothing applies.", "Under Article 3(2), point (a), nothing applies."),
        ("Under [[ref:c-2-a]].", "Under Article 3(2), point (a)."),
        ("Under [[ref:c-2-a]] and [[ref:a]] both.", "Under Article 3(2), point (a), and Article 1 both."),
        ("It ends. [[ref:c-third]] goes on.", "It ends. The second subparagraph of Article 3(2) goes on."),
    ],
)
def test_references_in_a_sentence_are_set_as_the_journal_sets_them(written, printed):
    target = unit("c-2", "paragraph", "Words:", unit("c-2-a", "point"))
    other = unit("c-3", "paragraph", "Words.", unit("c-x", "point"))
    second = unit("c-third", "subparagraph")
    if "c-third" in written:
        target = unit("c-2", "paragraph", "Words.", second)

    result = body_of(
        "d", unit("a", "article"), unit("b", "article"), unit("c", "article", "", unit("c-1", "paragraph"), target, other),
        unit("d", "article", written),
    )  # fmt: skip

    assert result == printed


def test_quoted_text_is_opened_once_and_closed_with_the_list():
    def insertion(key, number):
        first = unit(f"{key}-1", "paragraph", "First.")
        article = unit(
            f"{key}-article",
            "article",
            "",
            first,
            unit(f"{key}-2", "paragraph", "Last."),
            fixed_number=number,
        )
        return unit(key, "amending-point", "Words:", unit(f"{key}-q", "quoted", "", article, act=ACT))

    law = numbered_text(text(unit("a", "article", "Words:", insertion("one", "5a"), insertion("two", "7a"))))

    one, two = (point.children[0].children[0] for point in law.provisions[0].children)
    assert [(item.opening, item.closing) for item in (one, *one.children)] == [
        ("‘", ""),
        ("", ""),
        ("", "’;"),
    ]
    assert [(item.opening, item.closing) for item in (two, *two.children)] == [
        ("‘", ""),
        ("", ""),
        ("", "’."),
    ]


def test_quoted_words_without_units_are_opened_and_closed():
    quoted = unit("q", "quoted", "other words", act=ACT)

    law = numbered_text(text(unit("a", "article", "Words:", unit("m", "amending-point", "Words:", quoted))))

    words = law.provisions[0].children[0].children[0]
    assert (words.opening, words.body_text, words.closing) == ("‘", "other words", "’.")


def test_non_breaking_spaces_bind_a_word_and_its_number():
    law = numbered_text(text(unit("a", "article", "See Article 5(1), point (d), and Annex II.")))

    assert law.provisions[0].body_text == "See Article\u00a05(1), point\u00a0(d), and Annex\u00a0II."
