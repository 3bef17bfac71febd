"""What people type of questions and sections, one a page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.consultations.forms.deadlines import SeenForm
from campaign.consultations.importer import (
    QuestionData,
    SectionData,
    outline,
)
from campaign.consultations.importer.pasted import LINE_KINDS, MOST_LINES, Line, LineKind, build, confirmed
from campaign.consultations.importer.questions import CHOICES, QUESTION_NUMBER
from campaign.consultations.kinds import QUESTION_KINDS
from campaign.consultations.models import QuestionKind
from campaign.consultations.values import DIGITS, PLACES, plain_number
from campaign.core.cleaning import clean_line
from campaign.core.forms import LineField, TextField

HIGHEST = 2**31 - 1


class SectionForm(SeenForm):
    title = LineField(label=gettext_lazy("Title of the section"), max_length=300)


def place_choices(sections: list[SectionData], moving: UUID | None = None) -> list[tuple[str, Any]]:
    """The places a question can be put, by section, for a select."""
    groups: dict[int, tuple[str, list[tuple[str, str]]]] = {}
    number = -1
    for value, title, question, how in outline.places(sections, moving=moving):
        if question is None:
            number += 1
            groups[number] = (title, [(value, _("At the start of “%(title)s”") % {"title": title})])
            continue
        words = {"number": question.number, "text": Truncator(clean_line(question.text)).chars(60)}
        pattern = (
            _("After %(number)s. %(text)s") if how == "after" else _("As a part of %(number)s. %(text)s")
        )
        groups[number][1].append((value, pattern % words))
    return list(groups.values())


class MoveForm(SeenForm):
    place = forms.ChoiceField(label=gettext_lazy("Move to"))

    def __init__(self, *args: Any, sections: list[SectionData], moving: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = place_choices(sections, moving)  # type: ignore[attr-defined]


class QuestionForm(SeenForm):
    """One question. `place` only for a new one."""

    place = forms.ChoiceField(label=gettext_lazy("Place"))
    number = LineField(label=gettext_lazy("Number"), max_length=16, widget=forms.TextInput(attrs={"size": 8}))
    text = TextField(
        label=gettext_lazy("Question"),
        max_length=20_000,
        help_text=gettext_lazy("Word for word."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of answer"), choices=list(QUESTION_KINDS.items()))
    options = TextField(
        label=gettext_lazy("Answers to choose from"),
        required=False,
        help_text=gettext_lazy("One a line, in the order of the authority. Only for a choice."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    is_required = forms.BooleanField(label=gettext_lazy("An answer is required"), required=False)
    max_chars = forms.IntegerField(
        label=gettext_lazy("Characters at most"), min_value=1, max_value=HIGHEST, required=False
    )
    max_words = forms.IntegerField(
        label=gettext_lazy("Words at most"), min_value=1, max_value=HIGHEST, required=False
    )
    minimum = forms.DecimalField(
        label=gettext_lazy("Smallest number"),
        max_digits=DIGITS,
        decimal_places=PLACES,
        required=False,
        help_text=gettext_lazy("Only where a number is asked."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    maximum = forms.DecimalField(
        label=gettext_lazy("Largest number"),
        max_digits=DIGITS,
        decimal_places=PLACES,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    condition = forms.MultipleChoiceField(
        label=gettext_lazy("Asked only after one of these was chosen"),
        help_text=gettext_lazy(
            "Of several in one question, one is enough. Of several questions, each counts. Tick none if everybody answers."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, *args: Any, sections: list[SectionData], row: UUID | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.before = outline.question_in(sections, row) if row else None
        self.earlier = _choices_before(sections, row)
        if row:
            del self.fields["place"]
        else:
            self.fields["place"].choices = place_choices(sections)  # type: ignore[attr-defined]
        if self.earlier:
            self.fields["condition"].choices = [  # type: ignore[attr-defined]
                (
                    f"{each.number}. {Truncator(clean_line(each.text)).chars(80)}",
                    [(f"{each.row}:{index}", option) for index, option in enumerate(each.options)],
                )
                for each in self.earlier
            ]
        else:
            del self.fields["condition"]

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        is_old = self.before is not None and number == self.before.number  # what was possible once may stay
        if not is_old and not QUESTION_NUMBER.fullmatch(number):
            raise ValidationError(
                _(
                    "Use letters, digits, dots, hyphens and parentheses, without spaces, a letter or digit first."
                )
            )
        return number

    def clean_options(self) -> list[str]:
        options = [clean_line(line) for line in self.cleaned_data["options"].split("\n")]
        options = [each for each in options if each]
        if len(set(options)) < len(options):
            raise ValidationError(_("An option stands there twice. Keep one."))
        if any(len(each) > 500 for each in options):
            raise ValidationError(_("An option has more than 500 characters. Shorten it."))
        return options

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kind, options = values.get("kind"), values.get("options")
        if kind in CHOICES and options is not None and len(options) < 2:
            self.add_error("options", _("A choice needs at least two answers, each on its own line."))
        if kind and kind not in CHOICES and options:
            self.add_error("options", _("Only a choice has these. Choose another kind, or empty the field."))
        for name in ("minimum", "maximum"):
            if values.get(name) is not None and kind != QuestionKind.NUMBER:
                self.add_error(name, _("Only a number has this. Choose another kind, or empty the field."))
        low, high = values.get("minimum"), values.get("maximum")
        if low is not None and high is not None and low > high:
            self.add_error("minimum", _("The smallest number cannot be above the largest one."))
        return values

    @property
    def said(self) -> QuestionData:
        """The question as it shall be."""
        values = self.cleaned_data
        names = ("number", "text", "kind", "options", "is_required", "max_chars", "max_words")
        return QuestionData(
            **{name: values[name] for name in names},
            minimum=_normal(values["minimum"]),
            maximum=_normal(values["maximum"]),
            condition=self._condition(values.get("condition", [])),
        )

    def _condition(self, ticked: list[str]) -> list[dict[str, Any]]:
        found = []
        for each in self.earlier:
            options = [option for index, option in enumerate(each.options) if f"{each.row}:{index}" in ticked]
            if options:
                found.append({"question": each.number, "options": options})
        return found


def _normal(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(plain_number(value))


def _choices_before(sections: list[SectionData], row: UUID | None) -> list[QuestionData]:
    """The questions before it that offer a choice; all, for a new one."""
    found: list[QuestionData] = []
    for question in outline.all_questions(sections):
        if row and question.row == row:
            break
        if question.kind in CHOICES:
            found.append(question)
    return found


def question_initial(question: QuestionData, earlier: list[QuestionData]) -> dict[str, Any]:
    """What the form shows of a question that stands."""
    by_number = {each.number: each for each in earlier}
    ticked = [
        f"{named.row}:{named.options.index(option)}"
        for each in question.condition
        if (named := by_number.get(each["question"]))
        for option in each["options"]
        if option in named.options
    ]
    names = ("number", "text", "kind", "is_required", "max_chars", "max_words")
    return {
        **{name: getattr(question, name) for name in names},
        "options": "\n".join(question.options),
        **{
            name: plain_number(value) if (value := getattr(question, name)) is not None else None
            for name in ("minimum", "maximum")
        },
        "condition": ticked,
    }


def free_number(sections: list[SectionData]) -> str:
    """A number for one more question: one more than the highest whole one."""
    whole = [
        int(each.number)
        for section in sections
        for each in section.questions
        if each.number.isascii() and each.number.isdigit()
    ]
    return str(max(whole, default=0) + 1)


# --- Text that was pasted ---------------------------------------------------------
class PasteForm(forms.Form):
    """The text of a call, as it was copied."""

    text = TextField(
        label=gettext_lazy("Text of the questions"),
        max_length=200_000,
        help_text=gettext_lazy("As it stands in the call: headings, numbers, lists of answers, limits."),
        widget=forms.Textarea(attrs={"rows": 20}),
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if sum(1 for line in text.split("\n") if line.strip()) > MOST_LINES:
            raise ValidationError(
                _("These are more than %(most)s lines. Bring a list, or leave out what is no question.")
                % {"most": MOST_LINES}
            )
        return text


class LinesForm(forms.Form):
    """What each line of a pasted text is."""

    text = forms.CharField(widget=forms.HiddenInput, max_length=200_000, strip=False)

    def __init__(self, *args: Any, lines: list[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"line_{line.place}"] = forms.ChoiceField(
                label=_("Line %(number)s") % {"number": line.place},
                choices=list(LINE_KINDS.items()),
                initial=line.kind.value,
            )

    @property
    def rows(self) -> list[tuple[Line, Any]]:
        """Each line with the field that says what it is."""
        return [(line, self[f"line_{line.place}"]) for line in self.lines]

    @property
    def doubtful(self) -> list[tuple[Line, Any]]:
        """Those to look at."""
        return [(line, field) for line, field in self.rows if line.is_doubtful or field.errors]

    def sections(self) -> list[SectionData] | None:
        """The sections that follow; None when they make no sense, which the form says at each line."""
        kinds = {line.place: LineKind(self.cleaned_data[f"line_{line.place}"]) for line in self.lines}
        sections, mistakes = build(confirmed(self.lines, kinds))
        for mistake in mistakes:
            self.add_error(f"line_{mistake.place}", mistake.remedy)
        return None if mistakes else sections
