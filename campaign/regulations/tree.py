"""A legal text as a tree in memory: what numbering, checks and printing work on, wherever it came from."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace

from campaign.regulations.values import VariableSpec

MAX_DEPTH = 16
MAX_PROVISIONS = 10_000
KEY_FORM = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MAX_KEY = 80


@dataclass(slots=True)
class Unit:
    """One unit. `act` and `place` belong to text put into another act: which act, and where in it.

    `is_optional` units stand in the text when switched on; `is_default` tells whether they are so from the start. Units of one
    `choice` are alternatives. `needs` and `excludes` name what has to stand, or must not stand, in the text with this one: a
    provision by its key, or a variable's option as `name=option`.
    """

    key: str
    kind: str
    heading: str = ""
    body: str = ""
    fixed_number: str = ""
    term: str = ""
    act: str = ""
    place: tuple[tuple[str, str], ...] = ()
    children: list[Unit] = field(default_factory=list)
    is_optional: bool = False
    is_default: bool = True
    choice: str = ""
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceSpec:
    """A group of alternatives: exactly one of them stands in the text, or at most one when none is `required`."""

    name: str
    label: str
    required: bool = True
    help: str = ""


@dataclass(slots=True)
class LegalText:
    """Everything an edition says, before numbers: the tree, the variables and the value of each, and what is switched on.

    `switches` hold, by key, the optional units and alternatives that are switched otherwise than from the start.
    """

    title: str
    language: str
    tradition: str
    provisions: list[Unit]
    variables: dict[str, VariableSpec] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, ChoiceSpec] = field(default_factory=dict)
    switches: dict[str, bool] = field(default_factory=dict)

    def value_of(self, name: str) -> str:
        """The value given for a variable, or its default; empty when there is neither."""
        return self.values.get(name) or self.variables[name].default


def walk(provisions: list[Unit]) -> Iterator[tuple[Unit, tuple[Unit, ...]]]:
    """Every provision in reading order, each with its ancestors from the top."""
    stack: list[tuple[Unit, tuple[Unit, ...]]] = [(item, ()) for item in reversed(provisions)]
    while stack:
        provision, ancestors = stack.pop()
        yield provision, ancestors
        below = (*ancestors, provision)
        stack.extend((child, below) for child in reversed(provision.children))


def copy_units(units: list[Unit], *, without: Container[str] = ()) -> list[Unit]:
    """A copy that can be changed, but for units of these keys and all below them. Iterates: depth is checked elsewhere."""
    top: list[Unit] = []
    todo = [(units, top)]
    while todo:
        source, target = todo.pop()
        for unit in source:
            if unit.key in without:
                continue
            copy = replace(unit, children=[])
            target.append(copy)
            todo.append((unit.children, copy.children))
    return top
