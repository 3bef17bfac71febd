"""What people type while they work on a submission together."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.consultations.models import Question, Source, Submission, WorkStatus
from campaign.consultations.services import CopyData, SourceData
from campaign.consultations.services.evidence import MAX_COPY_BYTES
from campaign.core.forms import LineField, TextField


class AssignmentForm(forms.Form):
    """Who sees to a question, how far it is, until when."""

    owner = forms.ChoiceField(label=_("Who sees to it"), required=False)
    status = forms.ChoiceField(label=_("How far it is"), choices=WorkStatus.choices)
    due_date = forms.DateField(
        label=_("Due"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The end of that day, on the authority’s clock."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        names = [(pk, person.display_name) for pk, person in self.people.items()]
        self.fields["owner"].choices = [("", _("Nobody yet")), *names]  # type: ignore[attr-defined]

    def clean_owner(self) -> User | None:
        return self.people.get(self.cleaned_data["owner"])


class RemarkForm(forms.Form):
    """A remark, with the passage it is about."""

    quote = TextField(
        label=_("Passage it is about"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = TextField(label=_("Remark"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 4}))


class ReplyForm(forms.Form):
    text = TextField(label=_("Reply"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}))


class SourceForm(forms.Form):
    """A source, and a copy of it to keep."""

    title = LineField(label=_("Title"), max_length=300)
    key = forms.SlugField(
        label=_("Mark"),
        max_length=40,
        help_text=_(
            "A short word for it, like “oecd-2024”. Answers cite the source by it; it cannot change later."
        ),
    )
    author = LineField(label=_("Author or publisher"), max_length=200, required=False)
    published_on = LineField(
        label=_("Published"), max_length=60, required=False, help_text=_("As the source says it.")
    )
    url = forms.URLField(label=_("Address"), max_length=1000, required=False, assume_scheme="https")
    quote = TextField(
        label=_("Passage that matters"),
        max_length=2_000,
        required=False,
        help_text=_("Word for word."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen_on = forms.DateField(
        label=_("Seen on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    copy = forms.FileField(
        label=_("Copy to keep"),
        required=False,
        help_text=_(
            "At most 20 MB. Only the campaign’s team can open it; its digest goes into the frozen text."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args: Any, source: Source | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        if source:
            del self.fields["key"]

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        if url and not url.lower().startswith(("https://", "http://")):
            raise forms.ValidationError(_("Give an address that begins with https:// or http://."))
        return url

    def clean_copy(self) -> UploadedFile | None:
        upload: UploadedFile | None = self.cleaned_data["copy"]
        if upload and (upload.size or 0) > MAX_COPY_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 20 MB. Save the pages that matter, then choose it again.")
            )
        return upload

    @property
    def data_of_source(self) -> SourceData:
        values = {
            name: self.cleaned_data[name]
            for name in ("title", "author", "published_on", "url", "quote", "seen_on")
        }
        return SourceData(key=self.source.key if self.source else self.cleaned_data["key"], **values)

    @property
    def copy_of_source(self) -> CopyData | None:
        upload = self.cleaned_data["copy"]
        return CopyData(upload.name or "", upload.read()) if upload else None


class OwnPartForm(forms.Form):
    """What one organization adds. `version` is the one the writer began from."""

    text = TextField(
        label=_("Your organization’s part"),
        max_length=30_000,
        required=False,
        help_text=_("Stands after the common answer, under your organization’s name. Markdown works."),
        widget=forms.Textarea(attrs={"rows": 12, "class": "sheet-edit"}),
    )
    short_text = TextField(
        label=_("Your part for the portal's box"),
        max_length=10_000,
        required=False,
        help_text=_("Plain text. It goes into your organization’s box, after the common answer."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    asked = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)  # digest of the question

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not question.takes_text:  # a choice is made once, together
            del self.fields["short_text"]

    @property
    def part(self) -> dict[str, Any]:
        """What was typed, as it is saved."""
        return {"short_text": "", **self.cleaned_data}


class KeepForm(forms.Form):
    title = LineField(
        label=_("Title"), max_length=200, help_text=_("By which your team finds it again. Not filed.")
    )


class CopyForm(forms.Form):
    """Which earlier submission answers are taken from."""

    source = forms.ModelChoiceField(
        label=_("Take answers from"), queryset=Submission.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, submissions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = submissions  # type: ignore[attr-defined]
        self.fields["source"].label_from_instance = lambda row: f"{row.title} ({row.consultation.title})"  # type: ignore[attr-defined]
