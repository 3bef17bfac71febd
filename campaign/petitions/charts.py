"""Where the bars of a printed chart stand: numbers in, places in an SVG out, as text that no language's decimal sign touches.

Everything is measured in quarters of a millimeter; the picture is as wide as the text of a page. In a language that reads from
right to left the picture is mirrored, time too.
"""

from dataclasses import dataclass
from math import ceil

from django.utils.translation import get_language_bidi

WIDTH = 600
ROW, NAMES = 20, 190  # height of a row, room for its name
VALUES = 70  # room for the number at the end of the longest bar
COLUMNS_HEIGHT, BASE, HEAD = 190, 150, 18  # of a chart over time: the whole, the ground line, room above
LABEL, VALUE = 72, 28  # the room that a label or a number needs


@dataclass(frozen=True)
class Bar:
    label: str
    total: int


@dataclass(frozen=True)
class Drawn:
    """One bar with its words. `label` or `value` is empty where there is no room."""

    x: str
    y: str
    width: str
    height: str
    label: str
    label_x: str
    label_y: str
    value: int | None
    value_x: str
    value_y: str


@dataclass(frozen=True)
class Chart:
    """`anchor` and `value_anchor` are values of text-anchor."""

    height: int
    bars: list[Drawn]
    anchor: str
    value_anchor: str


def rows(bars: list[Bar]) -> Chart:
    """Lying bars, one below the other, the name before each and the number after it."""
    most = max((bar.total for bar in bars), default=1) or 1
    mirrored = get_language_bidi()
    drawn = []
    for index, bar in enumerate(bars):
        width = max(1.0, (WIDTH - NAMES - VALUES) * bar.total / most)
        start, baseline = float(NAMES), index * ROW + 14
        drawn.append(
            Drawn(
                x=_place(start, width, mirrored=mirrored),
                y=str(index * ROW + 3),
                width=f"{width:.1f}",
                height=str(ROW - 6),
                label=bar.label,
                label_x=_place(0, 0, mirrored=mirrored),
                label_y=str(baseline),
                value=bar.total,
                value_x=_place(start + width + 6, 0, mirrored=mirrored),
                value_y=str(baseline),
            )
        )
    anchor = "end" if mirrored else "start"
    return Chart(height=len(bars) * ROW, bars=drawn, anchor=anchor, value_anchor=anchor)


def columns(bars: list[Bar]) -> Chart:
    """Standing bars in the order of time. Where they are close, each few are named, and the highest has its number."""
    most = max((bar.total for bar in bars), default=1) or 1
    mirrored, slot = get_language_bidi(), WIDTH / max(len(bars), 6)
    highest = next((index for index, bar in enumerate(bars) if bar.total == most), 0)
    every = ceil(LABEL / slot)
    drawn = []
    for index, bar in enumerate(bars):
        height = (BASE - HEAD) * bar.total / most
        middle = _place((index + 0.5) * slot, 0, mirrored=mirrored)
        drawn.append(
            Drawn(
                x=_place(index * slot + slot * 0.15, slot * 0.7, mirrored=mirrored),
                y=f"{BASE - height:.1f}",
                width=f"{slot * 0.7:.1f}",
                height=f"{height:.1f}",
                label=bar.label if index % every == 0 else "",
                label_x=_inside(float(middle)),
                label_y=str(BASE + 16),
                value=bar.total if slot >= VALUE or index == highest else None,
                value_x=middle,
                value_y=f"{BASE - height - 5:.1f}",
            )
        )
    return Chart(height=COLUMNS_HEIGHT - 18, bars=drawn, anchor="middle", value_anchor="middle")


def _place(start: float, width: float, *, mirrored: bool) -> str:
    return f"{WIDTH - start - width if mirrored else start:.1f}"


def _inside(middle: float) -> str:
    """So that a label at the edge is not cut off."""
    return f"{min(max(middle, 26), WIDTH - 26):.1f}"
