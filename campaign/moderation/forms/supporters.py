"""What people type about the supporters of their organization."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaign.core.forms import LineField, MailField, PeoplesWords
from campaign.moderation.export import FileKind
from campaign.petitions.models import Petition


class FindForm(forms.Form):
    email = MailField(
        label=_("E-mail address"),
        help_text=_("To answer somebody who asks what you know of them, or who wants no more mail."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class SupportersExportForm(forms.Form):
    petition = forms.ModelChoiceField(
        label=_("Of which petition"),
        queryset=Petition.objects.none(),
        required=False,
        empty_label=_("All of them, each person once"),
        widget=PeoplesWords,
    )
    kind = forms.ChoiceField(
        label=_("File"), choices=FileKind.choices, initial=FileKind.CSV, widget=forms.RadioSelect
    )
    use = LineField(
        label=_("What you will write to them"),
        max_length=200,
        help_text=_("It is kept in the record, with your name. For example: invitation to the hand-over."),
    )

    def __init__(self, *args: Any, petitions: QuerySet[Petition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["petition"].queryset = petitions  # type: ignore[attr-defined]
        self.fields["petition"].label_from_instance = lambda row: row.title  # type: ignore[attr-defined]
