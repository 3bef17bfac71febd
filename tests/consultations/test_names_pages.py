"""How names stand on the pages of the annex."""

import pytest

from campaign.consultations.names.pages import (
    HEAD_LINES,
    LINES_PER_PAGE,
    MOST_LINES,
    PAGES_PER_PART,
    PageSetter,
    lines_needed,
    name_line,
    printable,
    stretches,
)


def parts(texts):
    setter = PageSetter()
    full = [plan for text in texts if (plan := setter.add(text))]
    return [*full, setter.rest()]


def test_part_is_full_with_its_last_page():
    first = LINES_PER_PAGE * PAGES_PER_PART - HEAD_LINES

    plans = parts(f"Name {n}" for n in range(first + 1))

    assert [sum(map(len, plan.pages)) for plan in plans] == [first, 1]
    assert [(plan.position, plan.first_page) for plan in plans] == [(0, 1), (1, PAGES_PER_PART + 1)]


def test_page_never_holds_more_lines_than_there_is_room_for():
    plans = parts("M" * (20 + n % 90) for n in range(3_000))

    heights = [sum(height for _text, height in page) for plan in plans for page in plan.pages]
    assert max(heights) <= LINES_PER_PAGE
    assert heights[0] <= LINES_PER_PAGE - HEAD_LINES


def test_nobody_is_lost_between_parts():
    names = [f"Name {n}" for n in range(5_000)]

    kept = [text for plan in parts(names) for page in plan.pages for text, _height in page]

    assert kept == names


def test_lines_of_one_height_stand_together_between_higher_ones():
    page = [("Ada", 1), ("Bo", 1), ("long", 2), ("longer", 2), ("Cy", 1)]

    assert stretches(page) == [(1, "Ada\nBo"), (2, "long"), (2, "longer"), (1, "Cy")]


@pytest.mark.parametrize(
    ("text", "lines"), [("Ada Signer, Germany", 1), ("김" * 60, 2), ("M" * 100, 2), ("金" * 150, MOST_LINES)]
)
def test_lines_needed(text, lines):
    assert lines_needed(text) == lines


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("  Ada \n Signer ", "Ada Signer"),
        ("Ada\u202e rengiS", "Ada rengiS"),
        ("Ada\u200b\ue000\x07", "Ada"),
        ("a" + "\u0301" * 50, "á" + "\u0301" * 4),
        ("क्\u200dष", "क्\u200dष"),
        ("Ada\u2028Signer", "Ada Signer"),
    ],
)
def test_printable_keeps_what_is_a_name(name, shown):
    assert printable(name) == shown


def test_name_line_without_a_country_is_the_name():
    assert (name_line("Ada", "Germany"), name_line("Ada", "")) == ("Ada, Germany", "Ada")
