"""The whole new text with what changed marked in it, and the old and the new text side by side."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from campaign.regulations.blocks import Block, Cell, Heading, Mark, Paragraph, Table, Writing
from campaign.regulations.comparing.changes import ChangeKind, Comparison, Row
from campaign.regulations.comparing.marking import BOTH, changed_unit, left, note, plain, right
from campaign.regulations.comparing.naming import capitalized, kind_word, name_of
from campaign.regulations.comparing.sentences import change_sentences, origin_of


def redline_writing(comparison: Comparison, *, title: str = "") -> Writing:
    """A list of the changes, then the text: what is new underlined, what is gone struck through, what moved told from where."""
    with translation.override(comparison.language):
        blocks: list[Block] = [Heading(plain(_("Changes"))), *_list_of_changes(comparison)]
        blocks.append(Heading(plain(_("The text with its changes"))))
        for row in comparison.rows:
            blocks += _lines(comparison, row)
        return Writing(
            title=title or _("Changes in the text"),
            language=comparison.language,
            blocks=tuple(blocks),
            notes=notes_of(comparison),
        )


def two_columns_writing(
    comparison: Comparison,
    *,
    title: str = "",
    old_name: str = "",
    new_name: str = "",
    elide_unchanged: bool = False,
) -> Writing:
    """The old text on the left, the new one on the right, unit beside unit.

    With `elide_unchanged` a line tells how many provisions were left out; those that hold changed ones always stand.
    """
    with translation.override(comparison.language):
        rows = list(_cells(comparison, elide_unchanged))
        table = Table(
            caption=_("Both texts side by side"),
            columns=(old_name or _("Before"), new_name or _("Now")),
            rows=tuple(rows),
        )
        return Writing(
            title=title or _("Both texts side by side"),
            language=comparison.language,
            blocks=(table,) if rows else (Paragraph(plain(_("The two texts are the same."))),),
            notes=notes_of(comparison),
        )


def notes_of(comparison: Comparison) -> tuple[str, ...]:
    """What stands under the title of every form, in the language of the law."""
    with translation.override(comparison.language):
        own = _("Drawn up by comparing the two texts word by word. It is no legal advice.")
    return (own, *comparison.notes)


def _list_of_changes(comparison: Comparison) -> Iterator[Block]:
    sentences = change_sentences(comparison)
    if not sentences:
        yield Paragraph(plain(_("The two texts are the same.")))
    for sentence in sentences:
        yield Paragraph(plain(sentence), number=plain("–"))


def _lines(comparison: Comparison, row: Row) -> Iterator[Block]:
    change = row.change
    if row.is_departure:
        yield note(_departure(comparison, row), level=change.node.level)
        return
    unit = changed_unit(change, BOTH)
    level = change.node.level if unit and isinstance(unit[0], Paragraph) else 0
    yield from (note(said, level=level) for said in _said_of(comparison, row))
    yield from unit


def _departure(comparison: Comparison, row: Row) -> str:
    old, new = row.change.old, row.change.new
    assert old is not None  # what has left was there  # noqa: S101
    assert new is not None  # and is there still  # noqa: S101
    former, place = name_of(comparison.old, old), name_of(comparison.new, new)
    said = capitalized(former)
    if former == place:
        return _("[%(former)s stood here.]") % {"former": said}
    return _("[%(former)s stood here; it is %(place)s now.]") % {"former": said, "place": place}


def _said_of(comparison: Comparison, row: Row) -> Iterator[str]:
    """What marks in the words cannot tell."""
    old, new, kinds = row.change.old, row.change.new, row.change.kinds
    if ChangeKind.MOVED in kinds:
        yield f"[{origin_of(comparison, row.change)}]"
    if ChangeKind.KIND in kinds and old is not None and new is not None:
        names = {"old": kind_word(comparison.old, old), "new": kind_word(comparison.new, new)}
        yield _("[Its kind was “%(old)s” and is “%(new)s” now.]") % names


def _cells(comparison: Comparison, elide_unchanged: bool) -> Iterator[tuple[Cell, ...]]:
    quiet: list[Row] = []
    for row in comparison.rows:
        if elide_unchanged and row.change.key not in comparison.touched:
            quiet.append(row)
            continue
        if quiet:
            yield _elided(comparison, quiet)
            quiet = []
        cells = _pair_of_cells(comparison, row)
        if any(cells):
            yield cells
    if quiet and len(quiet) < len(comparison.rows):
        yield _elided(comparison, quiet)


def _elided(comparison: Comparison, rows: list[Row]) -> tuple[Cell, ...]:
    # Nothing that is left out has changed, so that both texts have it.
    first, last = (name_of(comparison.new, row.change.node) for row in (rows[0], rows[-1]))
    first = capitalized(first)
    if len(rows) == 1:
        words = _("[%(first)s, unchanged]") % {"first": first}
    else:
        words = _("[%(first)s to %(last)s, unchanged]") % {"first": first, "last": last}
    return (note(words),), (note(words),)


def _pair_of_cells(comparison: Comparison, row: Row) -> tuple[Cell, ...]:
    change = row.change
    if row.is_departure:
        return (note(_departure(comparison, row)),), ()
    before: list[Heading | Paragraph] = []
    if change.old is not None:
        before += [note(said) for said in _said_of(comparison, row)]
        before += changed_unit(change, left(Mark.DELETED), as_node=change.old)
    after = changed_unit(change, right(Mark.INSERTED)) if change.new is not None else ()
    return tuple(before), tuple(after)
