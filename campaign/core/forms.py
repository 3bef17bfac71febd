"""How forms look and what every text field refuses."""

from django import forms
from django.forms.renderers import TemplatesSetting

from campaign.core.cleaning import clean_line, clean_text


class Renderer(TemplatesSetting):
    """Forms and fields are drawn by `templates/components/`."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class LineField(forms.CharField):
    """One line of text, cleaned of control characters and doubled spaces."""

    def to_python(self, value: object) -> str:
        return clean_line(super().to_python(value) or "")


class TextField(forms.CharField):
    """Several lines of text, cleaned of control characters."""

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        return clean_text(super().to_python(value) or "").strip()
