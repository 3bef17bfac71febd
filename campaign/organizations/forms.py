"""What people type about organizations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.core.forms import LineField, MailField
from campaign.organizations.domains import website_domain
from campaign.organizations.models import OrganizationKind, Role
from campaign.organizations.services import OrganizationData, SignatoryData


class OrganizationForm(forms.Form):
    legal_name = LineField(label=_("Legal name"), max_length=200)
    display_name = LineField(
        label=_("Name to show"), max_length=120, help_text=_("As it should stand in public lists.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "—"), *OrganizationKind.choices])
    country = forms.ChoiceField(label=_("Country of seat"))
    website = forms.URLField(
        label=_("Website"),
        max_length=200,
        assume_scheme="https",
        help_text=_("On its own domain, for example https://example.org"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "—"), *countries]  # type: ignore[attr-defined]

    def clean_website(self) -> str:
        website: str = self.cleaned_data["website"]
        if not website_domain(website):
            raise forms.ValidationError(
                _("This address has no domain of its own. Write it like https://example.org")
            )
        return website

    def organization_data(self) -> OrganizationData:
        data = self.cleaned_data
        return OrganizationData(
            legal_name=data["legal_name"],
            display_name=data["display_name"],
            kind=data["kind"],
            country=data["country"],
            website=data["website"],
        )


class SignatoryForm(forms.Form):
    signatory_name = LineField(label=_("Your name"), max_length=120, help_text=_("Not shown to the public."))
    signatory_function = LineField(
        label=_("Your function"), max_length=120, help_text=_("For example: director, board member.")
    )
    signatory_email = MailField(
        label=_("Your mail address at the organization"),
        help_text=_(
            "On the same domain as the website. The link to confirm goes there. Not shown to the public."
        ),
    )
    statement = forms.BooleanField(label=_("I am authorized to sign on behalf of this organization."))

    def signatory_data(self, *, locale: str) -> SignatoryData:
        data = self.cleaned_data
        return SignatoryData(
            name=data["signatory_name"],
            function=data["signatory_function"],
            email=data["signatory_email"].lower(),
            locale=locale,
        )


class EndorseForm(OrganizationForm, SignatoryForm):
    publish = forms.BooleanField(
        label=_("Name and country may be published and handed to the addressee under this text.")
    )
    field_order = [
        "legal_name",
        "display_name",
        "kind",
        "country",
        "website",
        "signatory_name",
        "signatory_function",
        "signatory_email",
        "statement",
        "publish",
    ]


class InvitationForm(forms.Form):
    email = MailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
