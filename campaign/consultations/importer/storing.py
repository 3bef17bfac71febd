"""Questions of a file in place of those that stand here: which is which, and where answers stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from campaign.consultations.importer.questions import MOST, QuestionData, SectionData
from campaign.consultations.models import Consultation, Question, Section


@dataclass(frozen=True)
class Asked:
    """A question of a file in its place."""

    data: QuestionData
    section: int
    parent: str  # its number; "" for one that is no part
    path: tuple[str, ...]  # its words after those of the questions it is a part of


def asked_in(sections: Iterable[SectionData]) -> list[Asked]:
    """All questions of a file in reading order."""
    found: list[Asked] = []
    for index, section in enumerate(sections):
        for question in section.questions:
            _add(found, question, index, None)
    return found


def _add(found: list[Asked], data: QuestionData, section: int, parent: Asked | None) -> None:
    path = (*(parent.path if parent else ()), _folded(data.text))
    asked = Asked(data, section, parent.data.number if parent else "", path)
    found.append(asked)
    for part in data.parts:
        _add(found, part, section, asked)


def _folded(text: str) -> str:
    return " ".join(text.split())


def matched(rows: list[Question], asked: list[Asked]) -> dict[str, Question]:
    """Which row each question of the file is, by its number in the file. `rows` in reading order.

    The one it is said to be; else the same words under the same number; else the same words, where nothing else has them; else
    the same number.
    """
    paths = _paths(rows)
    by_id = {row.pk: row for row in rows}
    found = {each.data.number: by_id[each.data.row] for each in asked if each.data.row in by_id}
    taken = set(found.values())
    by_number = {row.number: row for row in rows if row not in taken}
    for each in asked:
        row = by_number.get(each.data.number)
        if each.data.number not in found and row and paths[row] == each.path:
            found[each.data.number] = row
    taken = set(found.values())
    words = Counter(paths[row] for row in rows if row not in taken)
    waiting = [each for each in asked if each.data.number not in found]
    wanted = Counter(each.path for each in waiting)
    by_path = {paths[row]: row for row in rows if row not in taken and words[paths[row]] == 1}
    for each in waiting:
        if wanted[each.path] == 1 and each.path in by_path:
            found[each.data.number] = by_path[each.path]
    taken = set(found.values())
    for each in waiting:
        row = by_number.get(each.data.number)
        if each.data.number not in found and row and row not in taken:
            found[each.data.number] = row
    return found


def _paths(rows: list[Question]) -> dict[Question, tuple[str, ...]]:
    paths: dict[Question, tuple[str, ...]] = {}
    by_id = {row.pk: row for row in rows}
    for row in rows:
        parent = by_id.get(row.parent_id) if row.parent_id else None
        paths[row] = (*(paths.get(parent, ()) if parent else ()), _folded(row.text))
    return paths


def asked_rows(consultation: Consultation) -> list[Question]:
    """The questions that stand here, in reading order."""
    return list(consultation.questions.filter(gone_at=None).order_by("position"))


def store_questions(consultation: Consultation, sections: list[SectionData], *, at: datetime) -> None:
    """Store the questions in place of those that are here; the consultation is locked.

    A question that is the same one stays the same row, and so keeps its answers. One that is gone is deleted, or kept with `at`
    where somebody has answered it; if it is asked again, its answers are back.
    """
    rows, asked = asked_rows(consultation), asked_in(sections)
    found = matched(rows, asked)
    found |= _asked_again(consultation, [each for each in asked if each.data.number not in found])
    consultation.questions.filter(gone_at=None).update(parent=None)
    _take_away(set(rows) - set(found.values()), at)
    # Out of the way of the numbers and positions that are given out below.
    consultation.questions.filter(gone_at=None).update(
        number=Concat(Value("~"), Cast("position", CharField())), position=F("position") + 5 * MOST
    )
    consultation.sections.all().delete()
    stored_sections = [
        Section.objects.create(
            consultation=consultation, position=position, key=section.key, title=section.title
        )
        for position, section in enumerate(sections, start=1)
    ]
    stored: dict[str, Question] = {}
    for position, each in enumerate(asked, start=1):
        row = found.get(each.data.number) or Question(consultation=consultation)
        for name, value in each.data.values.items():
            setattr(row, name, value)
        row.section, row.parent, row.position = (
            stored_sections[each.section],
            stored.get(each.parent),
            position,
        )
        row.save()
        each.data.row = row.pk
        stored[each.data.number] = row


def _asked_again(consultation: Consultation, asked: list[Asked]) -> dict[str, Question]:
    """Questions that were gone and are asked with the same number and words, by their numbers."""
    gone = {
        (row.number, _folded(row.text)): row
        for row in consultation.questions.filter(gone_at__isnull=False).order_by("gone_at", "pk")
    }
    found = {}
    for each in asked:
        row = gone.pop((each.data.number, _folded(each.data.text)), None)
        if row is not None:
            row.gone_at = None
            found[each.data.number] = row
    return found


def _take_away(rows: set[Question], at: datetime) -> None:
    gone = Question.objects.filter(pk__in=[row.pk for row in rows])
    worked_on = Q(answers__isnull=False) | Q(own_parts__isnull=False) | Q(remark_threads__isnull=False)
    worked_on |= Q(uploads__isnull=False)
    answered = list(gone.filter(worked_on).distinct().values_list("pk", flat=True))
    gone.filter(pk__in=answered).update(gone_at=at, section=None)
    gone.exclude(pk__in=answered).delete()
