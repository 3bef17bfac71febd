"""What a changed file would change: questions, facts, the deadline. For the eyes of who decides; stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.consultations.importer.channels import ChannelData, Clock, clock_of
from campaign.consultations.importer.consultations import Call
from campaign.consultations.importer.questions import QuestionData, SectionData
from campaign.consultations.importer.storing import asked_in, asked_rows, matched
from campaign.consultations.kinds import call_kind_words, question_kind_words
from campaign.consultations.models import (
    CHANNEL_KINDS,
    Channel,
    Consultation,
    Question,
    Requirement,
    RequirementStatus,
    Topic,
)
from campaign.consultations.requirements import about, in_words, language_words, value_words
from campaign.consultations.values import plain_number
from campaign.documents.pairing import places_in_order
from campaign.documents.words import Piece, word_changes

FACTS: dict[str, Promise] = {
    "title": gettext_lazy("Title"),
    "reference": gettext_lazy("Reference"),
    "kind": gettext_lazy("Kind"),
    "subject": gettext_lazy("Subject"),
    "locale": gettext_lazy("Language"),
    "opened_date": gettext_lazy("Opened"),
    "portal_url": gettext_lazy("Address on the portal"),
    "languages": gettext_lazy("Languages"),
    "license": gettext_lazy("License of the text"),
    "source": gettext_lazy("Source"),
    "notes": gettext_lazy("Notes"),
}
ASKS: dict[str, Promise] = {
    "kind": gettext_lazy("Kind of answer"),
    "options": gettext_lazy("Answers to choose from"),
    "is_required": gettext_lazy("An answer is required"),
    "condition": gettext_lazy("Condition"),
    "max_chars": gettext_lazy("Characters at most"),
    "max_words": gettext_lazy("Words at most"),
    "minimum": gettext_lazy("Smallest number"),
    "maximum": gettext_lazy("Largest number"),
}


class Fate(StrEnum):
    """What becomes of a question."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    UNCHANGED = "unchanged"


FATE_WORDS: dict[str, Promise] = {
    Fate.ADDED: gettext_lazy("Added"),
    Fate.REMOVED: gettext_lazy("Removed"),
    Fate.CHANGED: gettext_lazy("Changed"),
    Fate.MOVED: gettext_lazy("Moved"),
    Fate.UNCHANGED: gettext_lazy("Unchanged"),
}


