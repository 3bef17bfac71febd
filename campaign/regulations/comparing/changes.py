"""What became of each provision from one version of a law to another, found by permanent keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.utils import translation
from django.utils.translation import gettext as _

from campaign.documents.pairing import places_in_order
from campaign.documents.words import Piece, word_changes
from campaign.regulations.comparing.outline import Node, Outline
from campaign.regulations.numbered import NumberedText, Run
from campaign.regulations.traditions import UnknownTradition, tradition


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"  # has another parent, or another order among those that stayed
    CHANGED = "changed"  # its words
    HEADING = "heading"
    TERM = "term"
    KIND = "kind"
    RENUMBERED = "renumbered"
    FOLLOWS = "follows"  # only what follows from other changes: printed references, and the marks around quoted text


QUIET = frozenset({ChangeKind.RENUMBERED, ChangeKind.FOLLOWS})


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What became of one unit. `old` is None when it was added, `new` when it was removed; no `kinds`: it is the same.

    In each of the three rows of pieces, those kept and deleted are exactly what was printed, those kept and inserted what is.
    """

    old: Node | None
    new: Node | None
    kinds: frozenset[ChangeKind]
    label_words: tuple[Piece, ...]
    heading_words: tuple[Piece, ...]
    words: tuple[Piece, ...]

    @property
    def node(self) -> Node:
        """The unit as it is now; as it was, when it was removed."""
        found = self.new or self.old
        assert found is not None  # a change is about a unit  # noqa: S101
        return found

    @property
    def key(self) -> str:
        return self.node.key

    @property
    def is_quiet(self) -> bool:
        """Whether nothing changed but a number, and what follows from numbers."""
        return self.kinds <= QUIET


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A line of the two texts read together. `is_departure`: only the place that a unit has left; it stands elsewhere now."""

    change: Change
    is_departure: bool = False


class Comparison:
    """Two versions of a law and what became of each unit."""

    def __init__(self, old: Outline, new: Outline) -> None:
        self.old, self.new = old, new
        self.in_order = _in_order(old, new)
        self.by_key = {
            key: _pair(old.nodes.get(key), new.nodes.get(key), self.in_order) for key in _keys(old, new)
        }

    @property
    def language(self) -> str:
        """The language in which the new text is written, and words about it, too."""
        return self.new.law.language

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Both texts together, in the order of the new one; what was removed, and what has left, stands where it was."""
        return tuple(self._rows())

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What became of every unit that is in one of the texts, each once, in the order of `rows`."""
        return tuple(row.change for row in self.rows if not row.is_departure)

    @cached_property
    def totals(self) -> Counter[ChangeKind]:
        """How many provisions were added, changed, renumbered and so on; the fixed words around them do not count."""
        return Counter(
            kind for change in self.by_key.values() if not change.node.is_fixed for kind in change.kinds
        )

    @cached_property
    def kept(self) -> frozenset[str]:
        """Units that stay where they are, and whose units above stay, too: what amendments are hung on."""
        kept: set[str] = set()
        for key, node in self.new.nodes.items():
            before = self.old.nodes.get(key)
            if before is None or key not in self.in_order or before.kind != node.kind:
                continue
            if not node.parent or node.parent in kept:
                kept.add(key)
        return frozenset(kept)

    @cached_property
    def touched(self) -> frozenset[str]:
        """Units with changes, and all units above such ones, in either text."""
        touched: set[str] = set()
        for change in self.by_key.values():
            if not change.kinds:
                continue
            for outline, node in ((self.old, change.old), (self.new, change.new)):
                while node is not None and node.key not in touched:
                    touched.add(node.key)
                    node = outline.nodes.get(node.parent)
                if node is not None:  # the way up was walked before, but perhaps in the other text
                    touched.update(above.key for above in outline.ancestors(node))
        return frozenset(touched)

    @property
    def is_same(self) -> bool:
        """Whether nothing changed at all."""
        return not any(change.kinds for change in self.by_key.values())

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know before reading on: the two texts are written in different ways."""
        old, new = self.old.law, self.new.law
        notes: list[str] = []
        with translation.override(self.language):
            if old.tradition != new.tradition:
                words = _(
                    "The two texts follow different drafting traditions (%(old)s and %(new)s). "
                    "They were compared by the permanent keys of their provisions."
                )
                names = {"old": _tradition_name(old.tradition), "new": _tradition_name(new.tradition)}
                notes.append(words % names)
            if old.language != new.language:
                words = _(
                    "The two texts are written in different languages (%(old)s and %(new)s). "
                    "They were compared by the permanent keys of their provisions; their words have little in common."
                )
                notes.append(words % {"old": old.language, "new": new.language})
        return tuple(notes)

    def _rows(self) -> Iterator[Row]:
        stack = _siblings(self.old.children(""), self.new.children(""), self.in_order)[::-1]
        while stack:
            old, new = stack.pop()
            node = new or old
            assert node is not None  # one of the two is there  # noqa: S101
            change = self.by_key[node.key]
            if new is None and change.new is not None:
                yield Row(change, is_departure=True)
                continue
            yield Row(change)
            before = self.old.children(node.key) if change.old else []
            after = self.new.children(node.key) if change.new else []
            stack += _siblings(before, after, self.in_order)[::-1]


