"""How forms look and what every text field refuses."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from campaign.core.cleaning import clean_line, clean_text
from campaign.core.mailboxes import clean_address


class Renderer(TemplatesSetting):
    """Forms and fields are drawn by `templates/components/`."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


def keep_typed(form: forms.BaseForm, **values: str) -> None:
    """After a refusal: what was typed stays as it is, and the hidden `values` say what the next save goes over."""
    typed: Any = form.data
    typed = typed.copy()  # keeps every choice of several
    for name, value in values.items():
        typed[name] = value
    form.data = typed


class LineField(forms.CharField):
    """One line of text, cleaned of control characters and doubled spaces."""

    def to_python(self, value: object) -> str:
        return clean_line(super().to_python(value) or "")


class TextField(forms.CharField):
    """Several lines of text, cleaned of control characters."""

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        return clean_text(super().to_python(value) or "").strip()


class MailField(forms.CharField):
    """One mail address, in one spelling."""

    widget = forms.EmailInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, **kwargs})

    def clean(self, value: object) -> str:
        text = super().clean(value)
        return clean_address(text) if text else ""


class PeoplesWords(forms.Select):
    """Options that people wrote, in whatever language: read by what each is in, not as the interface's."""

    def create_option(self, name: Any, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"] |= {"lang": "und", "dir": "auto"}
        return option
