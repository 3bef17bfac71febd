"""What a signer types."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.core.forms import LineField, MailField
from campaign.petitions.services import SignerData


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
            purposes=tuple(purpose for purpose, yes in given.items() if yes),
        )
