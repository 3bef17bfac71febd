"""Pasted law becomes a tree: an outline to confirm first, with every doubtful line listed."""

from campaign.regulations.outline.lines import Decision, Doubt, Outline, OutlineLine
from campaign.regulations.outline.reading import MAX_CHARACTERS, MAX_LINES, OutlineRefused, read_outline

__all__ = [
    "MAX_CHARACTERS",
    "MAX_LINES",
    "Decision",
    "Doubt",
    "Outline",
    "OutlineLine",
    "OutlineRefused",
    "read_outline",
]
