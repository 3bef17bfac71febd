"""What people type about petitions."""

import re
from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.campaigns.models import Authority
from campaign.core.forms import LineField, MailField, TextField
from campaign.petitions.services import SignerData

# Raise a version when the words of its consent change: rows keep the version that was agreed to.
CONSENT_VERSIONS = {"sign": "2026-11-1", "public_name": "2026-11-1", "updates": "2026-11-1"}

LONGEST = timedelta(days=5 * 366)


class SignForm(forms.Form):
    name = LineField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = MailField(
        label=_("E-mail address"),
        help_text=_("We send one link to confirm. Your address is never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    country = forms.ChoiceField(
        label=_("Country you live in"), widget=forms.Select(attrs={"autocomplete": "country"})
    )
    agree = forms.BooleanField(
        label=_("I sign this petition, and my name and country may be handed to its addressee."),
        help_text=_("Signing shows a political opinion. You can withdraw with one click at any time."),
    )
    public_name = forms.BooleanField(
        label=_("Show my name and country among the signers."),
        help_text=_("Otherwise you are counted, and not named."),
        required=False,
    )
    updates = forms.BooleanField(
        label=_("Mail me when something happens with this petition."), required=False
    )
    source = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "—"), *countries]  # type: ignore[attr-defined]

    def clean_source(self) -> str:
        """A short tag of a share link; anything else is dropped, never refused."""
        source: str = self.cleaned_data["source"]
        return source if re.fullmatch(r"[a-z0-9-]{1,32}", source) else ""

    def signer_data(self, *, locale: str) -> SignerData:
        data = self.cleaned_data
        given = {"sign": True, "public_name": data["public_name"], "updates": data["updates"]}
        return SignerData(
            name=data["name"],
            email=data["email"],
            country=data["country"],
            locale=locale,
            source=data["source"],
            consents={purpose: CONSENT_VERSIONS[purpose] for purpose, yes in given.items() if yes},
        )


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
