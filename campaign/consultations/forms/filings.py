"""What people decide and type on the way from a finished text to the authority's answer."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import formset_factory
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Authority
from campaign.consultations.findings import Finding
from campaign.consultations.models import Channel, Filing, Outcome
from campaign.consultations.queries import ordered_channels
from campaign.consultations.services import DeadlineSaysOtherwise, Decided, FiledInFuture, Purpose
from campaign.core.errors import DomainError
from campaign.core.forms import LineField, TextField
from campaign.core.locales import content_locales
from campaign.organizations.models import Organization
from campaign.organizations.services import document_kind

MOST_DEMANDS = 40
FIRST_YEAR = 2000
OTHER = "other"  # a channel that the notice does not name


class DecisionForm(forms.Form):
    """A reason for each error that may be overridden, and one tick for the warnings that stand on the page."""

    read = forms.BooleanField(required=False)
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)

    def __init__(self, *args: Any, findings: list[Finding], read_label: str | Promise, **kwargs: Any) -> None:
        warnings = [finding.key for finding in findings if finding.is_warning]
        kwargs.setdefault("initial", {"shown": " ".join(warnings)})
        super().__init__(*args, **kwargs)
        self.fields["read"].label = str(read_label)
        self.findings = findings
        for finding in findings:
            if finding.is_error and finding.may_override:
                number = finding.question_number
                of_question = gettext("Why question %(number)s may go on all the same") % {"number": number}
                self.fields[f"reason-{finding.key}"] = LineField(
                    label=of_question if number else _("Why it may go on all the same"),
                    max_length=500,
                    error_messages={"required": _("Mend it, or say why it may be passed over.")},
                )

    @property
    def rows(self) -> list[tuple[Finding, forms.BoundField | None]]:
        """Each finding, with the field of its reason where it may be overridden."""
        return [
            (finding, self[name] if (name := f"reason-{finding.key}") in self.fields else None)
            for finding in self.findings
        ]

    def ask_again(self) -> None:
        """After a refusal: what stands on the page now is what can be read now."""
        typed: dict[str, Any] = {name: self.data[name] for name in self.data}
        typed["shown"] = str(self.initial["shown"])
        typed.pop("read", None)
        self.data = typed

    def decided(self) -> Decided:
        """What was decided; a warning that was not on the page when it was ticked is not read."""
        data = self.cleaned_data
        reasons = {
            name.removeprefix("reason-"): value
            for name, value in data.items()
            if name.startswith("reason-") and value
        }
        return Decided(
            reasons=reasons, read=frozenset(data["shown"].split()) if data["read"] else frozenset()
        )


class PrepareForm(DecisionForm):
    """What is decided before a filing is fixed, and what it is made for."""

    def __init__(self, *args: Any, is_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = forms.ChoiceField(
            label=_("What this filing is"),
            choices=[(each.value, each.label) for each in Purpose if (each == Purpose.REPLY) == is_open],
            widget=forms.HiddenInput if is_open else forms.RadioSelect,
            error_messages={
                "required": _("Say what it is."),
                "invalid_choice": DeadlineSaysOtherwise.message,
            },
        )
        if is_open:
            field.initial = Purpose.REPLY.value
        self.fields["purpose"] = field

    @property
    def purpose(self) -> Purpose:
        return Purpose(self.cleaned_data["purpose"])


class ThawForm(forms.Form):
    reason = TextField(
        label=_("Why the text is opened again"),
        max_length=500,
        help_text=_(
            "Every organization that signed off reads this, with what changed, once you freeze again."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CoSignersForm(forms.Form):
    """Whose sign-off is waited for."""

    organizations = forms.ModelMultipleChoiceField(
        label=_("Organizations that sign the text off"),
        queryset=Organization.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those that carry the campaign. Others can endorse the frozen text."),
    )

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organizations"]
        field.queryset = organizations  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: row.display_name  # type: ignore[attr-defined]


class ReceiptForm(forms.Form):
    """That it was handed in: where, when by the clock shown, under which number."""

    channel = forms.ChoiceField(label=_("How it was handed in"))
    filed_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    filed_time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("As the receipt shows it."),
    )
    time_zone = forms.ChoiceField(label=_("Clock of that time"))
    reference = LineField(
        label=_("The authority's number for it"),
        max_length=120,
        required=False,
        help_text=_("Tracking number, contribution number, reference. Leave empty if it gave none."),
    )
    note = LineField(label=_("Note"), max_length=500, required=False, help_text=_("Everybody can read it."))
    file = forms.FileField(
        label=_("The receipt itself"),
        required=False,
        help_text=_(
            "PDF, PNG or JPEG, at most 5 MB: the confirmation page or mail. It is kept for your team alone."
        ),
    )

    def __init__(self, *args: Any, filing: Filing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consultation = filing.submission.consultation
        self.channels: dict[str, Channel] = {
            str(channel.pk): channel for channel in ordered_channels(consultation=consultation)
        }
        choices = [(key, _channel_words(channel)) for key, channel in self.channels.items()]
        self.fields["channel"].choices = [*choices, (OTHER, _("Another way"))]  # type: ignore[attr-defined]
        zones = [consultation.time_zone, *(each.time_zone for each in self.channels.values()), "UTC"]
        names = dict.fromkeys(zone for zone in zones if zone)
        self.fields["time_zone"].choices = [(zone, zone) for zone in names]  # type: ignore[attr-defined]

    def clean_file(self) -> bytes | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return None
        content = file.read()
        try:
            document_kind(content)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from None
        return content

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "filed_on" in data and data["filed_on"].year < FIRST_YEAR:
            self.add_error("filed_on", _("Look at the day on the receipt again: this is long past."))
        elif {"filed_on", "filed_time", "time_zone"} <= data.keys():
            there = datetime.combine(data["filed_on"], data["filed_time"], tzinfo=ZoneInfo(data["time_zone"]))
            try:
                data["filed_at"] = there.astimezone(UTC)
            except OverflowError:  # the last hours of the year 9999
                self.add_error("filed_on", str(FiledInFuture.message))
                return data
            if data["filed_at"].astimezone(there.tzinfo).replace(tzinfo=None) != there.replace(tzinfo=None):
                self.add_error(
                    "filed_time",
                    _("Clocks there skipped this time on that day. Give the time as it was shown."),
                )
        return data

    def act(self) -> dict[str, Any]:
        """What `record_receipt` takes."""
        data = self.cleaned_data
        channel = self.channels.get(data["channel"])
        return {
            "channel": channel,
            "filed_at": data["filed_at"],
            "time_zone": data["time_zone"],
            "reference": data["reference"],
            "note": data["note"],
            "content": data["file"],
        }


def _channel_words(channel: Channel) -> str:
    return f"{channel.kind_words}: {channel.address}" if channel.address else channel.kind_words


class FilingCorrectionForm(forms.Form):
    text = TextField(
        label=_("What is right instead"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Public, with the day. What was recorded stays as it is."),
    )


class ResponseForm(forms.Form):
    """What the authority answered, in its own words, and the team's words beside it."""

    authority = forms.ModelChoiceField(
        label=_("Who answered"), queryset=Authority.objects.order_by("name", "pk")
    )
    answered_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    title = LineField(label=_("Title of the answer"), max_length=200)
    url = forms.URLField(
        label=_("Address of the original"), max_length=500, required=False, assume_scheme="https"
    )
    locale = forms.ChoiceField(label=_("Language of the answer"), choices=content_locales)
    text = TextField(
        label=_("The authority's words"),
        max_length=30_000,
        required=False,
        help_text=_("The parts that matter, word for word. Markdown works."),
        widget=forms.Textarea(attrs={"rows": 10, "class": "sheet-edit"}),
    )
    comment = TextField(
        label=_("What you say about it"),
        max_length=5_000,
        required=False,
        help_text=_("Stands apart, under your name."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)  # of a new one

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["authority"].label_from_instance = lambda row: row.name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data["text"] and not data["url"]:
            raise forms.ValidationError(_("Give the authority's words, or the address of the original."))
        return data


class DemandForm(forms.Form):
    """One demand and what became of it. Left empty, it is no demand."""

    demand = LineField(label=_("What you asked for"), max_length=300, required=False)
    question_number = LineField(label=_("In the answer to question"), max_length=16, required=False)
    outcome = forms.ChoiceField(label=_("What became of it"), choices=Outcome.choices, initial=Outcome.SILENT)
    where = LineField(
        label=_("Where the authority says so"),
        max_length=300,
        required=False,
        help_text=_("Page, article or sentence."),
    )


DemandFormSet = formset_factory(
    DemandForm, extra=3, max_num=MOST_DEMANDS, validate_max=True, absolute_max=MOST_DEMANDS + 10
)
