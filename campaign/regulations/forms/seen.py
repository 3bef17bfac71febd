"""Forms over rows that stand already: each carries which state of its row it was opened on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from campaign.regulations.services.seen import seen_of

SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Theirs:
    """What somebody else saved in a field, as it is shown beside what was typed."""

    label: str
    value: str


class SeenForm(forms.Form):
    """A form over `row`, or for a new one without. `seen` comes along hidden."""

    def __init__(self, *args: Any, row: Model | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {**(kwargs.get("initial") or {}), SEEN: seen_of(row)}
        super().__init__(*args, **kwargs)
        if row is not None:
            self.fields[SEEN] = forms.CharField(max_length=16, widget=forms.HiddenInput)

    @property
    def opened_on(self) -> str:
        """The state of the row that the form was opened on."""
        said: str = self.cleaned_data[SEEN]
        return said

    def show_theirs(self, fresh: SeenForm, message: str) -> list[Theirs]:
        """Say that somebody saved first, and give what `fresh`, opened on the row as it is now, has otherwise than was typed.

        Saving again is a decision: it goes over what is shown now.
        """
        self.add_error(None, message)
        self.data = {name: self.data[name] for name in self.data} | {
            self.add_prefix(SEEN): fresh.initial[SEEN]
        }
        return [
            Theirs(str(bound.label), shown_value(bound))
            for bound in fresh
            if bound.name != SEEN and not _alike(bound.field, bound.value(), self[bound.name].value())
        ]


def _alike(field: forms.Field, one: Any, other: Any) -> bool:
    try:
        return bool(field.to_python(one) == field.to_python(other))
    except ValidationError:
        return False


def shown_value(bound: forms.BoundField) -> str:
    """What a field of a form holds, in words."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return str(_("yes") if value else _("no"))
    if isinstance(bound.field, forms.ChoiceField):
        return str(dict(bound.field.choices).get(value, value))  # type: ignore[arg-type]
    return "" if value is None else str(value)
