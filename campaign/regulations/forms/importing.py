"""What people upload to the library."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MAX_UPLOAD_BYTES = 500_000  # a file that keeps the parser busy for two seconds at most


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Template file"),
        help_text=_("A YAML file in UTF-8 with the template, the edition and its provisions."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 500 kB. A long act has about 100 kB. Split the instrument.")
            )
        return upload
