"""Files that people bring: what an authority gives, and what will be put where it asks for a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.consultations.files import MAX_BYTES, MEDIA_TYPES, Brought, FileIsRefused, read_file
from campaign.core.forms import LineField

ACCEPTED = ",".join(f".{ending}" for ending in MEDIA_TYPES)


class KeptFileField(forms.FileField):
    """A file of a kind that is kept here. Its value is read whole and checked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{
            "widget": forms.FileInput(attrs={"accept": ACCEPTED}),
            "help_text": gettext_lazy("PDF, DOCX, XLSX, ODT, TXT, CSV or ZIP, at most 20 MB."),
            **kwargs,
        })  # fmt: skip

    def clean(self, data: Any, initial: Any = None) -> Brought | None:
        upload = super().clean(data, initial)
        if not upload:
            return None
        if upload.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 20 MB. Choose a smaller one."))
        try:
            return read_file(name=upload.name, content=upload.read())
        except FileIsRefused as error:
            raise ValidationError(str(error)) from None


class DocumentForm(forms.Form):
    """What the authority gives beside its questions."""

    title = LineField(
        label=gettext_lazy("Title"), max_length=300, help_text=gettext_lazy("As the authority has it.")
    )
    url = forms.URLField(
        label=gettext_lazy("Where the authority has it"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    file = KeptFileField(
        label=gettext_lazy("Copy to keep"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("url") and not values.get("file") and not {"url", "file"} & set(self.errors):
            self.add_error("file", _("Give the address of the document, a copy of it, or both."))
        return values


class AnswerFileForm(forms.Form):
    """The file that will be put where the authority asks for one."""

    file = KeptFileField(label=gettext_lazy("File"))
