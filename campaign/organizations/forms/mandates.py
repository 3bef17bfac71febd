"""What signatories state, and what owners say about mandates."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.core.forms import LineField, MailField, TextField
from campaign.organizations.models import Mandate, MandateProof, Organization
from campaign.organizations.services import NoOwnDomain, SignatoryData, document_kind
from campaign.organizations.services.mandate_documents import MAX_BYTES, DocumentTooLarge


class SignatoryForm(forms.Form):
    signatory_name = LineField(label=_("Your name"), max_length=120, help_text=_("Not shown to the public."))
    signatory_function = LineField(
        label=_("Your function"), max_length=120, help_text=_("For example: director, board member.")
    )
    signatory_email = MailField(
        label=_("Your mail address at the organization"),
        help_text=_(
            "On the same domain as the website. The link to confirm goes there. Not shown to the public."
        ),
    )
    statement = forms.BooleanField(label=_("I am authorized to sign on behalf of this organization."))

    def signatory_data(self, *, locale: str) -> SignatoryData:
        data = self.cleaned_data
        return SignatoryData(
            name=data["signatory_name"],
            function=data["signatory_function"],
            email=data["signatory_email"].lower(),
            locale=locale,
        )


class ProveForm(SignatoryForm):
    """Who may sign, and how that will be proven. What was sent becomes the bytes `document`."""

    proof = forms.ChoiceField(
        label=_("How to prove it"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NoOwnDomain.message},
    )
    document = forms.FileField(
        label=_("The document"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "Only if you prove it by a document: minutes, statutes or an extract from a register that name the person. PDF, PNG "
            "or JPEG, 5 MB at most. This site’s staff reads it; it is kept encrypted and erased 30 days after the decision."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"}),
    )
    field_order = [
        *("signatory_name", "signatory_function", "signatory_email"),
        *("proof", "document", "statement"),
    ]

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"].choices = _ways(organization)  # type: ignore[attr-defined]
        self.fields["proof"].initial = _ways(organization)[0][0]
        self.fields["signatory_name"].label = _("Name of the person who may sign")
        self.fields["signatory_function"].label = _("Their function")
        self.fields["signatory_email"].label = _("Their mail address")
        self.fields["signatory_email"].help_text = _("Not shown to the public.")
        self.fields["statement"].label = _(
            "This person is authorized to sign on behalf of this organization, and knows of this."
        )

    def clean_document(self) -> bytes:
        upload: UploadedFile | None = self.cleaned_data.get("document")
        if upload is None or self.data.get("proof") != MandateProof.DOCUMENT:
            return b""
        try:
            if upload.size and upload.size > MAX_BYTES:
                raise DocumentTooLarge
            content = upload.read()
            document_kind(content)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return content

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("proof") == MandateProof.DOCUMENT and "document" not in self.errors:
            if not data.get("document"):
                self.add_error("document", _("Choose the document."))
            elif self.errors:
                self.add_error(
                    "document", _("Choose the document again: browsers forget it when a page comes back.")
                )
        return data


def _ways(organization: Organization) -> list[tuple[str, str]]:
    document = gettext("By a document, which this site’s staff checks. It takes some days.")
    if not organization.domain:
        return [(MandateProof.DOCUMENT, document)]
    facts = {"domain": organization.domain}
    return [
        (
            MandateProof.DOMAIN_MAIL,
            gettext("By mail: a link goes to that person's mailbox at %(domain)s.") % facts,
        ),
        (
            MandateProof.DOMAIN_DNS,
            gettext(
                "By a record of %(domain)s: you get a line of text that whoever looks after the domain adds."
            )
            % facts,
        ),
        (MandateProof.DOCUMENT, document),
    ]


def initial_of(mandate: Mandate) -> dict[str, Any]:
    """What a form to renew a mandate begins with."""
    return {
        "signatory_name": mandate.signatory_name or "",
        "signatory_function": mandate.signatory_function,
        "signatory_email": mandate.signatory_email or "",
        "proof": mandate.proof,
    }


class WithdrawForm(forms.Form):
    reason = LineField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For your own people; it stands beside the mandate. For example: has left the board."),
    )


class ObjectForm(forms.Form):
    reason = TextField(
        label=_("What is wrong"),
        max_length=2_000,
        help_text=_("Who signed, and why they could not. Only this site’s staff reads it."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
