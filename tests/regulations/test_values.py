import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.regulations.marks import Piece, pieces, stray_mark
from campaign.regulations.values import Option, ValueRefused, VariableSpec, english_value


def spec(kind, **more):
    return VariableSpec(name="value", type=kind, label="Value", **more)


@pytest.mark.parametrize(
    ("kind", "value", "printed"),
    [
        ("compute", "10^25", "10²⁵"),
        ("compute", "3.2 x 10^26", "3.2\u00a0×\u00a010²⁶"),
        ("money", "EUR 15000000", "EUR\u00a015\u00a0000\u00a0000"),
        ("money", "EUR 1500.50", "EUR\u00a01\u00a0500.50"),
        ("money", "EUR 900", "EUR\u00a0900"),
        ("percentage", "3 %", "3\u00a0%"),
        ("percentage", "2.5%", "2.5\u00a0%"),
        ("duration", "24 months", "24\u00a0months"),
        ("duration", "1 month", "one\u00a0month"),
        ("duration", "6 months", "six\u00a0months"),
        ("duration", "15 working days", "15\u00a0working days"),
        ("integer", "2", "two"),
        ("integer", "250", "250"),
        ("integer", "1250", "1\u00a0250"),
        ("date", "2027-08-02", "2\u00a0August\u00a02027"),
        ("authority", "the AI Office", "the AI Office"),
        ("text", "as it is", "as it is"),
    ],
)
def test_english_value(kind, value, printed):
    assert english_value(spec(kind), value) == printed


def test_english_value_of_a_choice_is_its_text():
    choice = spec(
        "enum", options=(Option("a", "First", "the first thing"), Option("b", "Second", "the second"))
    )

    assert english_value(choice, "b") == "the second"
    assert choice.label_of("b") == "Second"


@pytest.mark.parametrize(
    ("kind", "value", "remedy"),
    [
        ("integer", "many", "“many” is not a whole number like 250"),
        (
            "duration",
            "24",
            "“24” is not a duration like 24 months (days, working days, weeks, months or years)",
        ),
        ("money", "15 million", "“15 million” is not an amount like EUR 15000000"),
        ("percentage", "120 %", "a share cannot be more than 100 %"),
        ("compute", "1e25", "“1e25” is not a number of operations like 10^25 or 3.2 × 10^25"),
        ("date", "2027-02-30", "“2027-02-30” is no day of the calendar"),
        ("date", "soon", "“soon” is not a date like 2027-08-02"),
    ],
)
def test_check_refuses_the_wrong_form(kind, value, remedy):
    with pytest.raises(ValueRefused) as refusal:
        spec(kind).check(value)

    assert str(refusal.value) == remedy


@pytest.mark.parametrize(
    ("kind", "bounds", "good", "bad", "remedy"),
    [
        (
            "duration",
            ("6 months", "5 years"),
            "1 year",
            "3 months",
            "“3 months” is less than the bound 6 months",
        ),
        (
            "duration",
            ("6 months", "5 years"),
            "60 months",
            "61 months",
            "“61 months” is more than the bound 5 years",
        ),
        ("money", ("EUR 10", "EUR 20"), "EUR 10", "EUR 21", "“EUR 21” is more than the bound EUR 20"),
        ("money", ("EUR 10", ""), "EUR 11", "USD 11", "the currency must be that of the bound EUR 10"),
        ("compute", ("10^23", ""), "10^24", "9.9 × 10^22", "“9.9 × 10^22” is less than the bound 10^23"),
        (
            "date",
            ("", "2030-01-01"),
            "2029-12-31",
            "2030-01-02",
            "“2030-01-02” is more than the bound 2030-01-01",
        ),
    ],
)
def test_check_keeps_the_bounds(kind, bounds, good, bad, remedy):
    bounded = spec(kind, minimum=bounds[0], maximum=bounds[1])
    bounded.check(good)

    with pytest.raises(ValueRefused) as refusal:
        bounded.check(bad)

    assert str(refusal.value) == remedy


def test_check_refuses_what_is_no_option():
    choice = spec("license", options=(Option("open", "Open", "open"), Option("closed", "Closed", "closed")))

    with pytest.raises(ValueRefused) as refusal:
        choice.check("half")

    assert str(refusal.value) == "“half” is no option; use one of: open, closed"


def test_pieces_finds_both_marks():
    found = list(pieces("Within [[period]] of [[ref:duty-1]]."))

    assert found == [
        Piece(text="Within "),
        Piece(variable="period"),
        Piece(text=" of "),
        Piece(reference="duty-1"),
        Piece(text="."),
    ]


def test_pieces_finds_a_mark_inside_a_bracketed_note():
    assert list(pieces("[OP: insert [[period]]]")) == [
        Piece(text="[OP: insert "),
        Piece(variable="period"),
        Piece(text="]"),
    ]


@pytest.mark.parametrize(
    "words", ["see [[Period]]", "[[ref:]]", "[[a b]]", "open [[period", "period]] closed", "[[ref:A]]"]
)
def test_stray_mark_finds_what_is_not_well_formed(words):
    assert stray_mark(words) != ""


@given(st.text())
def test_pieces_lose_nothing(words):
    def written(piece):
        if piece.variable:
            return f"[[{piece.variable}]]"
        return f"[[ref:{piece.reference}]]" if piece.reference else piece.text

    assert "".join(written(piece) for piece in pieces(words)) == words


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", "٢٥٠"),
        ("percentage", "２０ %"),
        ("money", "EUR १५"),
        ("duration", "٢٤ months"),
        ("compute", "10^２５"),
        ("date", "２０２７-08-02"),
    ],
)
def test_digits_of_other_scripts_are_refused(kind, value):
    with pytest.raises(ValueRefused):
        VariableSpec("v", kind, "V").check(value)
