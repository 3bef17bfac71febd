"""Who took over which provisions, and who has checked it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Jurisdiction
from campaign.core.forms import LineField, TextField
from campaign.core.locales import content_locales
from campaign.regulations.models import AdoptionStage, Edition
from campaign.regulations.services.adoptions import AdoptedWords, AdoptionFacts

NOT_YET = _("This day has not come yet.")


class DayField(forms.DateField):
    """A day that has come."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs})

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise forms.ValidationError(NOT_YET)
        return day


class AdoptionForm(forms.Form):
    edition = forms.ModelChoiceField(label=_("Edition"), queryset=Edition.objects.none())
    jurisdiction = forms.ModelChoiceField(
        label=_("Jurisdiction"), queryset=Jurisdiction.objects.order_by("name", "pk")
    )
    body = LineField(
        label=_("Body that took it over"),
        max_length=200,
        help_text=_("A parliament, a ministry, a city, a funder: by its own name."),
    )
    title = LineField(label=_("Its text"), max_length=300, help_text=_("As the text calls itself."))
    address = forms.URLField(
        label=_("Where it can be read"),
        max_length=500,
        assume_scheme="https",
        help_text=_("The official text, not news about it."),
    )
    locale = forms.ChoiceField(label=_("Language of its text"), choices=lazy(content_locales, list)())
    stage = forms.ChoiceField(label=_("Stage"), choices=AdoptionStage.choices)
    stage_date = DayField(label=_("Since"))
    note = TextField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, editions: Iterable[Edition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [edition.pk for edition in editions]
        field = self.fields["edition"]
        field.queryset = (  # type: ignore[attr-defined]
            Edition.objects.filter(pk__in=rows)
            .select_related("template__campaign", "frozen_text")
            .order_by("-published_at", "-pk")
        )
        field.label_from_instance = lambda row: row.label  # type: ignore[attr-defined]
        self.fields["jurisdiction"].label_from_instance = lambda row: row.name  # type: ignore[attr-defined]

    @property
    def facts(self) -> AdoptionFacts:
        names = ("jurisdiction", "body", "title", "address", "locale", "stage", "stage_date", "note")
        return AdoptionFacts(**{name: self.cleaned_data[name] for name in names})


class AdoptedWordsForm(forms.Form):
    key = forms.ChoiceField(label=_("Provision of the model"))
    citation = LineField(
        label=_("Where it stands there"), max_length=200, help_text=_("As it is cited: “Section 12(3)”.")
    )
    text = TextField(
        label=_("Its words there"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text=_("Copied from the official text, a unit a line, without its own number."),
    )

    def __init__(self, *args: Any, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = list(names.items())  # type: ignore[attr-defined]

    @property
    def words(self) -> AdoptedWords:
        return AdoptedWords(**self.cleaned_data)


class CheckForm(forms.Form):
    name = LineField(
        label=_("Checked by"),
        max_length=200,
        help_text=_("Whoever compared every word here with the official text. The name is public."),
    )
    on = DayField(label=_("Checked on"))


class AdoptionFilterForm(forms.Form):
    """Read from an address; what it does not know it leaves out."""

    jurisdiction = forms.ModelChoiceField(
        label=_("Jurisdiction"),
        queryset=Jurisdiction.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("All"),
    )
    stage = forms.ChoiceField(
        label=_("Stage"), choices=[("", _("All")), *AdoptionStage.choices], required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["jurisdiction"]
        field.queryset = (  # type: ignore[attr-defined]
            Jurisdiction.objects.filter(adoptions__isnull=False).distinct().order_by("name", "pk")
        )
        field.label_from_instance = lambda row: row.name  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was chosen, by column."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
