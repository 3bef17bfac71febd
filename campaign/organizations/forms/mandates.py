"""What signatories state."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.core.forms import LineField, MailField
from campaign.organizations.services import SignatoryData


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
