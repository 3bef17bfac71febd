"""What changed as sentences: for those who hear a text, and for those who only want to know."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from campaign.regulations.comparing.changes import Change, ChangeKind, Comparison
from campaign.regulations.comparing.naming import capitalized, kind_word, name_of
from campaign.regulations.comparing.outline import Node, Outline


def change_sentences(comparison: Comparison) -> list[str]:
    """Every change as one sentence, in reading order, in the language of the law. What is new or gone as a whole is told once."""
    with translation.override(comparison.language):
        return [
            sentence
            for change in comparison.changes
            if change.kinds
            for sentence in _sentences(comparison, change)
        ]


def origin_of(comparison: Comparison, change: Change) -> str:
    """Where a unit that moved has stood, as a sentence; in the active language."""
    old, new = change.old, change.new
    if old is None or new is None:
        return ""
    former = name_of(comparison.old, old)
    if former != name_of(comparison.new, new):
        return _("Moved; it was %(former)s.") % {"former": former}
    before = comparison.old.before(old)
    if before is None:
        return _("Moved; it stood first.")
    return _("Moved; it stood after the former %(other)s.") % {"other": name_of(comparison.old, before)}


def _sentences(comparison: Comparison, change: Change) -> Iterator[str]:
    old, new = change.old, change.new
    if old is None or new is None:
        yield from _one_sided(comparison, change)
        return
    place = capitalized(name_of(comparison.new, new))
    former = name_of(comparison.old, old)
    kinds = change.kinds
    if ChangeKind.MOVED in kinds:
        yield _moved(comparison, old, new, place=place)
    elif ChangeKind.RENUMBERED in kinds and old.item.number and new.item.number:
        yield _("%(place)s: renumbered; it was %(former)s.") % {"place": place, "former": former}
    elif ChangeKind.RENUMBERED in kinds:
        yield _("%(place)s: it has a number now, or has lost it.") % {"place": place}
    if ChangeKind.KIND in kinds:
        words = _("%(place)s: its kind was “%(old)s” and is “%(new)s” now.")
        names = {"old": kind_word(comparison.old, old), "new": kind_word(comparison.new, new)}
        yield words % {"place": place, **names}
    if ChangeKind.TERM in kinds:
        words = _("%(place)s: the defined term was “%(old)s” and is “%(new)s” now.")
        yield words % {"place": place, "old": old.item.term, "new": new.item.term}
    if ChangeKind.HEADING in kinds:
        yield _("%(place)s: its heading changed.") % {"place": place}
    if ChangeKind.CHANGED in kinds:
        yield _("%(place)s: its words changed.") % {"place": place}
    elif ChangeKind.FOLLOWS in kinds:
        yield _("%(place)s: its references or quotation marks follow other changes.") % {"place": place}


def _moved(comparison: Comparison, old: Node, new: Node, *, place: str) -> str:
    former = name_of(comparison.old, old)
    if former != name_of(comparison.new, new):
        return _("%(place)s: moved; it was %(former)s.") % {"place": place, "former": former}
    before = comparison.old.before(old)
    if before is None:
        return _("%(place)s: moved; it stood first.") % {"place": place}
    other = name_of(comparison.old, before)
    return _("%(place)s: moved; it stood after the former %(other)s.") % {"place": place, "other": other}


def _one_sided(comparison: Comparison, change: Change) -> Iterator[str]:
    outline = comparison.new if change.new else comparison.old
    node = change.node
    above = comparison.by_key.get(node.parent)
    if above is not None and above.kinds == change.kinds:
        return  # comes or goes with the unit it stands in
    place = capitalized(name_of(outline, node))
    if change.new is None:
        yield _("%(place)s: removed.") % {"place": place}
        return
    yield _added(outline, node, place)


def _added(outline: Outline, node: Node, place: str) -> str:
    before = outline.before(node)
    if node.is_fixed:
        return _("%(place)s: added.") % {"place": place}
    if before is not None:
        return _("%(place)s: added after %(other)s.") % {"place": place, "other": name_of(outline, before)}
    if node.parent:
        other = name_of(outline, outline.nodes[node.parent])
        return _("%(place)s: added at the beginning of %(other)s.") % {"place": place, "other": other}
    return _("%(place)s: added at the beginning.") % {"place": place}
