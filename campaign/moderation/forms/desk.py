"""What moderators type at the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.core.forms import LineField, MailField
from campaign.core.mailboxes import ascii_host
from campaign.guard.addresses import KEPT_BITS, kept_network, parse_address
from campaign.moderation.models import Sweep
from campaign.moderation.queries import Criteria

ONLY = [
    ("", _("All")),
    ("confirmed", _("Confirmed")),
    ("pending", _("Not confirmed yet, those in quarantine too")),
    ("quarantined", _("In quarantine")),
    ("invalidated", _("Invalidated")),
]


def kept_part(text: str) -> str:
    """The network that is kept of an address or of a smaller network; "" for what is neither or larger."""
    first, _slash, bits = text.partition("/")
    address = parse_address(first)
    if address is None:
        return ""
    network = kept_network(address)
    given = KEPT_BITS[address.version] if not bits else int(bits) if bits.isascii() and bits.isdigit() else 0
    return str(network) if network.prefixlen <= given <= network.max_prefixlen else ""


class MinuteInput(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class FilterForm(forms.Form):
    """Which signatures are looked for. What it cleans becomes `criteria`."""

    only = forms.ChoiceField(label=_("State"), choices=ONLY, required=False)
    domain = LineField(
        label=_("Mail domain"), max_length=200, required=False, help_text=_("Like example.org.")
    )
    network = LineField(
        label=_("Network"),
        max_length=64,
        required=False,
        help_text=_(
            "An address like 203.0.113.7 stands for its network: more than 203.0.113.0/24, or a /64 of IPv6, is kept of nobody."
        ),
    )
    address = MailField(
        label=_("Mail address"),
        required=False,
        help_text=_("One mailbox, whatever way it was spelled."),
    )
    since = forms.DateTimeField(label=_("Came in from (UTC)"), required=False, widget=MinuteInput())
    until = forms.DateTimeField(label=_("Came in before (UTC)"), required=False, widget=MinuteInput())
    name = LineField(
        label=_("Name"),
        max_length=100,
        required=False,
        help_text=_("* stands for any letters, ? for one. Without them it may stand anywhere in the name."),
    )

    def clean_domain(self) -> str:
        domain = self.cleaned_data["domain"].rpartition("@")[2]
        host = ascii_host(domain) if domain else ""
        if domain and "." not in host:
            raise forms.ValidationError(_("Write a domain like example.org."))
        return host

    def clean_network(self) -> str:
        typed = self.cleaned_data["network"]
        network = kept_part(typed) if typed else ""
        if typed and not network:
            raise forms.ValidationError(
                _("Write an address, or a network no larger than a /24 of IPv4 or a /64 of IPv6.")
            )
        return network

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until <= since:
            self.add_error("until", _("This is not after the time above."))
        return data

    def criteria(self) -> Criteria:
        return Criteria(**self.cleaned_data)


def filter_of(sweep: Sweep) -> FilterForm:
    """A form filled with what a pass looked for."""
    criteria = Criteria.from_json(sweep.criteria)
    return FilterForm(initial={name: getattr(criteria, name) for name in FilterForm.base_fields})


class ReasonForm(forms.Form):
    """Why something is done to signatures."""

    reason = LineField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Stays in the record, which the petition's team reads too. Name no signer here."),
    )


class HoldForm(forms.Form):
    reason = LineField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For example the court and the number of the case. Stays in the record; name no signer."),
    )


class SitePauseForm(forms.Form):
    note = LineField(
        label=_("What visitors read"),
        max_length=300,
        help_text=_("Why, and until when, if you know."),
    )
