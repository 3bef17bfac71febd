"""An amending act of the European Union: “(1) in Article 53, the following paragraph is inserted: ‘1a. …’;”."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import translation

from campaign.regulations.blocks import Block, Paragraph, Writing
from campaign.regulations.comparing.changes import Comparison
from campaign.regulations.comparing.drafting import Action, Amendment, Part, amendments_between, line_of
from campaign.regulations.comparing.errors import FormInEnglishOnly
from campaign.regulations.comparing.grouping import (
    Pair,
    head_of,
    listed,
    names_of,
    neighbors_that_stay,
    renumbered_runs,
)
from campaign.regulations.comparing.marking import Unit, own_lines, plain, quoted, whole_unit
from campaign.regulations.comparing.naming import bare_number, kind_word, name_of, relative_name
from campaign.regulations.comparing.outline import TITLE, Node
from campaign.regulations.comparing.redline import notes_of
from campaign.regulations.kinds import CONTAINERS, LISTED
from campaign.regulations.kinds import ProvisionKind as Kind
from campaign.regulations.traditions.numbers import Letters

OLD_NUMBERS = "The provisions to which the points below apply are cited by the numbers they have before these amendments."
ORDER = {Action.REPLACE: 0, Action.REMOVE: 1, Action.INSERT: 2}


@dataclass(frozen=True, slots=True, eq=False)
class AmendingPoint:
    """One point of the act.

    A part of a unit (None: all its own lines) is replaced by `lines` (none: it is deleted), units are deleted or inserted, or
    units get new numbers (`renumbered`, when `action` is None).
    """

    action: Action | None
    nodes: tuple[Node, ...] = ()
    part: Part | None = None
    lines: tuple[Unit, ...] = ()
    parent: str = ""
    after: str = ""
    renumbered: tuple[Pair, ...] = ()

    @property
    def base(self) -> str:
        """Key of the unit the point stands under: the one whose words change, else the one in which units go or come."""
        if self.action == Action.REPLACE:
            return self.nodes[0].key
        if self.action is None:
            return self.renumbered[0][0].parent
        return self.parent

    @property
    def key(self) -> str:
        return self.nodes[0].key if self.nodes else self.renumbered[0][0].key


def amending_points(comparison: Comparison) -> tuple[AmendingPoint, ...]:
    """The points in reading order of the old text; units that follow each other and have one fate share a point."""
    points: list[AmendingPoint] = []
    runs = {pairs[0][0].key: tuple(pairs) for pairs in renumbered_runs(comparison)}
    for amendment in amendments_between(comparison):
        if amendment.action == Action.REPLACE:
            points += _replaced(amendment)
            if amendment.key in runs:
                points += _renumbered(runs[amendment.key])
        elif amendment.action == Action.REMOVE:
            _add_removed(points, amendment)
        else:
            _add_inserted(points, amendment, comparison)
    return tuple(points)


def amending_act_writing(comparison: Comparison, *, title: str = "", act: str = "") -> Writing:
    """The enacting words of an act that amends the old text, which is called `act`. Raises FormInEnglishOnly."""
    if not comparison.language.startswith("en"):
        raise FormInEnglishOnly
    points = amending_points(comparison)
    name = act or comparison.old.law.title
    blocks: list[Block] = []
    if points:
        with translation.override(comparison.language):
            if _numbers_change_hands(comparison):
                blocks.append(Paragraph(plain(OLD_NUMBERS)))
            blocks += [Paragraph(plain(f"{name} is amended as follows:")), *_Act(comparison, points).blocks()]
    return Writing(
        title=title or "Amending act",
        language=comparison.language,
        blocks=tuple(blocks) or (Paragraph(plain("The two texts are the same.")),),
        notes=notes_of(comparison),
    )


def _numbers_change_hands(comparison: Comparison) -> bool:
    """Whether, obeyed one after the other, a point could find another unit under the number it names, or none."""
    before: defaultdict[str | tuple[str, str], set[str]] = defaultdict(set)
    for node in comparison.old.nodes.values():
        before[_called(node)].add(node.key)
    return any(
        (key in comparison.old.nodes and _called(comparison.old.nodes[key]) != _called(node))
        or (_called(node) in before and key not in before[_called(node)])
        for key, node in comparison.new.nodes.items()
        if node.label
    )


def _called(node: Node) -> str | tuple[str, str]:
    return node.item.citation or (node.parent, node.label)


def _replaced(amendment: Amendment) -> Iterator[AmendingPoint]:
    """The lines whose words change. A number alone is told apart, together with its neighbors’."""
    old, new = amendment.old, amendment.new
    assert old is not None  # it stays  # noqa: S101
    assert new is not None  # noqa: S101
    if _is_whole(old, new):
        yield AmendingPoint(Action.REPLACE, (old,), None, own_lines(new), parent=old.parent)
        return
    for part in amendment.parts:
        if _is_number_alone(old, new, part):
            continue
        yield AmendingPoint(Action.REPLACE, (old,), part, _part_lines(new, part), parent=old.parent)


def _is_whole(old: Node, new: Node) -> bool:
    """Whether a unit that is set with a heading is replaced with it: it has nothing but one text, and that changes."""
    return (
        old.has_own_head
        and new.has_own_head
        and bool(old.body and new.body)
        and old.body != new.body
        and not (old.item.children or new.item.children)
    )


def _is_number_alone(old: Node, new: Node, part: Part) -> bool:
    if not old.label or not new.label or old.has_own_head != new.has_own_head:
        return False
    if part == Part.HEAD:
        return old.heading == new.heading
    return not old.has_own_head and (old.heading, old.body) == (new.heading, new.body)


def _part_lines(node: Node, part: Part) -> tuple[Unit, ...]:
    if not line_of(node, part):
        return ()
    lines = own_lines(node)
    if not node.has_own_head:
        return lines
    return lines[:1] if part == Part.HEAD else lines[1:]


def _renumbered(pairs: Sequence[Pair]) -> Iterator[AmendingPoint]:
    """Those of a row whose words are not replaced together with their number."""
    row = [
        (old, new)
        for old, new in pairs
        if not _is_whole(old, new)
        and _is_number_alone(old, new, Part.HEAD if old.has_own_head else Part.TEXT)
    ]
    for _gap, group in groupby(enumerate(row), key=lambda item: item[1][0].index - item[0]):
        yield AmendingPoint(None, renumbered=tuple(pair for _place, pair in group))


def _add_removed(points: list[AmendingPoint], amendment: Amendment) -> None:
    node = amendment.node
    last = points[-1] if points else None
    if last is not None and last.action == Action.REMOVE:
        before = last.nodes[-1]
        if (before.parent, before.kind, before.index + 1) == (node.parent, node.kind, node.index):
            points[-1] = AmendingPoint(Action.REMOVE, (*last.nodes, node), parent=node.parent)
            return
    points.append(AmendingPoint(Action.REMOVE, (node,), parent=node.parent))


def _add_inserted(points: list[AmendingPoint], amendment: Amendment, comparison: Comparison) -> None:
    node = amendment.node
    lines = whole_unit(comparison.new, node)
    last = points[-1] if points else None
    if last is not None and last.action == Action.INSERT:
        before = last.nodes[-1]
        if (before.parent, before.kind, before.key) == (node.parent, node.kind, amendment.after):
            nodes, all_lines = (*last.nodes, node), (*last.lines, *lines)
            points[-1] = AmendingPoint(
                Action.INSERT, nodes, lines=all_lines, parent=last.parent, after=last.after
            )
            return
    points.append(
        AmendingPoint(Action.INSERT, (node,), lines=lines, parent=node.parent, after=amendment.after)
    )


class _Act:
    def __init__(self, comparison: Comparison, points: tuple[AmendingPoint, ...]) -> None:
        self.comparison, self.points = comparison, points
        self.taken: dict[str, set[tuple[str, str]]] = {}

    def blocks(self) -> Iterator[Block]:
        groups = [list(group) for _key, group in groupby(self.points, key=self._head_key)]
        for count, group in enumerate(groups, start=1):
            end = "." if count == len(groups) else ";"
            number = f"({count})"
            if len(group) == 1:
                yield from _said(self._words(group[0], None), group[0].lines, end, number, level=0)
                continue
            head = self.comparison.old.nodes[self._head_key(group[0])]
            name = name_of(self.comparison.old, head)
            yield Paragraph(plain(f"{name} is amended as follows:"), number=plain(number))
            for inner, point in enumerate(group, start=1):
                last = end if inner == len(group) else ";"
                letter = f"({Letters().write(inner)})"
                yield from _said(self._words(point, head), point.lines, last, letter, level=1)

    def _head_key(self, point: AmendingPoint) -> str:
        """The article a point is about; a point about articles as such stands alone."""
        base = self.comparison.old.nodes.get(point.base)
        head = head_of(self.comparison.old, base)
        return head.key if head is not None and head.kind not in CONTAINERS else f"{id(point)}"

    def _words(self, point: AmendingPoint, head: Node | None) -> str:
        """What the point says; `head` was named above it."""
        old = self.comparison.old
        if point.action == Action.REPLACE:
            return self._replaced_words(point, head)
        base = old.nodes.get(point.base)
        within = ""
        if base is not None and (head is None or base.key != head.key):
            within = f"in {relative_name(old, base, head)}, "
        if point.action is None:
            return within + self._renumbered_words(point, base)
        if point.action == Action.REMOVE:
            names = names_of(old, point.nodes, base, through="to")
            several = len(point.nodes) > 1 or point.nodes[0].is_fixed
            the = "the " if point.nodes[0].is_fixed else ""
            return f"{within}{the}{names} {'are' if several else 'is'} deleted"
        return within + self._inserted_words(point, base)

    def _replaced_words(self, point: AmendingPoint, head: Node | None) -> str:
        node = point.nodes[0]
        what = self._what(point, node, head)
        verb = "are" if node.is_fixed and node.key != TITLE else "is"
        if not point.lines:
            return f"{what} {verb} deleted"
        if point.part and not line_of(node, point.part):
            return f"the following is inserted as {what}:"
        return f"{what} {verb} replaced by the following:"

    def _what(self, point: AmendingPoint, node: Node, head: Node | None) -> str:
        """The line of a unit that is replaced, with the place it is in: “in Article 5(1), point (b)”."""
        old = self.comparison.old
        if node.is_fixed:
            return f"the {relative_name(old, node, None)}"
        is_head = head is not None and node.key == head.key
        own = relative_name(old, node, None)
        if point.part == Part.HEAD:
            return "the title" if is_head else f"the title of {own}"
        if node.item.children and node.kind not in CONTAINERS:
            inner = "the introductory wording" if self._is_list(node) else "the first subparagraph"
            return inner if is_head else f"in {relative_name(old, node, head)}, {inner}"
        if point.part is None:
            return "it" if is_head and head is not None else own
        if node.has_own_head:
            return "the text" if is_head else f"the text of {relative_name(old, node, head)}"
        parent = old.nodes.get(node.parent)
        if parent is None or (head is not None and parent.key == head.key):
            return relative_name(old, node, parent)
        return f"in {relative_name(old, parent, head)}, {relative_name(old, node, parent)}"

    def _is_list(self, node: Node) -> bool:
        return any(one.kind in LISTED for one in self.comparison.old.children(node.key))

    def _renumbered_words(self, point: AmendingPoint, base: Node | None) -> str:
        olds = [old for old, _new in point.renumbered]
        news = [new for _old, new in point.renumbered]
        base_now = self.comparison.new.nodes[base.key] if base else None
        before = names_of(self.comparison.old, olds, base, through="to")
        after = names_of(self.comparison.new, news, base_now, through="to")
        if before == after:
            before, after = listed([one.label for one in olds]), listed([one.label for one in news])
        return f"{before} {'becomes' if len(olds) == 1 else 'become'} {after}"

    def _inserted_words(self, point: AmendingPoint, base: Node | None) -> str:
        comparison, first = self.comparison, point.nodes[0]
        word = kind_word(comparison.new, first)
        if first.is_fixed:
            return f"the following {word} {'is' if first.key == TITLE else 'are'} inserted:"
        if first.kind in {Kind.ARTICLE, Kind.ANNEX, *CONTAINERS}:
            word = word[:1].upper() + word[1:]
        several = len(point.nodes) > 1
        unit = (f"{word}es" if word.endswith("x") else f"{word}s") if several else word
        before, follows = neighbors_that_stay(comparison, first)
        verb = f"{'are' if several else 'is'} {'inserted' if follows else 'added'}"
        anchor = before or follows
        if follows is None or anchor is None or self._says_its_place(point):
            return f"the following {unit} {verb}:"
        side = "after" if before else "before"
        name = relative_name(comparison.old, comparison.old.nodes[anchor.key], base)
        return f"{side} {name}, the following {unit} {verb}:"

    def _says_its_place(self, point: AmendingPoint) -> bool:
        """Whether the numbers of what is inserted are free in the old text."""
        taken = self._taken(point.parent)
        numbers = [(one.kind, bare_number(one)) for one in point.nodes]
        return all(number and (kind, number) not in taken for kind, number in numbers)

    def _taken(self, parent: str) -> set[tuple[str, str]]:
        if parent not in self.taken:
            siblings = self.comparison.old.children(parent)
            self.taken[parent] = {(one.kind, bare_number(one)) for one in siblings}
        return self.taken[parent]


def _said(words: str, lines: Sequence[Unit], end: str, number: str, *, level: int) -> Iterator[Paragraph]:
    """The words of a point, and in one pair of quotation marks the lines it puts in."""
    closing = "" if lines else end
    yield Paragraph(plain(f"{words}{closing}"), number=plain(number), level=level)
    lowest = min((line.level for line in lines if isinstance(line, Paragraph)), default=0)
    for place, line in enumerate(lines):
        own = line.level - lowest if isinstance(line, Paragraph) else 0
        opens = "‘" if place == 0 else ""
        closes = f"’{end}" if place == len(lines) - 1 else ""
        yield quoted(line, opens, closes, level=level + 1 + own)
