"""What staff types about mandates and doubles."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.core.forms import LineField


class CheckForm(forms.Form):
    """What a decision about a mandate needs: refusing one, a reason; accepting a document, whose the website's domain is."""

    domain = forms.ChoiceField(
        label=_("The website’s domain"),
        required=False,
        choices=[
            ("own", _("It is the organization’s own: nobody else can speak for it here")),
            ("shared", _("Others have pages there too: the organization speaks for no domain")),
        ],
        help_text=_("Needed to accept."),
        widget=forms.RadioSelect,
    )
    reason = LineField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The person reads it, and it stays in the record: name nobody."),
    )

    def __init__(
        self, *args: Any, outcome: str = "", can_accept: bool = False, has_domain: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.outcome = outcome
        if can_accept:
            self.fields["reason"].required = False
            self.fields["reason"].help_text = _(
                "Needed to refuse. The person reads it, and it stays in the record: name nobody."
            )
        if not (can_accept and has_domain):
            del self.fields["domain"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.outcome == "accept":
            if "domain" in self.fields and not data.get("domain") and "domain" not in self.errors:
                self.add_error("domain", _("Say whose domain it is before you accept."))
        elif "reason" not in self.errors and not data.get("reason"):
            self.add_error("reason", _("Write the reason: the person reads it."))
        return data


class DuplicateForm(forms.Form):
    reason = LineField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Owners read it when the two are one. It stays in the record: name nobody."),
    )
