"""What people type of deadlines: that of a consultation, and those of its ways in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.consultations.deadlines import (
    Closing,
    NotAClockTime,
    closing_of,
    wall_time_of,
    zone_names,
)
from campaign.consultations.deadlines import clock_of as typed_clock
from campaign.consultations.importer import (
    ChannelData,
    Clock,
    Why,
    clock_of,
)
from campaign.consultations.models import CHANNEL_KINDS, Channel, Consultation
from campaign.core.forms import LineField, TextField, keep_typed

DAY = {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}


class SeenForm(forms.Form):
    """What is stored of a consultation that was shown as `seen`, its revision."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def show_current(self, revision: int) -> None:
        """What was typed stays; saving again is a yes to what stands there now."""
        keep_typed(self, seen=str(revision))


def kinds_with(known: dict[str, Any], other: str) -> list[tuple[str, Any]]:
    """The kinds to choose from, and one that a file has brought."""
    return [*known.items(), *([(other, other)] if other and other not in known else [])]


class ClockForm(forms.Form):
    """A deadline as the authority states it: a day, a time if there is one, and whose clock that is."""

    day = forms.DateField(
        label=gettext_lazy("Last day"),
        error_messages={"required": gettext_lazy("Say on which day it closes.")},
        **DAY,  # type: ignore[arg-type]
    )
    clock = LineField(
        label=gettext_lazy("Time"),
        max_length=8,
        required=False,
        help_text=gettext_lazy(
            "Like 17:00. Leave it empty if the authority gives a date only: the end of that day is taken, and shown as assumed."
        ),
        widget=forms.TextInput(attrs={"size": 8}),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("On the clocks of"),
        error_messages={"required": gettext_lazy("Say whose clocks decide: choose a place.")},
        help_text=gettext_lazy("Where the authority is, or the place it names."),
    )
    stated_as = LineField(
        label=gettext_lazy("In the authority's words"),
        max_length=500,
        error_messages={
            "required": gettext_lazy("Copy the sentence in which the authority states its deadline.")
        },
        help_text=gettext_lazy("The sentence with the deadline, word for word."),
    )
    closing: Closing | None = None
    clock_names = ("day", "clock", "time_zone", "stated_as")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.initial.get("time_zone", "")
        choices = [("", _("Choose a place")), *((name, name.replace("_", " ")) for name in zone_names())]
        if zone and zone not in zone_names():
            choices.append((zone, zone))
        self.fields["time_zone"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("day") and values.get("time_zone"):
            try:
                self.closing = closing_of(
                    wall_time_of(values["day"], values.get("clock", "")), values["time_zone"]
                )
            except (NotAClockTime, OverflowError):
                self.add_error("clock", _("This is not a time. Write it like 17:00."))
        day = values.get("day")
        if day and not 1900 <= day.year <= 2200:
            self.add_error("day", _("Write a year from 1900 to 2200."))
        return values

    @property
    def stated(self) -> Clock | None:
        """The deadline; None where none was given."""
        if self.closing is None:
            return None
        return Clock(
            wall_time=self.closing.wall_time.isoformat(timespec="seconds"),
            time_zone=self.closing.zone,
            closes_at=self.closing.moment,
            stated_as=self.cleaned_data["stated_as"],
            is_assumed=not self.cleaned_data["clock"],
        )


def clock_initial(row: Consultation | Channel) -> dict[str, Any]:
    """What the form of a deadline that stands shows."""
    clock = clock_of(row)
    if clock is None:
        return {}
    wall_time = datetime.fromisoformat(clock.wall_time)
    # A time that was stated as the last second of a day is shown, so that saving does not turn it into an assumption.
    stated = typed_clock(wall_time) or ("" if clock.is_assumed else wall_time.strftime("%H:%M:%S"))
    return {
        "day": wall_time.date(),
        "clock": stated,
        "time_zone": clock.time_zone,
        "stated_as": clock.stated_as,
    }


class WhyForm(forms.Form):
    """Why another deadline stood here before."""

    is_mistake = forms.BooleanField(
        label=gettext_lazy("It was typed wrong here"),
        help_text=gettext_lazy(
            "The authority has moved nothing. The history says that the mistake was ours."
        ),
        required=False,
    )
    changed_on = forms.DateField(
        label=gettext_lazy("Day on which the authority said so"),
        required=False,
        **DAY,  # type: ignore[arg-type]
    )
    reason = LineField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("As the authority gives it."),
    )

    @property
    def why(self) -> Why:
        values = self.cleaned_data
        changed_on = None if values["is_mistake"] else values["changed_on"]
        return Why(changed_on, values["reason"], values["is_mistake"])


class DeadlineForm(ClockForm, WhyForm, SeenForm):
    """Another deadline for the whole consultation."""

    field_order = ["day", "clock", "time_zone", "stated_as", "is_mistake", "changed_on", "reason", "seen"]


class ChannelForm(ClockForm, WhyForm, SeenForm):
    """A way in, with a deadline of its own where it has one."""

    kind = forms.ChoiceField(label=gettext_lazy("Way to send a reply"))
    url = forms.URLField(
        label=gettext_lazy("Web address"), max_length=500, required=False, assume_scheme="https"
    )
    address = TextField(
        label=gettext_lazy("Mail or postal address"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    note = LineField(
        label=gettext_lazy("Note"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("In English, if you can."),
    )
    field_order = [
        "kind", "url", "address", "note", "day", "clock", "time_zone", "stated_as", "is_mistake", "changed_on", "reason",
    ]  # fmt: skip

    def __init__(self, *args: Any, channel: Channel | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel
        self.fields["kind"].choices = kinds_with(CHANNEL_KINDS, channel.kind if channel else "")  # type: ignore[attr-defined]
        for name in ("day", "time_zone", "stated_as"):
            self.fields[name].required = False
        self.fields["day"].help_text = _("Only if this way closes at another time than the consultation.")
        if channel is None or channel.closes_at is None:
            for name in ("is_mistake", "changed_on", "reason"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("clock") and not values.get("day") and "day" not in self.errors:
            self.add_error("day", _("Say which day, or leave the time empty."))
        if values.get("day"):
            for name in ("time_zone", "stated_as"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("This is needed where a way has a deadline of its own."))
        if not values.get("url") and not values.get("address") and not {"url", "address"} & set(self.errors):
            self.add_error("address", _("Give a web address, a mail address or a postal address."))
        return values

    @property
    def why(self) -> Why:
        return super().why if "is_mistake" in self.fields else Why()

    @property
    def said(self) -> ChannelData:
        values = self.cleaned_data
        return ChannelData(
            key=self.channel.key if self.channel else "",
            kind=values["kind"],
            url=values["url"],
            address=values["address"],
            publication=self.channel.publication if self.channel else "",
            note=values["note"],
            clock=self.stated,
            history=[],
        )


def warnings_of(closing: Closing | None) -> list[str]:
    """What may be wrong about a deadline that was just typed, in whole sentences."""
    return closing.warnings if closing else []
