"""What people type to endorse a text."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.organizations.forms.mandates import SignatoryForm
from campaign.organizations.forms.profile import OrganizationForm


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
