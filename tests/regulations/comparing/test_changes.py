"""What became of each provision, and how it is told in sentences."""

import pytest
from hypothesis import given

from campaign.regulations.comparing import (
    ChangeKind,
    SameKeyTwice,
    change_sentences,
    changes_between,
)
from campaign.regulations.numbered import NumberedProvision, NumberedText, Run
from campaign.regulations.printing import numbered_text
from campaign.regulations.tree import LegalText
from tests.factories.regulations import text, unit
from tests.regulations.comparing.test_forms import LAWS


def between(old, new):
    return changes_between(numbered_text(text(*old)), numbered_text(text(*new)))


def kinds(old, new):
    changes = between(old, new).changes
    return {change.key: sorted(change.kinds) for change in changes if change.kinds}


def article(*children, key="a", **more):
    return unit(key, "article", "", *children, **more)


ONE, TWO, THREE = (unit(name, "paragraph", f"Words of {name}.") for name in ("one", "two", "three"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([article(ONE)], [article(ONE)], {}),
        ([article(ONE)], [article(ONE, TWO)], {"two": ["added"]}),
        ([article(ONE, TWO)], [article(ONE)], {"two": ["removed"]}),
        ([article(ONE, TWO)], [article(TWO)], {"one": ["removed"], "two": ["renumbered"]}),
        ([article(ONE)], [article(unit("one", "paragraph", "Other words."))], {"one": ["changed"]}),
        ([article(ONE, heading="H")], [article(ONE, heading="I")], {"a": ["heading"]}),
        ([article(unit("one", "point"))], [article(unit("one", "indent"))], {"one": ["kind", "renumbered"]}),
        (
            [article(unit("d", "definition", "is x.", term="t"))],
            [article(unit("d", "definition", "is x.", term="u"))],
            {"d": ["changed", "term"]},
        ),
        (
            [article(ONE, TWO, THREE)],
            [article(THREE, ONE, TWO)],
            {"one": ["renumbered"], "two": ["renumbered"], "three": ["moved", "renumbered"]},
        ),
        (
            [article(ONE, TWO), article(THREE, key="b")],
            [article(ONE), article(THREE, TWO, key="b")],
            {"two": ["moved"]},
        ),
    ],
)
def test_changes_tell_what_became_of_each_provision(old, new, expected):
    assert kinds(old, new) == expected


def test_changes_of_a_unit_that_moves_do_not_touch_what_goes_along():
    chapter = unit("c", "chapter", "", article(ONE, key="b"), heading="C")

    assert kinds([article(TWO), chapter], [chapter, article(TWO)]) == {
        "a": ["renumbered"],
        "b": ["renumbered"],
        "c": ["moved"],
    }


def test_changes_of_references_that_follow_new_numbers_are_no_change_of_words():
    pointing = unit("p", "paragraph", "See [[ref:two]].")

    assert kinds([article(pointing, ONE, TWO)], [article(pointing, TWO)]) == {
        "p": ["follows"],
        "one": ["removed"],
        "two": ["renumbered"],
    }


def test_changes_to_another_target_are_a_change_of_words():
    old, new = (unit("p", "paragraph", f"See [[ref:{key}]].") for key in ("one", "two"))

    assert kinds([article(old, ONE, TWO)], [article(new, ONE, TWO)]) == {"p": ["changed"]}


def test_changes_of_a_value_are_a_change_of_words():
    runs = [
        (Run("within "), Run(value, variable="period"), Run(" of it")) for value in ("24 months", "36 months")
    ]
    laws = [
        NumberedText(
            "T", "en", "eu-regulation", "law-eu", {},
            (NumberedProvision("a", "article", "Article 1", (), body, "", "Article 1", "", "", ()),),
        )
        for body in runs
    ]  # fmt: skip

    change = changes_between(*laws).by_key["a"]

    assert change.kinds == {ChangeKind.CHANGED}
    assert change.words == (
        ("keep", "within "), ("del", "24"), ("ins", "36"), ("keep", " months of it"),
    )  # fmt: skip


def test_changes_in_korean_are_marked_by_character():
    laws = [
        numbered_text(LegalText("법", "ko", "korean-act", [unit("a", "article", words)]))
        for words in ("모델을 반환한다.", "모델은 반환한다.")
    ]

    assert changes_between(*laws).by_key["a"].words == (
        ("keep", "모델"), ("del", "을"), ("ins", "은"), ("keep", " 반환한다."),
    )  # fmt: skip


