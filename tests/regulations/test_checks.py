import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.regulations.checks import problems_of
from campaign.regulations.numbered import walk_numbered
from campaign.regulations.printing import numbered_text
from campaign.regulations.terms import term_pattern
from campaign.regulations.traditions import tradition_keys
from campaign.regulations.values import Option, VariableSpec
from tests.factories.regulations import ACT, text, unit


def told(*provisions, **more):
    return [(problem.place, problem.remedy) for problem in problems_of(text(*provisions, **more))]


def variable(name="period", **more):
    return {
        name: VariableSpec(
            **{"name": name, "type": "duration", "label": "Period", "default": "24 months", **more}
        )
    }


def test_sound_text_has_no_problem():
    article = unit("a", "article", "Within [[period]], see [[ref:b]].")

    assert told(article, unit("b", "article"), variables=variable()) == []


@pytest.mark.parametrize(
    ("provisions", "expected"),
    [
        ([], ("", "there is no provision. Add at least one.")),
        (
            [unit("a", "article"), unit("a", "article")],
            ("a", "the key stands twice. Give one of the two another key."),
        ),
        (
            [unit("Article One", "article")],
            (
                "Article One",
                "write the key in small letters, digits and single hyphens, at most 80 characters.",
            ),
        ),
        (
            [unit("p", "paragraph")],
            ("p", "a unit of the kind “Paragraph” cannot stand at the top. Move it or change its kind."),
        ),
        (
            [unit("a", "article", "Words.", unit("b", "article"))],
            (
                "b",
                (
                    "a unit of the kind “Article” cannot stand in “a”, which is of the kind “Article”. "
                    "Move it or change its kind."
                ),
            ),
        ),
        (
            [unit("a", "article", "", unit("p", "paragraph"), unit("q", "point"))],
            ("a", "numbered paragraphs and other units stand side by side; put the others into a paragraph."),
        ),
        (
            [unit("a", "article", "Words.", unit("p", "paragraph"))],
            ("a", "text stands before numbered paragraphs; make it the first paragraph."),
        ),
        (
            [unit("a", "article"), unit("r", "recital")],
            ("r", "a unit of the kind “Recital” stands too late. Move it up."),
        ),
        (
            [
                unit(
                    "a",
                    "article",
                    "Words:",
                    unit("m", "amending-point", "Words:", unit("q", "quoted", "words")),
                )
            ],
            ("q", "it does not say which act the text is put into. Name the act."),
        ),
        (
            [unit("a", "article", "", heading="Only a heading")],
            ("a", "it is only a heading. Write its text or remove it."),
        ),
        ([unit("a", "article", "")], ("a", "it says nothing. Write its text or remove it.")),
        (
            [unit("a", "article", "Words:", unit("d", "definition"))],
            ("d", "a definition needs the term it defines. Write the term."),
        ),
        (
            [unit("a", "article", term="word")],
            ("a", "only a definition has a term of its own. Remove the term or change the kind."),
        ),
        (
            [unit("a", "article", "Left\u202eright.")],
            (
                "a",
                "the text holds control characters, line ends or marks that reverse the reading order. Type it anew.",
            ),
        ),
        (
            [unit("a", "article", "See [[Period]] now.")],
            ("a", "near “See [[Period]] now.” a mark is not well formed. Write [[name]] or [[ref:key]]."),
        ),
        (
            [unit("a", "article", "Within [[period]].")],
            ("a", "there is no open value [[period]]. Add it to the open values, or correct the name."),
        ),
        (
            [unit("a", "article", "See [[ref:gone]].")],
            ("a", "the reference [[ref:gone]] points to no provision. Correct the key or add the provision."),
        ),
        (
            [unit("c", "citation"), unit("a", "article", "See [[ref:c]].")],
            (
                "a",
                "[[ref:c]] points to a unit of the kind “Citation”, which cannot be cited. Point to the unit around or below it.",
            ),
        ),
        (
            [unit("a", "article", "A ‘thing’ is not defined.")],
            (
                "a",
                "‘thing’ is used as a defined term and defined nowhere. Define it or take the quotes away.",
            ),
        ),
    ],
)
def test_problem_is_told_with_place_and_remedy(provisions, expected):
    assert told(*provisions) == [expected]


def test_reference_from_quoted_text_to_the_amending_act_is_told():
    quoted = unit("q", "quoted", "words of [[ref:b]]", act=ACT)

    found = told(
        unit("a", "article", "Words:", unit("m", "amending-point", "Words:", quoted)), unit("b", "article")
    )

    assert [place for place, _ in found] == ["q"]
    assert found[0][1].startswith("[[ref:b]] points from text put into another act to this instrument")


def definitions(*terms, use=""):
    units = [unit(f"d{index}", "definition", "means words;", term=term) for index, term in enumerate(terms)]
    return [unit("defs", "article", "Words:", *units), unit("use", "article", use or "Words.")]


def test_definition_never_used_is_told():
    assert told(*definitions("covered model")) == [
        ("d0", "the term “covered model” is defined and used nowhere else. Use it or remove the definition."),
    ]


@pytest.mark.parametrize("use", ["A covered model.", "Covered models.", "covered  model", "COVERED MODEL"])
def test_definition_used_in_another_form_is_used(use):
    assert told(*definitions("covered model", use=use.replace("  ", " "))) == []
    assert term_pattern("covered model").search(use)


def test_definition_used_only_in_part_of_a_word_is_not_used():
    assert not term_pattern("model").search("remodelled")
    assert term_pattern("deposit body").search("deposit bodies")


