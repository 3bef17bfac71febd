"""Amendments as acts of the United States Congress have them: “in paragraph (1), by striking “x” and inserting “y”;”."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import translation

from campaign.regulations.blocks import Block, Paragraph, Writing
from campaign.regulations.comparing.changes import Comparison
from campaign.regulations.comparing.drafting import Action, Amendment, amendments_between
from campaign.regulations.comparing.edits import WordEdit, word_edits
from campaign.regulations.comparing.errors import FormInEnglishOnly
from campaign.regulations.comparing.grouping import (
    Pair,
    base_of,
    common_base,
    head_of,
    names_of,
    neighbors_that_stay,
    renumbered_runs,
)
from campaign.regulations.comparing.marking import Unit, plain, quoted, whole_unit
from campaign.regulations.comparing.naming import capitalized, kind_word, name_of, relative_name
from campaign.regulations.comparing.outline import TITLE, Node
from campaign.regulations.comparing.redline import notes_of
from campaign.regulations.kinds import CONTAINERS
from campaign.regulations.traditions.numbers import Letters


@dataclass(frozen=True, slots=True, eq=False)
class StrikeWords:
    """Words of a unit's heading or body (`field`) give way to others."""

    node: Node
    field: str
    edit: WordEdit


@dataclass(frozen=True, slots=True, eq=False)
class ReplaceText:
    """A unit's heading or body (`field`) gives way to another; either may be empty."""

    node: Node
    field: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Redesignate:
    """Units get the numbers of others, all at once."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StrikeUnits:
    """Units go with all below them."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class InsertUnits:
    """Units come with all below them, one after the other, after a sibling (empty: first) below `parent` (empty: the text)."""

    nodes: tuple[Node, ...]
    parent: str
    after: str


Instruction = StrikeWords | ReplaceText | Redesignate | StrikeUnits | InsertUnits


@dataclass(frozen=True, slots=True, eq=False)
class StrikingSection:
    """The instructions about one section (the text as a whole when `head` is None), in the order in which they are obeyed."""

    head: Node | None
    instructions: tuple[Instruction, ...]


def striking_sections(comparison: Comparison) -> tuple[StrikingSection, ...]:
    """Everything to be struck and inserted, in an order in which every unit still has the number it is called by.

    In a section words first, then units that go, then new numbers and units that come, from the lowest level up. Sections before
    the chapters they stand in, whose instructions give sections new numbers; the text as a whole last.
    """
    told: dict[str, tuple[Node | None, list[Instruction]]] = {}
    runs: list[tuple[Node | None, Instruction]] = [
        (_base(comparison, pairs[0][0]), Redesignate(tuple(pairs))) for pairs in renumbered_runs(comparison)
    ]
    words: list[tuple[Node | None, Instruction]] = []
    gone: list[tuple[Node | None, Instruction]] = []
    come: list[tuple[Node | None, Instruction]] = []
    for amendment in amendments_between(comparison):
        base = base_of(comparison.old, amendment)
        if amendment.action == Action.REPLACE:
            words += [(base, one) for one in _word_instructions(amendment)]
        elif amendment.action == Action.REMOVE:
            _add_removed(gone, base, amendment.node)
        else:
            _add_inserted(come, base, amendment)
    order = {key: place for place, key in enumerate(comparison.old.nodes)}
    renumbering = sorted([*runs, *come], key=lambda one: _from_below(order, one[0]))
    for base, instruction in [*words, *gone, *renumbering]:
        head = head_of(comparison.old, base)
        told.setdefault(head.key if head else "", (head, []))[1].append(instruction)
    sections = [StrikingSection(head, tuple(instructions)) for head, instructions in told.values()]
    return tuple(sorted(sections, key=lambda one: _from_sections(order, one.head)))


def _from_below(order: dict[str, int], base: Node | None) -> tuple[int, int]:
    """Sorts units by level, the lowest first; the text as a whole last."""
    return (-base.depth, order[base.key]) if base else (1, 0)


def _from_sections(order: dict[str, int], head: Node | None) -> tuple[bool, tuple[int, int]]:
    if head is None or head.kind in CONTAINERS:
        return True, _from_below(order, head)
    return False, (0, order[head.key])


def striking_writing(comparison: Comparison, *, title: str = "", act: str = "") -> Writing:
    """The amendments section by section; `act` is how the old text is called. Raises FormInEnglishOnly."""
    if not comparison.language.startswith("en"):
        raise FormInEnglishOnly
    blocks: list[Block] = []
    with translation.override(comparison.language):
        for section in striking_sections(comparison):
            blocks += _Section(comparison, section, act or comparison.old.law.title).blocks()
    if not blocks:
        blocks.append(Paragraph(plain("The two texts are the same.")))
    return Writing(
        title=title or "Amendments",
        language=comparison.language,
        blocks=tuple(blocks),
        notes=notes_of(comparison),
    )