def test_totals_count_provisions_and_not_the_words_around_them():
    comparison = changes_between(
        numbered_text(text(article(ONE))), numbered_text(text(article(TWO), article(ONE, key="b")))
    )

    assert comparison.totals == {ChangeKind.ADDED: 2, ChangeKind.MOVED: 1}


@given(LAWS, LAWS)
def test_changes_hold_every_unit_of_both_texts_once(old, new):
    comparison = changes_between(old, new)

    keys = [change.key for change in comparison.changes]
    assert len(keys) == len(set(keys))
    assert [change.new.key for change in comparison.changes if change.new] == list(comparison.new.nodes)
    assert {change.old.key for change in comparison.changes if change.old} == set(comparison.old.nodes)


@given(LAWS, LAWS)
def test_changes_are_told_in_sentences_whenever_there_are_any(old, new):
    comparison = changes_between(old, new)

    sentences = change_sentences(comparison)

    assert bool(sentences) == (not comparison.is_same)
    assert all(sentence.endswith(".") for sentence in sentences)


def test_sentences_name_each_place_and_what_became_of_it():
    old = [
        unit("scope", "article", "About [[ref:three]].", heading="Scope"),
        article(ONE, TWO, unit("p", "paragraph", "List:", unit("x", "point")), heading="Duty"),
        article(THREE, key="b"),
        unit("c", "article", "It ends."),
    ]
    new = [
        unit("c", "article", "It ends."),
        unit("scope", "article", "About [[ref:three]].", heading="Scope"),
        article(
            unit("new", "paragraph", "New:", unit("y", "point")),
            ONE,
            unit("p", "paragraph", "The list:", unit("z", "point"), unit("x", "point")),
            heading="The duty",
        ),
        article(THREE, key="b"),
    ]

    assert change_sentences(between(old, new)) == [
        "Article 1: moved; it was Article 4.",
        "Article 2: renumbered; it was Article 1.",
        "Article 2: its references or quotation marks follow other changes.",
        "Article 3: renumbered; it was Article 2.",
        "Article 3: its heading changed.",
        "Article 3(1): added at the beginning of Article 3.",
        "Article 3(2): renumbered; it was Article 2(1).",
        "Article 2(2): removed.",
        "Article 3(3): its words changed.",
        "Article 3(3), point (a): added at the beginning of Article 3(3).",
        "Article 3(3), point (b): renumbered; it was Article 2(3), point (a).",
        "Article 4: renumbered; it was Article 3.",
    ]


def test_sentences_tell_where_a_unit_stood_that_keeps_its_name():
    fixed = [
        unit(key, "article", fixed_number=number) for key, number in (("a", "1a"), ("b", "1b"), ("c", "1c"))
    ]

    assert change_sentences(between(fixed, [fixed[2], *fixed[:2]])) == [
        "Article 1c: moved; it stood after the former Article 1b."
    ]
    assert change_sentences(between(fixed, [*fixed[1:], fixed[0]])) == ["Article 1a: moved; it stood first."]


def test_comparison_with_one_key_twice_is_refused():
    double = NumberedProvision("a", "article", "Article 1", (), (), "", "", "", "", ())
    law = NumberedText("T", "en", "eu-regulation", "law-eu", {}, (double, double))

    with pytest.raises(SameKeyTwice) as refusal:
        changes_between(law, law)

    assert str(refusal.value) == (
        "The key “a” stands twice in one text. Give one of the two provisions another key."
    )


def test_comparison_of_an_adaptation_goes_by_key_and_says_so():
    korean = numbered_text(LegalText("법", "ko", "korean-act", [unit("a", "article", "모델을 반환한다.")]))
    european = numbered_text(text(unit("a", "article", "Return it."), unit("b", "article")))

    comparison = changes_between(european, korean)

    assert comparison.by_key["a"].kinds == {ChangeKind.CHANGED, ChangeKind.RENUMBERED}
    assert comparison.by_key["b"].kinds == {ChangeKind.REMOVED}
    by_key = "They were compared by the permanent keys of their provisions"
    assert comparison.notes == (
        f"The two texts follow different drafting traditions (EU regulation and Korean act). {by_key}.",
        f"The two texts are written in different languages (en and ko). {by_key}; their words have little in common.",
    )


def test_comparison_of_empty_texts_finds_nothing():
    empty = numbered_text(text())

    assert changes_between(empty, empty).is_same
    assert change_sentences(changes_between(empty, empty)) == []
