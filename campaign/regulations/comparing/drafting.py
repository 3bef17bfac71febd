"""The amendments between two printed laws, before any form: what is replaced, what goes, what comes, in reading order.

A unit that moved is taken out at one place and put in at the other: no form of amendment knows another way that is always exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from campaign.regulations.comparing.changes import Comparison, merged
from campaign.regulations.comparing.outline import Node


class Action(StrEnum):
    KEEP = "keep"
    REPLACE = "replace"
    REMOVE = "remove"
    INSERT = "insert"


class Part(StrEnum):
    """The two lines of a unit: number and heading, where they have a line of their own, and its words."""

    HEAD = "head"
    TEXT = "text"


@dataclass(frozen=True, slots=True, eq=False)
class Amendment:
    """One thing to do to the old text. REMOVE and INSERT are about a unit with all below it, the others about its own lines.

    `after` is the sibling after which an inserted unit stands when all is done; empty for the first. `has_moved`: what goes
    here comes elsewhere, or the other way around. `follows`: nothing but numbers, and what follows from them, changed.
    """

    action: Action
    old: Node | None
    new: Node | None
    after: str = ""
    parts: tuple[Part, ...] = ()
    has_moved: bool = False
    follows: bool = False

    @property
    def node(self) -> Node:
        """The unit in the old text; what comes, in the new one."""
        found = self.old or self.new
        assert found is not None  # an amendment is about a unit  # noqa: S101
        return found

    @property
    def key(self) -> str:
        return self.node.key


def drafted(comparison: Comparison) -> Iterator[Amendment]:
    """Every unit that stays, with what happens to it, and every whole one that goes or comes, in reading order."""
    for old, new in merged(comparison):
        if old is not None and new is not None:
            change = comparison.by_key[new.key]
            parts = tuple(part for part in Part if line_of(old, part) != line_of(new, part))
            action = Action.REPLACE if parts else Action.KEEP
            yield Amendment(action, old, new, parts=parts, follows=bool(parts) and change.is_quiet)
        elif new is not None:
            siblings = comparison.new.children(new.parent)
            after = siblings[new.index - 1].key if new.index else ""
            moved = new.key in comparison.old.nodes
            yield Amendment(Action.INSERT, None, new, after=after, has_moved=moved)
        elif old is not None:
            yield Amendment(Action.REMOVE, old, None, has_moved=old.key in comparison.new.nodes)


def amendments_between(comparison: Comparison) -> tuple[Amendment, ...]:
    """What has to be done to the old text to make it the new one, to the letter."""
    return tuple(amendment for amendment in drafted(comparison) if amendment.action != Action.KEEP)


def line_of(node: Node, part: Part) -> str:
    return node.head_line if part == Part.HEAD else node.text_line
