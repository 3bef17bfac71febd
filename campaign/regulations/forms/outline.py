"""A law that somebody pastes."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.core.cleaning import clean_text
from campaign.regulations.forms.draft import InstrumentForm
from campaign.regulations.forms.provision import CONTROL
from campaign.regulations.outline import MAX_CHARACTERS, Decision
from campaign.regulations.services import Source


class PastedField(forms.CharField):
    """Lines of a law as they were pasted. Control characters are refused, not taken out."""

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        raw = str(value or "")
        if len(raw) > MAX_CHARACTERS:
            raise ValidationError(_("The text is too long to be read at once. Paste a part of it."))
        text = unicodedata.normalize("NFC", raw).replace("\r\n", "\n").replace("\t", " ").replace("\f", "\n")
        if clean_text(text) != text:
            raise ValidationError(CONTROL, code="control")
        return text.strip("\n")


class PasteForm(InstrumentForm):
    text = PastedField(
        label=_("The text"),
        widget=forms.Textarea(attrs={"class": "sheet-edit", "rows": 16}),
        help_text=_("Each article, paragraph and point on a line of its own, with its number."),
    )
    address = forms.URLField(
        label=_("Where the official text is"), required=False, max_length=500, assume_scheme="https"
    )
    version_date = forms.DateField(
        label=_("As it stood on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    field_order = (
        "title",
        "kind",
        "tradition",
        "locale",
        "text",
        "address",
        "version_date",
        "summary",
        "disclaimer",
    )

    @property
    def source(self) -> Source:
        return Source(self.cleaned_data["address"], self.cleaned_data["version_date"])


def decisions_of(data: Any) -> dict[int, str]:
    """What was decided about lines: fields named `line-` and the number of the line."""
    found = {}
    for name, value in data.items():
        prefix, _dash, number = name.partition("-")
        if prefix == "line" and number.isdigit() and len(number) <= 6 and value in Decision.values and value:
            found[int(number)] = value
    return found
