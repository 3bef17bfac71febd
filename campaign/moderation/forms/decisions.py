"""What people type when they report a petition, and what moderators and teams type when they decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.core.forms import LineField, MailField, TextField
from campaign.moderation.export import FileKind
from campaign.moderation.models import ReportKind


class ReportForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is wrong"), choices=ReportKind.choices, widget=forms.RadioSelect)
    details = TextField(
        label=_("Where, and what"),
        max_length=2_000,
        help_text=_("Quote the passage. Only the moderators of this site read it."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    reporter = MailField(
        label=_("E-mail address, to hear of the outcome"),
        required=False,
        help_text=_("One mail, then the address is erased. Nobody on the campaign’s team sees it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ReportDecisionForm(forms.Form):
    decision = LineField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Who reported reads it. If you take the petition down, its team and visitors do too."),
    )


class NoteForm(forms.Form):
    """A reason, which some decisions need."""

    note = LineField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, hint: Any = "", required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = required
        self.fields["note"].help_text = hint


class ListForm(forms.Form):
    # As typed, blank lines at the start included: the number of a broken line is counted in what is shown.
    lines = forms.CharField(
        label=_("One entry a line"),
        required=False,
        strip=False,
        max_length=1_500_000,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "dir": "ltr"}),
    )


class RuleForm(forms.Form):
    """What one provider lets people leave out or add."""

    same_as = LineField(
        label=_("The same mailboxes as"),
        max_length=200,
        required=False,
        help_text=_("Another domain of the provider, whose rule holds here too."),
    )
    ignores_dots = forms.BooleanField(label=_("Dots before the @ mean nothing"), required=False)
    tag = forms.ChoiceField(
        label=_("What follows this sign means nothing"),
        choices=[("", _("No sign")), ("+", "+"), ("-", "-")],
        required=False,
    )
    note = LineField(
        label=_("Note"), max_length=200, required=False, help_text=_("Where the provider says so.")
    )


class NewRuleForm(RuleForm):
    domain = LineField(label=_("Domain"), max_length=200, help_text=_("Like example.org."))

    field_order = ["domain"]


class ExportForm(forms.Form):
    purpose = forms.ChoiceField(label=_("Who agreed to what"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=_("File"), choices=FileKind.choices, initial=FileKind.CSV, widget=forms.RadioSelect
    )
    use = LineField(
        label=_("What you will write to them"),
        max_length=200,
        help_text=_("It is kept in the record, with your name. For example: invitation to the hand-over."),
    )

    def __init__(self, *args: Any, purposes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]
        if len(purposes) == 1:
            self.fields["purpose"].initial = purposes[0][0]
