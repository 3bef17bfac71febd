"""A list of questions from CSV or XLSX: one question a row, columns in any order, every mistake told with its row and column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaign.consultations.importer.outline import DEEPEST, OutlineDoesNotHold, check
from campaign.consultations.importer.questions import (
    CHOICES,
    DECIMAL,
    QUESTION_NUMBER,
    QuestionData,
    SectionData,
)
from campaign.consultations.importer.sheets import ListError, Mistake, Row, read_sheet, refuse
from campaign.consultations.kinds import QUESTION_KINDS
from campaign.consultations.models import QuestionKind

MOST_MISTAKES = 50
# The names that a template has, which are always understood; those of the reader's language are too.
COLUMNS: dict[str, Promise] = {
    "section": pgettext_lazy("column of a list", "section"),
    "number": pgettext_lazy("column of a list", "number"),
    "text": pgettext_lazy("column of a list", "text"),
    "kind": pgettext_lazy("column of a list", "kind"),
    "options": pgettext_lazy("column of a list", "options"),
    "required": pgettext_lazy("column of a list", "required"),
    "max characters": pgettext_lazy("column of a list", "max characters"),
    "max words": pgettext_lazy("column of a list", "max words"),
    "minimum": pgettext_lazy("column of a list", "minimum"),
    "maximum": pgettext_lazy("column of a list", "maximum"),
    "condition": pgettext_lazy("column of a list", "condition"),
    "part of": pgettext_lazy("column of a list", "part of"),
}
NEEDED = ("number", "text")
TRUE, FALSE = {"yes", "true", "1", "x"}, {"no", "false", "0", ""}
NEXT_CONDITION = re.compile(r";\s*(?=[\w.()-]{1,16}\s*:)|\n")
HIGHEST = 2**31 - 1
DEFAULT_SECTION = gettext_lazy("Questions")


@dataclass
class _Reading:
    """What has been read so far."""

    columns: dict[str, int] = field(default_factory=dict)  # place in the row by name
    sections: list[SectionData] = field(default_factory=list)
    earlier: dict[str, tuple[QuestionData, int, int]] = field(default_factory=dict)  # with its row and depth
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, row: int, column: str, remedy: str) -> None:
        self.mistakes.append(Mistake(row, column, remedy))
        if len(self.mistakes) >= MOST_MISTAKES:
            raise ListError(self.mistakes)

    def cell(self, row: Row, column: str) -> str:
        place = self.columns.get(column)
        return row[1][place] if place is not None and place < len(row[1]) else ""


def read_list(raw: bytes) -> list[SectionData]:
    """The sections and questions of a list. Raises ListError with all mistakes, up to 50."""
    header, *rows = read_sheet(raw)
    reading = _Reading(columns=_columns(header))
    if not rows:
        raise refuse(_("The list has a head and no question. Add one row for each."))
    for row in rows:
        _read_row(reading, row)
    if reading.mistakes:
        raise ListError(reading.mistakes)
    try:
        check(reading.sections)
    except OutlineDoesNotHold as error:
        raise refuse(str(error)) from None
    return reading.sections


def _columns(header: Row) -> dict[str, int]:
    names = {_folded(str(words)): name for name, words in COLUMNS.items()}
    names |= {_folded(name): name for name in COLUMNS}
    found: dict[str, int] = {}
    mistakes: list[Mistake] = []
    for place, text in enumerate(header[1]):
        if not text:
            continue
        name = names.get(_folded(text))
        if name is None:
            known = ", ".join(COLUMNS)
            remedy = _("This column is not known. Known are: %(names)s.") % {"names": known}
            mistakes.append(Mistake(header[0], text[:60], remedy))
        elif name in found:
            mistakes.append(Mistake(header[0], text[:60], _("This column stands there twice. Keep one.")))
        else:
            found[name] = place
    mistakes += [
        Mistake(header[0], name, _("This column is missing. Add it to the first row."))
        for name in NEEDED
        if name not in found
    ]
    if mistakes:
        raise ListError(mistakes[:MOST_MISTAKES])
    return found


def _folded(text: str) -> str:
    return " ".join(re.split(r"[\s_-]+", text.casefold())).strip(" .:")


def _read_row(reading: _Reading, row: Row) -> None:
    for place, text in enumerate(row[1]):
        if text and place not in reading.columns.values():
            reading.wrong(
                row[0],
                str(place + 1),
                _("This column has no name in the first row. Give it one, or empty the cell."),
            )
    question = QuestionData(
        number=_number(reading, row),
        text=_words(reading, row),
        kind=(kind := _kind(reading, row)),
        options=_options(reading, row, kind),
        is_required=_flag(reading, row),
        max_chars=_most(reading, row, "max characters"),
        max_words=_most(reading, row, "max words"),
        minimum=_bound(reading, row, "minimum", kind),
        maximum=_bound(reading, row, "maximum", kind),
        condition=_condition(reading, row),
    )
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        reading.wrong(row[0], "minimum", _("The smallest number cannot be above the largest one."))
    _place(reading, row, question)


def _place(reading: _Reading, row: Row, question: QuestionData) -> None:
    """Put it where it belongs: into its section, or under the question that it is a part of."""
    title, parent, depth = reading.cell(row, "section"), reading.cell(row, "part of"), 0
    if len(title) > 300:
        reading.wrong(row[0], "section", _("Use at most 300 characters."))
    if not reading.sections or (title and title != reading.sections[-1].title):
        keys = {each.key for each in reading.sections}
        key = slugify(title)[:50] or "questions"
        key = key if key not in keys else f"{key}-{len(keys) + 1}"
        reading.sections.append(SectionData(key, " ".join(title.split()) or str(DEFAULT_SECTION), []))
    siblings = reading.sections[-1].questions
    if parent:
        above = reading.earlier.get(parent)
        if above is None:
            reading.wrong(row[0], "part of", _not_before(parent))
        elif above[2] >= DEEPEST:
            reading.wrong(row[0], "part of", _("Questions can have parts of parts, and no deeper."))
        elif above[0] not in reading.sections[-1].questions and above[2] == 0:
            reading.wrong(
                row[0], "part of", _("Question %(number)s stands in another section.") % {"number": parent}
            )
        else:
            siblings, depth = above[0].parts, above[2] + 1
    siblings.append(question)
    if question.number:
        reading.earlier[question.number] = (question, row[0], depth)


def _not_before(number: str) -> str:
    return _("No question before this one has the number “%(number)s”.") % {"number": number[:20]}


def _number(reading: _Reading, row: Row) -> str:
    number = reading.cell(row, "number")
    if not number:
        reading.wrong(row[0], "number", _("The number is missing. Give the question one."))
        return ""
    if not QUESTION_NUMBER.fullmatch(number):
        reading.wrong(
            row[0],
            "number",
            _("Use at most 16 letters, digits, dots, hyphens and parentheses, a letter or digit first."),
        )
        return ""
    if number in reading.earlier:
        reading.wrong(
            row[0],
            "number",
            _("The question in row %(row)s has the number “%(number)s” too. Number them apart.")
            % {"row": reading.earlier[number][1], "number": number},
        )
        return ""
    return number


def _words(reading: _Reading, row: Row) -> str:
    text = reading.cell(row, "text")
    if not text:
        reading.wrong(row[0], "text", _("The words of the question are missing."))
    return text


def _kind(reading: _Reading, row: Row) -> str:
    said = _folded(reading.cell(row, "kind"))
    if not said:
        return QuestionKind.SINGLE_CHOICE if reading.cell(row, "options") else QuestionKind.FREE_TEXT
    known = {_folded(kind): kind for kind in QuestionKind.values}
    known |= {_folded(str(words)): kind for kind, words in QUESTION_KINDS.items()}
    if said not in known:
        names = {"said": said[:40], "names": ", ".join(QuestionKind.values)}
        reading.wrong(row[0], "kind", _("“%(said)s” is not known. Use one of: %(names)s.") % names)
        return QuestionKind.FREE_TEXT
    return known[said]


def _options(reading: _Reading, row: Row, kind: str) -> list[str]:
    options = [" ".join(each.split()) for each in reading.cell(row, "options").split("|")]
    options = [each for each in options if each]
    if len(set(options)) < len(options):
        reading.wrong(row[0], "options", _("An option stands there twice. Keep one."))
    if any(len(each) > 500 for each in options):
        reading.wrong(row[0], "options", _("An option has more than 500 characters. Shorten it."))
    if kind in CHOICES and len(options) < 2:
        reading.wrong(row[0], "options", _("A choice needs at least two options, with | between them."))
    if kind not in CHOICES and options:
        reading.wrong(row[0], "options", _("Only a choice has options. Change the kind, or empty the cell."))
    return options


def _flag(reading: _Reading, row: Row) -> bool:
    said = reading.cell(row, "required").casefold()
    if said in TRUE or said == _("yes"):
        return True
    if said not in FALSE and said != _("no"):
        reading.wrong(row[0], "required", _("Write “yes” or “no”."))
    return False


def _most(reading: _Reading, row: Row, column: str) -> int | None:
    said = reading.cell(row, column)
    if not said:
        return None
    plain = said.replace(" ", "").replace("\u00a0", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 12 and 0 < int(plain) <= HIGHEST):
        reading.wrong(row[0], column, _("A whole number above 0 is needed, in digits alone."))
        return None
    return int(plain)


def _bound(reading: _Reading, row: Row, column: str, kind: str) -> Decimal | None:
    said = reading.cell(row, column)
    if not said:
        return None
    if kind != QuestionKind.NUMBER:
        reading.wrong(row[0], column, _("Only a question of the kind “number” has this."))
    elif not DECIMAL.fullmatch(said):
        reading.wrong(row[0], column, _("A number like 10, -5 or 2.5 is needed here."))
    else:
        return Decimal(said)
    return None


def _condition(reading: _Reading, row: Row) -> list[dict[str, object]]:
    """“3: yes | perhaps; 4: no”: one of these was chosen in question 3, and that one in question 4."""
    found: list[dict[str, object]] = []
    for entry in filter(None, map(str.strip, NEXT_CONDITION.split(reading.cell(row, "condition")))):
        number, colon, chosen = (part.strip() for part in entry.partition(":"))
        options = [" ".join(each.split()) for each in chosen.split("|") if each.strip()]
        if not colon or not options:
            reading.wrong(
                row[0], "condition", _("Write it like “3: yes | perhaps”: a number, a colon, then options.")
            )
            continue
        if number not in reading.earlier:
            reading.wrong(row[0], "condition", _not_before(number))
            continue
        asked = reading.earlier[number][0]
        unknown = [each for each in options if each not in asked.options]
        if asked.kind not in CHOICES:
            reading.wrong(
                row[0], "condition", _("Question %(number)s offers no choice.") % {"number": number}
            )
        elif unknown:
            words = {"number": number, "option": unknown[0][:60]}
            reading.wrong(row[0], "condition", _("Question %(number)s has no option “%(option)s”.") % words)
        else:
            found.append({"question": number, "options": options})
    return found
