"""Pasted law becomes a tree."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.regulations.checks import problems_of
from campaign.regulations.outline import Decision, Doubt, OutlineRefused, read_outline
from campaign.regulations.traditions import tradition, tradition_keys
from campaign.regulations.tree import walk
from tests.factories.regulations import unit
from tests.regulations.trees import law, printed

# Numbers of a paper's parts and of its sections look alike: its outline cannot be read back without asking.
READ_BACK = [
    (key, language)
    for key in tradition_keys()
    if key != "position-paper"
    for language in sorted(tradition(key).languages)
]

EU = """\
REGULATION on the return of things
THE EUROPEAN PARLIAMENT AND THE COUNCIL OF THE EUROPEAN UNION,
Having regard to the Treaty on the Functioning of the European Union,
Whereas:
(1) Things are made from things.
(2) They are to return.
HAVE ADOPTED THIS REGULATION:
CHAPTER I
GENERAL
Article 1
Subject matter
1. This Regulation lays down rules.
2. It applies to:
(a) things;
(b) other things:
(i) small ones;
(ii) large ones.
Article 2
Definitions
The following definitions apply:
(1) ‘thing’ means an object;
(2) ‘large thing’ means a thing that is large.
Article 3a
Return
Words that run
over two lines.
ANNEX
1. What is in the annex.
"""

KOREA = """\
인공지능 모델 반환법
제1장 총칙
제1조(목적) 이 법은 인공지능 모델의 반환에 관한 사항을 정함을 목적으로 한다.
제2조(정의) 이 법에서 사용하는 용어의 뜻은 다음과 같다.
1. "모델"이란 학습된 가중치를 말한다.
2. "공급자"란 모델을 제공하는 자를 말한다.
제3조(반환 의무) ① 공급자는 다음 각 호의 자료를 제출하여야 한다.
1. 가중치
2. 다음 각 목의 자료
가. 학습 자료 목록
나. 평가 결과
② 제1항은 소규모 공급자에게 적용하지 아니한다.
제3조의2(특례) 특례를 둔다.
부칙
제1조(시행일) 이 법은 공포 후 6개월이 경과한 날부터 시행한다.
"""

GERMANY = """\
Gesetz über die Rückgabe
§ 1 Zweck
(1) Dieses Gesetz regelt die Rückgabe. Es gilt bundesweit.
(2) Es gilt nicht für
1. kleine Anbieter,
2. Forschung
a) an Hochschulen,
b) an Instituten.
§ 2 Begriffsbestimmungen
Im Sinne dieses Gesetzes ist
1. „Modell“ ein System;
§ 2a Einfügung
Text.
"""

CONGRESS = """\
A bill on fair use
SEC. 107. LIMITATIONS ON EXCLUSIVE RIGHTS.
(a) IN GENERAL.—The use is fair if—
(1) it is small;
(2) its nature is—
(A) private; and
(B) slow; and
(3) it harms nobody.
(b) DEFINITIONS.—In this section:
(1) WORK.—The term “work” means a thing.
"""


def said(outline):
    """Depth, kind, fixed number, heading, term and text of each provision."""
    return [
        (len(above), str(item.kind), item.fixed_number, item.heading, item.term, item.body)
        for item, above in walk(outline.provisions)
    ]


def doubts(outline):
    return [(line.number, [doubt.value for doubt in line.doubts]) for line in outline.doubtful]


def sample():
    """One of everything that each tradition numbers."""
    return [
        unit("part", "title", "", unit("chapter", "chapter", "", unit(
            "purpose", "article", "It sets out rules. It does so.", heading="Purpose"), heading="First"), heading="General"),
        unit("part-2", "title", "", unit("chapter-2", "chapter", "", unit(
            "duty", "article", "",
            unit("duty-1", "paragraph", "A person must:",
                unit("a", "point", "do one thing;"),
                unit("b", "point", "do another:", unit("b-1", "point", "first;"), unit("b-2", "point", "second."))),
            unit("duty-2", "paragraph", "This applies to all."), heading="Duty"), heading="Second"), heading="Duties"),
    ]  # fmt: skip


@pytest.mark.parametrize(("key", "language"), READ_BACK)
def test_what_a_tradition_prints_is_read_back(key, language):
    outline = read_outline(printed(key, language, *sample()), tradition=key, language=language)

    expected = [(len(above), item.kind, "", item.heading, "", item.body) for item, above in walk(sample())]
    folded = [(*row[:3], row[3].casefold(), *row[4:]) for row in said(outline)]
    assert folded == [(*row[:3], row[3].casefold(), *row[4:]) for row in expected]
    assert doubts(outline) == []


def test_european_regulation():
    outline = read_outline(EU, tradition="eu-regulation", language="en")

    assert outline.title == "REGULATION on the return of things"
    assert said(outline) == [
        (0, "citation", "", "", "", "Having regard to the Treaty on the Functioning of the European Union,"),
        (0, "recital", "", "", "", "Things are made from things."),
        (0, "recital", "", "", "", "They are to return."),
        (0, "chapter", "", "GENERAL", "", ""),
        (1, "article", "", "Subject matter", "", ""),
        (2, "paragraph", "", "", "", "This Regulation lays down rules."),
        (2, "paragraph", "", "", "", "It applies to:"),
        (3, "point", "", "", "", "things;"),
        (3, "point", "", "", "", "other things:"),
        (4, "point", "", "", "", "small ones;"),
        (4, "point", "", "", "", "large ones."),
        (1, "article", "", "Definitions", "", "The following definitions apply:"),
        (2, "definition", "", "", "thing", "means an object;"),
        (2, "definition", "", "", "large thing", "means a thing that is large."),
        (1, "article", "3a", "Return", "", "Words that run over two lines."),
        (0, "annex", "", "", "", ""),
        (1, "paragraph", "", "", "", "What is in the annex."),
    ]
    assert doubts(outline) == []


def test_korean_act_with_units_on_one_line_and_supplementary_provisions():
    outline = read_outline(KOREA, tradition="korean-act", language="ko")

    assert [row[:5] for row in said(outline)] == [
        (0, "chapter", "", "총칙", ""),
        (1, "article", "", "목적", ""),
        (1, "article", "", "정의", ""),
        (2, "definition", "", "", "모델"),
        (2, "definition", "", "", "공급자"),
        (1, "article", "", "반환 의무", ""),
        (2, "paragraph", "", "", ""),
        (3, "point", "", "", ""),
        (3, "point", "", "", ""),
        (4, "point", "", "", ""),
        (4, "point", "", "", ""),
        (2, "paragraph", "", "", ""),
        (1, "article", "3의2", "특례", ""),
        (0, "annex", "부칙", "", ""),
        (1, "article", "", "시행일", ""),
    ]
    assert doubts(outline) == []


def test_german_act():
    outline = read_outline(GERMANY, tradition="german-act", language="de")

    assert [row[:5] for row in said(outline)] == [
        (0, "article", "", "Zweck", ""),
        (1, "paragraph", "", "", ""),
        (1, "paragraph", "", "", ""),
        (2, "point", "", "", ""),
        (2, "point", "", "", ""),
        (3, "point", "", "", ""),
        (3, "point", "", "", ""),
        (0, "article", "", "Begriffsbestimmungen", ""),
        (1, "definition", "", "", "Modell"),
        (0, "article", "2a", "Einfügung", ""),
    ]
    assert doubts(outline) == []


def test_excerpt_keeps_the_number_it_begins_with():
    outline = read_outline(CONGRESS, tradition="us-bill", language="en")

    assert [row[:5] for row in said(outline)] == [
        (0, "article", "107", "Limitations on exclusive rights", ""),
        (1, "paragraph", "", "In general", ""),
        (2, "point", "", "", ""),
        (2, "point", "", "", ""),
        (3, "point", "", "", ""),
        (3, "point", "", "", ""),
        (2, "point", "", "", ""),
        (1, "paragraph", "", "Definitions", ""),
        (2, "definition", "", "", "work"),
    ]
    assert doubts(outline) == [(2, ["jump"])]


ARTICLE = "Article 1\nThings\n1. It applies to:\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("(a) one;\n(c) three.", [(5, ["jump"])]),
        ("(a) one;\n(b) two;\n(a) one again.", [(6, ["out-of-order"])]),
        ("(a) one.\nIt goes on here.", [(5, ["goes-on"])]),
        ("(a) one;\nAricle 2", [(5, ["unknown-number"])]),
        ("(a) one;\n(zzzz) odd", [(5, ["goes-on"])]),
    ],
)
def test_doubtful_lines_are_listed(lines, expected):
    outline = read_outline(ARTICLE + lines, tradition="eu-regulation", language="en")

    assert doubts(outline) == expected


def test_letter_that_may_be_a_roman_number_is_asked_about():
    letters = "\n".join(f"({letter}) item {letter}:" for letter in "abcdefgh")
    text = f"{ARTICLE}{letters}\n(i) the ninth or the first inside."

    as_read = read_outline(text, tradition="eu-regulation", language="en")
    beside = read_outline(text, tradition="eu-regulation", language="en", decisions={12: Decision.BESIDE})

    assert doubts(as_read) == [(12, ["two-places"])]
    assert said(as_read)[-1][0] == 3
    assert said(beside)[-1][0] == 2


def test_decisions_join_part_and_leave_out_lines():
    text = f"{ARTICLE}(a) one.\nIt goes on here.\nPage 3\nAnd here."

    outline = read_outline(
        text,
        tradition="eu-regulation",
        language="en",
        decisions={5: Decision.JOIN, 6: Decision.LEAVE_OUT, 7: Decision.OWN},
    )

    assert said(outline)[2:] == [
        (2, "point", "", "", "", "one. It goes on here."),
        (2, "subparagraph", "", "", "", "And here."),
    ]
    assert outline.doubtful == []


def test_fixed_numbers_are_kept_only_where_the_count_would_give_another():
    text = "Article 1\nOne\nWords.\nArticle 53a\nTwo\nWords.\nArticle 54\nThree\nWords."

    outline = read_outline(text, tradition="eu-regulation", language="en")

    shown = law("eu-regulation", "en", *outline.provisions)
    assert [row[2] for row in said(outline)] == ["", "53a", "54"]
    assert problems_of(shown, as_enacted=True) == []


@pytest.mark.parametrize("text", ["x" * 2_000_001, "(a)\n" * 12_001])
def test_too_long_a_text_is_refused_at_once(text):
    started = time.monotonic()

    with pytest.raises(OutlineRefused):
        read_outline(text, tradition="eu-regulation", language="en")

    assert time.monotonic() - started < 1


BEGINNINGS = [
    "Article 1", "Article 2 Duty", "Article 99", "1. One", "2. Two", "(a) x:", "(b) y", "(i) z", "(ii) z", "– dash",
    "§ 1", "① one",
]  # fmt: skip
LINES = st.lists(
    st.one_of(
st.sampled_from(BEGINNINGS),
        st.text(max_size=30),
    ),
    max_size=30,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(lines=LINES, key=st.sampled_from(tradition_keys()))
def test_no_word_is_lost_and_no_key_stands_twice(lines, key):
    language = min(tradition(key).languages)

    outline = read_outline("\n".join(lines), tradition=key, language=language)

    units = [item for item, _above in walk(outline.provisions)]
    assert len({item.key for item in units}) == len(units)
    assert all(line.part or Doubt.NO_PLACE in line.doubts for line in outline.lines)
