"""The questions that stand here as one outline, and what somebody does to it by hand: put in, change, move, take out.

An outline is what a file states too, so that a change by hand is stored as a change by a file is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from campaign.consultations.importer.questions import CHOICES, MOST, QuestionData, SectionData, flat
from campaign.consultations.models import Consultation, Question, Section
from campaign.core.errors import DomainError

MOST_SECTIONS = 200
DEEPEST = 2  # parts of parts, and no deeper


class OutlineDoesNotHold(DomainError):
    """The questions would contradict each other."""


class PlaceIsGone(DomainError):
    message = _("What this change is about is no longer there. Go back to the questions and look again.")


def outline_of(consultation: Consultation) -> list[SectionData]:
    """The questions that are asked, as they stand, each with the row it is. Two queries."""
    titles, rows = _read(consultation)
    while not {row.section_id for row in rows} <= {None, *(title.pk for title in titles)}:
        titles, rows = _read(consultation)  # somebody stored other sections between the two reads
    sections = {row.pk: SectionData(key=row.key, title=row.title, questions=[]) for row in titles}
    found: dict[UUID, QuestionData] = {}
    for row in rows:
        data = found[row.pk] = data_of(row)
        parent = found.get(row.parent_id) if row.parent_id else None
        if parent is not None:
            parent.parts.append(data)
        elif row.section_id is not None:
            sections[row.section_id].questions.append(data)
    return list(sections.values())


def _read(consultation: Consultation) -> tuple[list[Section], list[Question]]:
    titles = list(consultation.sections.order_by("position", "pk"))
    return titles, list(consultation.questions.filter(gone_at=None).order_by("position"))


def data_of(row: Question) -> QuestionData:
    """One question as an outline has it, without its parts."""
    return QuestionData(
        number=row.number,
        text=row.text,
        kind=row.kind,
        is_required=row.is_required,
        max_chars=row.max_chars,
        max_words=row.max_words,
        minimum=row.minimum,
        maximum=row.maximum,
        options=list(row.options),
        condition=[dict(each) for each in row.condition],
        row=row.pk,
    )


def all_questions(sections: Iterable[SectionData]) -> Iterator[QuestionData]:
    """All questions and their parts, in reading order."""
    for section in sections:
        for question in section.questions:
            yield from flat(question)


def by_depth(sections: list[SectionData]) -> Iterator[tuple[SectionData, QuestionData, int]]:
    """Each question in reading order, with its section and how deep it is: 0, or 1 and 2 for parts."""

    def below(questions: list[QuestionData], depth: int) -> Iterator[tuple[QuestionData, int]]:
        for question in questions:
            yield question, depth
            yield from below(question.parts, depth + 1)

    for section in sections:
        for question, depth in below(section.questions, 0):
            yield section, question, depth


def question_in(sections: list[SectionData], row: UUID) -> QuestionData:
    """The question with that id. Raises PlaceIsGone."""
    siblings, index = _where(sections, row)
    return siblings[index]


def _where(sections: list[SectionData], row: UUID) -> tuple[list[QuestionData], int]:
    waiting = [section.questions for section in sections]
    while waiting:
        siblings = waiting.pop()
        for index, question in enumerate(siblings):
            if question.row == row:
                return siblings, index
            waiting.append(question.parts)
    raise PlaceIsGone


# --- Places ---------------------------------------------------------------------
def places(
    sections: list[SectionData], *, moving: UUID | None = None
) -> list[tuple[str, str, QuestionData | None, str]]:
    """Where a question can be put: (value, section's title, question that is named, "start", "after" or "part").

    Not where `moving`, the question that is moved, stands itself with its parts.
    """
    own = {each.row for each in flat(question_in(sections, moving))} if moving else set()
    height = _height(question_in(sections, moving)) if moving else 0
    found: list[tuple[str, str, QuestionData | None, str]] = []
    for number, section in enumerate(sections):
        found.append((f"start:{number}", section.title, None, "start"))
        for where, question, depth in by_depth(sections):
            if where is not section or question.row in own:
                continue
            if depth + height <= DEEPEST:
                found.append((f"after:{question.row}", section.title, question, "after"))
            if depth + 1 + height <= DEEPEST:
                found.append((f"part:{question.row}", section.title, question, "part"))
    return found


def _height(question: QuestionData) -> int:
    return 1 + max(map(_height, question.parts)) if question.parts else 0


def put(sections: list[SectionData], question: QuestionData, place: str) -> None:
    """Put a question into a place that `places` names. Raises PlaceIsGone."""
    kind, _colon, name = place.partition(":")
    try:
        if kind == "start":
            sections[int(name)].questions.insert(0, question)
            return
        siblings, index = _where(sections, UUID(name))
    except (ValueError, IndexError):
        raise PlaceIsGone from None
    if kind == "part":
        siblings[index].parts.append(question)
    else:
        siblings.insert(index + 1, question)


def take(sections: list[SectionData], row: UUID) -> QuestionData:
    """Take a question out, with its parts. Raises PlaceIsGone."""
    siblings, index = _where(sections, row)
    return siblings.pop(index)


def shift(sections: list[SectionData], row: UUID, *, up: bool) -> None:
    """One place up or down among its siblings; at the end of a section, into the next one. At the very end it stays.

    Raises PlaceIsGone.
    """
    siblings, index = _where(sections, row)
    to = index - 1 if up else index + 1
    if 0 <= to < len(siblings):
        siblings[index], siblings[to] = siblings[to], siblings[index]
        return
    home = next((number for number, each in enumerate(sections) if each.questions is siblings), None)
    if home is None:
        return
    other = home - 1 if up else home + 1
    if 0 <= other < len(sections):
        questions = sections[other].questions
        questions.insert(len(questions) if up else 0, siblings.pop(index))


# --- Changes --------------------------------------------------------------------
def change(sections: list[SectionData], row: UUID, said: QuestionData) -> None:
    """Let a question say what `said` does. Conditions that name it follow its number and the new words of its options.

    Raises PlaceIsGone.
    """
    siblings, index = _where(sections, row)
    before = siblings[index]
    renamed = _renamed(before.options, said.options)
    siblings[index] = replace(said, parts=before.parts, row=row)
    for question in all_questions(sections):
        question.condition = [
            {
                "question": said.number,
                "options": [renamed.get(option, option) for option in each["options"]],
            }
            if each["question"] == before.number
            else each
            for each in question.condition
        ]


def _renamed(before: list[str], after: list[str]) -> dict[str, str]:
    """Options that read otherwise in the same place, where none was added, moved or taken out."""
    if len(before) != len(after):
        return {}
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    if any(new in before or old in after for old, new in pairs):
        return {}
    return dict(pairs)


def check(sections: list[SectionData]) -> None:
    """Raises OutlineDoesNotHold: numbers that stand twice, conditions that name nothing before them, too much of anything."""
    earlier: dict[str, QuestionData] = {}
    for _section, question, depth in by_depth(sections):
        if question.number in earlier:
            raise OutlineDoesNotHold(
                _("Two questions have the number %(number)s. Number them apart.")
                % {"number": question.number}
            )
        if depth > DEEPEST:
            raise OutlineDoesNotHold(
                _("Questions can have parts of parts, and no deeper. Choose another place.")
            )
        for each in question.condition:
            _check_condition(question, each["question"], each["options"], earlier)
        earlier[question.number] = question
    if len(earlier) > MOST:
        raise OutlineDoesNotHold(_("A consultation can have at most %(most)s questions.") % {"most": MOST})
    if len(sections) > MOST_SECTIONS:
        raise OutlineDoesNotHold(
            _("A consultation can have at most %(most)s sections.") % {"most": MOST_SECTIONS}
        )


def _check_condition(
    question: QuestionData, number: str, options: list[str], earlier: dict[str, QuestionData]
) -> None:
    named, words = earlier.get(number), {"number": question.number, "other": number}
    if named is None:
        raise OutlineDoesNotHold(
            _(
                "Question %(number)s is asked only after a choice in question %(other)s, which would not stand before it. "
                "Change the condition of question %(number)s first."
            )
            % words
        )
    if named.kind not in CHOICES or not set(options) <= set(named.options):
        raise OutlineDoesNotHold(
            _(
                "Question %(number)s is asked only after a choice in question %(other)s that would no longer be offered there. "
                "Change the condition of question %(number)s first."
            )
            % words
        )
