"""What people type to endorse a text."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.core.forms import LineField, MailField
from campaign.documents.models import FrozenText
from campaign.documents.text_kinds import Passage, text_kind
from campaign.organizations.forms.mandates import SignatoryForm
from campaign.organizations.forms.profile import OrganizationForm
from campaign.organizations.models import CallInvitationState, Organization, Scope
from campaign.organizations.services import PersonData, Support


class SupportForm(forms.Form):
    """How far an endorsement of one text goes."""

    scope = forms.ChoiceField(
        label=_("What your organization supports"),
        choices=[
            (Scope.WHOLE, _("The whole text")),
            (Scope.PART, _("The text except for what is ticked below")),
        ],
        initial=Scope.WHOLE,
        widget=forms.RadioSelect,
    )
    exceptions = forms.MultipleChoiceField(
        label=_("Not supported"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Stands beside the organization's name wherever it is listed."),
    )

    def __init__(self, *args: Any, text: FrozenText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.passages = _named_passages(text)
        if len(self.passages) > 1:
            self.fields["exceptions"].choices = [  # type: ignore[attr-defined]
                (row.key, _choice(row, text.locale)) for row in self.passages
            ]
        else:
            del self.fields["scope"], self.fields["exceptions"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("scope") == Scope.PART and not data.get("exceptions") and "exceptions" not in self.errors:
            self.add_error(
                "exceptions", _("Tick what your organization does not support, or choose the whole text.")
            )
        return data

    def support(self) -> Support:
        """In the order of the text. What is ticked counts only when the text is not supported whole."""
        if self.cleaned_data.get("scope") != Scope.PART:
            return Support()
        left_out = set(self.cleaned_data["exceptions"])
        return Support([{"key": row.key, "label": row.label} for row in self.passages if row.key in left_out])


def _named_passages(text: FrozenText) -> list[Passage]:
    kind = text_kind(text.kind)
    return [row for row in kind.passages(text) if row.is_provision] if kind and kind.passages else []


def _choice(passage: Passage, locale: str) -> SafeString:
    return format_html('<span dir="auto" lang="{}">{} {}</span>', locale, passage.label, passage.heading)


class EndorseForm(SupportForm, OrganizationForm, SignatoryForm):
    publish = forms.BooleanField(
        label=_("Name and country may be published and handed to the addressee under this text.")
    )
    field_order = [
        *("legal_name", "display_name", "kind", "country", "website"),
        *("scope", "exceptions"),
        *("signatory_name", "signatory_function", "signatory_email", "statement", "publish"),
    ]


class MemberEndorseForm(SupportForm):
    """For somebody whose mandate is on record: one step."""

    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    statement = forms.BooleanField(label=_("I am authorized to sign on behalf of this organization."))
    field_order = ["organization", "scope", "exceptions", "statement"]

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations  # type: ignore[attr-defined]
        self.fields["organization"].label_from_instance = lambda row: row.display_name  # type: ignore[attr-defined]


class RenewForm(SupportForm):
    statement = forms.BooleanField(label=_("I am authorized to sign on behalf of this organization."))

    field_order = ["scope", "exceptions", "statement"]


class ListedNameForm(forms.Form):
    name = LineField(
        label=_("Name in the list"), max_length=120, help_text=_("As your organization writes it itself.")
    )


class InvitationAnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (CallInvitationState.INTENDS, _("We intend to endorse it, and need a decision first")),
            (CallInvitationState.DECLINED, _("We do not endorse it")),
        ],
        widget=forms.RadioSelect,
    )
    note = LineField(label=_("A line for those who invited you"), max_length=300, required=False)


class PersonForm(forms.Form):
    name = LineField(label=_("Your name"), max_length=120, help_text=_("It is shown under the text."))
    function = LineField(label=_("Your function"), max_length=120, required=False)
    affiliation = LineField(
        label=_("Where you work"),
        max_length=200,
        required=False,
        help_text=_("Shown for identification only. It does not speak for the organization."),
    )
    country = forms.ChoiceField(label=_("Country"))
    email = MailField(label=_("Your mail address"), help_text=_("The link to confirm goes there. Not shown."))
    publish = forms.BooleanField(
        label=_("What is shown may be published and handed to the addressee under this text.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "—"), *countries]  # type: ignore[attr-defined]

    def person_data(self, *, locale: str) -> PersonData:
        data = self.cleaned_data
        return PersonData(
            name=data["name"],
            function=data["function"],
            affiliation=data["affiliation"],
            country=data["country"],
            email=data["email"].lower(),
            locale=locale,
        )
