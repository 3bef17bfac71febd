"""What people state of a portal, or of the notice of a consultation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.consultations.models import Requirement, RequirementStatus, Topic
from campaign.consultations.requirements import SCOPES, TEXT_UNITS, UNIT_NAMES, Form, form_of, megabytes
from campaign.consultations.services import Place, Stated
from campaign.core.forms import LineField

MOST = 2_000_000_000
HELP = {
    Form.NUMBER: _(
        "A number without a unit, like 4000. Empty: there is a limit, and nobody has told us how high it is."
    ),
    Form.LIST: _("With commas between them, like: pdf, docx. Languages by their codes, like: en, fr."),
    Form.FLAG: _("yes or no"),
    Form.TEXT: _("In a few words, at most 500 characters."),
}
WITH_UNIT = {Topic.TEXT_LENGTH, Topic.FIELD_LENGTH}


class PlaceForm(forms.Form):
    """What a new requirement is about."""

    topic = forms.ChoiceField(label=_("What it is about"), choices=Topic.choices)
    scope = forms.ChoiceField(
        label=_("Of what"),
        choices=[("", "—"), *SCOPES.items()],
        required=False,
        help_text=_("For the length of text only."),
    )
    unit = forms.ChoiceField(
        label=_("Counted in"),
        choices=[("", "—"), *((unit, UNIT_NAMES[unit]) for unit in TEXT_UNITS)],
        required=False,
        help_text=_("For lengths only."),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        topic = said.get("topic")
        if topic == Topic.TEXT_LENGTH and not said.get("scope"):
            self.add_error("scope", _("Say what the limit is of: the whole reply, or each answer."))
        if topic in WITH_UNIT and not said.get("unit"):
            self.add_error("unit", _("Say what is counted."))
        return said

    @property
    def place(self) -> Place:
        topic = self.cleaned_data["topic"]
        unit = "kilobytes" if topic == Topic.ATTACHMENT_SIZE else ""
        return Place(
            topic=topic,
            subject=self.cleaned_data["scope"] if topic == Topic.TEXT_LENGTH else "",
            unit=self.cleaned_data["unit"] if topic in WITH_UNIT else unit,
        )


class StatedForm(forms.Form):
    """What is said of it. `seen` is what stood there when the form was opened."""

    value = LineField(label=_("What is asked"), max_length=500, required=False)
    status = forms.ChoiceField(label=_("How sure it is"), choices=RequirementStatus.choices)
    source = LineField(
        label=_("Where it can be read"),
        max_length=500,
        required=False,
        help_text=_("An address, or the document and its page."),
    )
    note = LineField(label=_("Note"), max_length=500, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args: Any, topic: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic = topic
        self.fields["value"].help_text = HELP[form_of(topic)]

    def clean_value(self) -> Any:
        """The value in the form that its topic asks for; None for an empty one."""
        said = self.cleaned_data["value"]
        form = form_of(self.topic)
        if not said:
            if form == Form.NUMBER:
                return None
            raise ValidationError(_("Say what is asked."))
        if form == Form.NUMBER:
            return self._number(said)
        if form == Form.FLAG:
            return self._flag(said)
        if form == Form.LIST:
            return [part for each in said.split(",") if (part := each.strip()[:60])]
        return said

    def _number(self, said: str) -> int:
        plain = said.replace(" ", "")
        if self.topic == Topic.ATTACHMENT_SIZE:
            plain = plain.replace(",", ".")
            whole, point, part = plain.partition(".")
            is_number = plain.isascii() and whole.isdigit() and (part.isdigit() if point else True)
            if is_number and len(plain) <= 12 and Decimal("0.001") <= Decimal(plain) <= 100_000:
                return int(Decimal(plain) * 1_000)
            raise ValidationError(_("Write the size in megabytes as a number, like 10 or 2.5."))
        if plain.isascii() and plain.isdigit() and len(plain) <= 12 and 0 < int(plain) <= MOST:
            return int(plain)
        raise ValidationError(_("Write a whole number without a unit or comma, like 4000."))

    def _flag(self, said: str) -> bool:
        words = {"yes": True, str(_("yes")).casefold(): True, "no": False, str(_("no")).casefold(): False}
        if said.casefold() not in words:
            raise ValidationError(_("Write yes or no."))
        return words[said.casefold()]

    @property
    def stated(self) -> Stated:
        said = self.cleaned_data
        return Stated(said["value"], said["status"], said["source"], said["note"])


def written_value(row: Requirement) -> str:
    """A value as a person types it."""
    if row.value is None:
        return ""
    if isinstance(row.value, bool):
        return str(_("yes")) if row.value else str(_("no"))
    if row.topic == Topic.ATTACHMENT_SIZE:
        return str(megabytes(row.value))
    return ", ".join(str(each) for each in row.value) if isinstance(row.value, list) else str(row.value)
