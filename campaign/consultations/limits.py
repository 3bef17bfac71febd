"""Limits of a portal: data, not code. What is counted, how, and whether it fits.

A consultation's own notice beats the portal's profile. "None stated" is never "no limit".
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from campaign.consultations.models import Answer, Consultation, Question

UNITS = ("characters", "bytes", "characters-and-bytes", "words")
COUNTED_ELSEWHERE = ("pages",)  # known from the finished document only
SCOPES = ("submission", "answer", "section", "paragraph", "page")
STATUSES = ("verified", "reported", "uncertain")
STATUS_WORDS = {
    "verified": _("read in an official source"),
    "reported": _("reported by respondents or press"),
    "uncertain": _("often said, not checked"),
}
UNIT_WORDS = {
    "characters": _("characters"),
    "bytes": _("bytes"),
    "characters-and-bytes": _("characters and bytes"),
    "words": _("words"),
}
SEPARATOR = "\n\n"


@dataclass(frozen=True)
class Limit:
    """At most `maximum` of `unit`. `origin` is "call" (the consultation's notice) or "portal" (its profile)."""

    unit: str
    maximum: int
    status: str
    origin: str
    note: str = ""

    @property
    def binds(self) -> bool:
        """Whether the source is good enough to refuse a longer text; a weaker one warns."""
        return self.status == "verified"

    @property
    def status_words(self) -> str:
        return str(STATUS_WORDS[self.status])

    @property
    def unit_words(self) -> str:
        return str(UNIT_WORDS[self.unit])


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


def submission_limits(consultation: Consultation) -> list[Limit]:
    """The limits of everything together: the call's own if it states any, else the portal's. Empty: none is stated."""
    stated = consultation.constraints.get("whole_submission") or {}
    status = stated.get("status") or "uncertain"
    units = {"max_chars": stated.get("counts") or "characters", "max_words": "words"}
    own = [Limit(unit, stated[key], status, "call") for key, unit in units.items() if stated.get(key)]
    return own or _profile_limits(consultation, "submission")


def answer_limits(consultation: Consultation, question: Question) -> list[Limit]:
    """The limits of one answer: the question's own, else the portal's. Empty: none is stated."""
    if question.max_chars:
        return [Limit("characters", question.max_chars, "verified", "call")]
    return _profile_limits(consultation, "answer")


def _profile_limits(consultation: Consultation, scope: str) -> list[Limit]:
    """One limit for each unit; where a portal has several of one unit (by status of the sender), the smallest."""
    smallest: dict[str, Limit] = {}
    for entry in consultation.profile.data.get("text_limits") or []:
        if entry["scope"] != scope or not entry.get("max") or entry["unit"] not in UNITS:
            continue
        note = entry.get("note") or entry.get("applies_to") or ""
        limit = Limit(entry["unit"], entry["max"], entry.get("status") or "uncertain", "portal", note)
        known = smallest.setdefault(limit.unit, limit)
        if limit.maximum < known.maximum:
            smallest[limit.unit] = limit
    return list(smallest.values())


def box_block(number: str, short_text: str) -> str:
    """One answer as it goes into the portal's box: its question's number, then the text."""
    return f"{number}. {folded(short_text)}"


def box_text(answers: Iterable[Answer]) -> str:
    """All short answers as one text for one box, in the order given. Labels and blank lines count too."""
    return SEPARATOR.join(
        box_block(answer.question.number, answer.short_text)
        for answer in answers
        if answer.short_text.strip()
    )


def submission_usages(consultation: Consultation, answers: Iterable[Answer]) -> list[Usage]:
    """How much of each shared limit all answers use together."""
    text = box_text(answers)
    return [Usage(limit, measure(text, limit.unit)) for limit in submission_limits(consultation)]


def answer_usages(consultation: Consultation, question: Question, short_text: str) -> list[Usage]:
    """How much of each of its own limits one answer uses."""
    return [Usage(limit, measure(short_text, limit.unit)) for limit in answer_limits(consultation, question)]
