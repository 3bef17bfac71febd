"""What people give to bring in a consultation."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from campaign.core.forms import keep_typed

MAX_UPLOAD_BYTES = 300_000  # a file that keeps the parser busy for a second at most


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Consultation file"),
        help_text=_("A YAML file with the authority's questions, deadline and limits."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 300 kB. A consultation is rarely a tenth of that.")
            )
        return upload


class ConfirmForm(forms.Form):
    """A yes to what a page shows. `seen`: the revision that it was shown of."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def show_current(self, revision: int) -> None:
        """Another yes is to what stands there now."""
        keep_typed(self, seen=str(revision))
