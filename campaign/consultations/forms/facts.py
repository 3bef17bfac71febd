"""What people type of a consultation itself: what it is, and a list of its questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.campaigns.models import Authority, Jurisdiction
from campaign.consultations.forms.deadlines import DAY, ClockForm, SeenForm, kinds_with
from campaign.consultations.kinds import CALL_KINDS
from campaign.consultations.models import Consultation, PortalProfile
from campaign.consultations.requirements import language_words
from campaign.consultations.services import Facts
from campaign.core.forms import LineField, PeoplesWords
from campaign.core.locales import CONTENT_LOCALES, content_locales


class FactsForm(SeenForm):
    """What a consultation is."""

    title = LineField(
        label=gettext_lazy("Title"), max_length=300, help_text=gettext_lazy("As the authority has it.")
    )
    authority = forms.ModelChoiceField(
        widget=PeoplesWords,
        label=gettext_lazy("Authority that asks"),
        queryset=Authority.objects.none(),
        required=False,
        empty_label=gettext_lazy("Another one, named below"),
    )
    authority_name = LineField(
        label=gettext_lazy("Name of another authority"), max_length=200, required=False
    )
    jurisdiction = forms.ModelChoiceField(
        widget=PeoplesWords,
        label=gettext_lazy("Its jurisdiction"),
        queryset=Jurisdiction.objects.none(),
        required=False,
        empty_label=gettext_lazy("That of the authority above"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    profile = forms.ModelChoiceField(
        widget=PeoplesWords,
        label=gettext_lazy("Portal"),
        queryset=PortalProfile.objects.none(),
        empty_label=gettext_lazy("Choose a portal"),
        error_messages={
            "required": gettext_lazy("Say which portal takes the replies, or “Any other authority”.")
        },
        help_text=gettext_lazy("What it asks of a reply holds for this consultation too."),
    )
    portal_url = forms.URLField(
        label=gettext_lazy("Address of the call on the portal"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    reference = LineField(label=gettext_lazy("Reference"), max_length=120, required=False)
    subject = LineField(label=gettext_lazy("What it is about"), max_length=500, required=False)
    locale = forms.ChoiceField(label=gettext_lazy("Language of the questions"))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages it takes replies in"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
        required=False,
    )
    opened_date = forms.DateField(label=gettext_lazy("Opened on"), **DAY)  # type: ignore[arg-type]
    has_official_numbers = forms.BooleanField(
        label=gettext_lazy("The questions have the authority's own numbers"), required=False
    )
    source_url = forms.URLField(
        label=gettext_lazy("Where the questions were read"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    credit = LineField(
        label=gettext_lazy("Credit of the text"),
        max_length=500,
        required=False,
        help_text=gettext_lazy(
            "Who holds the rights in the questions, and the license, as the authority asks to be named."
        ),
    )
    fact_names = (
        "title", "authority", "authority_name", "jurisdiction", "kind", "profile", "portal_url", "reference", "subject",
        "locale", "languages", "opened_date", "has_official_numbers", "source_url", "credit",
    )  # fmt: skip

    def __init__(self, *args: Any, consultation: Consultation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = dict(self.fields)
        fields["authority"].queryset = Authority.objects.select_related("jurisdiction").order_by("name", "pk")
        fields["authority"].label_from_instance = lambda row: f"{row.name} ({row.jurisdiction.code})"
        fields["jurisdiction"].queryset = Jurisdiction.objects.order_by("name", "pk")
        fields["jurisdiction"].label_from_instance = lambda row: f"{row.name} ({row.code})"
        fields["profile"].queryset = PortalProfile.objects.order_by("name", "pk")
        fields["profile"].label_from_instance = lambda row: row.name
        fields["kind"].choices = kinds_with(CALL_KINDS, consultation.kind if consultation else "")
        fields["locale"].choices = _locales([consultation.locale] if consultation else [])
        fields["languages"].choices = [
            ("all-eu", language_words("all-eu")),
            *_locales([code for code in consultation.languages if code != "all-eu"] if consultation else []),
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        name = values.get("authority_name")
        if not {"authority", "authority_name", "jurisdiction"} & set(self.errors):
            if values.get("authority") and name:
                self.add_error(
                    "authority_name", _("An authority is chosen above. Choose it, or name another one.")
                )
            elif not values.get("authority") and not name:
                self.add_error("authority", _("Say which authority asks. Choose it, or name it below."))
            elif name and not values.get("jurisdiction"):
                self.add_error("jurisdiction", _("Say which jurisdiction this authority belongs to."))
        day = values.get("opened_date")
        if day and not 1900 <= day.year <= 2200:
            self.add_error("opened_date", _("Write a year from 1900 to 2200."))
        return values

    @property
    def facts(self) -> Facts:
        return Facts(**{name: self.cleaned_data[name] for name in self.fact_names})


def _locales(known: Iterable[str]) -> list[tuple[str, str]]:
    return [*content_locales(), *((code, code) for code in known if code not in CONTENT_LOCALES)]


def facts_initial(consultation: Consultation) -> dict[str, Any]:
    """What the form shows of a consultation that stands."""
    names = set(FactsForm.fact_names) - {"authority_name", "jurisdiction", "source_url", "credit"}
    return {
        **{name: getattr(consultation, name) for name in names},
        "authority": consultation.authority_id,
        "profile": consultation.profile_id,
        "source_url": str(consultation.source.get("primary") or ""),
        "credit": str(consultation.license.get("credit") or ""),
        "seen": consultation.revision,
    }


class ListFileField(forms.FileField):
    """A list of questions."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{
            "widget": forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
            "help_text": gettext_lazy("CSV or XLSX, one question a row."),
            "label": gettext_lazy("List of questions"),
            **kwargs,
        })  # fmt: skip


class NewConsultationForm(ClockForm, FactsForm):
    """A consultation that is not here yet, with its questions if there is a list of them."""

    questions = ListFileField(required=False)
    call_names = (
        "title",
        "kind",
        "authority",
        "authority_name",
        "jurisdiction",
        "profile",
        "portal_url",
    )
    asked_names = ("locale", "has_official_numbers", "questions")
    more_names = ("reference", "subject", "opened_date", "source_url", "credit", "languages")
    field_order = [*call_names, *ClockForm.clock_names, *asked_names, *more_names, "seen"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]  # there is nothing yet that could have changed

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields that everybody fills in, under what they are about."""
        named = [
            (_("The call"), self.call_names),
            (_("The deadline"), self.clock_names),
            (_("The questions"), self.asked_names),
        ]
        return [(name, [self[each] for each in names]) for name, names in named]

    @property
    def more(self) -> list[forms.BoundField]:
        """What can be said later."""
        return [self[each] for each in self.more_names]

    @property
    def shows_more(self) -> bool:
        """Whether something is typed or wrong there."""
        return self.is_bound and any(
            self[name].errors or name in self.changed_data for name in self.more_names
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        day, opened = values.get("day"), values.get("opened_date")
        if day and opened and day < opened:
            self.add_error("day", _("This is before the day it opened. One of the two is wrong."))
        return values


class ListForm(forms.Form):
    """A list of questions for a consultation that stands."""

    questions = ListFileField()
