"""The law that a draft leans on, and the objections to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.core.forms import LineField, TextField
from campaign.regulations.forms.provision import LawLineField
from campaign.regulations.forms.seen import SeenForm
from campaign.regulations.models import Hook, Objection
from campaign.regulations.services import HookFacts


class HookForm(SeenForm):
    citation = LawLineField(
        label=_("Citation"), max_length=300, help_text=_("As lawyers there cite it, down to the article.")
    )
    address = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Where the law in force can be read, at its official publisher if there is one."),
    )
    note = TextField(
        label=_("What it is needed for"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    checked_by = LineField(
        label=_("Checked by"),
        max_length=200,
        required=False,
        help_text=_(
            "Who has compared it with the law in force. The name is shown with every edition. Until then, leave both empty."
        ),
    )
    checked_on = forms.DateField(
        label=_("Checked on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, row: Hook | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(*args, row=row, **kwargs)

    def clean_checked_on(self) -> date | None:
        day: date | None = self.cleaned_data["checked_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come. Write the day of the check."))
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "checked_by" not in said or "checked_on" not in said:
            return said
        name, day = said["checked_by"], said["checked_on"]
        if name and not day:
            self.add_error(
                "checked_on", _("A check has a name and a day. Give the day, or take the name out.")
            )
        if day and not name:
            self.add_error(
                "checked_by", _("A check has a name and a day. Give the name, or take the day out.")
            )
        return said

    @property
    def facts(self) -> HookFacts:
        return HookFacts(**{name: self.cleaned_data[name] for name in self.base_fields})


class ObjectionForm(SeenForm):
    argument = LawLineField(
        label=_("Objection"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At its strongest, in words its authors would stand by."),
    )
    reply = LawLineField(label=_("Reply"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, row: Objection | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(*args, row=row, **kwargs)

    @property
    def objection(self) -> dict[str, str]:
        """As the services take it."""
        return {name: self.cleaned_data[name] for name in self.base_fields}
