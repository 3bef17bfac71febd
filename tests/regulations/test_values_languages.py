"""Values as each language of law prints them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.regulations.traditions import tradition
from campaign.regulations.values import Option, ValueRefused, VariableSpec, german_value, in_dative, kanji
from campaign.regulations.values.french import in_words

CULTURES = {
    "eu": ("eu-regulation", "en"),
    "us": ("us-bill", "en"),
    "uk": ("uk-bill", "en"),
    "un": ("model-law", "en"),
    "fr": ("french-act", "fr"),
    "de": ("german-act", "de"),
    "ko": ("korean-act", "ko"),
    "ja": ("japanese-act", "ja"),
}


def said(culture, kind, value, **more):
    key, language = CULTURES[culture]
    spec = VariableSpec(name="value", type=kind, label="Value", **more)
    return tradition(key).value(spec, value, language).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("kind", "value", "printed"),
    [
        (
            "integer",
            "6",
            {
                "eu": "six",
                "us": "6",
                "uk": "6",
                "un": "six",
                "fr": "six",
                "de": "sechs",
                "ko": "6",
                "ja": "六",
            },
        ),
        (
            "integer",
            "12500",
            {
                "eu": "12 500",
                "us": "12,500",
                "uk": "12,500",
                "un": "12,500",
                "fr": "12 500",
                "de": "12 500",
                "ko": "12,500",
                "ja": "一万二千五百",
            },
        ),
        (
            "duration",
            "24 months",
            {
                "eu": "24 months",
                "us": "24 months",
                "uk": "24 months",
                "un": "24 months",
                "fr": "vingt-quatre mois",
                "de": "24 Monate",
                "ko": "24개월",
                "ja": "二十四月",
            },
        ),
        (
            "duration",
            "1 year",
            {
                "eu": "one year",
                "us": "1 year",
                "uk": "1 year",
                "un": "one year",
                "fr": "un an",
                "de": "ein Jahr",
                "ko": "1년",
                "ja": "一年",
            },
        ),
        (
            "duration",
            "1 week",
            {
                "eu": "one week",
                "us": "1 week",
                "uk": "1 week",
                "un": "one week",
                "fr": "une semaine",
                "de": "eine Woche",
                "ko": "1주",
                "ja": "一週間",
            },
        ),
        (
            "duration",
            "15 working days",
            {
                "eu": "15 working days",
                "us": "15 working days",
                "uk": "15 working days",
                "un": "15 working days",
                "fr": "quinze jours ouvrés",
                "de": "15 Arbeitstage",
                "ko": "15영업일",
                "ja": "十五営業日",
            },
        ),
        (
            "money",
            "EUR 15000000",
            {
                "eu": "EUR 15 000 000",
                "us": "EUR 15,000,000",
                "uk": "€15,000,000",
                "un": "EUR 15,000,000",
                "fr": "15 000 000 €",
                "de": "15 Millionen Euro",
                "ko": "1천500만유로",
                "ja": "千五百万ユーロ",
            },
        ),
        (
            "money",
            "USD 15000000",
            {
                "eu": "USD 15 000 000",
                "us": "$15,000,000",
                "uk": "$15,000,000",
                "un": "USD 15,000,000",
                "fr": "15 000 000 USD",
                "de": "15 Millionen US-Dollar",
                "ko": "1천500만달러",
                "ja": "千五百万米ドル",
            },
        ),
        (
            "money",
            "CHF 1500.50",
            {
                "eu": "CHF 1 500.50",
                "us": "CHF 1,500.50",
                "uk": "CHF 1,500.50",
                "un": "CHF 1,500.50",
                "fr": "1 500,50 CHF",
                "de": "1 500,50 Schweizer Franken",
                "ko": "1,500.50 CHF",
                "ja": "千五百・五〇CHF",
            },
        ),
        (
            "percentage",
            "3 %",
            {
                "eu": "3 %",
                "us": "3 percent",
                "uk": "3%",
                "un": "3 per cent",
                "fr": "3 %",
                "de": "3 Prozent",
                "ko": "3퍼센트",
                "ja": "百分の三",
            },
        ),
        (
            "percentage",
            "2.5 %",
            {
                "eu": "2.5 %",
                "us": "2.5 percent",
                "uk": "2.5%",
                "un": "2.5 per cent",
                "fr": "2,5 %",
                "de": "2,5 Prozent",
                "ko": "2.5퍼센트",
                "ja": "千分の二十五",
            },
        ),
        (
            "date",
            "2027-08-01",
            {
                "eu": "1 August 2027",
                "us": "August 1, 2027",
                "uk": "1 August 2027",
                "un": "1 August 2027",
                "fr": "1er août 2027",
                "de": "1. August 2027",
                "ko": "2027년 8월 1일",
                "ja": "令和九年八月一日",
            },
        ),
        (
            "compute",
            "10^25",
            {
                "eu": "10²⁵",
                "us": "10²⁵",
                "uk": "10²⁵",
                "un": "10²⁵",
                "fr": "10²⁵",
                "de": "10²⁵",
                "ko": "10²⁵",
                "ja": "十の二十五乗",
            },
        ),
        (
            "compute",
            "3.2 x 10^26",
            {
                "eu": "3.2 × 10²⁶",
                "us": "3.2 × 10²⁶",
                "uk": "3.2 × 10²⁶",
                "un": "3.2 × 10²⁶",
                "fr": "3,2 × 10²⁶",
                "de": "3,2 × 10²⁶",
                "ko": "3.2 × 10²⁶",
                "ja": "十の二十六乗に三・二を乗じた数",
            },
        ),
        ("authority", "the Office", dict.fromkeys(CULTURES, "the Office")),
        ("text", "as it is", dict.fromkeys(CULTURES, "as it is")),
    ],
)
def test_values_as_each_culture_prints_them(kind, value, printed):
    assert {culture: said(culture, kind, value) for culture in CULTURES} == printed


@pytest.mark.parametrize("culture", CULTURES)
@pytest.mark.parametrize("kind", ["enum", "license"])
def test_a_choice_prints_its_text(culture, kind):
    options = (Option("a", "First", "the first thing"), Option("b", "Second", "the second"))

    assert said(culture, kind, "b", options=options) == "the second"


@pytest.mark.parametrize("culture", CULTURES)
def test_a_value_of_another_form_is_refused(culture):
    with pytest.raises(ValueRefused):
        said(culture, "duration", "soon")


@pytest.mark.parametrize(
    ("before", "value", "printed"),
    [
        ("innerhalb von ", "24 months", "24 Monaten"),
        ("nach ", "1 year", "einem Jahr"),
        ("binnen ", "1 week", "einer Woche"),
        ("vor ", "15 working days", "15 Arbeitstagen"),
        ("seit ", "2 weeks", "zwei Wochen"),
        ("mindestens ", "24 months", "24 Monate"),
        ("davon ", "24 months", "24 Monate"),
    ],
)
def test_german_durations_bend_after_a_preposition(before, value, printed):
    spec = VariableSpec(name="value", type="duration", label="Value")

    assert in_dative(before, german_value(spec, value)).replace("\u00a0", " ") == printed


@pytest.mark.parametrize(
    ("count", "said_as"),
    [
        (0, "〇"),
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (24, "二十四"),
        (100, "百"),
        (105, "百五"),
        (1000, "千"),
        (10_000, "一万"),
        (15_000_000, "千五百万"),
        (100_000_000, "一億"),
    ],
)
def test_kanji(count, said_as):
    assert kanji(count) == said_as


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        ("KRW 500", "500원"),
        ("KRW 30000000", "3천만원"),
        ("KRW 100000000", "1억원"),
        ("KRW 1005000000", "10억500만원"),
        ("KRW 80000000000", "800억원"),
        ("KRW 5000000000000", "5조원"),
        ("KRW 12345678", "12,345,678원"),
        ("EUR 1000.50", "1,000.50유로"),
    ],
)
def test_korean_amounts_count_by_ten_thousands(amount, printed):
    assert said("ko", "money", amount) == printed


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        ("EUR 1000000", "1 Million Euro"),
        ("EUR 1500000", "1 500 000 Euro"),
        ("EUR 2000000.00", "2 Millionen Euro"),
        ("EUR 2000000.50", "2 000 000,50 Euro"),
        ("EUR 0", "0 Euro"),
    ],
)
def test_german_whole_millions_are_named(amount, printed):
    assert said("de", "money", amount) == printed


@pytest.mark.parametrize(
    ("period", "printed"),
    [
        ("1 week", "une semaine"),
        ("17 days", "dix-sept jours"),
        ("21 weeks", "vingt et une semaines"),
        ("11 weeks", "onze semaines"),
        ("71 days", "soixante et onze jours"),
        ("80 days", "quatre-vingts jours"),
        ("81 days", "quatre-vingt-un jours"),
        ("90 days", "quatre-vingt-dix jours"),
        ("120 days", "cent vingt jours"),
        ("200 days", "deux cents jours"),
        ("280 days", "deux cent quatre-vingts jours"),
        ("1000 days", "1 000 jours"),
    ],
)
def test_french_periods_are_written_in_words(period, printed):
    assert said("fr", "duration", period) == printed


@given(st.sets(st.integers(min_value=0, max_value=999), min_size=2, max_size=2))
def test_french_words_of_two_numbers_differ(counts):
    one, other = counts

    assert in_words(one) != in_words(other)


@given(st.sets(st.integers(min_value=1, max_value=10**12), min_size=2, max_size=2))
def test_kanji_of_two_numbers_differ(counts):
    one, other = counts

    assert kanji(one) != kanji(other)
