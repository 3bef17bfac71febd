"""Which two texts to compare, and in what form; why amendments are made."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from campaign.core.cleaning import clean_text
from campaign.core.forms import TextField
from campaign.regulations.comparisons import FORMS

Choices = list[tuple[str | Promise, list[tuple[str, str]]]]
WHY = "why:"  # how the field of a justification is named, before the key of its provision
DIFFERENT = _("Choose two different texts.")


class CompareForm(forms.Form):
    """Read from an address, so that the page can be shared."""

    old = forms.ChoiceField(label=_("Old text"))
    new = forms.ChoiceField(label=_("New text"))
    form = forms.ChoiceField(label=_("Form"), choices=[(each.key, each.label) for each in FORMS.values()])
    elide = forms.BooleanField(label=_("Leave out what is unchanged (two columns)"), required=False)
    proposal = forms.BooleanField(
        label=_("The old text is a proposal of the European Commission (amendments of the Parliament)"),
        required=False,
    )

    def __init__(self, *args: Any, texts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("old", "new"):
            field = self.fields[name]
            field.choices = texts  # type: ignore[attr-defined]
            field.error_messages["invalid_choice"] = _(
                "This text cannot be compared here. Choose one from the list."
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("old") and said.get("old") == said.get("new"):
            self.add_error("new", DIFFERENT)
        return said

    @property
    def query(self) -> str:
        """What was chosen, as the end of an address; nothing for an unticked box."""
        return urlencode({name: "on" if said is True else said for name, said in self.chosen})

    @property
    def chosen(self) -> list[tuple[str, Any]]:
        return [(name, self.cleaned_data[name]) for name in self.fields if self.cleaned_data.get(name)]


class JustificationsForm(forms.Form):
    """A text for each provision that changes, named by its key. `places` say what each is about."""

    def __init__(
        self, *args: Any, places: dict[str, str], texts: dict[str, str], language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.theirs: dict[str, str] = {}
        for key, place in places.items():
            self.fields[f"{WHY}{key}"] = TextField(
                label=format_lazy("{}: {}", _("Justification"), place),
                max_length=2000,
                required=False,
                initial=texts.get(key, ""),
                show_hidden_initial=True,  # what others wrote meanwhile is told from what was typed here
                widget=forms.Textarea(attrs={"rows": 3, "lang": language, "dir": "auto"}),
            )

    @property
    def changed_texts(self) -> dict[str, str]:
        """What was typed or taken away, by key; what others wrote meanwhile is not touched."""
        return {
            name.removeprefix(WHY): self.cleaned_data[name]
            for name in self.changed_data
            if name in self.cleaned_data
        }

    @property
    def opened_texts(self) -> dict[str, str]:
        """What stood there when the page was opened, by key."""
        return {
            name.removeprefix(WHY): clean_text(self.data.get(f"initial-{name}", "")).strip()
            for name in self.changed_data
        }

    @property
    def lost_texts(self) -> dict[str, str]:
        """What was typed for provisions that have no amendment any more, by key."""
        return {
            name.removeprefix(WHY): text
            for name, text in self.data.items()
            if name.startswith(WHY)
            and name not in self.fields
            and text.strip()
            and text != self.data.get(f"initial-{name}")
        }

    def show_theirs(self, theirs: dict[str, str], message: str) -> None:
        """Say that somebody wrote other reasons first, and keep both. Saving again goes over what is shown now."""
        self.theirs = theirs
        self.add_error(None, message)
        shown = {f"initial-{WHY}{key}": text for key, text in theirs.items()}
        self.data = {name: self.data[name] for name in self.data} | shown
