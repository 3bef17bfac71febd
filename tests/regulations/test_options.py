import time

import pytest

from campaign.regulations.checks import problems_of
from campaign.regulations.options import effective
from campaign.regulations.tree import ChoiceSpec, walk
from campaign.regulations.values import Option, VariableSpec
from tests.factories.regulations import text, unit

RELIEF = unit("relief", "article", "Small providers have more time.", heading="Relief", is_optional=True)
DUTY = unit("duty", "article", "Models are returned.", heading="Duty")


def keys(shown):
    return [item.key for item, _above in walk(effective(shown).provisions)]


def remedies(shown):
    return [(problem.place, problem.remedy) for problem in problems_of(shown)]


def alternative(key, **more):
    return unit(key, "article", f"Words of {key}.", heading=key, choice="license", **more)


def test_optional_provision_stands_as_it_is_by_default():
    off = unit("audit", "article", heading="Audit", is_optional=True, is_default=False)

    assert keys(text(DUTY, RELIEF, off)) == ["duty", "relief"]


def test_switch_takes_a_provision_out_with_all_below_it():
    relief = unit("relief", "article", "", unit("relief-1", "paragraph"), heading="Relief", is_optional=True)

    assert keys(text(DUTY, relief, switches={"relief": False})) == ["duty"]


def test_effective_leaves_the_whole_text_as_it_is():
    whole = text(DUTY, RELIEF, switches={"relief": False})

    effective(whole)

    assert [item.key for item in whole.provisions] == ["duty", "relief"]


def test_definition_goes_with_the_only_provision_that_uses_it():
    terms = unit(
        "terms", "article", "The following definitions apply:",
        unit("def-small", "definition", "means one below the line of the def-line.", term="small provider"),
        unit("def-line", "definition", "means 50 people.", term="def-line"),
        unit("def-model", "definition", "means a thing.", term="model"),
        heading="Definitions",
    )  # fmt: skip

    shown = text(terms, DUTY, RELIEF, switches={"relief": False})

    assert keys(shown) == ["terms", "def-model", "duty"]
    assert remedies(shown) == []


@pytest.mark.parametrize("kind", ["recital", "citation"])
def test_definition_stays_where_a_reason_refers_to_it(kind):
    terms = unit(
        "terms", "article", "The following definitions apply:",
        unit("def-small", "definition", "means one below the line.", term="small provider"),
        heading="Definitions",
    )  # fmt: skip

    told = text(
        unit("why", kind, "As [[ref:def-small]] says,"), terms, DUTY, RELIEF, switches={"relief": False}
    )
    not_told = text(
        unit("why", kind, "A small provider is small,"), terms, DUTY, RELIEF, switches={"relief": False}
    )

    assert keys(told) == ["why", "terms", "def-small", "duty"]
    assert remedies(told) == []
    assert keys(not_told) == ["why", "terms", "duty"]


def test_definition_goes_where_only_words_below_another_that_goes_use_it():
    terms = unit(
        "terms", "article", "The following definitions apply:",
        unit(
            "def-small", "definition", "means one that:", unit("line", "point", "is below the size line;"),
            term="small provider",
        ),
        unit("def-line", "definition", "means 50 people.", term="size line"),
        heading="Definitions",
    )  # fmt: skip

    assert keys(text(terms, DUTY, RELIEF, switches={"relief": False})) == ["terms", "duty"]


def test_definitions_that_lean_on_each_other_go_together_and_soon():
    def name(place):
        return f"word{'abcdefghij'[place // 100]}{'abcdefghij'[place // 10 % 10]}{'abcdefghij'[place % 10]}"

    definitions = [
        unit(f"d{place}", "definition", f"means a {name(place + 1)}, where it is one.", term=name(place))
        for place in range(150)
    ]
    relief = unit("relief", "article", f"Each {name(0)} has more time.", heading="Relief", is_optional=True)
    articles = [unit(f"a{place}", "article", "Models are returned to all. " * 8) for place in range(600)]
    shown = text(unit("terms", "article", "Words:", *definitions), relief, *articles)
    shown.switches["relief"] = False
    began = time.perf_counter()

    standing = keys(shown)

    assert time.perf_counter() - began < 0.5
    assert standing == ["terms", *(f"a{place}" for place in range(600))]


