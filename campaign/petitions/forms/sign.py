"""What a signer types."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.campaigns.queries import MOST_ASKED
from campaign.core.forms import LineField, MailField, TextField
from campaign.organizations.models import Organization
from campaign.petitions.consents import NEWS, WORDINGS, Asking
from campaign.petitions.models import Petition
from campaign.petitions.services import SignerData

POSTCODE = re.compile(r"(?=.*\d)[^\W_](?:[^\W_]|[ -](?=[^\W_])){0,11}")
HIDDEN_FROM_PEOPLE = "remark"
NEWS_BOX = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9a-f]{12}")


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


def asking(organization: Organization) -> Asking:
    """As it stands in a form."""
    return Asking(str(organization.pk), organization.display_name)


def news_label(organization: Asking) -> SafeString:
    """The words of the consent, the name in them set off: its letters may run the other way."""
    name = format_html('<bdi translate="no" lang="und">{}</bdi>', organization.name)
    return mark_safe(str(escape(str(WORDINGS[NEWS]))) % {"organization": name})  # noqa: S308  both parts are escaped


class NewsField(forms.MultipleChoiceField):
    """Boxes of organizations, unticked. Whether one asks is found out by the worker that takes the request in: a form that came
    from a cached page is checked without looking anything up, and what it should not hold is dropped, never refused."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        """Of a form that was held back and sent again, the boxes stand in one line."""
        sent = value.split() if isinstance(value, str) else value or []
        return [box for box in dict.fromkeys(sent) if NEWS_BOX.fullmatch(box)][:MOST_ASKED]

    def validate(self, value: Any) -> None:
        """Nothing to say: see `to_python`."""


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
    updates = forms.BooleanField(
        label=WORDINGS["updates"],
        help_text=_(
            "They come from the organization that leads the campaign. Its partners do not get your address."
        ),
        required=False,
    )
    news = NewsField(required=False)

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

    def ask_for_news(self, organizations: Iterable[Organization]) -> None:
        """Draw a box for each of these organizations; those that were ticked before stay so."""
        locale, rows = get_language() or "en", [asking(organization) for organization in organizations]
        field: NewsField = self.fields["news"]  # type: ignore[assignment]
        field.choices = [(row.box(locale), news_label(row)) for row in rows]
        if not hasattr(self.data, "getlist"):  # held back and sent again
            self.data = {**self.data, "news": field.to_python(self.data.get("news"))}

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
            organizations=tuple(data["news"]),
            postcode=data.get("postcode", ""),
            reason=data.get("reason", ""),
            network=network,
            is_trapped=bool(data[HIDDEN_FROM_PEOPLE]),
        )
