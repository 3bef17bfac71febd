"""What drafters write in a provision and say about it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.core.cleaning import clean_text
from campaign.core.forms import LineField
from campaign.regulations.forms.seen import SEEN, SeenForm
from campaign.regulations.kinds import ProvisionKind
from campaign.regulations.models import Edition, Provision
from campaign.regulations.services import Traits, Words

MAX_BODY = 20_000
CONTROL = _("The text holds control characters or marks that reverse the reading order. Take them out.")


class LawField(forms.CharField):
    """A provision's text. Empty lines part it into paragraphs; other line ends are spaces. Nothing is taken out unsaid."""

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        text = unicodedata.normalize("NFC", super().to_python(value) or "").replace("\r\n", "\n")
        if clean_text(text) != text:
            raise ValidationError(CONTROL, code="control")
        paragraphs = re.split(r"\n[ \t]*\n\s*", text.strip())
        return "\n\n".join(re.sub(r"[ \t\n]+", " ", paragraph).strip() for paragraph in paragraphs)


class LawLineField(forms.CharField):
    """A heading or a term: one line. Nothing is taken out unsaid."""

    def to_python(self, value: object) -> str:
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        if clean_text(text) != text:
            raise ValidationError(CONTROL, code="control")
        return re.sub(r"\s+", " ", text).strip()


@dataclass(frozen=True, slots=True)
class Opened:
    """Which words a form was opened on: the version of a provision, and the draft where that was told."""

    version: int
    draft_id: UUID | None = None

    def __str__(self) -> str:
        return f"{self.version}:{self.draft_id}" if self.draft_id else str(self.version)

    def version_in(self, draft: Edition) -> int:
        """The version in this draft; 0, which none has, for words of another draft."""
        return self.version if self.draft_id in {None, draft.pk} else 0


class OpenedField(forms.CharField):
    """`Opened` as a form carries it. Versions begin anew in each draft, so that the draft belongs to it."""

    widget = forms.HiddenInput

    def to_python(self, value: object) -> Any:
        version, _colon, draft_id = str(value or "").partition(":")
        try:
            return Opened(int(version), UUID(draft_id) if draft_id else None)
        except ValueError:
            raise ValidationError(self.error_messages["required"], code="required") from None


class WordsForm(forms.Form):
    """The words of a provision. `version` tells which words they were written over."""

    version = OpenedField()
    term = LawLineField(label=_("Defined term"), required=False, max_length=120)
    heading = LawLineField(label=_("Heading"), required=False, max_length=300)
    body = LawField(
        label=_("Text"),
        required=False,
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"class": "sheet-edit", "rows": 8}),
    )

    def __init__(self, *args: Any, kind: str, is_splitting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_splitting = is_splitting
        self.is_term_stray = kind != ProvisionKind.DEFINITION and bool(self.data.get("term", "").strip())
        if kind != ProvisionKind.DEFINITION and not self.is_term_stray:
            del self.fields["term"]

    @property
    def opened_draft(self) -> UUID | None:
        """The draft it was opened in, where that was told."""
        try:
            opened: Opened = self.fields["version"].clean(self.data.get("version"))
        except ValidationError:
            return None
        return opened.draft_id

    @property
    def parts(self) -> list[str]:
        """The paragraphs of the text, for splitting."""
        body: str = self.cleaned_data["body"]
        return body.split("\n\n")

    @property
    def words(self) -> Words:
        said = self.cleaned_data
        return Words(heading=said["heading"], body=said["body"], term=said.get("term", ""))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if self.is_term_stray:
            self.add_error(
                "term",
                _(
                    "Somebody has made this another kind of provision, and only a definition has a term. Take the term out, or "
                    "make it a definition again."
                ),
            )
        paragraphs = said.get("body", "").count("\n\n")
        if paragraphs and not self.is_splitting:
            message = _("A provision is one paragraph. Split it at the empty lines, or take them out.")
            self.add_error("body", message)
        if self.is_splitting and not paragraphs and "body" in said:
            self.add_error(
                "body", _("There is no empty line to split at. Put one where the next provision begins.")
            )
        return said


class NewProvisionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"))
    term = LawLineField(
        label=_("Defined term"), required=False, max_length=120, help_text=_("For a definition only.")
    )
    heading = LawLineField(label=_("Heading"), required=False, max_length=300)
    body = LawField(
        label=_("Text"),
        required=False,
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"class": "sheet-edit", "rows": 6}),
    )

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("body", "").count("\n\n"):
            self.add_error(
                "body", _("A provision is one paragraph. Add the others one by one, or split it later.")
            )
        if said.get("term") and said.get("kind") != ProvisionKind.DEFINITION:
            self.add_error(
                "term", _("Only a definition has a term. Leave this empty or choose the kind Definition.")
            )
        return said

    @property
    def words(self) -> Words:
        said = self.cleaned_data
        return Words(heading=said["heading"], body=said["body"], term=said["term"])