def test_definition_used_only_in_a_recital_is_told():
    recital = unit("r", "recital", "A covered model is good.")

    assert [place for place, _ in told(recital, *definitions("covered model"))] == ["d0"]


@pytest.mark.parametrize("kind", ["recital", "article"])
def test_definition_that_is_referred_to_is_used(kind):
    other = unit("other", kind, "See [[ref:d0]].")
    units = definitions("covered model")

    assert told(*([other, *units] if kind == "recital" else [*units, other])) == []


def test_definition_used_in_the_text_of_the_chosen_option_is_used():
    options = (Option("x", "X", "each covered model"), Option("y", "Y", "nothing"))
    units = definitions("covered model", use="[[choice]].")

    chosen = told(*units, variables=variable("choice", type="enum", default="x", options=options))
    other = told(*units, variables=variable("choice", type="enum", default="y", options=options))

    assert chosen == []
    assert [place for place, _ in other] == ["d0"]


def test_term_defined_twice_is_told():
    found = told(*definitions("covered model", "Covered model", use="A covered model."))

    assert found == [
        ("d1", "“Covered model” is defined already in “d0”. Give one term one meaning: keep one of the two.")
    ]


@pytest.mark.parametrize(
    ("more", "remedy"),
    [
        ({"default": ""}, "it has no value. Set one, or give it a default."),
        (
            {"default": "soon"},
            "“soon” is not a duration like 24 months (days, working days, weeks, months or years).",
        ),
        ({"minimum": "36 months"}, "“24 months” is less than the bound 36 months."),
        (
            {"minimum": "long"},
            "“long” is not a duration like 24 months (days, working days, weeks, months or years).",
        ),
        ({"type": "text", "default": "see [[x]]"}, "a value cannot hold marks. Write the words out."),
    ],
)
def test_problem_of_a_variable_is_told(more, remedy):
    assert told(unit("a", "article", "Within [[period]]."), variables=variable(**more)) == [
        ("period", remedy)
    ]


def test_unused_variable_is_told():
    assert told(unit("a", "article"), variables=variable()) == [
        ("period", "the open value is used nowhere. Write [[period]] where it belongs, or remove it."),
    ]


@pytest.mark.parametrize("conditions", [{"needs": ("mode=a",)}, {"excludes": ("mode=b",)}])
def test_variable_that_only_decides_what_may_stand_is_used(conditions):
    options = (Option("a", "A", "one"), Option("b", "B", "two"))

    found = told(
        unit("x", "article", **conditions),
        variables=variable("mode", type="enum", default="a", options=options),
    )

    assert found == []


def test_optional_variable_that_only_decides_what_may_stand_needs_no_value():
    options = (Option("a", "A", "one"), Option("b", "B", "two"))
    mode = variable("mode", type="enum", default="", required=False, options=options)

    assert told(unit("x", "article", excludes=("mode=b",)), variables=mode) == []


def test_variable_named_like_a_provision_that_is_needed_is_not_used():
    found = told(unit("period", "article"), unit("x", "article", needs=("period",)), variables=variable())

    assert [problem for _place, problem in found] == [
        "the open value is used nowhere. Write [[period]] where it belongs, or remove it."
    ]


def test_optional_variable_without_value_is_told_when_it_is_used():
    found = told(unit("a", "article", "Within [[period]]."), variables=variable(default="", required=False))

    assert found == [("period", "it has no value. Set one, or give it a default.")]


def test_value_for_no_variable_is_told():
    found = told(unit("a", "article"), values={"other": "24 months"})

    assert found == [
        ("other", "a value is set for it, but there is no such open value. Add it, or set none.")
    ]


@pytest.mark.parametrize(
    ("more", "remedy"),
    [
        (
            {"tradition": "martian"},
            f"the tradition “martian” is not known. Use one of: {', '.join(tradition_keys())}.",
        ),
        ({"language": "tlh"}, "this tradition has no forms for the language “tlh”. Use one of: en."),
    ],
)
def test_unknown_tradition_or_language_is_told(more, remedy):
    unsound = text(unit("a", "article"))
    for name, value in more.items():
        setattr(unsound, name, value)

    assert [problem.remedy for problem in problems_of(unsound)] == [remedy]


def test_two_hundred_levels_are_told_not_walked_into():
    inner = unit("p200", "point")
    for level in range(199, 0, -1):
        inner = unit(f"p{level}", "point", "Words:", inner)

    found = told(unit("a", "article", "Words:", inner))

    assert ("p16", "it stands deeper than 16 levels. Move it up.") in found


def test_more_than_ten_thousand_provisions_are_told():
    found = told(*[unit(f"a{index}", "article") for index in range(10_001)])

    assert found == [("a10000", "an edition holds at most 10,000 provisions. Split the instrument.")]


@given(st.data())
def test_every_reference_of_a_text_without_problems_resolves(data):
    count = data.draw(st.integers(min_value=1, max_value=6))
    keys = [f"p{index}" for index in range(count)]
    targets = data.draw(st.lists(st.sampled_from([*keys, "gone"]), min_size=count, max_size=count))
    units = [
        unit(f"a{index}", "article", "", unit(f"p{index}", "paragraph", f"See [[ref:{target}]]."))
        for index, target in enumerate(targets)
    ]
    dead = targets.count("gone")

    found = problems_of(text(*units))

    assert len(found) == dead
    if not dead:
        law = numbered_text(text(*units))
        for _depth, item in walk_numbered(law.provisions):
            assert "[[" not in item.body_text
            assert all(run.text for run in item.body if run.reference)
