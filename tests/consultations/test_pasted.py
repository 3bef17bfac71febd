"""Text that was pasted: a guess for each line, nothing lost, and what follows once a person has said what the lines are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.consultations.importer.pasted import LineKind, build, confirmed, read_lines

CALL = """\
Part A: About you
1. Who are you?
   Please give the name of your organization.
2. Do you publish what you train?
- Yes
- No
(a) If so, under which license?
(Max. 500 words)
Training data
3.1 What did you train on? (max. 2,000 characters)
"""


def test_lines_are_read_as_what_they_are():
    assert [(line.place, line.kind.value, line.marker) for line in read_lines(CALL)] == [
        (1, "section", ""),
        (2, "question", "1"),
        (3, "note", ""),
        (4, "question", "2"),
        (5, "option", "-"),
        (6, "option", "-"),
        (7, "part", "a"),
        (8, "limit", ""),
        (9, "note", ""),
        (10, "question", "3.1"),
    ]


def test_questions_follow_from_lines_that_were_confirmed():
    lines = confirmed(read_lines(CALL), {9: LineKind.SECTION})

    sections, mistakes = build(lines)

    assert mistakes == []
    assert [(section.title, [each.number for each in section.questions]) for section in sections] == [
        ("Part A: About you", ["1", "2"]),
        ("Training data", ["3.1"]),
    ]
    [first, second], [third] = (section.questions for section in sections)
    assert first.text == "Who are you?\nPlease give the name of your organization."
    assert (second.kind, second.options) == ("single-choice", ["Yes", "No"])
    assert [(part.number, part.max_words) for part in second.parts] == [("2(a)", 500)]
    assert third.max_chars == 2000


def test_boxes_as_they_are_typed_are_answers_to_choose_from():
    [section], mistakes = build(
        read_lines("1. Should it be open?\n( ) Yes\n( ) No\n2. Which?\n[ ] One\n[x] Two")
    )

    assert mistakes == []
    assert [question.options for question in section.questions] == [["Yes", "No"], ["One", "Two"]]


def test_capital_letter_after_a_blank_line_may_begin_a_section():
    lines = read_lines("A. Openness\n1. What?\n(a) first\n\nB. Enforcement\n2. Who?\nC. a part, right below")

    assert [(line.kind.value, line.is_doubtful) for line in lines] == [
        ("section", True),
        ("question", False),
        ("part", False),
        ("section", True),
        ("question", False),
        ("part", False),
    ]


def test_what_makes_no_sense_is_told_at_its_line():
    lines = read_lines("- Yes\n1. What?\n- alone\n1. Again?")
    lines = confirmed(lines, {1: LineKind.OPTION, 3: LineKind.OPTION})

    _sections, mistakes = build(lines)

    assert [mistake.place for mistake in mistakes] == [1, 4, 2]


def test_lines_left_out_are_no_question():
    lines = read_lines("1. What?")

    assert build(confirmed(lines, {1: LineKind.LEAVE}))[1][0].place == 1


pieces = st.lists(
    st.one_of(
        st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=30),
        st.sampled_from(
            [
                "1. What?",
                "[ ] Box",
                "B. Part",
                "(a) Part",
                "- Yes",
                "(max. 500 words)",
                "SECTION",
                "",
                "   ",
                "1.1 More",
            ]
        ),
    ),
    max_size=12,
)


@given(pieces)
def test_no_typed_character_is_lost_between_paste_and_confirm(typed):
    text = "\n".join(typed)

    lines = read_lines(text)

    assert [(line.place, line.text) for line in lines] == [
        (place, line.strip()) for place, line in enumerate(text.split("\n"), start=1) if line.strip()
    ]


@given(pieces, st.lists(st.sampled_from(list(LineKind)), max_size=12))
def test_whatever_a_person_says_the_words_of_each_line_are_somewhere_or_told(typed, kinds):
    lines = read_lines("\n".join(typed))
    said = confirmed(lines, {line.place: kind for line, kind in zip(lines, kinds, strict=False)})

    sections, mistakes = build(said)

    questions = [each for section in sections for top in section.questions for each in (top, *top.parts)]
    kept = "\n".join(
        [section.title for section in sections]
        + [part for each in questions for part in (each.text, *each.options)]
    )
    told = {mistake.place for mistake in mistakes}
    for line in said:
        if line.kind in {LineKind.LEAVE, LineKind.LIMIT} or line.place in told:
            continue
        words = line.text if line.kind == LineKind.NOTE else line.words or line.text
        assert " ".join(words.split()) in " ".join(kept.split())


@pytest.mark.parametrize(
    ("line", "unit", "total"),
    [
        ("1. What? (max. 500 words)", "max_words", 500),
        ("1. Was? (höchstens 2.000 Zeichen)", "max_chars", 2000),
        ("1. Quoi ? (maximum 1 500 caractères)", "max_chars", 1500),
    ],
)
def test_limit_in_the_words_of_a_question_is_its_limit(line, unit, total):
    sections, mistakes = build(read_lines(line))

    assert mistakes == []
    assert getattr(sections[0].questions[0], unit) == total
