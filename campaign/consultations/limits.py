"""Limits of texts: data, not code. What is counted, how, and whether it fits."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from campaign.consultations.models import (
    Answer,
    Question,
    QuestionKind,
    Requirement,
    RequirementOrigin,
    RequirementStatus,
    Topic,
)
from campaign.consultations.requirements import UNIT_NAMES, InForce

UNITS = (
    "characters",
    "bytes",
    "characters-and-bytes",
    "words",
)  # pages are known from the finished document only
SEPARATOR = "\n\n"


@dataclass(frozen=True)
class Limit:
    """At most `maximum` of `unit`, and who says so."""

    unit: str
    maximum: int
    status: str
    origin: str
    note: str = ""

    @property
    def binds(self) -> bool:
        """Whether the source is good enough to refuse a longer text; a weaker one warns."""
        return self.status == RequirementStatus.VERIFIED

    @property
    def status_words(self) -> str:
        return str(RequirementStatus(self.status).label)

    @property
    def unit_words(self) -> str:
        return str(UNIT_NAMES[self.unit])


@dataclass(frozen=True)
class Usage:
    """How much of a limit is used."""

    limit: Limit
    used: int

    @property
    def left(self) -> int:
        return self.limit.maximum - self.used

    @property
    def is_over(self) -> bool:
        return self.left < 0

    @property
    def over_by(self) -> int:
        return max(0, -self.left)

    @property
    def share(self) -> int:
        """Per cent used, 0 to 100."""
        return min(100, round(100 * self.used / self.limit.maximum))

    @property
    def is_near(self) -> bool:
        return not self.is_over and self.used >= 0.9 * self.limit.maximum


def folded(text: str) -> str:
    """As portals count it: Unicode NFC, each line end one character, no white space at the ends."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def measure(text: str, unit: str) -> int:
    """The length of `text` in `unit`: Unicode code points, UTF-8 bytes, the larger of both, or words."""
    text = folded(text)
    if unit == "characters":
        return len(text)
    if unit == "bytes":
        return len(text.encode())
    if unit == "characters-and-bytes":
        return max(len(text), len(text.encode()))
    if unit == "words":
        return len(text.split())
    raise ValueError(f"unknown unit {unit}")


def over(text: str, limits: Iterable[Limit]) -> list[Usage]:
    """The limits that a text passes, and by how much."""
    usages = [Usage(limit, measure(text, limit.unit)) for limit in limits]
    return [usage for usage in usages if usage.is_over]


def fits(text: str, limits: Iterable[Limit]) -> bool:
    """Whether a text passes no limit that is verified."""
    return not any(usage.limit.binds for usage in over(text, limits))


def submission_limits(in_force: InForce) -> list[Limit]:
    """The limits of everything together. Empty: none is known."""
    return _limits(in_force, "submission")


def answer_limits(in_force: InForce, question: Question) -> list[Limit]:
    """The limits of one answer: the question's own, and those of each answer in other units. Empty: none is known.

    A choice, a number, a date and a file are not typed into a box: they have none.
    """
    if question.kind != QuestionKind.FREE_TEXT:
        return []
    stated = [("characters", question.max_chars), ("words", question.max_words)]
    own = [
        Limit(unit, maximum, RequirementStatus.VERIFIED, RequirementOrigin.CALL)
        for unit, maximum in stated
        if maximum
    ]
    units = {limit.unit for limit in own}
    return [*own, *(limit for limit in _limits(in_force, "answer") if limit.unit not in units)]


def _limits(in_force: InForce, scope: str) -> list[Limit]:
    """The smallest verified limit of each unit; and beside it a smaller one that nobody verified, if there is one."""
    smallest: dict[tuple[str, bool], Limit] = {}
    for row in in_force.rows(Topic.TEXT_LENGTH, scope):
        if row.value is None or row.unit not in UNITS:
            continue
        limit = Limit(row.unit, row.value, row.status, row.origin, row.note or row.applies_to)
        known = smallest.setdefault((limit.unit, limit.binds), limit)
        if limit.maximum < known.maximum:
            smallest[limit.unit, limit.binds] = limit
    return [
        limit
        for (unit, binds), limit in smallest.items()
        if binds or (unit, True) not in smallest or limit.maximum < smallest[unit, True].maximum
    ]


def box_block(number: str, short_text: str) -> str:
    """One answer as it goes into the portal's box: its question's number, then the text."""
    return f"{number}. {folded(short_text)}"


def one_box(answers: Iterable[tuple[str, str]]) -> str:
    """Numbers with their short texts, in the order given, as one text for one box. Labels and blank lines count too."""
    return SEPARATOR.join(box_block(number, text) for number, text in answers if text.strip())


def box_text(answers: Iterable[Answer]) -> str:
    """All short answers that are typed, as one text for one box."""
    return one_box((each.question.number, each.short_text) for each in answers if is_typed(each))


def is_typed(answer: Answer) -> bool:
    """Whether its short answer is typed into a box: no choice, number, date or file."""
    return answer.question.kind == QuestionKind.FREE_TEXT and bool(answer.short_text.strip())


def submission_usages(in_force: InForce, answers: Iterable[Answer]) -> list[Usage]:
    """How much of each shared limit all answers use together."""
    text = box_text(answers)
    return [Usage(limit, measure(text, limit.unit)) for limit in submission_limits(in_force)]


def answer_usages(in_force: InForce, question: Question, short_text: str) -> list[Usage]:
    """How much of each of its own limits one answer uses."""
    return [Usage(limit, measure(short_text, limit.unit)) for limit in answer_limits(in_force, question)]


def submission_page_limits(in_force: InForce) -> list[Requirement]:
    """How many pages the whole reply may have: known from the finished document only."""
    return [row for row in in_force.rows(Topic.TEXT_LENGTH, "submission") if row.unit == "pages"]
