"""Putting back what was taken out of a draft."""

from __future__ import annotations

from django import forms


class RestoreForm(forms.Form):
    """`then`: what stood in it and was taken out by itself, to be put back after it."""

    then = forms.UUIDField(required=False)
