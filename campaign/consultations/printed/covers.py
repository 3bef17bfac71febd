"""Covers: the color a campaign chose, and the ink that can be read on it."""

import re
from dataclasses import dataclass
from typing import Any

DESIGNS = ("plain", "band", "letter")
INK, PAPER = "#000000", "#ffffff"
READABLE = 4.5  # WCAG 2.2, 1.4.3
_COLOR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Cover:
    """`color` fills areas, `on_color` is for text on it; `on_paper` is the color for text on white, as dark as that needs."""

    design: str
    color: str
    on_color: str
    on_paper: str


def cover_of(data: dict[str, Any]) -> Cover:
    """The cover that was frozen with a text; the plain one, in ink, for texts frozen before there were others."""
    wanted = data.get("cover") or {}
    design = wanted.get("design", "plain")
    color = str(wanted.get("color") or "").lower()
    color = color if _COLOR.fullmatch(color) else INK
    return Cover(
        design=design if design in DESIGNS else "plain",
        color=color,
        on_color=max((INK, PAPER), key=lambda ink: contrast(ink, color)),
        on_paper=darkened(color),
    )


def contrast(first: str, second: str) -> float:
    """The contrast of two colors, 1 to 21 (WCAG 2.2, contrast ratio). One of black and white has 4.58 at least, on any color."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """Relative luminance of "#rrggbb", 0 to 1 (WCAG 2.2)."""
    shares = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (part / 255 for part in _parts(color))
    ]
    return 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2]


def darkened(color: str) -> str:
    """The color itself, or as little darker as makes it readable on white."""
    for step in range(100, -1, -2):
        mixed = "#" + "".join(f"{part * step // 100:02x}" for part in _parts(color))
        if contrast(mixed, PAPER) >= READABLE:
            return mixed
    return INK


def _parts(color: str) -> list[int]:
    return [int(color[place : place + 2], 16) for place in (1, 3, 5)]
