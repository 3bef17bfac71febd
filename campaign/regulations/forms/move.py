"""Where a provision of a draft is moved to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.regulations.services import Spot


class MoveForm(forms.Form):
    """A step; or a place of a list (`after:key`, `in:key`, `in:`); or a spot by the keys of the parent and of the neighbor."""

    STEPS = (("up", _("Up")), ("down", _("Down")), ("in", _("Further in")), ("out", _("Further out")))

    step = forms.ChoiceField(choices=STEPS, required=False)
    place = forms.CharField(max_length=90, required=False)
    parent = forms.CharField(max_length=80, required=False)
    after = forms.CharField(max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("step") and not said.get("place") and not {"parent", "after"} & set(self.data):
            raise ValidationError(_("Choose where to move it."))
        return said

    @property
    def spot(self) -> Spot:
        return Spot(self.cleaned_data["parent"], self.cleaned_data["after"])