def test_definition_that_nothing_ever_used_is_still_told():
    terms = unit(
        "terms", "article", "The following definitions apply:",
        unit("def-idle", "definition", "means nothing.", term="idle word"),
        heading="Definitions",
    )  # fmt: skip

    shown = text(terms, DUTY, RELIEF, switches={"relief": False})

    assert [place for place, _remedy in remedies(shown)] == ["def-idle"]


def test_reference_to_a_provision_that_is_off_is_refused():
    duty = unit("duty", "article", "Subject to [[ref:relief]], models are returned.", heading="Duty")

    assert remedies(text(duty, RELIEF, switches={"relief": False})) == [
        (
            "duty",
            "[[ref:relief]] points to “relief”, which is left out of the text. Let it stand, or take the reference out.",
        )
    ]


@pytest.mark.parametrize(
    ("switches", "told"),
    [
        ({}, []),
        ({"share-alike": False, "permissive": True}, []),
        (
            {"share-alike": False},
            [("share-alike", "of “License” one has to stand, and none does. Switch one on.")],
        ),
        (
            {"permissive": True},
            [("permissive", "of “License” only one may stand, and 2 do. Switch the others off.")],
        ),
    ],
)
def test_exactly_one_alternative_of_a_choice_stands(switches, told):
    shown = text(
        alternative("share-alike"),
        alternative("permissive", is_default=False),
        choices={"license": ChoiceSpec("license", "License")},
        switches=switches,
    )

    assert remedies(shown) == told


def test_none_may_stand_where_the_choice_is_not_required():
    shown = text(
        DUTY,
        alternative("one", is_default=False),
        alternative("two", is_default=False),
        choices={"license": ChoiceSpec("license", "License", required=False)},
    )

    assert remedies(shown) == []


def test_choice_has_to_be_declared_and_have_two_alternatives():
    assert remedies(text(alternative("one"))) == [
        ("one", "the choice “license” is not declared. Declare it or correct the name.")
    ]
    assert remedies(text(alternative("one"), choices={"license": ChoiceSpec("license", "License")})) == [
        ("one", "it is the only alternative of “License”. Add another or make it optional.")
    ]
    assert remedies(text(DUTY, choices={"license": ChoiceSpec("license", "License")})) == [
        ("", "the choice “license” has no alternatives. Add them or remove the choice.")
    ]


GRADE = VariableSpec(
    "grade", "enum", "What is returned", default="R4",
    options=(Option("R4", "Open weights", "weights"), Option("R5", "Everything", "weights and code")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        ({"needs": ("relief",)}, []),
        ({"excludes": ("grade=R5",)}, []),
        ({"needs": ("grade=R4",)}, []),
        (
            {"excludes": ("relief",)},
            "it cannot stand where “relief” stands in the text. Switch one of the two.",
        ),
        (
            {"needs": ("grade=R5",)},
            "it stands only where “What is returned” is set to “Everything”. Switch one of the two.",
        ),
        ({"needs": ("nowhere",)}, "“nowhere” is no provision. Correct the key or remove the condition."),
        (
            {"excludes": ("grade=R9",)},
            "“grade=R9” names no option of a variable. Write name=option, or a provision’s key.",
        ),
    ],
)
def test_conditions_hold_where_a_provision_stands(conditions, told):
    audit = unit("audit", "article", "Give the [[grade]].", heading="Audit", **conditions)

    shown = text(DUTY, RELIEF, audit, variables={"grade": GRADE})

    assert remedies(shown) == ([("audit", told)] if told else [])


def test_conditions_do_not_bind_a_provision_that_is_off():
    audit = unit("audit", "article", heading="Audit", is_optional=True, is_default=False, needs=("relief",))

    assert remedies(text(DUTY, RELIEF, audit, switches={"relief": False})) == []


@pytest.mark.parametrize("key", ["duty", "nowhere"])
def test_switch_for_what_cannot_be_switched_is_refused(key):
    assert [place for place, _remedy in remedies(text(DUTY, RELIEF, switches={key: False}))] == [key]


def test_variable_used_only_by_a_provision_that_is_off_may_stay():
    spec = VariableSpec("period", "duration", "Period", default="2 months")
    relief = unit("relief", "article", "After [[period]].", heading="Relief", is_optional=True)

    assert remedies(text(DUTY, relief, variables={"period": spec}, switches={"relief": False})) == []
