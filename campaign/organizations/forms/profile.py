"""What people type about organizations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.core.forms import LineField
from campaign.organizations.domains import website_domain
from campaign.organizations.models import OrganizationKind
from campaign.organizations.services import OrganizationData


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
