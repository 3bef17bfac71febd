"""Checking a receipt."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from campaign.core.forms import MailField
from campaign.petitions.proofs import NotAReceipt, Receipt, read_receipt

LONGEST = 20_000  # a receipt in the largest tree has about 3,000 characters


class ReceiptForm(forms.Form):
    file = forms.FileField(
        label=_("The receipt's file"),
        help_text=_(
            "It came with the mail that told your number. You can also download it from your signature's page."
        ),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    text = forms.CharField(
        label=_("Or paste what is in it"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off", "dir": "ltr"}),
    )
    address = MailField(
        label=_("The mail address you signed with"),
        help_text=_("It is compared with the receipt and not stored."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "file" in self.errors or "text" in self.errors:
            return data
        upload: UploadedFile | None = data.get("file")
        if upload is None and not data.get("text"):
            self.add_error("file", _("Choose the file, or paste what is in it below."))
            return data
        try:
            data["receipt"] = _read(upload) if upload else read_receipt(data["text"])
        except NotAReceipt as refusal:
            self.add_error("file" if upload else "text", str(refusal))
        return data


def _read(upload: UploadedFile) -> Receipt:
    if not upload.size or upload.size > LONGEST:
        raise NotAReceipt
    try:
        return read_receipt(upload.read().decode())
    except UnicodeDecodeError:
        raise NotAReceipt from None
