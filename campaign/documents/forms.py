import re

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.core.forms import LineField

DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


class DigestForm(forms.Form):
    """A SHA-256 digest as people have it: alone, in groups, or in the line a program printed."""

    digest = LineField(
        label=_("SHA-256 digest"),
        help_text=_(
            "64 digits and letters from a to f: the digest printed at the end of a document, or that of a file."
        ),
        max_length=1_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )

    def clean_digest(self) -> str:
        typed = str(self.cleaned_data["digest"]).lower()
        found = DIGEST.search(typed) or DIGEST.fullmatch(re.sub(r"[\s:]", "", typed))
        if found is None:
            raise forms.ValidationError(
                _("A SHA-256 digest has 64 characters, each a digit or a letter from a to f. Copy all of it.")
            )
        return found.group()
