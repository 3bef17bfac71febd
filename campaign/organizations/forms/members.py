"""Whom an organization invites, and what its members may do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.core.forms import MailField
from campaign.organizations.models import Role


class InvitationForm(forms.Form):
    email = MailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
