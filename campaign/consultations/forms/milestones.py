"""What people type about dates: those of a submission in one form, and how they want to hear of deadlines."""

from datetime import datetime
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from campaign.consultations.deadlines import (
    Closing,
    NotAClockTime,
    clock_of,
    closing_of,
    wall_time_at,
    wall_time_of,
    zone_names,
)
from campaign.consultations.models import Milestone, MilestoneKind, Submission
from campaign.consultations.services import Edit
from campaign.core.forms import LineField

MOST = 40  # dates of one submission


class MilestoneForm(forms.Form):
    """One date. `version` is the one that was shown. The empty form at the end adds a date."""

    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    label = LineField(label=_("Name"), max_length=120, required=False)
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Say which day.")},
    )
    clock = LineField(
        label=_("Time"),
        max_length=8,
        required=False,
        widget=forms.TextInput(attrs={"size": 8}),
    )
    is_removed = forms.BooleanField(label=_("Remove this date"), required=False)

    closing: Closing | None = None

    def __init__(
        self,
        *args: Any,
        submission: Submission,
        at: datetime,
        milestones: dict[str, Milestone],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.submission, self.at = submission, at
        self.milestone = milestones.get(str(self["pk"].value() or ""))
        if self.milestone is None:
            del self.fields["is_removed"]
            return
        self.fields["day"].required = True
        if self.milestone.kind != MilestoneKind.OWN:
            self.fields["label"].label = _("Another name")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors or values.get("is_removed") or self.is_left_empty:
            return values
        zone = self.milestone.time_zone if self.milestone else self.submission.consultation.time_zone
        if values.get("day") is None:
            self.add_error("day", _("Say which day."))
            return values
        try:
            self.closing = closing_of(wall_time_of(values["day"], values["clock"]), zone)
        except (NotAClockTime, OverflowError):
            self.add_error("clock", _("This is not a time. Write it like 17:00."))
            return values
        self._check_moment(self.closing.moment)
        is_own = self.milestone.kind == MilestoneKind.OWN if self.milestone else not values.get("pk")
        if is_own and not values["label"]:
            self.add_error("label", _("Say what is due on that day."))
        return values

    def _check_moment(self, moment: datetime) -> None:
        if self.milestone and moment == self.milestone.due_at:
            return
        if moment > self.submission.consultation.closes_at:
            self.add_error("day", _("This is after the deadline. Choose an earlier day."))
        elif moment < self.at:
            self.add_error("day", _("This has passed. Choose a later day."))

    @property
    def is_left_empty(self) -> bool:
        """The form for one more date, when nobody wants one."""
        values = self.cleaned_data
        return not values.get("pk") and not any(values.get(name) for name in ("label", "day", "clock"))

    def edit(self) -> Edit | None:
        """What to store; None for a form that was left empty."""
        if self.is_left_empty:
            return None
        values = self.cleaned_data
        moment = self.closing.moment if self.closing else self.at
        return Edit(values["pk"], values["version"], values["label"], moment, bool(values.get("is_removed")))


class MilestoneFormSet(BaseFormSet):  # type: ignore[type-arg]  # not generic while it runs
    def edits(self) -> list[Edit]:
        return [edit for form in self.forms if (edit := form.edit())]


Dates = formset_factory(
    MilestoneForm, formset=MilestoneFormSet, extra=1, max_num=MOST + 1, absolute_max=MOST + 1
)


def dates_form(data: Any, *, submission: Submission, milestones: list[Milestone], at: datetime) -> Any:
    """The one form for all dates of a submission, each on its own clock."""
    return Dates(
        data,
        prefix="dates",
        initial=[_initial(row) for row in milestones],
        form_kwargs={
            "submission": submission,
            "at": at,
            "milestones": {str(row.pk): row for row in milestones},
        },
    )


def _initial(row: Milestone) -> dict[str, Any]:
    there = wall_time_at(row.due_at, row.time_zone)
    return {
        "pk": row.pk,
        "version": row.version,
        "label": row.label or "",
        "day": there.date(),
        "clock": clock_of(there),
    }


def zone_choices() -> list[tuple[str, str]]:
    """Zones by their own names, with what holds when none is chosen before them."""
    return [
        ("", str(_("UTC, beside the authority's clock"))),
        *((name, name.replace("_", " ")) for name in zone_names()[1:]),
    ]


class ChoicesForm(forms.Form):
    """How somebody wants to hear of deadlines."""

    time_zone = forms.ChoiceField(label=_("Your clock"), choices=zone_choices, required=False)
    wants_reminders = forms.BooleanField(
        label=_("Mail me before deadlines of what I draft"),
        help_text=_("14, 7, 2 and 1 days before, and on the day an internal date is due."),
        required=False,
    )
