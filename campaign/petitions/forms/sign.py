"""What a signer types."""

import re
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.core.forms import LineField, MailField, TextField
from campaign.petitions.consents import WORDINGS
from campaign.petitions.models import Petition
from campaign.petitions.services import SignerData

POSTCODE = re.compile(r"(?=.*\d)[^\W_](?:[^\W_]|[ -](?=[^\W_])){0,11}")
HIDDEN_FROM_PEOPLE = "remark"


@lru_cache(maxsize=100)
def _names_in(_language: str) -> list[tuple[str, str]]:
    """Countries in the language that is active: naming and sorting them takes longer than all else a signature needs."""
    return [("", "—"), *((code, str(name)) for code, name in countries)]


class CountryChoiceField(forms.ChoiceField):
    """Names are looked up only when the list is drawn; what was chosen is compared with the codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: _names_in(get_language() or "en"), **kwargs)

    def valid_value(self, value: Any) -> bool:
        return value in countries.countries


class SignForm(forms.Form):
    """The form of one petition. Without one it has every field there is: for drawing, where the template picks."""

    source = forms.CharField(widget=forms.HiddenInput, required=False)
    solution = forms.CharField(widget=forms.HiddenInput, required=False)  # of the check for robots
    # Programs that fill whatever there is fill this, too.
    remark = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    eligible = forms.ChoiceField(
        label=_("Who may sign"),
        choices=[("yes", _("Yes, that is so")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether this is so.")},
    )
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
    country = CountryChoiceField(
        label=_("Country you live in"), widget=forms.Select(attrs={"autocomplete": "country"})
    )
    postcode = LineField(
        label=_("Postcode"),
        max_length=20,
        help_text=_("It is never shown. If your country has none, write 0."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    reason = TextField(
        label=_("Why you sign"),
        required=False,
        max_length=300,
        help_text=_("Up to 300 characters. It may be shown once somebody has read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    agree = forms.BooleanField(
        label=WORDINGS["sign"],
        help_text=_("Signing shows a political opinion. You can withdraw with one click at any time."),
    )
    public_name = forms.BooleanField(
        label=WORDINGS["public_name"],
        help_text=_("Otherwise you are counted, and not named."),
        required=False,
    )
    updates = forms.BooleanField(label=WORDINGS["updates"], required=False)

    def __init__(self, *args: Any, petition: Petition | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pause_note: str | None = None  # set when signing turns out to be paused
        if petition is None:
            return
        asked = {
            "eligible": petition.eligibility,
            "postcode": petition.asks_postcode,
            "reason": petition.asks_reason,
        }
        for name, is_asked in asked.items():
            if not is_asked:
                del self.fields[name]

    def clean_source(self) -> str:
        """A short tag of a share link; anything else is dropped, never refused."""
        source: str = self.cleaned_data["source"]
        return source if re.fullmatch(r"[a-z0-9-]{1,32}", source) else ""

    def clean_eligible(self) -> str:
        if self.cleaned_data["eligible"] == "no":
            raise forms.ValidationError(
                _("Only people who can say yes to this may sign here. Nothing was stored."),
                code="not_eligible",
            )
        return "yes"

    def clean_postcode(self) -> str:
        postcode: str = self.cleaned_data["postcode"]
        if not POSTCODE.fullmatch(postcode):
            raise forms.ValidationError(
                _("Write the postcode alone, like 10115 or SW1A 1AA."), code="invalid"
            )
        return postcode

    def signer_data(self, *, locale: str, network: str) -> SignerData:
        """What was typed; `network` is the cut address it came from."""
        data = self.cleaned_data
        given = {"sign": True, "public_name": data["public_name"], "updates": data["updates"]}
        return SignerData(
            name=data["name"],
            email=data["email"],
            country=data["country"],
            locale=locale,
            source=data["source"],
            purposes=tuple(purpose for purpose, yes in given.items() if yes),
            postcode=data.get("postcode", ""),
            reason=data.get("reason", ""),
            network=network,
            is_trapped=bool(data[HIDDEN_FROM_PEOPLE]),
        )
