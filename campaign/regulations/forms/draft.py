"""What drafters say of an instrument, an adaptation, a draft."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Campaign, Jurisdiction
from campaign.core.forms import LineField, TextField
from campaign.core.locales import content_locales
from campaign.regulations.checks import Problem
from campaign.regulations.drafts import DraftRow
from campaign.regulations.forms.provision import LawLineField
from campaign.regulations.forms.seen import SeenForm, Theirs, shown_value
from campaign.regulations.kinds import InstrumentKind, VariableType
from campaign.regulations.models import Edition, Template, label_form
from campaign.regulations.options import is_switched_on
from campaign.regulations.services import InstrumentFacts, RowChanged
from campaign.regulations.traditions import tradition, tradition_keys
from campaign.regulations.tree import LegalText
from campaign.regulations.values import CHOICES, VariableSpec

DISCLAIMER = _(
    "This is wording for advocates, drafters and legislators. It is a starting point and not legal advice. Before it is used, a "
    "lawyer has to check it against the law in force on that day."
)


def tradition_choices() -> list[tuple[str, str]]:
    """Every tradition by its name."""
    return sorted(((key, str(tradition(key).name)) for key in tradition_keys()), key=lambda row: row[1])


def language_choices() -> list[tuple[str, str]]:
    """Every language that some tradition has forms for."""
    codes = {code for key in tradition_keys() for code in tradition(key).languages}
    return [(code, str(name)) for code, name in content_locales() if code in codes]


class InstrumentForm(forms.Form):
    title = LineField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=InstrumentKind.choices)
    tradition = forms.ChoiceField(
        label=_("Drafting tradition"),
        choices=lazy(tradition_choices, list)(),
        help_text=_("It decides how provisions nest, how they are numbered and how references read."),
    )
    locale = forms.ChoiceField(label=_("Language it is written in"), choices=lazy(language_choices, list)())
    summary = TextField(
        label=_("Summary"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What it does and for whom, in plain words."),
    )
    disclaimer = TextField(
        label=_("Not legal advice"),
        max_length=2000,
        initial=DISCLAIMER,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        key, locale = said.get("tradition"), said.get("locale")
        if key and locale and locale not in tradition(key).languages:
            names = dict(language_choices())
            known = ", ".join(names[code] for code in sorted(tradition(key).languages))
            message = _("This tradition has no forms in that language. It has them in: %(known)s.")
            self.add_error("locale", forms.ValidationError(message, params={"known": known}))
        return said

    @property
    def facts(self) -> InstrumentFacts:
        names = ("title", "tradition", "locale", "summary", "disclaimer")
        return InstrumentFacts(
            kind=self.cleaned_data.get("kind", ""), **{name: self.cleaned_data[name] for name in names}
        )


class AdaptForm(InstrumentForm):
    """Where to adapt an edition to, and for which campaign."""

    campaign = forms.ModelChoiceField(
        label=_("For which campaign"),
        queryset=Campaign.objects.none(),
        help_text=_("Its team works on the text."),
    )
    jurisdiction = forms.ModelChoiceField(
        label=_("Jurisdiction"),
        queryset=Jurisdiction.objects.order_by("name", "pk"),
        help_text=_("Values start from the defaults proposed for it."),
    )
    field_order = ("jurisdiction", "campaign", "title", "tradition", "locale", "summary", "disclaimer")

    def __init__(self, *args: Any, edition: Edition, campaigns: Iterable[Campaign], **kwargs: Any) -> None:
        model = edition.template
        kwargs["initial"] = {
            "title": model.title,
            "tradition": model.tradition,
            "locale": model.locale,
            "summary": model.summary,
            "disclaimer": model.disclaimer,
        }
        super().__init__(*args, **kwargs)
        del self.fields["kind"]
        rows = list(campaigns)
        field = self.fields["campaign"]
        field.queryset = Campaign.objects.filter(pk__in=[row.pk for row in rows]).order_by("title", "pk")  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: row.title  # type: ignore[attr-defined]
        self.fields["jurisdiction"].label_from_instance = lambda row: row.name  # type: ignore[attr-defined]
        if len(rows) == 1:
            field.initial = rows[0]


class FactsForm(SeenForm, InstrumentForm):
    """What is said of an instrument as a whole. Once an edition is published, how it is drafted stays as it is."""

    accepts = forms.BooleanField(
        label=_("Change it all the same. I mend these places."),
        required=False,
    )

    def __init__(self, *args: Any, template: Template, is_published: bool, **kwargs: Any) -> None:
        self.template = template
        names = ("title", "kind", "tradition", "locale", "summary", "disclaimer")
        kwargs["initial"] = {name: getattr(template, name) for name in names}
        super().__init__(*args, row=template, **kwargs)
        if is_published:
            del self.fields["tradition"], self.fields["locale"]
        if is_published or template.is_adaptation:
            del self.fields["kind"]
        self.problems: list[Problem] = []

    def show_problems(self, problems: list[Problem]) -> None:
        """Ask whether tradition or language shall change though these places have to be mended then."""
        self.problems = problems
        self.add_error("accepts", _("Tick this to change it, or leave tradition and language as they are."))

    @property
    def facts(self) -> InstrumentFacts:
        said = self.cleaned_data
        fixed = {
            name: said.get(name) or getattr(self.template, name) for name in ("kind", "tradition", "locale")
        }
        return InstrumentFacts(**fixed, **{name: said[name] for name in ("title", "summary", "disclaimer")})


class PublishForm(forms.Form):
    label = forms.CharField(
        label=_("Edition"), max_length=20, validators=[label_form], help_text=_("Like 1.0 or 1.1.")
    )
    title = LawLineField(
        label=_("Long title"),
        max_length=300,
        help_text=_("As it stands above the law."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    change_note = TextField(
        label=_("What changed"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class OptionsForm(forms.Form):
    """The values of a draft, and what of the optional provisions stands in it. Fields are named by kind and name."""

    def __init__(self, *args: Any, text: LegalText, rows: list[DraftRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        self._fill(text, rows)
        for field in self.fields.values():
            field.show_hidden_initial = True  # what others set meanwhile is told from what was changed here

    def _fill(self, text: LegalText, rows: list[DraftRow]) -> None:
        for spec in text.variables.values():
            self.fields[f"value:{spec.name}"] = _value_field(spec, text.values.get(spec.name, ""))
        for name, choice in text.choices.items():
            members = [row for row in rows if row.unit.choice == name]
            options = [(row.unit.key, row.unit.heading or row.name_and_words(90)) for row in members]
            if not choice.required:
                options.append(("", str(_("none of them"))))
            standing = next((row.unit.key for row in members if is_switched_on(row.unit, text)), "")
            self.fields[f"choice:{name}"] = forms.ChoiceField(
                label=choice.label,
                help_text=choice.help,
                choices=options,
                initial=standing,
                required=choice.required,
                widget=forms.RadioSelect,
            )
        for row in rows:
            if row.unit.is_optional and not row.unit.choice:
                self.fields[f"switch:{row.unit.key}"] = forms.BooleanField(
                    label=row.unit.heading or row.name_and_words(90),
                    required=False,
                    initial=is_switched_on(row.unit, text),
                )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name, value in self.data.items():
            is_gone = name.startswith("value:") and name not in self.fields
            if is_gone and value and value != self.data.get(f"initial-{name}"):
                message = _("Somebody has removed “%(name)s” meanwhile. You wrote for it: %(value)s")
                params = {"name": name.removeprefix("value:"), "value": value}
                self.add_error(None, forms.ValidationError(message, params=params))
        return said

    def show_theirs(self, fresh: OptionsForm) -> list[Theirs]:
        """What somebody else decided otherwise since the page was opened, in fields that were changed here, too.

        Saving again is a decision: it goes over what is shown now.
        """
        found, shown = [], {}
        for name in self.changed_data:
            field, now = self.fields[name], fresh[name].initial
            if f"initial-{name}" not in self.data:
                continue
            opened = field.to_python(self.data.get(f"initial-{name}"))
            if field.to_python(now) not in {opened, self.cleaned_data.get(name)}:
                found.append(Theirs(str(field.label), shown_value(fresh[name])))
                shown[f"initial-{name}"] = "" if now is None else str(now)
        if found:
            self.add_error(None, str(RowChanged.message))
            self.data = {name: self.data[name] for name in self.data} | shown
        return found

    def part(self, kind: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(f"{kind}:")]

    @property
    def value_fields(self) -> list[forms.BoundField]:
        return self.part("value")

    @property
    def choice_fields(self) -> list[forms.BoundField]:
        return self.part("choice")

    @property
    def switch_fields(self) -> list[forms.BoundField]:
        return self.part("switch")

    @property
    def changed_values(self) -> dict[str, str]:
        """What was changed, by the name of a variable; what others set meanwhile is not touched."""
        return {
            name.partition(":")[2]: self.cleaned_data[name]
            for name in self.changed_data
            if name.startswith("value:")
        }

    @property
    def changed_switches(self) -> dict[str, bool]:
        found = {
            name.partition(":")[2]: bool(self.cleaned_data[name])
            for name in self.changed_data
            if name.startswith("switch:")
        }
        for name in self.changed_data:
            if not name.startswith("choice:"):
                continue
            chosen = self.cleaned_data[name]
            keys = [key for key, _label in self.fields[name].choices if key]  # type: ignore[attr-defined]
            found |= {key: key == chosen for key in keys}
        return found


class TypedOptions(forms.Form):
    """The values that were written in a form of options, whatever became of its draft."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for name, value in data.items():
            if name.startswith("value:") and value != data.get(f"initial-{name}", ""):
                self.fields[name] = forms.CharField(label=name.removeprefix("value:"), required=False)


def _value_field(spec: VariableSpec, value: str) -> forms.Field:
    shown = spec.label_of(spec.default) or spec.default
    hints = [str(_("Default: %(value)s.") % {"value": shown}) if shown else str(_("It has no default."))]
    if spec.minimum and spec.maximum:
        hints.append(
            str(_("From %(minimum)s to %(maximum)s.") % {"minimum": spec.minimum, "maximum": spec.maximum})
        )
    hints += [part for part in (spec.source, spec.help) if part]
    hint = " ".join(hints)
    if spec.type in CHOICES:
        options = [("", str(_("the default"))), *((option.key, option.label) for option in spec.options)]
        return forms.ChoiceField(
            label=spec.label, choices=options, initial=value, required=False, help_text=hint
        )
    if spec.type == VariableType.TEXT:
        widget: forms.Widget = forms.Textarea(attrs={"rows": 2})
    else:
        widget = forms.TextInput()
    return LawLineField(
        label=spec.label, initial=value, required=False, help_text=hint, widget=widget, max_length=2000
    )
