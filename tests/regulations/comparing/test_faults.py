"""Texts that are deep, wide, empty, or of another legal culture: every form says what it can, and none breaks."""

from dataclasses import fields, replace
from itertools import product

import pytest

from campaign.regulations.comparing import (
    ChangeKind,
    FormInEnglishOnly,
    amending_act_writing,
    amending_steps,
    apply_steps,
    changes_between,
    comparison_table_writing,
    parliament_writing,
    redline_writing,
    striking_writing,
    two_columns_writing,
)
from campaign.regulations.comparing.steps import TABLES, TEXT_FIELDS
from campaign.regulations.numbered import NumberedProvision, NumberedText, Run
from campaign.regulations.printing import numbered_text
from campaign.regulations.traditions import tradition, tradition_keys
from campaign.regulations.tree import LegalText
from tests.factories.regulations import text, unit

FORMS = (
    redline_writing,
    two_columns_writing,
    parliament_writing,
    striking_writing,
    comparison_table_writing,
    amending_act_writing,
)
ENGLISH_ONLY = {striking_writing, amending_act_writing}
CULTURES = [(key, language) for key in tradition_keys() for language in sorted(tradition(key).languages)]


def deep_law(depth, words, *, form="eu-regulation"):
    item = None
    for level in range(depth, 0, -1):
        below = (item,) if item else ()
        body = (Run(words if level == depth else "Words."),)
        kind = "article" if level == 1 else "point"
        item = NumberedProvision(f"u{level}", kind, "(a)", (), body, "", f"point {level}", "", "", below)
    return NumberedText("Deep", "en", form, "", {}, (item,))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", ["eu-regulation", "us-bill"])
def test_forms_of_a_text_two_hundred_levels_deep(form, key):
    old, new = (
        deep_law(200, words, form=key) for words in ("Some old words of it.", "Some new words of it.")
    )

    assert form(changes_between(old, new)).blocks
    assert form(changes_between(old, deep_law(100, "Words.", form=key))).blocks


@pytest.mark.parametrize("depth", [200, 5_000])
def test_comparison_of_a_deep_text_needs_no_deep_stack(depth):
    comparison = changes_between(deep_law(depth, "Old words."), deep_law(depth, "New words."))

    assert [change.key for change in comparison.changes if change.kinds] == [f"u{depth}"]
    assert comparison.by_key[f"u{depth}"].kinds == {ChangeKind.CHANGED}


def test_comparison_of_ten_thousand_provisions_in_one_row():
    units = [unit(f"a{place}", "article", f"Words of {place}.") for place in range(10_000)]
    old, new = numbered_text(text(*units)), numbered_text(text(*units[1:], units[0]))

    comparison = changes_between(old, new)

    assert comparison.totals == {ChangeKind.MOVED: 1, ChangeKind.RENUMBERED: 10_000}
    assert len(parliament_writing(comparison).blocks) > 6


@pytest.mark.parametrize("form", FORMS)
def test_forms_from_nothing_to_something_and_back(form):
    nothing, something = numbered_text(text()), numbered_text(text(unit("a", "article", heading="Scope")))

    for old, new in ((nothing, nothing), (nothing, something), (something, nothing)):
        assert form(changes_between(old, new)).blocks


def small_law(key, language, words):
    points = [unit("p", "point", f"{words} p;"), unit("q", "point", f"{words} q.")]
    paragraph = unit("b", "paragraph", words, *points)
    return numbered_text(
        LegalText(
            "T",
            language,
            key,
            [
                unit("c", "chapter", "", unit("a", "article", "", paragraph, heading="A"), heading="C"),
                unit("z", "article", f"{words} See [[ref:b]]."),
                unit("x", "annex", "", unit("y", "paragraph", words), heading="X"),
            ],
        )
    )  # fmt: skip


@pytest.mark.parametrize(("old", "new"), list(product(CULTURES, CULTURES)))
def test_forms_between_any_two_legal_cultures(old, new):
    comparison = changes_between(small_law(*old, "Some old words."), small_law(*new, "Some new words."))

    assert len(comparison.notes) == (old[0] != new[0]) + (old[1] != new[1])
    for form in FORMS:
        if form in ENGLISH_ONLY and new[1] != "en":
            with pytest.raises(FormInEnglishOnly):
                form(comparison)
        else:
            assert form(comparison).notes[1:] == comparison.notes


def test_texts_that_are_no_longer_known_here_are_compared_by_key():
    old, new = (
        replace(small_law("eu-regulation", "en", words), tradition="gone")
        for words in ("Old words.", "New words.")
    )

    assert changes_between(old, new).totals[ChangeKind.CHANGED] == 5
    for form in FORMS:
        assert form(changes_between(old, new)).blocks


def test_steps_know_every_field_of_a_text():
    assert {field.name for field in fields(LegalText)} == {"provisions", *TEXT_FIELDS, *TABLES}


def test_steps_for_an_adaptation_carry_tradition_and_language():
    old = LegalText("T", "en", "eu-regulation", [unit("a", "article", "Return it.")])
    new = LegalText("법", "ko", "korean-act", [unit("a", "article", "반환한다.")])

    assert apply_steps(old, amending_steps(old, new)) == new
