"""What a team sets for its petition."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Authority
from campaign.core.forms import LineField, TextField

LONGEST = timedelta(days=5 * 366)


def _zones() -> list[tuple[str, str]]:
    return [
        (zone, zone.replace("_", " "))
        for zone in sorted(available_timezones())
        if "/" in zone or zone == "UTC"
    ]


class PetitionForm(forms.Form):
    title = LineField(
        label=_("Title"), max_length=120, help_text=_("What the addressee should do, in one line.")
    )
    text = TextField(
        label=_("What is asked"),
        max_length=20_000,
        help_text=_("The demand and the reasons. Markdown works. Once published, the text never changes."),
    )
    addressee = forms.ModelChoiceField(
        label=_("Addressee"), queryset=Authority.objects.order_by("name", "pk"), help_text=_("Who can do it.")
    )
    goal = forms.IntegerField(label=_("Goal"), required=False, min_value=1, max_value=1_000_000_000)
    closing_date = forms.DateField(
        label=_("Last day to sign"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time_zone = forms.ChoiceField(label=_("Time zone of that day"), choices=_zones, initial="Europe/Brussels")

    def clean_closing_date(self) -> date:
        day: date = self.cleaned_data["closing_date"]
        today = timezone.now().date()
        if day < today:
            raise forms.ValidationError(_("This day has passed. Choose a later one."))
        if day > today + LONGEST:
            raise forms.ValidationError(_("A petition can be open for at most five years."))
        return day

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["addressee"].label_from_instance = lambda row: row.name  # type: ignore[attr-defined]
