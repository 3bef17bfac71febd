"""The open values of a draft: declare, change, rename, order and remove the variables that its text uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.regulations.checks import VARIABLE_NAME
from campaign.regulations.marks import pieces
from campaign.regulations.models import Edition, Provision, Variable
from campaign.regulations.services.opening import open_draft
from campaign.regulations.services.options import NoSuchVariable, whole_sentence
from campaign.regulations.services.ordering import next_position, step_row
from campaign.regulations.services.seen import require_seen
from campaign.regulations.tree import Unit
from campaign.regulations.values import CHOICES, FORMS, ValueRefused, VariableSpec, measure

WORDS = ("heading", "body")
CONDITIONS = ("needs", "excludes")


class NameTaken(DomainError):
    message = _("Another open value of this draft has this name. Choose another.")


class NameMalformed(DomainError):
    message = _("Write the name in small letters, digits and underscores, beginning with a letter.")


class VariableInUse(DomainError):
    """`keys` are those of the provisions that use it."""

    message = _("The text uses this value. Take it out of the text first.")

    def __init__(self, keys: list[str]) -> None:
        super().__init__()
        self.keys = keys


@dataclass(frozen=True, slots=True)
class Refused:
    """What does not fit: the field of a variable it was written in, and a sentence that says what to write."""

    field: str
    sentence: str


class VariableDoesNotFit(DomainError):
    """Bounds, options or defaults of a wrong form. `refused` lists each with its field."""

    message = _("Some of it does not fit.")

    def __init__(self, refused: list[Refused]) -> None:
        super().__init__()
        self.refused = refused


@transaction.atomic
def add_variable(*, edition: Edition, spec: VariableSpec) -> Variable:
    """Declare an open value, after those there are. Raises DraftIsPublished, NameMalformed, NameTaken, VariableDoesNotFit."""
    draft = open_draft(edition)
    _check_name(draft, spec.name)
    _check(spec)
    position = next_position(draft.variables.all())
    return Variable.objects.create(edition=draft, position=position, **asdict(spec))


@transaction.atomic
def change_variable(*, edition: Edition, name: str, spec: VariableSpec, seen: str | None = None) -> Variable:
    """Say anew what an open value is. Under another name, every mark and condition of the text follows.

    `seen` is the state it was written over (`seen_of`). Raises NoSuchVariable, RowChanged, and as `add_variable` does.
    """
    draft = open_draft(edition)
    row = _row(draft, name)
    require_seen(row, seen, asdict(spec))
    if spec.name != name:
        _check_name(draft, spec.name)
    _check(spec)
    for field, value in asdict(spec).items():
        setattr(row, field, value)
    row.save(update_fields=list(asdict(spec)))
    if spec.name != name:
        _rename(draft, name, spec.name)
    return row


@transaction.atomic
def remove_variable(*, edition: Edition, name: str, seen: str | None = None) -> None:
    """Raises DraftIsPublished, NoSuchVariable, RowChanged, and VariableInUse while a provision uses it."""
    draft = open_draft(edition)
    row = _row(draft, name)
    require_seen(row, seen)
    if keys := [provision.key for provision in _users(draft, name)]:
        raise VariableInUse(keys)
    row.delete()
    if name in draft.values:
        draft.values = {other: value for other, value in draft.values.items() if other != name}
        draft.save(update_fields=["values"])


@transaction.atomic
def move_variable(*, edition: Edition, name: str, step: int) -> None:
    """One place up (-1) or down (1); at the end nothing changes. Raises DraftIsPublished, NoSuchVariable."""
    draft = open_draft(edition)
    step_row(draft.variables.all(), _row(draft, name), step)


def _row(draft: Edition, name: str) -> Variable:
    found = draft.variables.filter(name=name).first()
    if found is None:
        raise NoSuchVariable
    return found


def _check_name(draft: Edition, name: str) -> None:
    if not VARIABLE_NAME.fullmatch(name):
        raise NameMalformed
    if draft.variables.filter(name=name).exists():
        raise NameTaken


# --- what fits ---
def _check(spec: VariableSpec) -> None:
    refused = [*_bounds_refused(spec), *_options_refused(spec)]
    if not refused:
        refused = [*_default_refused(spec, "default", spec.default)]
        for each in spec.defaults:
            refused += _default_refused(spec, "defaults", each.value, place=each.jurisdiction)
    if refused:
        raise VariableDoesNotFit(refused)


def _bounds_refused(spec: VariableSpec) -> list[Refused]:
    found, sizes = [], {}
    for field in ("minimum", "maximum"):
        bound = getattr(spec, field)
        if not bound:
            continue
        if spec.type not in FORMS:
            found.append(Refused(field, str(_("A value of this type has no bounds. Leave this empty."))))
            continue
        try:
            sizes[field] = measure(spec, bound)
        except ValueRefused as refusal:
            found.append(Refused(field, whole_sentence(str(refusal))))
    if len(sizes) == 2:
        low, high = sizes["minimum"], sizes["maximum"]
        if low[0] != high[0]:
            found.append(Refused("maximum", str(_("Both bounds need the same currency."))))
        elif low[1] > high[1]:
            found.append(Refused("maximum", str(_("This is less than what it has to be at least."))))
    return found


def _options_refused(spec: VariableSpec) -> list[Refused]:
    if spec.type not in CHOICES:
        said = _("Only a choice and a license have options. Leave this empty or choose another type.")
        return [Refused("options", str(said))] if spec.options else []
    if not spec.options:
        return [Refused("options", str(_("Write what can be chosen, one on each line.")))]
    keys = [option.key for option in spec.options]
    twice = next((key for key in keys if keys.count(key) > 1), "")
    if not twice:
        return []
    sentence = _("“%(key)s” stands twice. Give each option a key of its own.") % {"key": twice}
    return [Refused("options", str(sentence))]


def _default_refused(spec: VariableSpec, field: str, value: str, *, place: str = "") -> list[Refused]:
    if not value:
        return []
    try:
        if spec.type not in FORMS and "[[" in value:
            raise ValueRefused("a value cannot hold marks; write the words out")
        spec.check(value)
    except ValueRefused as refusal:
        said = whole_sentence(str(refusal))
        return [Refused(field, f"{place}: {said}" if place else said)]
    return []


# --- where it is used ---
def uses(row: Provision | Unit, name: str) -> bool:
    """Whether a provision prints the value of a variable or stands under a condition on it."""
    if any(condition.partition("=")[0] == name for condition in _value_conditions(row)):
        return True
    return any(piece.variable == name for field in WORDS for piece in pieces(getattr(row, field)))


def _value_conditions(row: Provision | Unit) -> list[str]:
    return [each for field in CONDITIONS for each in getattr(row, field) if "=" in each]


def _users(draft: Edition, name: str) -> list[Provision]:
    """The provisions that use a variable, locked. Those with conditions are few; JSON is searched the same way everywhere."""
    maybe = _marked(name) | ~Q(needs=[]) | ~Q(excludes=[])
    rows = draft.provisions.select_for_update(of=("self",)).filter(maybe).order_by("position", "pk")
    return [row for row in rows if uses(row, name)]


def _marked(name: str) -> Q:
    return Q(heading__contains=f"[[{name}]]") | Q(body__contains=f"[[{name}]]")


def _rename(draft: Edition, old: str, new: str) -> None:
    """Whoever has words open that are rewritten here is told so when saving: their version goes up."""
    for row in _users(draft, old):
        words = {field: _renamed_words(getattr(row, field), old, new) for field in WORDS}
        fields: dict[str, Any] = dict(words)
        fields |= {field: _renamed_conditions(getattr(row, field), old, new) for field in CONDITIONS}
        if any(getattr(row, field) != said for field, said in words.items()):
            fields["version"] = F("version") + 1
        draft.provisions.filter(pk=row.pk).update(**fields)
    for kept in draft.revisions.filter(_marked(old)):
        for field in WORDS:
            setattr(kept, field, _renamed_words(getattr(kept, field), old, new))
        kept.save(update_fields=WORDS)
    for removed in draft.removed_provisions.all():
        _each_unit(removed.subtree, lambda unit: _rename_in(unit, old, new))
        removed.save(update_fields=["subtree"])
    if old in draft.values:
        draft.values = {new if name == old else name: value for name, value in draft.values.items()}
        draft.save(update_fields=["values"])


def _each_unit(subtree: dict[str, Any], act: Callable[[dict[str, Any]], None]) -> None:
    todo = [subtree]
    while todo:
        unit = todo.pop()
        act(unit)
        todo += unit["children"]


def _rename_in(unit: dict[str, Any], old: str, new: str) -> None:
    for field in WORDS:
        unit[field] = _renamed_words(unit[field], old, new)
    for field in CONDITIONS:
        unit[field] = _renamed_conditions(unit[field], old, new)


def _renamed_words(words: str, old: str, new: str) -> str:
    return words.replace(f"[[{old}]]", f"[[{new}]]")


def _renamed_conditions(conditions: list[str], old: str, new: str) -> list[str]:
    named = [condition.partition("=") for condition in conditions]
    return [
        f"{new}={option}" if sign and name == old else f"{name}{sign}{option}" for name, sign, option in named
    ]
