"""Amendments as the European Parliament prints them: each with its number, its place and two columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaign.regulations.blocks import Block, Cell, Heading, Mark, Paragraph, Table, Writing
from campaign.regulations.comparing.changes import Comparison
from campaign.regulations.comparing.drafting import Action, Amendment, Part, amendments_between
from campaign.regulations.comparing.marking import Unit, changed_unit, left, note, plain, right, whole_unit
from campaign.regulations.comparing.naming import name_of
from campaign.regulations.comparing.outline import Node
from campaign.regulations.comparing.places import DASH, Places
from campaign.regulations.comparing.redline import notes_of


@dataclass(frozen=True, slots=True, eq=False)
class ParliamentAmendment:
    """One amendment and what its columns hold. `part` says which line of a unit that stays; None for a whole one."""

    place: str
    amendment: Amendment
    part: Part | None
    left: tuple[Unit, ...]
    right: tuple[Unit, ...]
    remark: str = ""

    @property
    def key(self) -> str:
        return self.amendment.key


def parliament_amendments(comparison: Comparison) -> tuple[ParliamentAmendment, ...]:
    """The amendments in reading order, those that only follow from others (numbers, references) last."""
    with translation.override(comparison.language):
        places = Places(comparison)
        found: list[ParliamentAmendment] = []
        for amendment in amendments_between(comparison):
            if amendment.action == Action.REPLACE:
                found += _replaced(comparison, amendment, places)
            elif amendment.action == Action.REMOVE:
                found.append(_removed(comparison, amendment, places))
            else:
                found.append(_inserted(comparison, amendment, places))
    return tuple(sorted(found, key=lambda made: made.amendment.follows))


def parliament_writing(
    comparison: Comparison,
    *,
    title: str = "",
    is_proposal: bool = True,
    justifications: Mapping[str, str] | None = None,
    first_number: int = 1,
) -> Writing:
    """Amendments to a proposal of the Commission or, when that is not what the old text is, to a text in force.

    `justifications` are given by the key of the provision an amendment is about.
    """
    made = parliament_amendments(comparison)
    own = [one for one in made if not one.amendment.follows]
    following = [one for one in made if one.amendment.follows]
    with translation.override(comparison.language):
        columns = (_("Text proposed by the Commission") if is_proposal else _("Present text"), _("Amendment"))
        blocks: list[Block] = []
        reasons = dict(justifications or {})
        for number, one in enumerate(own, start=first_number):
            blocks += _drawn_up(one, number, columns, comparison.language, reasons.pop(one.key, ""))
        if following:
            blocks += _corresponding(following, columns)
        if not made:
            blocks.append(Paragraph(plain(_("The two texts are the same."))))
        return Writing(
            title=title or _("Amendments"),
            language=comparison.language,
            blocks=tuple(blocks),
            notes=notes_of(comparison),
        )


def _drawn_up(
    one: ParliamentAmendment, number: int, columns: tuple[str, str], language: str, reason: str
) -> Iterator[Block]:
    heading = _("Amendment %(number)d") % {"number": number}
    yield Heading(plain(heading))
    yield Paragraph(plain(one.place, Mark.STRONG), centered=True)
    row: tuple[Cell, ...] = (one.left, one.right)
    yield Table(caption=f"{heading}{DASH}{one.place}", columns=columns, rows=(row,))
    if one.remark:
        yield note(one.remark)
    original = pgettext("language in which an amendment was written", "Or. %(language)s")
    yield Paragraph(plain(original % {"language": language.partition("-")[0]}, Mark.NOTE))
    if reason:
        yield Heading(plain(_("Justification")), level=2)
        yield from (Paragraph(plain(line)) for line in reason.splitlines() if line.strip())


def _corresponding(made: Iterable[ParliamentAmendment], columns: tuple[str, str]) -> Iterator[Block]:
    """Numbers and references, all together: nobody votes on them one by one."""
    heading = _("Corresponding changes")
    yield Heading(plain(heading))
    yield Paragraph(
        plain(
            _(
                "If the amendments above are adopted, these numbers, references and quotation marks change with them."
            )
        )
    )
    rows = tuple((_placed(one, one.left), _placed(one, one.right)) for one in made)
    yield Table(caption=heading, columns=columns, rows=rows)


def _placed(one: ParliamentAmendment, lines: tuple[Unit, ...]) -> Cell:
    return (Paragraph(plain(one.place, Mark.STRONG)), *lines)


def _replaced(comparison: Comparison, amendment: Amendment, places: Places) -> Iterator[ParliamentAmendment]:
    old, new = amendment.old, amendment.new
    assert old is not None  # it stays  # noqa: S101
    assert new is not None  # noqa: S101
    change = comparison.by_key[old.key]
    before = changed_unit(change, left(Mark.CHANGED), as_node=old)
    after = changed_unit(change, right(Mark.CHANGED), as_node=new)
    for part in amendment.parts:
        lines, lines_now = _line(before, old, part), _line(after, new, part) or (_deleted(),)
        # A number alone is that of the unit, not of its title.
        place = places.of_old(old, None if amendment.follows and part == Part.HEAD else part)
        yield ParliamentAmendment(place, amendment, part, lines, lines_now)


def _line(lines: tuple[Unit, ...], node: Node, part: Part) -> tuple[Unit, ...]:
    """Of a unit's lines those of one part: its number and heading come first, where it has a heading."""
    if not node.has_own_head:
        return () if part == Part.HEAD else lines
    return lines[:1] if part == Part.HEAD else lines[1:]


def _removed(comparison: Comparison, amendment: Amendment, places: Places) -> ParliamentAmendment:
    old = amendment.node
    remark = ""
    if amendment.has_moved:
        now = name_of(comparison.new, comparison.new.nodes[old.key])
        remark = _("The text moves: it stands in %(place)s as amended.") % {"place": now}
    lines = whole_unit(comparison.old, old, Mark.CHANGED)
    return ParliamentAmendment(places.of_old(old), amendment, None, lines, (_deleted(),), remark)


def _inserted(comparison: Comparison, amendment: Amendment, places: Places) -> ParliamentAmendment:
    new = amendment.node
    remark = ""
    if amendment.has_moved:
        former = name_of(comparison.old, comparison.old.nodes[new.key])
        remark = _("The text moves here: it stands in %(place)s before these amendments.") % {"place": former}
    lines = whole_unit(comparison.new, new, Mark.CHANGED)
    return ParliamentAmendment(places.of_new(new), amendment, None, (), lines, remark)


def _deleted() -> Paragraph:
    return note(pgettext("in place of a text that an amendment deletes", "deleted"))
