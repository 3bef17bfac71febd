"""What a model changed, as the drafters of an adaptation see it: each change with its words marked and its place named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Protocol

from django.db.models import Field
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaign.documents.words import Op, Piece, word_changes
from campaign.regulations.drafts import DraftRow, draft_rows
from campaign.regulations.following import FollowedChange, ModelMove
from campaign.regulations.models import Provision
from campaign.regulations.tree import LegalText, Unit, walk

WORDS = ("heading", "term", "body")


class _Worded(Protocol):
    """Whatever has a heading, a term and a text: a unit, a row, what a row said before."""

    heading: str
    term: str
    body: str


@dataclass(frozen=True, slots=True)
class ModelChangeBlock:
    """One change with all that its block on the page says.

    `words` are the model's words before and now with what changed marked. `traits` names what else changed about it. `missing`
    is the provision of the model that has to be there first; `is_missing_open` when it can be taken over. `below` are
    provisions of the adaptation's own that a removal would take along.
    """

    change: FollowedChange
    name: str
    said: str
    place: str
    words: SafeString
    traits: list[str]
    ours: Unit | None
    missing: str = ""
    missing_key: str = ""
    is_missing_open: bool = False
    below: tuple[str, ...] = ()


def change_blocks(
    changes: list[FollowedChange], *, old: LegalText, new: LegalText, ours: LegalText
) -> list[ModelChangeBlock]:
    """A block for each change, in the order given. The texts are the model's before and now, and the adaptation's."""
    before, now, here = (_by_key(text) for text in (old, new, ours))
    open_keys = {change.key for change in changes}
    known = before.keys() | now.keys()
    return [
        ModelChangeBlock(
            change=change,
            name=_name(change, before, now, here),
            said=_said(change),
            place=_place(change, now),
            words=_words(change, new.language),
            traits=list(_traits(change)),
            ours=_differing(change),
            missing=now[change.parent].name if _lacks_parent(change, here) else "",
            missing_key=change.parent,
            is_missing_open=change.parent in open_keys,
            below=tuple(_own_below(change, here, known)),
        )
        for change in changes
    ]


def _by_key(text: LegalText) -> dict[str, DraftRow]:
    return {row.unit.key: row for row in draft_rows(text)}


def _name(
    change: FollowedChange, before: dict[str, DraftRow], now: dict[str, DraftRow], here: dict[str, DraftRow]
) -> str:
    """As the adaptation calls it; what it does not have, as the model does."""
    return next(rows[change.key].name for rows in (here, now, before) if change.key in rows)


def _said(change: FollowedChange) -> str:
    said = {
        ModelMove.ADDED: _("The model has a new provision."),
        ModelMove.REMOVED: _("The model has taken this provision out."),
        ModelMove.CHANGED: _("The model has changed this provision."),
        ModelMove.MOVED: _("The model has moved this provision. Its words stayed."),
        ModelMove.CHANGED_AND_MOVED: _("The model has changed this provision and moved it."),
    }
    return said[change.move]


def _place(change: FollowedChange, now: dict[str, DraftRow]) -> str:
    """Where the model has an added or moved provision now; empty for others."""
    if change.move != ModelMove.ADDED and not change.is_moved:
        return ""
    names = {
        "parent": now[change.parent].name if change.parent else "",
        "after": now[change.after].name if change.after else "",
    }
    if change.parent and change.after:
        return _("There it stands in “%(parent)s”, after “%(after)s”.") % names
    if change.parent:
        return _("There it stands in “%(parent)s”, as the first one.") % names
    if change.after:
        return _("There it stands at the top, after “%(after)s”.") % names
    return _("There it stands at the beginning.")


def _traits(change: FollowedChange) -> Iterator[str]:
    """What changed besides words and place, by the name that the form of a provision gives it."""
    if change.old is None or change.new is None:
        return
    for each in fields(Unit):
        if each.name in {"key", "children", *WORDS}:
            continue
        if getattr(change.old, each.name) != getattr(change.new, each.name):
            column = Provision._meta.get_field(each.name)
            assert isinstance(column, Field)  # no relation has the name of one  # noqa: S101
            yield str(column.verbose_name)


def _differing(change: FollowedChange) -> Unit | None:
    """The adaptation's own words where they are neither the model's before nor those now."""
    ours = change.ours
    if ours is None:
        return None
    for theirs in (change.old, change.new):
        if theirs and all(getattr(theirs, name) == getattr(ours, name) for name in WORDS):
            return None
    return ours


def _lacks_parent(change: FollowedChange, here: dict[str, DraftRow]) -> bool:
    needs_place = change.ours is None or change.is_moved
    return bool(change.new and change.parent and needs_place and change.parent not in here)


def _own_below(change: FollowedChange, here: dict[str, DraftRow], known: Iterable[str]) -> Iterator[str]:
    if change.new is None and change.ours is not None:
        yield from (
            here[unit.key].name for unit, _above in walk(change.ours.children) if unit.key not in known
        )


# --- words ---
def _words(change: FollowedChange, language: str) -> SafeString:
    """Heading, term and text of the model, before and now in one; the page links css/redline.css."""
    return changed_words(change.new if change.move == ModelMove.MOVED else change.old, change.new, language)


def changed_words(old: _Worded | None, new: _Worded | None, language: str) -> SafeString:
    """Heading, term and text of two states in one, with what changed marked; the page links css/redline.css."""
    lines = []
    for name in WORDS:
        if pieces := word_changes(getattr(old, name, ""), getattr(new, name, "")):
            classes = "redline__words" if name == "body" else "redline__words redline__heading"
            lines.append((classes, language, marked(pieces)))
    return format_html_join("", '<p class="{}" lang="{}" dir="auto">{}</p>', lines)


def marked(pieces: Iterable[Piece]) -> SafeString:
    # <bdi>: else the first of these words would set the direction of the whole paragraph.
    hidden = format_html('<bdi class="visually-hidden" lang="{}">', get_language() or "")
    said: dict[Op, str] = {"del": _("Removed:"), "ins": _("Added:")}
    return format_html_join(
        "",
        "{}",
        (
            (
                text
                if op == "keep"
                else format_html(
                    "<{0}>{1}[{2} </bdi>{3}{1}] </bdi></{0}>", SafeString(op), hidden, said[op], text
                ),
            )
            for op, text in pieces
        ),
    )