def _base(comparison: Comparison, node: Node) -> Node | None:
    return comparison.old.nodes[node.parent] if node.parent else None


def _word_instructions(amendment: Amendment) -> Iterator[Instruction]:
    old, new = amendment.old, amendment.new
    assert old is not None  # it stays  # noqa: S101
    assert new is not None  # noqa: S101
    for field, before, after in (("heading", old.heading, new.heading), ("body", old.body, new.body)):
        if before == after:
            continue
        edits = word_edits(before, after)
        if edits is None:
            yield ReplaceText(old, field, after)
        else:
            yield from (StrikeWords(old, field, edit) for edit in edits)


def _add_removed(gone: list[tuple[Node | None, Instruction]], base: Node | None, node: Node) -> None:
    last = gone[-1][1] if gone else None
    if isinstance(last, StrikeUnits):
        before = last.nodes[-1]
        if (before.parent, before.kind, before.index + 1) == (node.parent, node.kind, node.index):
            gone[-1] = (base, StrikeUnits((*last.nodes, node)))
            return
    gone.append((base, StrikeUnits((node,))))


def _add_inserted(
    come: list[tuple[Node | None, Instruction]], base: Node | None, amendment: Amendment
) -> None:
    node = amendment.node
    last = come[-1][1] if come else None
    if isinstance(last, InsertUnits) and last.parent == node.parent and last.nodes[-1].key == amendment.after:
        come[-1] = (base, InsertUnits((*last.nodes, node), last.parent, last.after))
    else:
        come.append((base, InsertUnits((node,), node.parent, amendment.after)))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """One instruction in words: where, what (“by striking …”), and the lines it puts in."""

    place: str
    words: str
    lines: tuple[Unit, ...] = ()


class _Section:
    def __init__(self, comparison: Comparison, section: StrikingSection, act: str) -> None:
        self.comparison, self.section, self.act = comparison, section, act
        self.bases = [self._base(one) for one in section.instructions]
        self.lead = common_base(comparison.old, self.bases)

    def blocks(self) -> Iterator[Block]:
        phrases = [
            self._phrase(one, base) for one, base in zip(self.section.instructions, self.bases, strict=True)
        ]
        name = capitalized(name_of(self.comparison.old, self.lead)) if self.lead else self.act
        if self.lead is not None and self.lead.is_fixed:
            name = f"The {name[:1].lower()}{name[1:]}"
        verb = "are" if self.lead is not None and self.lead.is_fixed and self.lead.key != TITLE else "is"
        if len(phrases) == 1:
            yield from _said(f"{name} {verb} amended {phrases[0].words}", phrases[0].lines, ".", level=0)
            return
        yield Paragraph(plain(f"{name} {verb} amended—"))
        groups = _by_place(phrases)
        for count, (place, group) in enumerate(groups, start=1):
            end = _end(count, len(groups))
            number = f"({count})"
            if len(group) == 1:
                where = f"in {place}, " if place else ""
                yield from _said(f"{where}{group[0].words}", group[0].lines, end, level=1, number=number)
                continue
            yield Paragraph(plain(f"in {place}—"), number=plain(number), level=1)
            for inner, phrase in enumerate(group, start=1):
                last = end if inner == len(group) else _end(inner, len(group))
                letter = f"({Letters().write(inner).upper()})"
                yield from _said(phrase.words, phrase.lines, last, level=2, number=letter)

    def _base(self, instruction: Instruction) -> Node | None:
        if isinstance(instruction, StrikeWords | ReplaceText):
            return instruction.node
        if isinstance(instruction, InsertUnits):
            return self.comparison.old.nodes[instruction.parent] if instruction.parent else None
        node = instruction.nodes[0] if isinstance(instruction, StrikeUnits) else instruction.pairs[0][0]
        return _base(self.comparison, node)

    def _phrase(self, instruction: Instruction, base: Node | None) -> _Phrase:
        place = ""
        if base is not None and (self.lead is None or base.key != self.lead.key):
            place = relative_name(self.comparison.old, base, self.lead)
        if isinstance(instruction, StrikeWords):
            words = _words_of(instruction.edit)
            if instruction.field == "heading":
                place = f"the heading of {place}" if place else "the heading"
            return _Phrase(place, words)
        if isinstance(instruction, ReplaceText):
            return self._replaced(instruction, place)
        if isinstance(instruction, Redesignate):
            return _Phrase(place, self._redesignated(instruction, base))
        if isinstance(instruction, StrikeUnits):
            names = names_of(self.comparison.old, instruction.nodes, base, through="through")
            the = "the " if instruction.nodes[0].is_fixed else ""
            return _Phrase(place, f"by striking {the}{names}")
        return self._inserted(instruction, base, place)

    def _replaced(self, instruction: ReplaceText, place: str) -> _Phrase:
        what = "heading" if instruction.field == "heading" else self._matter(instruction.node)
        present = instruction.node.heading if instruction.field == "heading" else instruction.node.body
        if not instruction.text:
            return _Phrase(place, f"by striking the {what}")
        lines = (Paragraph(plain(instruction.text)),)
        if not present:
            return _Phrase(place, f"by inserting the following {what}:", lines)
        return _Phrase(place, f"by striking the {what} and inserting the following:", lines)

    def _matter(self, node: Node) -> str:
        return "matter before what stands below it" if node.item.children else "text"

    def _redesignated(self, instruction: Redesignate, base: Node | None) -> str:
        olds, news = [pair[0] for pair in instruction.pairs], [pair[1] for pair in instruction.pairs]
        if not olds[0].label:
            return f"by inserting before its text the designation {_quote(news[0].label)}"
        if not news[0].label:
            return f"by striking the designation {_quote(olds[0].label)}"
        before = names_of(self.comparison.old, olds, base, through="through")
        base_now = self.comparison.new.nodes[base.key] if base else None
        after = names_of(self.comparison.new, news, base_now, through="through")
        if before == after:
            # Another number in print alone: the marks of quoted text before it.
            pairs = [
                f"{_quote(one.label)} and inserting {_quote(other.label)}" for one, other in instruction.pairs
            ]
            return "by striking " + ", and by striking ".join(pairs)
        several = ", respectively" if len(olds) > 1 else ""
        return f"by redesignating {before} as {after}{several}"

    def _inserted(self, instruction: InsertUnits, base: Node | None, place: str) -> _Phrase:
        lines = tuple(line for node in instruction.nodes for line in whole_unit(self.comparison.new, node))
        first = instruction.nodes[0]
        before, after = neighbors_that_stay(self.comparison, first)
        if first.is_fixed:
            where = f"by inserting the following {kind_word(self.comparison.new, first)}:"
        elif after and before:
            where = f"by inserting after {self._anchor(before, base)} the following:"
        elif after:
            where = f"by inserting before {self._anchor(after, base)} the following:"
        else:
            where = "by adding at the end the following:"
        return _Phrase(place, where, lines)

    def _anchor(self, node: Node, base: Node | None) -> str:
        """How a unit that stays is called once the numbers have changed."""
        old = self.comparison.old.nodes[node.key]
        if old.label == node.label:
            return relative_name(self.comparison.old, old, base)
        base_now = self.comparison.new.nodes[base.key] if base else None
        return f"{relative_name(self.comparison.new, node, base_now)} (as so redesignated)"


