"""What people type about campaigns."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Campaign, Front, TeamRole
from campaign.core.forms import LineField, MailField, TextField
from campaign.core.locales import content_locales
from campaign.organizations.models import Organization


class CampaignForm(forms.Form):
    title = LineField(
        label=_("Title"), max_length=120, help_text=_("A demand in a few words: “Return the Models”.")
    )
    summary = TextField(
        label=_("What it is about"),
        max_length=5000,
        help_text=_("Say what is wrong, what you ask for, and from whom. Markdown works."),
    )
    owner = forms.ModelChoiceField(label=_("Organization that owns it"), queryset=Organization.objects.none())
    locale = forms.ChoiceField(label=_("Language you write it in"), choices=content_locales)
    languages = forms.MultipleChoiceField(
        label=_("Languages it should be translated into"),
        choices=content_locales,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
        help_text=_("You can change this later."),
    )
    fronts = forms.MultipleChoiceField(
        label=_("Fronts"),
        choices=Front.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The kinds of tool the campaign works with."),
    )

    def __init__(self, *args: Any, owners: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if owners is None:  # editing: owner and language stay
            del self.fields["owner"], self.fields["locale"]
        else:
            self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
            self.fields["owner"].label_from_instance = lambda row: row.display_name  # type: ignore[attr-defined]

    def fronts_with_aims(self, *, known: dict[str, str]) -> dict[str, str]:
        """The chosen fronts, each with the aim it already had."""
        return {front: known.get(front, "") for front in self.cleaned_data["fronts"]}


class PartnerForm(forms.Form):
    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.proven().order_by("display_name", "pk"),
        help_text=_("It is asked first, and shown once it accepts."),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [campaign.owner_id, *campaign.partnerships.values_list("organization", flat=True)]
        choices = Organization.objects.proven().exclude(pk__in=asked).order_by("display_name", "pk")
        self.fields["organization"].queryset = choices  # type: ignore[attr-defined]
        self.fields["organization"].label_from_instance = lambda row: row.display_name  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    email = MailField(
        label=_("E-mail address"),
        help_text=_("Members of these organizations join at once. Others get an invitation by mail."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=TeamRole.choices, widget=forms.RadioSelect)
    organization = forms.ModelChoiceField(
        label=_("Works for"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=_("The owner, or else their first partner"),
        help_text=_("In this campaign a person sees the supporters of one organization alone: this one."),
    )

    def __init__(self, *args: Any, coalition: QuerySet[Organization], **kwargs: Any) -> None:
        """`coalition`: whose people may be taken in. Of a single one there is nothing to choose."""
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = coalition  # type: ignore[attr-defined]
        self.fields["organization"].label_from_instance = lambda row: row.display_name  # type: ignore[attr-defined]


class NewsForm(forms.Form):
    """Whether signers are asked for an organization's news. Nothing is typed: each form is a button."""

    asks = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes")
