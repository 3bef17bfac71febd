"""What a team sets for its petition."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Authority
from campaign.core.forms import LineField, TextField
from campaign.petitions.models import CheckWhen, ReportedKind

LONGEST = timedelta(days=5 * 366)


def time_zones() -> list[tuple[str, str]]:
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
    time_zone = forms.ChoiceField(
        label=_("Time zone of that day"), choices=time_zones, initial="Europe/Brussels"
    )
    eligibility = LineField(
        label=_("Who may sign"),
        required=False,
        max_length=200,
        help_text=_(
            "A sentence that signers say yes to, before anything else is asked: “I live in Utrecht.”"
        ),
    )
    asks_reason = forms.BooleanField(
        label=_("Ask for a reason"),
        required=False,
        help_text=_("Up to 300 characters, left out by whoever likes. You decide which ones are shown."),
    )
    asks_postcode = forms.BooleanField(
        label=_("Ask for the postcode"),
        required=False,
        help_text=_("Only where the addressee counts it. It is stored encrypted."),
    )
    household_rule = forms.BooleanField(
        label=_("Two people may share a mail address"),
        required=False,
        help_text=_("The second one signs with another name and the same postcode. A third does not count."),
    )
    check_when = forms.ChoiceField(
        label=_("Check for robots"), choices=CheckWhen.choices, initial=CheckWhen.UNDER_ATTACK
    )
    retention_days = forms.IntegerField(
        label=_("Days to keep personal data after closing"),
        initial=183,
        min_value=1,
        max_value=3_650,
        help_text=_("Then names and addresses are erased. The count stays."),
    )

    SECTIONS = (
        (_("The petition"), ("title", "text", "addressee", "goal", "closing_date", "time_zone")),
        (_("What signers are asked"), ("eligibility", "asks_reason", "asks_postcode", "household_rule")),
        (_("Care for signers"), ("check_when", "retention_days")),
    )

    def clean_closing_date(self) -> date:
        day: date = self.cleaned_data["closing_date"]
        today = timezone.now().date()
        if day < today:
            raise forms.ValidationError(_("This day has passed. Choose a later one."))
        if day > today + LONGEST:
            raise forms.ValidationError(_("A petition can be open for at most five years."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("household_rule") and not data.get("asks_postcode"):
            self.add_error(
                "asks_postcode", _("Two people can only share an address where the postcode is asked.")
            )
        return data

    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names]) for title, names in self.SECTIONS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["addressee"].label_from_instance = lambda row: row.name  # type: ignore[attr-defined]


class ThresholdForm(forms.Form):
    count = forms.IntegerField(label=_("Signatures"), min_value=1, max_value=1_000_000_000)
    consequence = LineField(
        label=_("What follows"),
        max_length=200,
        help_text=_("For example: the committee must hold a hearing."),
    )


class ReportedCountForm(forms.Form):
    kind = forms.ChoiceField(label=_("How they were collected"), choices=ReportedKind.choices)
    reported = forms.IntegerField(label=_("Signatures"), min_value=1, max_value=1_000_000_000)
    collected_by = LineField(label=_("Who collected them"), max_length=200)
    note = LineField(label=_("Where and when, and where the sheets are kept"), max_length=300, required=False)


class PauseForm(forms.Form):
    note = LineField(
        label=_("What visitors read"),
        max_length=300,
        required=False,
        help_text=_("Why, and until when, if you know."),
    )