def changes_between(old: NumberedText, new: NumberedText) -> Comparison:
    """Compare two versions of a law provision by provision. Raises SameKeyTwice."""
    return Comparison(Outline.of(old), Outline.of(new))


def merged(comparison: Comparison) -> Iterator[tuple[Node | None, Node | None]]:
    """The two texts laid over each other: units that are kept as pairs, the others as whole subtrees that go or come."""
    old, new, kept = comparison.old, comparison.new, comparison.kept
    stack = _siblings(old.children(""), new.children(""), kept)[::-1]
    while stack:
        before, after = stack.pop()
        if before is not None and after is not None and after.key in kept:
            yield before, after
            stack += _siblings(old.children(after.key), new.children(after.key), kept)[::-1]
        elif after is not None:
            yield None, after
        else:
            yield before, None


def _siblings(
    old: Iterable[Node], new: Iterable[Node], anchors: set[str] | frozenset[str]
) -> list[tuple[Node | None, Node | None]]:
    """Two rows of siblings as one: anchors together, between them what went before what came."""
    before, after = list(old), list(new)
    in_both = {node.key for node in after} & anchors
    pairs: list[tuple[Node | None, Node | None]] = []
    place = 0
    for node in after:
        while place < len(before) and before[place].key not in in_both:
            pairs.append((before[place], None))
            place += 1
        if node.key in in_both and place < len(before):
            pairs.append((before[place], node))
            place += 1
        else:
            pairs.append((None, node))
    return pairs + [(node, None) for node in before[place:]]


def _keys(old: Outline, new: Outline) -> Iterator[str]:
    yield from new.nodes
    yield from (key for key in old.nodes if key not in new.nodes)


def _in_order(old: Outline, new: Outline) -> frozenset[str]:
    """Units with the same parent as before, and in the same order among each other: as many as there can be."""
    found: set[str] = set()
    for parent in ("", *new.nodes):
        if parent and parent not in old.nodes:
            continue
        places = {node.key: node.index for node in old.children(parent)}
        siblings = new.children(parent)
        stayed = {node.index: places[node.key] for node in siblings if node.key in places}
        found.update(siblings[place].key for place in places_in_order(stayed))
    return frozenset(found)


def _pair(old: Node | None, new: Node | None, in_order: frozenset[str]) -> Change:
    return Change(
        old=old,
        new=new,
        kinds=frozenset(_kinds(old, new, in_order)),
        label_words=_label_words(old.label if old else "", new.label if new else ""),
        heading_words=_words(old.heading if old else "", new.heading if new else ""),
        words=_words(old.body if old else "", new.body if new else ""),
    )


def _kinds(old: Node | None, new: Node | None, in_order: frozenset[str]) -> Iterator[ChangeKind]:
    if old is None or new is None:
        yield ChangeKind.REMOVED if new is None else ChangeKind.ADDED
        return
    if new.key not in in_order:
        yield ChangeKind.MOVED
    if old.kind != new.kind:
        yield ChangeKind.KIND
    if old.item.number != new.item.number:
        yield ChangeKind.RENUMBERED
    if old.item.term != new.item.term:
        yield ChangeKind.TERM
    heading_said = _said(old.item.heading) != _said(new.item.heading)
    body_said = _said(old.item.body) != _said(new.item.body)
    if heading_said:
        yield ChangeKind.HEADING
    if body_said:
        yield ChangeKind.CHANGED
    follows = (old.heading != new.heading and not heading_said) or (old.body != new.body and not body_said)
    if follows or (old.item.opening, old.item.closing) != (new.item.opening, new.item.closing):
        yield ChangeKind.FOLLOWS


def _said(runs: Iterable[Run]) -> list[tuple[str, str]]:
    """The words apart from how references are printed."""
    said: list[tuple[str, str]] = []
    for run in runs:
        if run.reference or not said or said[-1][0]:
            said.append((run.reference, "" if run.reference else run.text))
        else:
            said[-1] = ("", said[-1][1] + run.text)
    return said


def _words(old: str, new: str) -> tuple[Piece, ...]:
    if old == new:
        return (("keep", old),) if old else ()
    return word_changes(old, new)


def _label_words(old: str, new: str) -> tuple[Piece, ...]:
    """A number is never cut."""
    if old == new:
        return (("keep", old),) if old else ()
    before: tuple[Piece, ...] = (("del", old),) if old else ()
    after: tuple[Piece, ...] = (("ins", new),) if new else ()
    return before + after


def _tradition_name(key: str) -> str:
    try:
        return str(tradition(key).name)
    except UnknownTradition:
        return key
