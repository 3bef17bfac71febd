"""Questions from text that was pasted: a guess at what each line is, for a person to confirm, and what follows from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaign.consultations.importer.questions import QUESTION_NUMBER, QuestionData, SectionData
from campaign.consultations.models import QuestionKind

MOST_LINES = 900  # one field of a form each
HEADING = 120  # characters that the title of a section has at most


class LineKind(StrEnum):
    """What a line is."""

    SECTION = "section"
    QUESTION = "question"
    PART = "part"
    OPTION = "option"
    NOTE = "note"
    LIMIT = "limit"
    LEAVE = "leave"


LINE_KINDS: dict[str, Promise] = {
    LineKind.SECTION: gettext_lazy("Title of a section"),
    LineKind.QUESTION: gettext_lazy("Question"),
    LineKind.PART: gettext_lazy("Part of the question above"),
    LineKind.OPTION: gettext_lazy("Answer to choose from"),
    LineKind.NOTE: gettext_lazy("More words of what stands above"),
    LineKind.LIMIT: gettext_lazy("Limit of the question above"),
    LineKind.LEAVE: pgettext_lazy("a line of text", "Leave it out"),
}


@dataclass(frozen=True)
class Line:
    """A line that is not empty. `place` counts all lines from 1; `marker` is its number, letter or bullet."""

    place: int
    text: str
    kind: LineKind
    marker: str = ""
    words: str = ""  # the text after its marker
    is_doubtful: bool = False


@dataclass(frozen=True)
class LineMistake:
    """What makes no sense of what a line is said to be."""

    place: int
    remedy: str


NUMBERED = re.compile(
    r"(?P<word>(?:question|frage|pregunta|questão|domanda|vraag|pytanie|q|f|질문|問|第)\s*)?"
    r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?)(?:\s*(?P<end>[.):\]、．]|[–—-](?=\s)))?\s+(?P<words>\S.*)",
    re.IGNORECASE,
)
LETTERED = re.compile(r"\(?(?P<number>[a-z]|[ivx]{1,4})[.)]\s+(?P<words>\S.*)", re.IGNORECASE)
# A sign, or a box or circle to mark as it is typed: [ ], [x], ( ).
BULLET = re.compile(r"(?P<number>[-•*–—◦○●□☐◻▪‣o]|\[\s?[xX]?\s?\]|\(\s?\))\s+(?P<words>\S.*)")
SECTION = re.compile(
    r"(?:#{1,4}\s+\S|(?:section|part|chapter|abschnitt|teil|partie|parte)\s+\w{1,5}\b)", re.IGNORECASE
)
LIMIT = re.compile(
    r"(?P<total>\d{1,3}(?:[ .,\u00a0]\d{3}){1,2}|\d{1,7})\s*(?=[wmpcz])(?P<unit>words?|w[öo]rter|mots|palabras|palavras|parole|"
    r"characters?|zeichen|caract[eè]res|caracteres|caratteri)\b",
    re.IGNORECASE,
)
LIMIT_ALONE = re.compile(
    r"[(\[]?\s{0,3}(?:max(?:imum|\.)?|up to|at most|no more than|limit|höchstens|maximal)\b", re.IGNORECASE
)
WORD_UNITS = ("wor", "wör", "mot", "pal", "par")
SEVERAL = re.compile(r"all that apply|more than one|multiple|several|mehrere|plusieurs", re.IGNORECASE)


def read_lines(text: str) -> list[Line]:
    """What each line seems to be. No line that is not empty gets lost."""
    found: list[Line] = []
    raw = text.split("\n")
    for place, line in enumerate(raw, start=1):
        if not line.strip():
            continue
        follows = place > 1 and bool(raw[place - 2].strip())
        found.append(_guess(place, line.strip(), found, follows=follows))
    return found


def _guess(place: int, text: str, before: list[Line], *, follows: bool) -> Line:
    above = next((each for each in reversed(before) if each.kind != LineKind.NOTE), None)
    asked = any(each.kind == LineKind.QUESTION for each in before)
    if len(text) < HEADING and LIMIT_ALONE.match(text) and LIMIT.search(text):
        return Line(place, text, LineKind.LIMIT, is_doubtful=not asked)
    if SECTION.match(text) and len(text) <= HEADING and not text.endswith("?"):
        return Line(place, text, LineKind.SECTION, *_split_hash(text))
    if match := NUMBERED.fullmatch(text):
        return _numbered(place, text, match, before)
    if match := LETTERED.fullmatch(text):
        # “B. Enforcement” after a blank line begins a section as often as it is a part.
        if match["number"].isupper() and not follows and len(text) <= HEADING and text[-1] not in ".?":
            return Line(place, text, LineKind.SECTION, "", text, is_doubtful=True)
        kind = LineKind.PART if asked else LineKind.QUESTION
        return Line(place, text, kind, match["number"], match["words"], is_doubtful=not asked)
    if match := BULLET.fullmatch(text):
        is_question = match["words"].endswith("?") and not (above and above.kind == LineKind.OPTION)
        kind = LineKind.QUESTION if is_question or not asked else LineKind.OPTION
        return Line(place, text, kind, match["number"], match["words"], is_doubtful=kind == LineKind.QUESTION)
    return _bare(place, text, above, follows=follows, asked=asked)


def _split_hash(text: str) -> tuple[str, str]:
    hashes = len(text) - len(text.lstrip("#"))
    return text[:hashes], text[hashes:].strip()


def _numbered(place: int, text: str, match: re.Match[str], before: list[Line]) -> Line:
    number, sure = match["number"], bool(match["end"] or match["word"])
    head = number.rpartition(".")[0]
    known = {each.marker for each in before if each.kind in {LineKind.QUESTION, LineKind.PART}}
    kind = LineKind.PART if head and head in known else LineKind.QUESTION
    # “2026 was a year …” begins with a number as well.
    return Line(place, text, kind, number, match["words"], is_doubtful=not sure or number in known)


def _bare(place: int, text: str, above: Line | None, *, follows: bool, asked: bool) -> Line:
    if text.endswith("?") and not (follows and asked):
        return Line(place, text, LineKind.QUESTION, "", text, is_doubtful=True)
    looks_like_title = len(text) <= HEADING and text[-1] not in ".?!;,:"
    if follows and above is not None:
        doubtful = looks_like_title or above.kind != LineKind.QUESTION
        return Line(place, text, LineKind.NOTE, "", text, is_doubtful=doubtful)
    if looks_like_title:
        return Line(place, text, LineKind.SECTION, "", text, is_doubtful=not text.isupper())
    return Line(place, text, LineKind.NOTE if asked else LineKind.LEAVE, "", text, is_doubtful=True)


# --- What follows from what the lines are -----------------------------------------
class _Building:
    def __init__(self) -> None:
        self.sections: list[SectionData] = []
        self.question: QuestionData | None = None  # the last one that is no part
        self.last: QuestionData | None = None  # the last one, or part
        self.mistakes: list[LineMistake] = []
        self.numbers: set[str] = set()
        self.places: dict[int, int] = {}  # of each question's line, by its identity

    def wrong(self, line: Line, remedy: str) -> None:
        self.mistakes.append(LineMistake(line.place, remedy))


def build(lines: list[Line]) -> tuple[list[SectionData], list[LineMistake]]:
    """Sections and questions of lines whose kinds were confirmed, and what makes no sense of them."""
    building = _Building()
    steps = {
        LineKind.SECTION: _section,
        LineKind.QUESTION: _question,
        LineKind.PART: _part,
        LineKind.OPTION: _option,
        LineKind.NOTE: _note,
        LineKind.LIMIT: _limit,
    }
    for line in lines:
        if line.kind != LineKind.LEAVE:
            steps[line.kind](building, line)
    for section in building.sections:
        for question in section.questions:
            for each in (question, *question.parts):
                _finish(building, each)
    if building.question is None and not building.mistakes:
        place = lines[0].place if lines else 1
        building.mistakes.append(LineMistake(place, _("No line is a question. Say which ones are.")))
    return building.sections, building.mistakes


def confirmed(lines: list[Line], kinds: dict[int, LineKind]) -> list[Line]:
    """The lines with what a person says they are, by their places."""
    return [_as(line, kinds.get(line.place, line.kind)) for line in lines]


def _as(line: Line, kind: LineKind) -> Line:
    if kind == line.kind:
        return line
    match = NUMBERED.fullmatch(line.text) or LETTERED.fullmatch(line.text) or BULLET.fullmatch(line.text)
    if match and kind in {LineKind.QUESTION, LineKind.PART, LineKind.OPTION}:
        return replace(line, kind=kind, marker=match["number"], words=match["words"])
    return replace(line, kind=kind, marker="", words=line.text)


def _section(building: _Building, line: Line) -> None:
    title = line.words or line.text
    if len(title) > 300:
        building.wrong(line, _("A title has at most 300 characters. Choose something else."))
    key = slugify(title)[:50] or "section"
    keys = {each.key for each in building.sections}
    building.sections.append(SectionData(key if key not in keys else f"{key}-{len(keys) + 1}", title, []))
    building.question = building.last = None


def _question(building: _Building, line: Line) -> None:
    if not building.sections:
        building.sections.append(SectionData("questions", _("Questions"), []))
    whole = [int(each) for each in building.numbers if each.isascii() and each.isdigit()]
    question = _new(
        building, line, line.marker if line.marker[:1].isdigit() else str(max(whole, default=0) + 1)
    )
    building.sections[-1].questions.append(question)
    building.question = building.last = question


def _part(building: _Building, line: Line) -> None:
    above = building.question
    if above is None:
        building.wrong(line, _("No question of this section stands above this part. Choose something else."))
        return
    marker = line.marker
    if not marker[:1].isdigit():
        letter = marker if marker[:1].isalpha() and marker.isascii() else str(len(above.parts) + 1)
        marker = f"{above.number}({letter})" if letter.isalpha() else f"{above.number}.{letter}"
    part = _new(building, line, marker)
    above.parts.append(part)
    building.last = part


def _new(building: _Building, line: Line, number: str) -> QuestionData:
    if not QUESTION_NUMBER.fullmatch(number):
        building.wrong(line, _("The number “%(number)s” is too long.") % {"number": number[:30]})
    if number in building.numbers:
        building.wrong(
            line,
            _(
                "Another question has the number “%(number)s” too. Choose something else, or number them apart in the text."
            )
            % {"number": number},
        )
    building.numbers.add(number)
    question = QuestionData(number=number, text=line.words or line.text, kind=QuestionKind.FREE_TEXT)
    building.places[id(question)] = line.place
    return question


def _option(building: _Building, line: Line) -> None:
    option = " ".join((line.words or line.text).split())
    if building.last is None:
        building.wrong(
            line, _("No question of this section stands above this answer. Choose something else.")
        )
    elif option in building.last.options:
        building.wrong(line, _("This answer stands there twice. Leave one out."))
    elif len(option) > 500:
        building.wrong(line, _("An answer to choose from has at most 500 characters. Choose something else."))
    else:
        building.last.options.append(option)


def _note(building: _Building, line: Line) -> None:
    if building.last is not None:
        building.last.text = f"{building.last.text}\n{line.text}"
    elif building.sections and not building.sections[-1].questions:
        building.sections[-1].title = f"{building.sections[-1].title} {line.text}"[:300]
        if len(building.sections[-1].title) >= 300:
            building.wrong(line, _("A title has at most 300 characters. Choose something else."))
    else:
        building.wrong(line, _("Nothing stands above these words. Leave them out, or choose something else."))


def _limit(building: _Building, line: Line) -> None:
    match = LIMIT.search(line.text)
    if building.last is None or match is None:
        building.wrong(
            line, _("No limit can be read here, or no question stands above it. Choose something else.")
        )
        return
    total = int(re.sub(r"\D", "", match["total"]))
    if not total:
        building.wrong(
            line, _("No limit can be read here, or no question stands above it. Choose something else.")
        )
    elif match["unit"].lower().startswith(WORD_UNITS):
        building.last.max_words = total
    else:
        building.last.max_chars = total


def _finish(building: _Building, question: QuestionData) -> None:
    """A question with answers to choose from is a choice; a limit in its words is its limit."""
    if len(question.options) == 1:
        remedy = _(
            "One answer alone is no choice. Choose something else for its line, or for the lines below it."
        )
        building.mistakes.append(LineMistake(building.places[id(question)], remedy))
    if question.options:
        several = bool(SEVERAL.search(question.text))
        question.kind = QuestionKind.MULTI_CHOICE if several else QuestionKind.SINGLE_CHOICE
    elif question.max_words is None and question.max_chars is None:
        for inside in re.findall(r"[(\[][^()\[\]]{1,100}[)\]]", question.text):
            if LIMIT_ALONE.match(inside) and (match := LIMIT.search(inside)):
                total = int(re.sub(r"\D", "", match["total"])) or None
                if match["unit"].lower().startswith(WORD_UNITS):
                    question.max_words = total
                else:
                    question.max_chars = total
