"""A printed law as a list of its units, found by their permanent keys. Nothing here calls itself: depth is no danger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from campaign.regulations.comparing.errors import SameKeyTwice
from campaign.regulations.kinds import HEADED
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.numbered import NumberedProvision, NumberedText, Run, heading_gap

ABOVE, TITLE, PREAMBLE, BEFORE_RECITALS = ":above", ":title", ":preamble", ":before_recitals"
ENACTING, END = ":enacting", ":end"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One unit as it is printed, and where it stands. `parent` is empty at the top; `index` counts siblings from 0, `count`
    those of its kind from 1.

    `label`, `heading` and `body` are what a reader sees, quotation marks of text put into another act included. `level` is the
    depth below the last unit with a heading; for these, the depth among headings.
    """

    item: NumberedProvision
    parent: str
    index: int
    count: int
    depth: int
    level: int
    label: str
    heading: str
    body: str

    @property
    def key(self) -> str:
        return self.item.key

    @property
    def kind(self) -> str:
        return self.item.kind

    @property
    def is_fixed(self) -> bool:
        """Whether these are the title or fixed words around the provisions."""
        return self.key.startswith(":")

    @property
    def has_own_head(self) -> bool:
        """Whether number and heading are set as a line of their own, apart from the words."""
        return self.kind in HEADED and bool(self.label or self.heading)

    @property
    def gap(self) -> str:
        """What stands between number and heading."""
        return heading_gap(self.item) if self.label and self.heading else ""

    @property
    def head_line(self) -> str:
        """Number and heading as one line; empty when the unit has no such line."""
        return f"{self.label}{self.gap}{self.heading}" if self.has_own_head else ""

    @property
    def text_line(self) -> str:
        """The words as one line, after number and heading where these have no line of their own."""
        if self.has_own_head:
            return self.body
        return " ".join(part for part in (self.label, self.heading, self.body) if part)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A law, its units by key in reading order, and the units right below each; those at the top below an empty key."""

    law: NumberedText
    nodes: dict[str, Node]
    below: dict[str, list[Node]]

    @classmethod
    def of(cls, law: NumberedText) -> Outline:
        """Raises SameKeyTwice."""
        nodes: dict[str, Node] = {}
        below: dict[str, list[Node]] = {"": []}
        counts: Counter[tuple[str, str]] = Counter()
        stack = [(item, "", 0, (0, 0)) for item in reversed(_top(law))]
        while stack:
            item, parent, depth, (headings, level) = stack.pop()
            if item.key in nodes:
                raise SameKeyTwice(item.key)
            is_headed = item.kind in HEADED
            counts[parent, item.kind] += 1
            place = (len(below[parent]), counts[parent, item.kind], depth, headings if is_headed else level)
            nodes[item.key] = _node(item, parent, *place)
            below[parent].append(nodes[item.key])
            below[item.key] = []
            # Text put into another act is no level of its own: what is put in stands as deep as it does.
            levels = (headings + 1, 0) if is_headed else (headings, level + (item.kind != Kind.QUOTED))
            stack += [(child, item.key, depth + 1, levels) for child in reversed(item.children)]
        return cls(law, nodes, below)

    def children(self, key: str) -> list[Node]:
        """The units right below one; those at the top for an empty key."""
        return self.below[key]

    def ancestors(self, node: Node) -> list[Node]:
        """From the top down, without the node."""
        found: list[Node] = []
        while node.parent:
            node = self.nodes[node.parent]
            found.append(node)
        return found[::-1]

    def subtree(self, node: Node) -> Iterator[Node]:
        """The node and all below it, in reading order."""
        stack = [node]
        while stack:
            found = stack.pop()
            yield found
            stack += reversed(self.below[found.key])

    def before(self, node: Node) -> Node | None:
        """The sibling before a node, if it has one; fixed words are none."""
        siblings = self.below[node.parent]
        places = range(node.index - 1, -1, -1)
        return next((siblings[place] for place in places if not siblings[place].is_fixed), None)


def _node(item: NumberedProvision, parent: str, index: int, count: int, depth: int, level: int) -> Node:
    opening = item.opening
    heading, body = item.heading_text, item.body_text
    if not item.number:
        heading, body = (f"{opening}{heading}", body) if heading else ("", f"{opening}{body}")
    return Node(
        item=item,
        parent=parent,
        index=index,
        count=count,
        depth=depth,
        level=level,
        label=f"{opening}{item.number}" if item.number else "",
        heading=heading,
        body=f"{body}{item.closing}",
    )


def _top(law: NumberedText) -> list[NumberedProvision]:
    """What is printed from the beginning to the end, fixed words as units of their own."""
    recitals = law.part(Kind.RECITAL)
    return [
        *_frame(law, ABOVE),
        _fixed(TITLE, [law.title]),
        *_frame(law, PREAMBLE),
        *law.part(Kind.CITATION),
        *(_frame(law, BEFORE_RECITALS) if recitals else []),
        *recitals,
        *_frame(law, ENACTING),
        *law.enacting,
        *_frame(law, END),
        *law.part(Kind.ANNEX),
    ]


def _frame(law: NumberedText, key: str) -> list[NumberedProvision]:
    lines = law.frame.get(key[1:], [])
    return [_fixed(key, lines)] if lines else []


def _fixed(key: str, lines: list[str]) -> NumberedProvision:
    return NumberedProvision(
        key=key, kind=key, number="", heading=(), body=(Run("\n".join(lines)),), term="",
        citation="", opening="", closing="", children=(),
    )  # fmt: skip
