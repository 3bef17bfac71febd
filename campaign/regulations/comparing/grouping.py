"""What amendments in words have in common: under which unit each is told, and how several units are named as one."""

from __future__ import annotations

from collections.abc import Sequence

from campaign.regulations.comparing.changes import Comparison
from campaign.regulations.comparing.drafting import Action, Amendment
from campaign.regulations.comparing.naming import relative_name
from campaign.regulations.comparing.outline import Node, Outline
from campaign.regulations.kinds import HEADED
from campaign.regulations.kinds import ProvisionKind as Kind

Pair = tuple[Node, Node]


def base_of(outline: Outline, amendment: Amendment) -> Node | None:
    """The unit of the old text that an amendment is told about: the one whose words change, or in which a unit goes or comes."""
    node = amendment.node
    if amendment.action == Action.REPLACE:
        return node
    return outline.nodes[node.parent] if node.parent else None


def head_of(outline: Outline, node: Node | None) -> Node | None:
    """The article, annex or recital that a unit stands in, or the lowest unit with a heading; the unit itself at the top."""
    if node is None:
        return None
    way = [*outline.ancestors(node), node]
    whole = next((one for one in way if one.kind in {Kind.ARTICLE, Kind.ANNEX, Kind.RECITAL}), None)
    return whole or next((one for one in reversed(way) if one.kind in HEADED), way[0])


def common_base(outline: Outline, nodes: Sequence[Node | None]) -> Node | None:
    """The lowest unit in which all of them stand, or which they are; None when they have nothing but the text in common."""
    ways = [[*outline.ancestors(node), node] if node else [] for node in nodes]
    common: Node | None = None
    for level in zip(*ways, strict=False):
        if any(one.key != level[0].key for one in level):
            break
        common = level[0]
    return common


def renumbered_runs(comparison: Comparison) -> list[list[Pair]]:
    """Units that stay and have another number, as rows of neighbors of one kind: “paragraphs 3 to 5 become paragraphs 4 to 6”."""
    runs: list[list[Pair]] = []
    for parent in ("", *comparison.old.nodes):
        if parent and parent not in comparison.kept:
            continue
        for old in comparison.old.children(parent):
            if old.key not in comparison.kept:
                continue
            new = comparison.new.nodes[old.key]
            if old.label == new.label:
                continue
            if runs and _goes_on(runs[-1][-1], (old, new)):
                runs[-1].append((old, new))
            else:
                runs.append([(old, new)])
    return runs


def _goes_on(last: Pair, following: Pair) -> bool:
    (old, new), (old_next, new_next) = last, following
    if (old.parent, old.kind) != (old_next.parent, old_next.kind) or not (old.label and old_next.label):
        return False
    return (old_next.index, new_next.index) == (old.index + 1, new.index + 1) and bool(
        new.label and new_next.label
    )


def neighbors_that_stay(comparison: Comparison, node: Node) -> tuple[Node | None, Node | None]:
    """The units before and after a new one, as they are in the new text, that the old text has at their place, too."""
    siblings = comparison.new.children(node.parent)

    def first(places: range) -> Node | None:
        found = (siblings[place] for place in places)
        return next((one for one in found if one.key in comparison.kept and not one.is_fixed), None)

    return first(range(node.index - 1, -1, -1)), first(range(node.index + 1, len(siblings)))


def names_of(outline: Outline, nodes: Sequence[Node], base: Node | None, *, through: str) -> str:
    """Units as one phrase: “paragraphs (3) and (4)”; from three on “paragraphs (3) through (6)”."""
    names = [relative_name(outline, node, base) for node in nodes]
    if len(names) == 1:
        return names[0]
    split = [name.partition(" ") for name in names]
    is_plain = len({word for word, _space, _rest in split}) == 1 and all(
        rest and " " not in rest for _word, _space, rest in split
    )
    if is_plain:
        plural = f"{split[0][0]}es" if split[0][0].endswith("x") else f"{split[0][0]}s"
        numbers = [rest for _word, _space, rest in split]
        if len(numbers) > 2 and through:
            return f"{plural} {numbers[0]} {through} {numbers[-1]}"
        return f"{plural} {listed(numbers)}"
    return listed(names)


def listed(words: Sequence[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
