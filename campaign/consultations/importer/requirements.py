"""Requirements of portals and of calls from YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaign.consultations.importer.readers import items_of, optional_text, short_text
from campaign.consultations.limits import UNITS
from campaign.consultations.models import Requirement, RequirementStatus, Topic
from campaign.consultations.requirements import SCOPES, TEXT_UNITS, Form, form_of
from campaign.core.yamlfile import Node

KEYS = {"topic", "subject", "unit", "applies_to", "value", "status", "source", "note"}
CONSTRAINT_KEYS = {
    "one_submission_per_respondent", "anonymous_allowed", "whole_submission", "attachments", "identification",
    "publication_notice", "requirements",
}  # fmt: skip
LENGTHS = {"max_words": "words", "max_pages": "pages"}
FILES = {
    "max_count": (Topic.ATTACHMENT_COUNT, ""),
    "max_size_mb": (Topic.ATTACHMENT_SIZE, "kilobytes"),
    "formats": (Topic.ATTACHMENT_FORMATS, ""),
}


@dataclass(frozen=True, slots=True)
class RequirementData:
    """One requirement as a file states it."""

    topic: str
    value: Any
    status: str
    subject: str = ""
    unit: str = ""
    applies_to: str = ""
    source: str = ""
    note: str = ""

    @property
    def place(self) -> tuple[str, str, str, str]:
        return (self.topic, self.subject, self.unit, self.applies_to)


def read_requirements(node: Node | None) -> list[RequirementData]:
    """The entries of a list called `requirements`. Raises FileError."""
    found: dict[tuple[str, str, str, str], RequirementData] = {}
    for entry in items_of(node):
        data = _read(entry)
        if data.place in found:
            raise entry.error(_("this is stated twice. Keep one entry."))
        found[data.place] = data
    return list(found.values())


def _read(entry: Node) -> RequirementData:
    entry.only(KEYS)
    topic = entry.need("topic").one_of(Topic.values)
    unit, subject = _unit(entry, topic), optional_text(entry.get("subject"), 40)
    if topic == Topic.TEXT_LENGTH:
        entry.need("subject").one_of(SCOPES)
    value = entry.get("value")
    return RequirementData(
        topic=topic,
        subject=subject,
        unit=unit,
        applies_to=optional_text(entry.get("applies_to"), 200),
        value=_value(value, topic) if value else None,
        status=entry.need("status").one_of(RequirementStatus.values),
        source=optional_text(entry.get("source"), 500),
        note=optional_text(entry.get("note"), 500),
    )


def _unit(entry: Node, topic: str) -> str:
    if topic in {Topic.TEXT_LENGTH, Topic.FIELD_LENGTH}:
        return entry.need("unit").one_of(TEXT_UNITS)
    if topic == Topic.ATTACHMENT_SIZE:
        entry.need("unit").one_of(["megabytes"])
        return "kilobytes"
    return ""


def _value(node: Node, topic: str) -> Any:
    form = form_of(topic)
    if form == Form.FLAG:
        return node.boolean()
    if form == Form.LIST:
        return [short_text(each, 60) for each in node.items()]
    if form == Form.TEXT:
        return short_text(node, 500)
    if topic != Topic.ATTACHMENT_SIZE:
        return node.integer(minimum=1)
    size = node.plain()
    if isinstance(size, bool) or not isinstance(size, int | float) or not 0.001 <= size <= 100_000:
        raise node.error(_("write the size in megabytes as a number, like 10 or 2.5."))
    return round(size * 1_000)


def read_constraints(node: Node | None) -> list[RequirementData]:
    """What a call says itself, in the short form of its file. A value of null says nothing. Raises FileError."""
    if node is None:
        return []
    node.only(CONSTRAINT_KEYS)
    found = [
        *_lengths(node.get("whole_submission")),
        *_files(node.get("attachments")),
        *_respondent(node),
        *read_requirements(node.get("requirements")),
    ]
    if len({each.place for each in found}) < len(found):
        raise node.error(_("one requirement is stated twice. Keep one of the two."))
    return found


def _lengths(node: Node | None) -> Iterator[RequirementData]:
    if node is None:
        return
    status = _status(node)
    counts = node.get("counts")
    units = {"max_chars": counts.one_of(UNITS) if counts else "characters", **LENGTHS}
    for key, unit in units.items():
        if (value := node.get(key)) is not None:
            yield RequirementData(
                Topic.TEXT_LENGTH, value.integer(minimum=1), status, subject="submission", unit=unit
            )


def _files(node: Node | None) -> Iterator[RequirementData]:
    if node is None:
        return
    status = _status(node)
    for key, (topic, unit) in FILES.items():
        if (value := node.get(key)) is not None:
            yield RequirementData(topic, _value(value, topic), status, unit=unit)


def _respondent(node: Node) -> Iterator[RequirementData]:
    verified = RequirementStatus.VERIFIED.value  # the file says what the call itself says
    if (once := node.get("one_submission_per_respondent")) is not None:
        yield RequirementData(Topic.ONE_REPLY, once.boolean(), verified)
    if (anonymous := node.get("anonymous_allowed")) is not None:
        value = ["name", "anonymous"] if anonymous.boolean() else ["name"]
        yield RequirementData(Topic.PUBLICATION, value, verified)
    if (notice := node.get("publication_notice")) is not None:
        yield RequirementData(Topic.NOTE, short_text(notice, 500), verified, subject="publication")
    fields = node.get("identification")
    for who in fields.keys() if fields else []:
        asked = [short_text(each, 60) for each in items_of(fields.get(who))] if fields else []
        if asked:
            yield RequirementData(Topic.IDENTIFICATION, asked, verified, subject=who[:40])


def _status(node: Node) -> str:
    status = node.get("status")
    return status.one_of(RequirementStatus.values) if status else RequirementStatus.UNCERTAIN.value


def store_requirements(found: Iterable[RequirementData], **owner: Any) -> None:
    """Store what a file states in place of what an earlier version of it stated. `owner`: whose, and from which origin.

    What a person stated on the site stays, and stands for what the file says of the same.
    """
    rows = Requirement.objects.filter(**owner)
    rows.filter(changed_at=None).delete()
    stated = {row.place for row in rows}
    Requirement.objects.bulk_create(
        Requirement(**asdict(data), **owner, position=position)
        for position, data in enumerate(found)
        if data.place not in stated
    )