def _by_place(phrases: list[_Phrase]) -> list[tuple[str, list[_Phrase]]]:
    """Neighbors about one place together; those about the unit that was named above stand alone."""
    groups: list[tuple[str, list[_Phrase]]] = []
    for place, group in groupby(phrases, key=lambda phrase: phrase.place):
        if place:
            groups.append((place, list(group)))
        else:
            groups += [("", [phrase]) for phrase in group]
    return groups


def _words_of(edit: WordEdit) -> str:
    form, *words = edit.phrase
    if form == "strike":
        everywhere = " each place it appears" if edit.each_place else ""
        return f"by striking {_quote(words[0])}{everywhere}"
    if form == "replace":
        everywhere = " each place it appears" if edit.each_place else ""
        return f"by striking {_quote(words[0])}{everywhere} and inserting {_quote(words[1])}"
    return f"by inserting {_quote(words[1])} {form} {_quote(words[0])}"


def _quote(words: str) -> str:
    """In double quotation marks; those inside become single ones."""
    inner = words.strip().replace("“", "‘").replace("”", "’")
    return f"“{inner}”"


def _said(
    words: str, lines: Sequence[Unit], end: str, *, level: int, number: str = ""
) -> Iterator[Paragraph]:
    """A sentence, and in quotation marks the lines it puts in: one opens each of them, one closes the last."""
    closing = "" if lines else end
    yield Paragraph(plain(f"{words}{closing}"), number=plain(number), level=level)
    lowest = min((line.level for line in lines if isinstance(line, Paragraph)), default=0)
    for place, line in enumerate(lines):
        own = line.level - lowest if isinstance(line, Paragraph) else 0
        last = f"”{end}" if place == len(lines) - 1 else ""
        yield quoted(line, "“", last, level=level + 1 + own)


def _end(count: int, total: int) -> str:
    return "." if count == total else ("; and" if count == total - 1 else ";")
