"""From any text to any other: the steps make exactly the new one, are no more than needed, and fit no other text."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.regulations.comparing import (
    InsertUnit,
    MoveUnit,
    RemoveUnit,
    SameKeyTwice,
    SetText,
    SetUnit,
    StepDoesNotFit,
    amending_steps,
    apply_steps,
    is_same_tree,
)
from campaign.regulations.tree import ChoiceSpec, LegalText, Unit, walk
from campaign.regulations.values import VariableSpec
from tests.factories.regulations import text, unit
from tests.regulations.comparing.trees import trees


@st.composite
def texts(draw):
    names = draw(st.lists(st.sampled_from("xyz"), unique=True))
    return LegalText(
        title=draw(st.sampled_from(["One", "Two"])),
        language=draw(st.sampled_from(["en", "ko"])),
        tradition=draw(st.sampled_from(["eu-regulation", "korean-act"])),
        provisions=draw(trees()),
        variables={
            name: VariableSpec(name, "integer", draw(st.sampled_from(["A", "B"])), default="1")
            for name in names
        },
        values=draw(st.dictionaries(st.sampled_from("xyz"), st.sampled_from(["1", "2"]))),
        choices={name: ChoiceSpec(name, name) for name in draw(st.lists(st.sampled_from("gh"), unique=True))},
        switches=draw(st.dictionaries(st.sampled_from("abc"), st.booleans())),
    )


def entries(legal_text):
    return [
        list(getattr(legal_text, table).items()) for table in ("variables", "values", "choices", "switches")
    ]


@given(texts(), texts())
def test_steps_from_any_text_to_any_other_make_exactly_that(old, new):
    result = apply_steps(old, amending_steps(old, new))

    assert result == new
    assert entries(result) == entries(new)


@given(texts(), texts())
def test_steps_leave_the_old_text_as_it_is(old, new):
    before = apply_steps(old, ())

    apply_steps(old, amending_steps(old, new))

    assert old == before


@given(texts())
def test_steps_from_a_text_to_itself_are_none(same):
    assert amending_steps(same, apply_steps(same, ())) == ()


@given(texts(), texts())
def test_steps_move_no_unit_twice_and_put_in_nothing_that_is_there(old, new):
    keys_before = {item.key for item, _above in walk(old.provisions)}
    keys = {item.key for item, _above in walk(new.provisions)}

    steps = amending_steps(old, new)

    moved = [step.key for step in steps if isinstance(step, MoveUnit)]
    put_in = [item.key for step in steps if isinstance(step, InsertUnit) for item, _ in walk([step.unit])]
    gone = [item.key for step in steps if isinstance(step, RemoveUnit) for item, _ in walk([step.unit])]
    assert len(moved) == len(set(moved))
    assert sorted(put_in) == sorted(keys - keys_before)
    assert sorted(gone) == sorted(keys_before - keys)


@given(texts(), texts(), texts())
@example(text(unit("a", "article")), text(), text())
def test_steps_applied_to_another_text_give_the_new_one_or_are_refused(old, new, other):
    steps = amending_steps(old, new)

    try:
        result = apply_steps(other, steps)
    except StepDoesNotFit as refusal:
        place = refusal.place
    else:
        place = "fits"
        assert all(getattr(result, step.field) == step.after for step in steps if isinstance(step, SetText))

    assert place


def article(*children):
    return text(unit("a", "article", "", *children))


def test_steps_for_an_insertion_are_one_with_all_that_is_new_below():
    point = unit("p", "point")
    old, new = (
        article(unit("one", "paragraph")),
        article(unit("one", "paragraph"), unit("two", "paragraph", "x", point)),
    )

    assert amending_steps(old, new) == (InsertUnit(unit("two", "paragraph", "x", point), "a", "one"),)


def test_steps_for_one_of_many_that_changed_its_order_are_one_move():
    keys = [f"p{place}" for place in range(9)]
    old = article(*(unit(key, "paragraph") for key in keys))
    new = article(*(unit(key, "paragraph") for key in [*keys[1:6], keys[0], *keys[6:]]))

    assert amending_steps(old, new) == (MoveUnit("p0", "a", "a", "p5"),)


def test_steps_for_a_unit_below_its_own_former_descendant():
    old = text(unit("a", "article", "A", unit("b", "paragraph", "B", unit("c", "point", "C"))))
    new = text(unit("c", "article", "A", unit("b", "paragraph", "B", unit("a", "point", "C"))))

    steps = amending_steps(old, new)

    assert apply_steps(old, steps) == new
    assert [step for step in steps if isinstance(step, MoveUnit)] == [
        MoveUnit("c", "b", "", ""),
        MoveUnit("b", "a", "c", ""),
        MoveUnit("a", "", "b", ""),
    ]


def test_steps_for_a_change_of_words_hold_those_of_before():
    old, new = text(unit("a", "article", "Old.")), text(unit("a", "article", "New."))

    assert amending_steps(old, new) == (SetUnit("a", "body", "Old.", "New."),)


def test_steps_for_a_split_keep_what_stays_and_move_the_rest():
    rest = unit("q", "point")
    old = article(unit("one", "paragraph", "x", unit("p", "point"), rest))
    new = article(unit("one", "paragraph", "x", unit("p", "point")), unit("two", "paragraph", "x", rest))

    assert amending_steps(old, new) == (
        InsertUnit(unit("two", "paragraph", "x"), "a", "one"),
        MoveUnit("q", "one", "two", ""),
    )


@pytest.mark.parametrize(
    ("step", "place"),
    [
        (SetText("title", "Another", "New"), "title"),
        (SetUnit("one", "body", "Another.", "New."), "one"),
        (SetUnit("gone", "body", "Words.", "New."), "gone"),
        (InsertUnit(unit("one", "point"), "a", ""), "one"),
        (InsertUnit(unit("new", "point"), "gone", ""), "gone"),
        (InsertUnit(unit("new", "point"), "a", "gone"), "gone"),
        (InsertUnit(unit("new", "point"), "", "one"), "one"),
        (MoveUnit("one", "", "a", ""), "one"),
        (MoveUnit("a", "", "one", ""), "a"),
        (MoveUnit("one", "a", "gone", ""), "gone"),
        (MoveUnit("one", "a", "a", "one"), "one"),
        (RemoveUnit(unit("one", "paragraph", "Another."), "a"), "one"),
        (RemoveUnit(unit("one", "paragraph"), ""), "one"),
        (RemoveUnit(unit("a", "article", ""), ""), "a"),
    ],
)
def test_step_that_does_not_fit_names_the_place(step, place):
    with pytest.raises(StepDoesNotFit) as refusal:
        apply_steps(article(unit("one", "paragraph")), (step,))

    assert refusal.value.place == place
    assert str(refusal.value) == (
        f"The text has changed at “{place}” since these changes were drawn up. Compare the texts again."
    )


@pytest.mark.parametrize("sides", [(0, 1), (1, 0)])
def test_steps_with_one_key_twice_are_refused(sides):
    double, sound = text(unit("a", "article"), unit("a", "article")), text(unit("a", "article"))
    old, new = (double, sound) if sides[0] else (sound, double)

    with pytest.raises(SameKeyTwice) as refusal:
        amending_steps(old, new)

    assert "“a”" in str(refusal.value)


def deep(depth, body="Words."):
    top = lowest = unit("u0", "point", body)
    for level in range(1, depth):
        lowest.children.append(unit(f"u{level}", "point", body))
        lowest = lowest.children[0]
    return top


@pytest.mark.parametrize("depth", [200, 5_000])
def test_steps_of_a_deep_text_need_no_deep_stack(depth):
    old, new = text(deep(depth)), text(deep(depth, "Other words."), deep_other := unit("z", "article"))

    result = apply_steps(old, amending_steps(old, new))
    gone = apply_steps(result, amending_steps(result, text(deep_other)))

    assert is_same_tree(result.provisions, new.provisions)
    assert gone.provisions == [deep_other]


def test_steps_of_ten_thousand_units_in_reverse_order():
    old = text(*(unit(f"a{place}", "article") for place in range(10_000)))
    new = replace(old, provisions=old.provisions[::-1])

    steps = amending_steps(old, new)

    assert len(steps) == 9_999
    assert apply_steps(old, steps) == new


def test_units_hold_all_that_a_unit_can_say():
    full = Unit(
        "q", "quoted", "H", "B", "1a", "t", "Act", (("article", "3"),), [], True, False, "c", ("x",), ("y=z",)
    )

    assert apply_steps(text(), amending_steps(text(), text(full))) == text(full)
    assert apply_steps(
        text(unit("q", "point")), amending_steps(text(unit("q", "point")), text(full))
    ) == text(full)
