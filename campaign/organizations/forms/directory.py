"""What long lists are filtered by. Everything stands in the address; what makes no sense is passed over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.core.forms import LineField
from campaign.organizations.models import OrganizationKind
from campaign.organizations.queries import Wanted
from campaign.organizations.regions import region_name, region_order

LONGEST_TYPED = 100
PROOFS = [("domain", _("By its domain")), ("document", _("By a document"))]


class FilterForm(forms.Form):
    q = LineField(label=_("Name"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    proof = forms.ChoiceField(
        label=_("How its mandate was proven"), choices=[("", _("All")), *PROOFS], required=False
    )

    def wanted(self) -> Wanted:
        """What is asked for. A value that is no choice filters nothing."""
        self.full_clean()
        data = {name: self.cleaned_data.get(name) or "" for name in ("country", "kind", "proof", "region")}
        return Wanted(typed=(self.cleaned_data.get("q") or "")[:LONGEST_TYPED], **data)

    @property
    def is_filtering(self) -> bool:
        return self.wanted() != Wanted()


class DirectoryForm(FilterForm):
    country = forms.ChoiceField(label=_("Country of seat"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *OrganizationKind.choices], required=False
    )
    field_order = ["q", "country", "kind", "proof"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("All")), *countries]  # type: ignore[attr-defined]


class EndorserForm(FilterForm):
    region = forms.ChoiceField(label=_("Region"), required=False)
    field_order = ["q", "region", "proof"]

    def __init__(self, *args: Any, locale: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            *((code, region_name(code, locale)) for code in region_order(locale) if code),
        ]
