"""What drafters decide about the changes of a model."""

from __future__ import annotations

from django import forms

from campaign.regulations.models import ModelDecision


class SeenModelForm(forms.Form):
    """Which edition of the model the person looked at."""

    seen = forms.UUIDField()


class DecisionForm(SeenModelForm):
    """`ours`: what ours said of a row that is decided on (`RowChange.ours_digest`)."""

    decision = forms.ChoiceField(choices=ModelDecision.choices)
    ours = forms.CharField(max_length=64, required=False)
