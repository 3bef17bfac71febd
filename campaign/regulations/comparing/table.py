"""The comparison table of Korean and Japanese bills (신·구조문대비표, 新旧対照表): current beside proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaign.regulations.blocks import Cell, Mark, Paragraph, Table, Writing
from campaign.regulations.comparing.changes import Comparison
from campaign.regulations.comparing.drafting import Action, Amendment, Part, drafted
from campaign.regulations.comparing.marking import (
    Unit,
    changed_unit,
    left,
    note,
    own_lines,
    plain,
    right,
    whole_unit,
)
from campaign.regulations.comparing.naming import name_of
from campaign.regulations.comparing.outline import Node
from campaign.regulations.comparing.redline import notes_of
from campaign.regulations.kinds import CONTAINERS


@dataclass(frozen=True, slots=True)
class Phrases:
    """The fixed words of the form in one language."""

    title: str
    current: str
    proposed: str
    omitted: str  # stands for unchanged words on the left
    as_now: str  # and on the right
    deleted: str
    new: str
    through: str  # between the first and the last of unchanged units


KOREAN = Phrases(
    "신·구조문대비표", "현행", "개정안", "(생략)", "(현행과 같음)", "〈삭 제〉", "〈신 설〉", " ~ "
)
JAPANESE = Phrases("新旧対照表", "現行", "改正案", "（略）", "（略）", "（削る）", "（新設）", "～")


def comparison_table_writing(comparison: Comparison, *, title: str = "") -> Writing:
    """Current text beside the proposed one; a unit that moves is deleted at one place and new at the other, and says so."""
    with translation.override(comparison.language):
        words = _phrases(comparison.language)
        rows = tuple(_Table(comparison, words).rows())
        table = Table(caption=words.title, columns=(words.current, words.proposed), rows=rows)
        return Writing(
            title=title or words.title,
            language=comparison.language,
            blocks=(table,) if rows else (Paragraph(plain(_("The two texts are the same."))),),
            notes=notes_of(comparison),
        )


def _phrases(language: str) -> Phrases:
    known = {"ko": KOREAN, "ja": JAPANESE}.get(language.partition("-")[0])
    return known or Phrases(
        title=_("Comparison table"),
        current=pgettext("column of a table", "Current text"),
        proposed=pgettext("column of a table", "Proposed text"),
        omitted=_("(omitted)"),
        as_now=_("(same as current)"),
        deleted=_("<deleted>"),
        new=_("<new>"),
        through=_(" to "),
    )


class _Table:
    def __init__(self, comparison: Comparison, words: Phrases) -> None:
        self.comparison, self.words = comparison, words
        self.same: list[Node] = []  # unchanged units, to be told with their siblings

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        for amendment in drafted(self.comparison):
            node = amendment.node
            if amendment.action == Action.KEEP:
                if node.key not in self.comparison.touched:
                    self._pass_over(node)
                    continue
                if node.kind in CONTAINERS:
                    continue  # something changes further down
            yield from self._told()
            if any(cells := self._cells(amendment)):
                yield cells
        yield from self._told()

    def _pass_over(self, node: Node) -> None:
        """Unchanged units are told where something beside them, in the same article, changes."""
        parent = self.comparison.old.nodes.get(node.parent)
        if parent is not None and parent.kind not in CONTAINERS and parent.key in self.comparison.touched:
            self.same.append(node)

    def _told(self) -> Iterator[tuple[Cell, ...]]:
        while self.same:
            row = [one for one in self.same if one.parent == self.same[0].parent]
            self.same = [one for one in self.same if one.parent != row[0].parent]
            names = [one.label or name_of(self.comparison.old, one) for one in row]
            said = names[0] if len(row) == 1 else f"{names[0]}{self.words.through}{names[-1]}"
            level = row[0].level
            yield tuple(
                (Paragraph(plain(ending, Mark.NOTE), number=plain(said), level=level),)
                for ending in (self.words.omitted, self.words.as_now)
            )

    def _cells(self, amendment: Amendment) -> tuple[Cell, ...]:
        comparison, words = self.comparison, self.words
        old, new = amendment.old, amendment.new
        if old is not None and new is not None:
            return self._both(amendment, old, new)
        if old is not None:
            said = [words.deleted]
            if amendment.has_moved:
                place = name_of(comparison.new, comparison.new.nodes[old.key])
                said.append(_("[moved to %(place)s]") % {"place": place})
            return whole_unit(comparison.old, old, Mark.UNDERLINED), (note(" ".join(said), level=old.level),)
        assert new is not None  # it comes  # noqa: S101
        said = [words.new]
        if amendment.has_moved:
            place = name_of(comparison.old, comparison.old.nodes[new.key])
            said.append(_("[moved from %(place)s]") % {"place": place})
        return (note(" ".join(said), level=new.level),), whole_unit(comparison.new, new, Mark.UNDERLINED)

    def _both(self, amendment: Amendment, old: Node, new: Node) -> tuple[Cell, ...]:
        if not amendment.parts:
            return self._unchanged(old, self.words.omitted), self._unchanged(old, self.words.as_now)
        change = self.comparison.by_key[old.key]
        before = changed_unit(change, left(Mark.UNDERLINED), as_node=old)
        after = changed_unit(change, right(Mark.UNDERLINED), as_node=new)
        if amendment.parts == (Part.HEAD,) and old.body:
            ends = (self.words.omitted, self.words.as_now)
            return tuple((*lines[:1], note(end)) for lines, end in zip((before, after), ends, strict=True))
        return before, after

    def _unchanged(self, node: Node, ending: str) -> Cell:
        """A unit whose own words stay, with something below it that changes."""
        lines: tuple[Unit, ...] = own_lines(node)
        if not node.body:
            return lines
        first = lines[0]
        if node.has_own_head:
            return (first, note(ending))
        number = first.number if isinstance(first, Paragraph) else ()
        return (Paragraph(plain(ending, Mark.NOTE), number=number, level=node.level),)
