"""What a line of pasted text was taken for, why that may be wrong, and what a person can decide instead."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from campaign.regulations.tree import Unit


class Doubt(TextChoices):
    JUMP = "jump", _("The number before it is missing. It keeps its number.")
    OUT_OF_ORDER = (
        "out-of-order",
        _("It looks numbered, but the number does not follow. It was taken as text."),
    )
    UNKNOWN_NUMBER = "unknown-number", _("It looks numbered, but nothing with such a number can stand here.")
    TWO_PLACES = "two-places", _("The number fits a list that is open and one inside it.")
    GOES_ON = "goes-on", _("It has no number. It was taken as a paragraph of its own that goes on.")
    HEADING = "heading", _("It was taken as the heading of the line before.")
    NO_PLACE = "no-place", _("Nothing it could belong to came before. It was left out.")


class Decision(TextChoices):
    """What a person can say of a doubtful line."""

    AS_READ = "", _("As it was read")
    JOIN = "join", _("Part of the line before")
    OWN = "own", _("A paragraph of its own, without a number")
    HEADING = "heading", _("The heading of the line before")
    INSIDE = "inside", _("Inside the provision before")
    BESIDE = "beside", _("Beside it or further out")
    LEAVE_OUT = "leave-out", _("Leave it out")


@dataclass(slots=True)
class OutlineLine:
    """One line of the pasted text that holds words. `unit` is the provision it became or went into; None when left out."""

    number: int  # in the pasted text, from 1
    text: str
    depth: int = 0
    label: str = ""  # the number as it was read
    part: str = ""  # "title", "frame", "heading", "text", "unit" or "" for what was left out
    kind: str = ""
    doubts: tuple[Doubt, ...] = ()
    decision: str = ""
    unit: Unit | None = None


@dataclass(slots=True)
class Outline:
    """A law as it was read from plain text."""

    title: str
    provisions: list[Unit] = field(default_factory=list)
    lines: list[OutlineLine] = field(default_factory=list)

    @property
    def doubtful(self) -> list[OutlineLine]:
        """The lines that somebody should look at."""
        return [line for line in self.lines if line.doubts]
