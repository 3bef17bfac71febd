"""What a model changed beside its text, as the drafters of an adaptation see it: each row with its fields, old and new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaign.documents.words import word_changes
from campaign.regulations.following import ModelMove
from campaign.regulations.following_rows import LONG_TITLE, RowChange, RowKind, variables_used
from campaign.regulations.forms.draft import InstrumentForm, PublishForm
from campaign.regulations.forms.surroundings import HookForm, ObjectionForm
from campaign.regulations.forms.variable import ChoiceGroupForm, VariableForm, lines_of
from campaign.regulations.kinds import VariableType
from campaign.regulations.model_changes import marked
from campaign.regulations.tree import LegalText, walk

FIELDS = {
    RowKind.VARIABLE: VariableForm.base_fields,
    RowKind.CHOICE: ChoiceGroupForm.base_fields,
    RowKind.HOOK: HookForm.base_fields,
    RowKind.OBJECTION: ObjectionForm.base_fields,
}
NAMED = {RowKind.VARIABLE, RowKind.CHOICE}  # their first field is a name that people see only in marks
LINES = {"options": ("key", "label", "text"), "defaults": ("jurisdiction", "value", "source")}


@dataclass(frozen=True, slots=True)
class RowBlock:
    """One changed row with all that its block on the page says.

    `lines` are the labels of the fields that changed, each with its words before and now in one, and what ours says where that is
    neither. `is_used`: it cannot go as long as the text uses it.
    """

    change: RowChange
    name: str
    said: str
    lines: list[tuple[str, SafeString, str]]
    notes: list[str]
    is_used: bool


def row_blocks(
    changes: list[RowChange], *, old: LegalText, new: LegalText, ours: LegalText
) -> list[RowBlock]:
    """A block for each change, in the order given. The texts are the model's before and now, and the adaptation's."""
    used = _used(ours)
    return [
        RowBlock(
            change=change,
            name=_name(change),
            said=_said(change),
            lines=[*_lines(change, new.language), *_members(change, old, new)],
            notes=list(_notes(change, ours)),
            is_used=change.move == ModelMove.REMOVED and change.name in used.get(change.kind, set()),
        )
        for change in changes
    ]


def _used(text: LegalText) -> dict[RowKind, set[str]]:
    units = [unit for unit, _above in walk(text.provisions)]
    return {
        RowKind.VARIABLE: {name for unit in units for name in variables_used(unit)},
        RowKind.CHOICE: {unit.choice for unit in units},
    }


def _name(change: RowChange) -> str:
    if change.kind == RowKind.FACT:
        return _fact_label(change.name)
    if change.kind in NAMED:
        row = change.ours or change.new or change.old or {}
        return str(row["label"])
    return change.name if len(change.name) <= 120 else f"{change.name[:119]}…"


def _fact_label(name: str) -> str:
    field = PublishForm.base_fields["title"] if name == LONG_TITLE else InstrumentForm.base_fields[name]
    return str(field.label)


def _said(change: RowChange) -> str:
    said = {
        (RowKind.FACT, ModelMove.CHANGED): _("The model says this otherwise now."),
        (RowKind.VARIABLE, ModelMove.ADDED): _("The model has a new open value."),
        (RowKind.VARIABLE, ModelMove.CHANGED): _("The model has changed this open value."),
        (RowKind.VARIABLE, ModelMove.REMOVED): _("The model has taken this open value out."),
        (RowKind.CHOICE, ModelMove.ADDED): _("The model has new alternatives."),
        (RowKind.CHOICE, ModelMove.CHANGED): _("The model has changed what is said of these alternatives."),
        (RowKind.CHOICE, ModelMove.REMOVED): _("The model has taken these alternatives out."),
        (RowKind.HOOK, ModelMove.ADDED): _("The model leans on another existing law now."),
        (RowKind.HOOK, ModelMove.CHANGED): _("The model has changed this reference to existing law."),
        (RowKind.HOOK, ModelMove.REMOVED): _("The model leans on this law no more."),
        (RowKind.OBJECTION, ModelMove.ADDED): _("The model answers a new objection."),
        (RowKind.OBJECTION, ModelMove.CHANGED): _("The model has changed this objection or its reply."),
        (RowKind.OBJECTION, ModelMove.REMOVED): _("The model has taken this objection out."),
    }
    return said[change.kind, change.move]


def _lines(change: RowChange, language: str) -> Iterator[tuple[str, SafeString, str]]:
    for name in change.changed:
        before, now, mine = (
            _shown(name, row[name]) if row else "" for row in (change.old, change.new, change.ours)
        )
        if before == now or (name == "name" and change.kind in NAMED):
            continue
        words = _redline(before, now, language)
        yield _label(change, name), words, mine if change.ours and mine not in {before, now} else ""


def _redline(before: str, now: str, language: str) -> SafeString:
    pieces = word_changes(before, now)
    return format_html('<p class="redline__words" lang="{}" dir="auto">{}</p>', language, marked(pieces))


def _label(change: RowChange, name: str) -> str:
    if change.kind == RowKind.FACT:
        return ""  # the heading of the block says it
    return _("Value") if name == "value" else str(FIELDS[change.kind][name].label)


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "type":
        return str(VariableType(value).label)
    return lines_of(value, *LINES[name]) if name in LINES else str(value)


def _members(change: RowChange, old: LegalText, new: LegalText) -> Iterator[tuple[str, SafeString, str]]:
    """Which provisions are the alternatives, where these are others now."""
    if change.kind != RowKind.CHOICE:
        return
    before, now = (
        "; ".join(
            unit.heading or unit.key for unit, _above in walk(text.provisions) if unit.choice == change.name
        )
        for text in (old, new)
    )
    if before != now:
        yield _("Alternatives"), _redline(before, now, new.language), ""


def _notes(change: RowChange, ours: LegalText) -> Iterator[str]:
    if change.kind == RowKind.VARIABLE and change.ours and (value := ours.values.get(change.name)):
        yield _("Your text sets it to “%(value)s”. That stays, unless it stands among the changes here.") % {
            "value": value
        }
    if change.kind in NAMED and change.ours is None:
        yield _("A provision that uses it brings it along when you take that one over.")
    if change.kind == RowKind.CHOICE:
        yield _("Each alternative is a provision and is decided on by itself.")
    if change.kind == RowKind.HOOK and change.move == ModelMove.ADDED:
        yield _("Take it over only where it is law for your text, too. Nobody has checked it for there.")
    if change.kind == RowKind.OBJECTION and change.old and change.new and change.ours is None:
        yield _("Your text does not have it, or says it in other words. Taking it over adds it.")
    if change.kind == RowKind.FACT and change.name != LONG_TITLE:
        yield _("It is shown at once on the pages of your instrument, as soon as an edition is published.")
