"""What a team writes about a hand-over and about the answer to it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Authority
from campaign.core.forms import LineField, TextField
from campaign.core.locales import content_locales
from campaign.petitions.forms.petition import time_zones
from campaign.petitions.models import Handover, Manner, OfficialResponse, Petition

MOST_ITEMS, LONGEST_ITEM = 20, 200
FARTHEST = timedelta(days=2 * 366)  # how far ahead a hand-over is planned


class AuthorityField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic while it runs
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Authority.objects.order_by("name", "pk"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class DayField(forms.DateField):
    widget = forms.DateInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class ItemsField(TextField):
    """One thing a line; gives a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_ITEMS * (LONGEST_ITEM + 2), **kwargs)
        self.widget.attrs["rows"] = 4

    def clean(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in super().clean(value).split("\n")]
        items = [line for line in lines if line]
        if len(items) > MOST_ITEMS:
            raise forms.ValidationError(_("That is too much for one list. Name at most 20 things."))
        if any(len(item) > LONGEST_ITEM for item in items):
            raise forms.ValidationError(_("One of the lines is too long. Use at most 200 characters a line."))
        return items


def _items(help_text: Any) -> ItemsField:
    return ItemsField(label=_("What is given"), help_text=help_text)


class HandoverForm(forms.Form):
    """Planning a hand-over."""

    addressee = AuthorityField(label=_("Addressee"))
    office = LineField(
        label=_("Who receives it there"),
        required=False,
        max_length=200,
        help_text=_(
            "An office or a function: “Petitions secretariat, room 4.11”. No person needs to be named."
        ),
    )
    planned_date = DayField(label=_("When"), help_text=_("The planned day."))
    place = LineField(label=_("Where"), required=False, max_length=200)
    manner = forms.ChoiceField(label=_("How"), choices=Manner.choices)
    items = _items(
        _(
            "One thing a line: this document, paper sheets, a list of signers on request. It is printed in the document."
        )
    )
    note = LineField(
        label=_("Note"), required=False, max_length=500, help_text=_("It is printed in the document.")
    )

    def __init__(self, *args: Any, petition: Petition, **kwargs: Any) -> None:
        with override(petition.locale):
            this = gettext("This document")
        kwargs["initial"] = {"addressee": petition.addressee_id, "items": this}
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(petition.time_zone)

    def clean_planned_date(self) -> date:
        day: date = self.cleaned_data["planned_date"]
        today = timezone.now().astimezone(self.zone).date()
        if day < today:
            raise forms.ValidationError(_("This day has passed. Choose a later one."))
        if day > today + FARTHEST:
            raise forms.ValidationError(_("This is more than two years ahead. Choose an earlier day."))
        return day


class HandoverActForm(forms.Form):
    """Recording it, as it was."""

    done_on = DayField(label=_("Day"))
    done_time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    time_zone = forms.ChoiceField(label=_("Time zone of the place"), choices=time_zones)
    manner = forms.ChoiceField(label=_("How"), choices=Manner.choices)
    place = LineField(label=_("Where"), required=False, max_length=200)
    received_by = LineField(
        label=_("Who received it"),
        max_length=200,
        help_text=_(
            "An office or a function is enough. If you write a person’s name, everybody can read it: ask them first."
        ),
    )
    items = _items(_("One thing a line."))
    reference = LineField(
        label=_("The authority’s reference number"),
        required=False,
        max_length=120,
        help_text=_("If it gave you one."),
    )
    public_note = LineField(label=_("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, handover: Handover, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "time_zone": handover.petition.time_zone,
            "manner": handover.manner,
            "place": handover.place,
            "received_by": handover.office,
            "items": "\n".join(handover.items),
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"done_on", "done_time", "time_zone"} <= data.keys():
            there = datetime.combine(data["done_on"], data["done_time"], tzinfo=ZoneInfo(data["time_zone"]))
            data["done_at"] = there.astimezone(UTC)
            if data["done_at"].astimezone(there.tzinfo).replace(tzinfo=None) != there.replace(tzinfo=None):
                self.add_error(
                    "done_time",
                    _("Clocks there skipped this time on that day. Give the time as it was shown."),
                )
        return data

    def act(self) -> dict[str, Any]:
        """What `record_handover` takes."""
        return {
            name: self.cleaned_data[name]
            for name in self.cleaned_data
            if name not in {"done_on", "done_time"}
        }


class CancelForm(forms.Form):
    reason = LineField(
        label=_("Why it is canceled"), max_length=300, help_text=_("For the team’s own records.")
    )


class CorrectionForm(forms.Form):
    text = LineField(
        label=_("What is right instead"),
        max_length=1_000,
        help_text=_("It is shown with today’s date. What was recorded stays as it is."),
    )


class ResponseForm(forms.Form):
    """The authority's words, and apart from them the team's."""

    authority = AuthorityField(label=_("Who answers"))
    answered_on = DayField(label=_("Date of the answer"))
    title = LineField(
        label=_("Title"), max_length=200, help_text=_("Its subject line, in the authority’s words.")
    )
    text = TextField(
        label=_("The authority’s words"),
        max_length=30_000,
        help_text=_("Word for word, nothing left out. Markdown works."),
    )
    locale = forms.ChoiceField(label=_("Language of the answer"), choices=content_locales)
    url = forms.URLField(
        label=_("Where the original can be read"), required=False, max_length=500, assume_scheme="https"
    )
    comment = TextField(
        label=_("What the campaign says about it"),
        required=False,
        max_length=5_000,
        help_text=_("Shown apart from the authority’s words, under the campaign’s name."),
    )

    def __init__(
        self, *args: Any, petition: Petition, response: OfficialResponse | None = None, **kwargs: Any
    ) -> None:
        fresh = {"authority": petition.addressee_id, "locale": petition.locale}
        known = {name: getattr(response, name) for name in self.base_fields} if response else fresh
        kwargs["initial"] = known
        super().__init__(*args, **kwargs)
        self.petition = petition

    def clean_answered_on(self) -> date:
        day: date = self.cleaned_data["answered_on"]
        zone = ZoneInfo(self.petition.time_zone)
        if day > timezone.now().astimezone(zone).date():
            raise forms.ValidationError(_("This day has not come yet. Give the date of the answer."))
        if self.petition.opened_at and day < self.petition.opened_at.astimezone(zone).date():
            raise forms.ValidationError(
                _("The petition was not open yet on this day. Give the date of the answer.")
            )
        return day
