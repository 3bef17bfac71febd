"""What drafters say of the values that a text leaves open, and of its alternatives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Jurisdiction
from campaign.core.forms import TextField
from campaign.regulations.forms.provision import LawLineField
from campaign.regulations.forms.seen import SeenForm
from campaign.regulations.kinds import VariableType
from campaign.regulations.models import ChoiceGroup, Variable
from campaign.regulations.values import JurisdictionDefault, Option, VariableSpec

OPTION_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
MAX_LINES = 100


def _two_rows() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 2})


class RowsField(TextField):
    """One thing on each line, its parts between upright strokes. Cleans to a list of lists of parts."""

    def to_python(self, value: object) -> Any:
        lines = [line for line in super().to_python(value).splitlines() if line.strip()]
        if len(lines) > MAX_LINES:
            raise ValidationError(_("At most 100 lines have room here."))
        return [[re.sub(r"\s+", " ", part).strip() for part in line.split("|")] for line in lines]


class OptionsField(RowsField):
    """key | label | words printed; without words, the label is printed."""

    def to_python(self, value: object) -> Any:
        options = []
        for parts in super().to_python(value):
            key, label, words = (*parts, "", "")[:3]
            if len(parts) > 3 or not label or not OPTION_KEY.fullmatch(key):
                raise ValidationError(
                    _(
                        "“%(line)s” is no option. Write a key in small letters and digits, a label and the words printed: "
                        "strict | The strict way | without delay"
                    ),
                    params={"line": " | ".join(parts)},
                )
            options.append(Option(key, label, words or label))
        return tuple(options)


class DefaultsField(RowsField):
    """code | value | source; the code is that of a known jurisdiction, and stands once."""

    def to_python(self, value: object) -> Any:
        rows = super().to_python(value)
        known = set(
            Jurisdiction.objects.filter(code__in=[parts[0] for parts in rows]).values_list("code", flat=True)
        )
        defaults: dict[str, JurisdictionDefault] = {}
        for parts in rows:
            line, code = {"line": " | ".join(parts)}, parts[0]
            if len(parts) not in {2, 3} or not parts[1]:
                message = _(
                    "“%(line)s” is no default. Write the code, the value and where it comes from: KR | 12 months | A law"
                )
                raise ValidationError(message, params=line)
            if code not in known:
                message = _("“%(code)s” is no jurisdiction that is known here. Write a code like KR or EU.")
                raise ValidationError(message, params={"code": code})
            if code in defaults:
                message = _("“%(code)s” stands twice. Keep one of the two lines.")
                raise ValidationError(message, params={"code": code})
            defaults[code] = JurisdictionDefault(code, parts[1], (*parts, "")[2])
        return tuple(defaults.values())


class VariableForm(SeenForm):
    label = LawLineField(
        label=_("Label"), max_length=200, help_text=_("What is chosen, in the language of the text.")
    )
    name = LawLineField(
        label=_("Name"),
        max_length=60,
        help_text=_(
            "In the text it is written between brackets, like [[period]]. Under another name, the text follows."
        ),
    )
    type = forms.ChoiceField(label=_("Type"), choices=VariableType.choices)
    default = LawLineField(
        label=_("Default"),
        max_length=2000,
        required=False,
        widget=_two_rows(),
        help_text=_(
            "Like 250; 24 months; EUR 15000000; 20 %; 2027-08-02; 10^25. Of a choice, the key of an option."
        ),
    )
    minimum = LawLineField(label=_("At least"), max_length=60, required=False)
    maximum = LawLineField(label=_("At most"), max_length=60, required=False)
    unit = LawLineField(
        label=_("Unit"), max_length=60, required=False, help_text=_("Shown beside it in tables.")
    )
    required = forms.BooleanField(
        label=_("It has to have a value"),
        required=False,
        help_text=_("Without one, no edition can be published."),
    )
    help = TextField(label=_("Help"), max_length=2000, required=False, widget=_two_rows())
    source = LawLineField(
        label=_("Where the default comes from"), max_length=2000, required=False, widget=_two_rows()
    )
    options = OptionsField(
        label=_("Options"),
        max_length=None,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For a choice or a license, one on each line: key | label | words printed."),
    )
    defaults = DefaultsField(
        label=_("Defaults by jurisdiction"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line: code | value | where it comes from. Adaptations start from them."),
    )

    def __init__(self, *args: Any, row: Variable | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"required": True}
        if row is not None:
            kwargs["initial"] = {name: getattr(row, name) for name in self.base_fields} | {
                "options": lines_of(row.options, "key", "label", "text"),
                "defaults": lines_of(row.defaults, "jurisdiction", "value", "source"),
            }
        super().__init__(*args, row=row, **kwargs)

    @property
    def spec(self) -> VariableSpec:
        return VariableSpec(**{name: self.cleaned_data[name] for name in self.base_fields})


def lines_of(rows: Iterable[dict[str, str]], *names: str) -> str:
    """Rows as they are written here: one on each line, these parts of it between upright strokes."""
    return "\n".join(" | ".join(row[name] for name in names) for row in rows)


class ChoiceGroupForm(SeenForm):
    label = LawLineField(
        label=_("What is decided between"), max_length=200, help_text=_("In the language of the text.")
    )
    required = forms.BooleanField(
        label=_("One of them has to stand"),
        required=False,
        initial=True,
        help_text=_("Otherwise none of them may stand in the text, too."),
    )
    help = TextField(label=_("Help"), max_length=2000, required=False, widget=_two_rows())

    def __init__(self, *args: Any, row: ChoiceGroup | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(*args, row=row, **kwargs)

    @property
    def group(self) -> dict[str, Any]:
        """As the services take it."""
        said = self.cleaned_data
        return {"label": said["label"], "required": said["required"], "help_text": said["help"]}


class StepForm(forms.Form):
    """One place up or down in a list."""

    STEPS = {"up": -1, "down": 1}

    step = forms.ChoiceField(choices=[(name, name) for name in STEPS])

    @property
    def step_size(self) -> int:
        return self.STEPS[self.cleaned_data["step"]]
