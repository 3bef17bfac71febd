"""Text put into another act: which marks open and close it, told apart from its words."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.numbered import NumberedProvision


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one quoted text. `after` follows the closing one; `first` and `last` carry them in print."""

    opens: str
    closes: str
    after: str
    first: str
    last: str


def marks_of(item: NumberedProvision, opens: str, closes: str) -> Marks | None:
    """The marks around a quoted text, or None where they are not those that the tradition has: then they stay in its words.

    A quoted text that begins or ends with another one shares its first or last unit with it: at the end, the marks of the inner
    one come first.
    """
    left, right = _edge(item, 0), _edge(item, -1)
    opening = next((unit.opening for unit in left if unit.opening), "")
    first = next((unit.key for unit in left if unit.opening), "")
    closing, last = right[-1].closing, right[-1].key
    if not opens or not closes:
        return None
    tails = closing.split(closes)[1:]
    inner = sum(unit.kind == Kind.QUOTED for unit in right[1:])
    is_clean = opening and not opening.replace(opens, "") and closing.startswith(closes)
    if not is_clean or inner >= len(tails):
        return None
    return Marks(opens, closes, tails[inner], first, last)


def _edge(item: NumberedProvision, side: int) -> list[NumberedProvision]:
    """The units at one end of a unit, itself first, each the first or last child of the one before."""
    edge = [item]
    while edge[-1].children:
        edge.append(edge[-1].children[side])
    return edge