class KeysField(forms.CharField):
    """Conditions, one a line: a provision's key, or name=option of a variable."""

    widget = forms.Textarea

    def to_python(self, value: object) -> Any:
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        return tuple(dict.fromkeys(line for line in lines if line))


class PlaceField(forms.CharField):
    """The way down to a place in another act, one step a line: “article 3”, “paragraph 2”."""

    widget = forms.Textarea

    def to_python(self, value: object) -> Any:
        steps = []
        for line in (super().to_python(value) or "").splitlines():
            kind, _space, number = line.strip().partition(" ")
            if not kind:
                continue
            if kind.lower() not in ProvisionKind.values or not number or len(number.strip()) > 12:
                raise ValidationError(
                    _("“%(line)s” is no step. Write a kind and a number on each line, like “article 3”."),
                    params={"line": line.strip()},
                )
            steps.append((kind.lower(), number.strip()))
        return tuple(steps)


class TraitsForm(SeenForm):
    kind = forms.ChoiceField(label=_("Kind"))
    fixed_number = LineField(
        label=_("Fixed number"),
        required=False,
        max_length=12,
        help_text=_(
            "Only where the text goes between numbers that are there already, like 53a. Otherwise it is counted."
        ),
    )
    is_optional = forms.BooleanField(
        label=_("Optional"),
        required=False,
        help_text=_("Whoever adapts the instrument decides if it stands in the text."),
    )
    choice = forms.ChoiceField(label=_("Alternative of"), required=False)
    is_default = forms.BooleanField(label=_("In the text from the start"), required=False)
    needs = KeysField(
        label=_("Stands only with"),
        required=False,
        help_text=_("One a line: the key of a provision, or name=option of a value."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    excludes = KeysField(
        label=_("Never stands with"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    act = LawLineField(label=_("Act amended"), required=False, max_length=200)
    place = PlaceField(
        label=_("Place in that act"),
        required=False,
        help_text=_("From the outside in, a kind and a number on each line: “article 3”, “paragraph 2”."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        row: Provision,
        kinds: Iterable[tuple[str, str]],
        choices: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        initial = {name: getattr(row, name) for name in self.base_fields}
        initial |= {"needs": "\n".join(row.needs), "excludes": "\n".join(row.excludes)}
        initial["place"] = "\n".join(f"{kind} {number}" for kind, number in row.place)
        kwargs["initial"] = initial
        super().__init__(*args, row=row, **kwargs)
        self.row = row
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]
        groups = list(choices)
        self.fields["choice"].choices = [("", _("none")), *groups]  # type: ignore[attr-defined]
        if not groups:
            del self.fields["choice"]
        if row.kind != ProvisionKind.QUOTED:
            del self.fields["act"], self.fields["place"]

    @property
    def traits(self) -> Traits:
        place = tuple((kind, number) for kind, number in self.row.place)
        # What the form does not show stays as it is.
        said = {"choice": self.row.choice, "act": self.row.act, "place": place, **self.cleaned_data}
        said.pop(SEEN)
        can_be_switched = said["is_optional"] or bool(said["choice"])
        return Traits(**{**said, "is_default": said["is_default"] if can_be_switched else True})