@dataclass(frozen=True)
class Difference:
    """A fact that is told otherwise now."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class QuestionChange:
    """What becomes of one question. `answered`: how many answers it has."""

    fate: Fate
    number: str
    former_number: str = ""  # where it differs
    words: tuple[Piece, ...] = ()
    differences: list[Difference] = field(default_factory=list)
    answered: int = 0
    outdates: bool = False  # whether its answers will be marked

    @property
    def fate_words(self) -> str:
        return str(FATE_WORDS[self.fate])


@dataclass(frozen=True)
class Changes:
    """All that a file changes."""

    facts: list[Difference]
    questions: list[QuestionChange]  # in reading order; those that go, last

    @property
    def marked(self) -> list[QuestionChange]:
        return [each for each in self.questions if each.fate != Fate.UNCHANGED]

    @property
    def unchanged_total(self) -> int:
        return len(self.questions) - len(self.marked)

    @property
    def answers_marked(self) -> int:
        """How many answers will have to be read again."""
        return sum(each.answered for each in self.questions if each.outdates)

    @property
    def answers_left(self) -> int:
        """How many answers lose their question, and are kept aside."""
        return sum(each.answered for each in self.questions if each.fate == Fate.REMOVED)

    @property
    def is_empty(self) -> bool:
        return not self.facts and not self.marked


def changes_of(call: Call, consultation: Consultation) -> Changes:
    """What a file would change of the consultation it is about."""
    return Changes(
        facts=[*_facts(call, consultation), *_channels(call.channels, consultation)],
        questions=question_changes(call.sections, consultation),
    )


def changes_of_questions(sections: list[SectionData], consultation: Consultation) -> Changes:
    """What a list of questions would change of the consultation it is brought for."""
    return Changes(facts=[], questions=question_changes(sections, consultation))


def question_changes(sections: list[SectionData], consultation: Consultation) -> list[QuestionChange]:
    """What becomes of each question when these take the place of those that stand here."""
    rows, asked = asked_rows(consultation), asked_in(sections)
    found = matched(rows, asked)
    written = Count("answers", filter=~Q(answers__text="", answers__short_text=""))
    answered = dict(
        consultation.questions.filter(gone_at=None).annotate(total=written).values_list("pk", "total")
    )
    places = {row: place for place, row in enumerate(rows)}
    kept = [found[each.data.number] for each in asked if each.data.number in found]
    still = places_in_order({place: places[row] for place, row in enumerate(kept)})
    in_order = {kept[place] for place in still}
    changes = []
    for each in asked:
        row = found.get(each.data.number)
        if row is None:
            words: tuple[Piece, ...] = (("ins", each.data.text),)
            changes.append(QuestionChange(Fate.ADDED, each.data.number, words=words))
        else:
            changes.append(_change(row, each.data, answered.get(row.pk, 0), moved=row not in in_order))
    order = set(kept)
    for row in rows:
        if row not in order:
            words = (("del", row.text),)
            changes.append(
                QuestionChange(Fate.REMOVED, row.number, words=words, answered=answered.get(row.pk, 0))
            )
    return changes


def _change(row: Question, data: QuestionData, answered: int, *, moved: bool) -> QuestionChange:
    differences = [
        Difference(str(label), _in_words(name, getattr(row, name)), _in_words(name, getattr(data, name)))
        for name, label in ASKS.items()
        if getattr(row, name) != getattr(data, name)
    ]
    after = Question(text=data.text, kind=data.kind, options=data.options)
    fate = Fate.UNCHANGED
    if row.number != data.number or moved:
        fate = Fate.MOVED
    if differences or row.text != data.text:
        fate = Fate.CHANGED
    return QuestionChange(
        fate,
        data.number,
        former_number=row.number if row.number != data.number else "",
        words=word_changes(row.text, data.text),
        differences=differences,
        answered=answered,
        outdates=after.digest != row.digest,
    )


def _facts(call: Call, consultation: Consultation) -> Iterator[Difference]:
    for name, label in FACTS.items():
        before, after = getattr(consultation, name), call.values[name]
        if before != after:
            yield Difference(str(label), _fact(name, before), _fact(name, after))
    before_name, after_name = consultation.authority.name, call.root.need("authority").text().strip()
    if before_name != after_name:
        yield Difference(_("Authority"), before_name, after_name)
    before_slug, after_slug = consultation.profile.slug, call.root.need("portal").need("profile").text()
    if before_slug != after_slug:
        yield Difference(_("Portal"), before_slug, after_slug)
    yield from _clocks(_("Deadline"), clock_of(consultation), call.clock)
    before_rules = sorted(_requirement(row) for row in consultation.requirements.filter(changed_at=None))
    after_rules = sorted(_requirement(Requirement(**asdict(each))) for each in call.requirements)
    if before_rules != after_rules:
        yield Difference(_("What the notice asks"), "\n".join(before_rules), "\n".join(after_rules))


def _requirement(row: Requirement) -> str:
    parts = (str(Topic(row.topic).label), about(row), row.applies_to)
    status = RequirementStatus(row.status).label
    return f"{', '.join(part for part in parts if part)}: {value_words(row) or _('Not known')} ({status})"


def _clocks(label: str, before: Clock | None, after: Clock | None) -> Iterator[Difference]:
    if before != after:
        yield Difference(label, _clock(before), _clock(after))


def _clock(clock: Clock | None) -> str:
    if clock is None:
        return ""
    assumed = "\n" + _("The source gives a date only. The end of that day is our assumption.")
    wall_time = date_format(datetime.fromisoformat(clock.wall_time), "DATETIME_FORMAT")
    return f"{wall_time} ({clock.time_zone})\n{clock.stated_as}" + (assumed if clock.is_assumed else "")


def _channels(channels: list[ChannelData], consultation: Consultation) -> Iterator[Difference]:
    rows = {row.key: row for row in consultation.channels.order_by("position", "pk")}
    for data in channels:
        row = rows.pop(data.key, None)
        before = _channel(row, clock_of(row)) if row else ""
        after = _channel(data, data.clock)
        if before != after:
            yield Difference(_("Way in: %(name)s") % {"name": data.key}, before, after)
    for row in rows.values():
        yield Difference(_("Way in: %(name)s") % {"name": row.key}, _channel(row, clock_of(row)), "")


def _channel(row: Channel | ChannelData, clock: Clock | None) -> str:
    kind = str(CHANNEL_KINDS.get(row.kind, row.kind))
    parts = (kind, row.url, row.address, in_words(row.publication), row.note, _clock(clock))
    return "\n".join(part for part in parts if part)


def _in_words(name: str, value: Any) -> str:
    """What a question asks, as the page shows it."""
    if name == "kind":
        return question_kind_words(value)
    if name == "condition":
        pattern = _("After this in question %(number)s: %(options)s")
        return "\n".join(
            pattern % {"number": each["question"], "options": " | ".join(each["options"])} for each in value
        )
    if isinstance(value, Decimal):
        return number_format(plain_number(value))
    return _shown(value)


def _fact(name: str, value: Any) -> str:
    """A fact as the page shows it."""
    if name == "kind":
        return call_kind_words(value)
    if name == "locale":
        return language_words(value)
    if name == "languages":
        return ", ".join(language_words(each) for each in value)
    if name == "opened_date":
        return date_format(value, "DATE_FORMAT")
    return _shown(value)


def _shown(value: Any) -> str:
    """A value as the page shows it."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "\n".join(_shown(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_shown(each)}" for name, each in value.items())
    return str(value)
