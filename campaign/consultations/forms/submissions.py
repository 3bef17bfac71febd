"""What people type about a submission and its answers."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Campaign
from campaign.consultations.amendments import amendments_forms
from campaign.consultations.models import CoverDesign, Question, QuestionKind, Submission
from campaign.consultations.queries import citable_petitions, published_editions
from campaign.consultations.values import DIGITS, PLACES, plain_number, value_problem
from campaign.core.forms import LineField, PeoplesWords, TextField
from campaign.core.locales import content_locales
from campaign.petitions.models import Petition
from campaign.regulations.models import Edition


class StartForm(forms.Form):
    """Which campaign answers."""

    campaign = forms.ModelChoiceField(label=_("Campaign"), queryset=Campaign.objects.none())
    title = LineField(label=_("Title of the submission"), max_length=200)
    locale = forms.ChoiceField(label=_("Language"), choices=content_locales)

    def __init__(self, *args: Any, campaigns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
        self.fields["campaign"].label_from_instance = lambda row: row.title  # type: ignore[attr-defined]


class AttachmentsForm(forms.Form):
    """What goes with the answers."""

    summary = TextField(
        label=_("Summary"),
        max_length=4_000,
        required=False,
        help_text=_("Stands before the answers. Markdown works."),
    )
    annex = forms.ModelChoiceField(
        label=_("Instrument as annex"), queryset=Edition.objects.none(), required=False, empty_label=_("None")
    )
    amends = forms.ModelChoiceField(
        label=_("Text that the annex amends"),
        queryset=Edition.objects.none(),
        required=False,
        empty_label=_("None"),
        widget=PeoplesWords,
        help_text=_(
            "The authority’s draft or the law in force, taken in as an instrument. What leads from it to the annex is printed as "
            "amendments."
        ),
    )
    amendments_form = forms.ChoiceField(
        label=_("Form of the amendments"), choices=amendments_forms, required=False
    )
    petition = forms.ModelChoiceField(
        label=_("Petition whose count is cited"),
        queryset=Petition.objects.none(),
        required=False,
        empty_label=_("None"),
    )

    cover_design = forms.ChoiceField(
        label=_("Cover of the document"), choices=CoverDesign.choices, widget=forms.RadioSelect
    )
    cover_color = LineField(
        label=_("Color of the band"),
        max_length=7,
        required=False,
        help_text=_("As on the web: # and six digits, like #005a9c. Without one it is ink."),
        validators=[
            RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write # and six digits from 0 to f, like #005a9c."))
        ],
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        petition = self.fields["petition"]
        for edition in (self.fields["annex"], self.fields["amends"]):
            edition.queryset = published_editions(campaign_id=submission.campaign_id)  # type: ignore[attr-defined]
            edition.label_from_instance = lambda row: f"{row.template.title} ({row.label})"  # type: ignore[attr-defined]
        petition.queryset = citable_petitions(campaign_id=submission.campaign_id)  # type: ignore[attr-defined]
        petition.label_from_instance = lambda row: row.title  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The full answer and the one for the portal's box. `version` is the one the writer began from."""

    text = TextField(
        label=_("Full answer"),
        max_length=60_000,
        required=False,
        help_text=_("Goes into the PDF. Markdown works: **bold**, lists, tables, links."),
        widget=forms.Textarea(attrs={"rows": 16, "class": "sheet-edit"}),
    )
    short_text = TextField(
        label=_("Answer for the portal's box"),
        max_length=20_000,
        required=False,
        help_text=_("Plain text, within the portal's limit."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    asked = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)  # digest of the question

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        if question.kind == QuestionKind.UPLOAD:
            self.fields["short_text"].label = _("What you upload")
            self.fields["short_text"].help_text = _(
                "The name of the file and what it holds. The file itself is uploaded on the portal."
            )
            self.fields["text"].label = _("Notes")
        elif not question.takes_text:
            self.fields["short_text"] = _value_field(question)
            self.fields["text"].label = _("Reasons")
        if question.kind == QuestionKind.MULTI_CHOICE:
            self.initial["short_text"] = str(self.initial.get("short_text", "")).split("\n")

    def clean_short_text(self) -> str:
        """As it is stored: a choice of several as lines, a number with a point, a date as year, month, day."""
        value = self.cleaned_data["short_text"]
        if isinstance(value, list):
            return "\n".join(value)
        if isinstance(value, Decimal):
            value = plain_number(value)
        stored = "" if value is None else str(value)
        if problem := value_problem(self.question, stored):
            raise forms.ValidationError(problem)
        return stored


def _value_field(question: Question) -> forms.Field:
    """The field of an answer that is a choice, a number or a date."""
    choices = [(option, option) for option in question.options]
    if question.kind == QuestionKind.MULTI_CHOICE:
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(
            label=_("Your choice"), choices=choices, widget=widget, required=False
        )
    if question.kind == QuestionKind.SINGLE_CHOICE:
        return forms.ChoiceField(
            label=_("Your choice"), choices=choices, widget=forms.RadioSelect, required=False
        )
    if question.kind == QuestionKind.DATE:
        widget_of_date = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=_("Your answer"), widget=widget_of_date, required=False)
    return forms.DecimalField(
        label=_("Your answer"),
        help_text=_("In digits, with a point before decimals, like 1200 or 2.5."),
        max_digits=DIGITS,
        decimal_places=PLACES,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        required=False,
    )
