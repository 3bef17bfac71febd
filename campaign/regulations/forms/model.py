"""What drafters decide about the changes of a model."""

from __future__ import annotations

from django import forms

from campaign.regulations.models import ModelDecision


class SeenModelForm(forms.Form):
    """Which edition of the model the person looked at."""

    seen = forms.UUIDField()


class DecisionForm(SeenModelForm):
    decision = forms.ChoiceField(choices=ModelDecision.choices)
