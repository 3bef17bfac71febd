"""What a team sets for a call, and whom it invites."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from campaign.core.cleaning import clean_line
from campaign.core.forms import TextField
from campaign.core.locales import content_locales
from campaign.core.mailboxes import clean_address
from campaign.organizations.models import Call
from campaign.organizations.services import CallSettings, Invited, NoSuchMoment, closing_moment

MAX_LINES = 1_000
MOMENT = "%Y-%m-%dT%H:%M"


class CallForm(forms.Form):
    is_open = forms.TypedChoiceField(
        label=_("Who may endorse"),
        choices=[
            ("open", _("Any organization that finds the text")),
            ("invited", _("Only organizations you invite")),
        ],
        coerce=lambda value: value == "open",
        widget=forms.RadioSelect,
    )
    note = TextField(
        label=_("What you ask, and why"),
        max_length=3_000,
        required=False,
        help_text=_("Stands above the text for those who are asked. Markdown works."),
    )
    closes = forms.DateTimeField(
        label=_("List closes"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text=_("Who endorses later stands on the list on the web, marked as late, and in no filing."),
    )
    embargo = forms.DateTimeField(
        label=_("Nothing is public before"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text=_(
            "Until then the text cannot be published here, and search engines are told not to list its pages."
        ),
    )
    time_zone = forms.ChoiceField(label=_("Clock of both times"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(call: Call, *, time_zone: str) -> dict[str, Any]:
        zone = call.time_zone or time_zone
        embargo = call.embargo_until
        return {
            "is_open": "open" if call.is_open else "invited",
            "note": call.note,
            "closes": call.closes_wall_time,
            "embargo": embargo.astimezone(ZoneInfo(zone)).strftime(MOMENT) if embargo else "",
            "time_zone": zone,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("closes", "embargo"):
            if data.get(name) and data.get("time_zone"):
                try:
                    data[f"{name}_at"] = closing_moment(
                        wall_time=_wall(data[name]), time_zone=data["time_zone"]
                    )
                except NoSuchMoment as error:
                    self.add_error(name, str(error))
        return data

    def call_settings(self) -> CallSettings:
        data = self.cleaned_data
        return CallSettings(
            is_open=data["is_open"],
            note=data["note"],
            closes=_wall(data["closes"]) if data["closes"] else "",
            time_zone=data["time_zone"],
            embargo_until=data.get("embargo_at"),
        )


def _wall(moment: datetime) -> str:
    """What was typed, on whatever clock."""
    return moment.replace(tzinfo=None).strftime(MOMENT)


class InviteForm(forms.Form):
    organizations = TextField(
        label=_("Organizations to invite"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "One in each line: its name, a comma, and the mail address of your contact there. "
            "For example: Open Archive Guild, director@example.org"
        ),
    )
    locale = forms.ChoiceField(label=_("Language of the mail"), choices=content_locales)

    def clean_organizations(self) -> list[Invited]:
        lines = [line for line in self.cleaned_data["organizations"].splitlines() if line.strip()]
        if len(lines) > MAX_LINES:
            raise ValidationError(
                ngettext(
                    "Invite at most %(count)d organization at a time.",
                    "Invite at most %(count)d organizations at a time.",
                    MAX_LINES,
                )
                % {"count": MAX_LINES}
            )
        invited, faults = [], []
        for number, line in enumerate(lines, 1):
            try:
                invited.append(_invited(line))
            except ValidationError:
                faults.append(number)
        if faults:
            shown = ", ".join(str(number) for number in faults[:20])
            raise ValidationError(
                gettext("These lines have no name and mail address parted by a comma: %(lines)s")
                % {"lines": shown}
            )
        return invited


def _invited(line: str) -> Invited:
    name, _comma, address = line.replace(";", ",").replace("\t", ",").rpartition(",")
    name = clean_line(name)
    if not name:
        raise ValidationError("no name")
    return Invited(name=name[:200], email=clean_address(address.strip(" <>")).lower())
