"""Consultations from YAML. A file is read and checked whole before the first row is written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from campaign.accounts.models import User
from campaign.campaigns.models import Authority, Jurisdiction
from campaign.consultations.importer.readers import (
    expect_schema,
    items_of,
    optional_text,
    plain_of,
    short_text,
    zone_name,
)
from campaign.consultations.importer.requirements import read_constraints, store_requirements
from campaign.consultations.models import (
    Answer,
    Consultation,
    PortalProfile,
    Question,
    QuestionKind,
    RequirementOrigin,
    Section,
)
from campaign.core.cleaning import clean_text
from campaign.core.slugs import RESERVED, free_slug
from campaign.core.yamlfile import FileError, Node, parse_yaml

SCHEMA = 1
CONSULTATION_KEYS = {
    "schema", "id", "title", "authority", "jurisdiction", "reference", "kind", "subject", "opened", "closes",
    "closes_history", "portal", "channels", "languages", "constraints", "numbering", "complete", "sections", "source",
    "licence", "notes",
}  # fmt: skip
QUESTION_NUMBER = re.compile(r"[\w.()-]{1,16}")
QUESTION_KEYS = {"number", "type", "required", "max_chars", "text", "options", "parts"}


@dataclass
class _QuestionData:
    number: str
    text: str
    kind: str
    is_required: bool
    max_chars: int | None
    options: list[str]
    parts: list[_QuestionData] = field(default_factory=list)


@dataclass
class _SectionData:
    key: str
    title: str
    questions: list[_QuestionData]


def load_consultation(path: Path) -> Consultation:
    """Import one consultation file. Raises FileError, nothing stored."""
    return import_consultation(raw=read_bytes(path), file=path.name)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises FileError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        raise FileError(f"{path.name}: the file cannot be read. Check the path.") from None


def import_consultation(*, raw: bytes, file: str, by: User | None = None) -> Consultation:
    """Import the bytes of a file called `file`. The same bytes again change nothing.

    A changed file replaces the consultation's facts and questions as long as nobody has answered one of them, and only for who
    imported it, or for an operator (`by` is None). Raises FileError, nothing stored.
    """
    root = parse_yaml(raw, file=file)
    values, sections = _read_consultation(root)
    requirements = read_constraints(root.get("constraints"))
    digest = hashlib.sha256(raw).hexdigest()
    with transaction.atomic():
        profile = _known_profile(root)
        known = Consultation.objects.select_for_update().filter(slug=values["slug"]).first()
        if known and known.file_digest == digest:
            return known
        if known and by is not None and known.imported_by_id != by.pk:
            raise root.need("id").error(
                "somebody else has imported a consultation with this id. Choose another id."
            )
        if known and Answer.objects.filter(submission__consultation=known).exists():
            raise root.need("id").error(
                "this consultation is here already and has answers. Give the changed one another id."
            )
        authority = _authority(root)
        consultation, _created = Consultation.objects.update_or_create(
            slug=values["slug"],
            defaults={**values, "authority": authority, "profile": profile, "file_digest": digest},
            create_defaults={
                **values,
                "authority": authority,
                "profile": profile,
                "file_digest": digest,
                "imported_by": by,
            },
        )
        _store_questions(consultation, sections)
        store_requirements(requirements, consultation=consultation, origin=RequirementOrigin.CALL)
    return consultation


def _read_consultation(root: Node) -> tuple[dict[str, Any], list[_SectionData]]:
    expect_schema(root, SCHEMA)
    root.only(CONSULTATION_KEYS)
    slug_node = root.need("id")
    slug = slug_node.text()
    if (
        not slug.replace("-", "").isalnum()
        or not slug.isascii()
        or slug != slug.lower()
        or len(slug) > 80
        or slug in RESERVED
    ):
        raise slug_node.error("use at most 80 lower-case letters, digits and hyphens.")
    values = {"slug": slug, **_facts(root), **_deadline(root)}
    sections = [_read_section(node) for node in root.need("sections").items()]
    _refuse_double_numbers(root, sections)
    return values, sections


def _facts(root: Node) -> dict[str, Any]:
    languages = [short_text(node, 16) for node in items_of(root.get("languages"))]
    portal = root.need("portal")
    return {
        "title": short_text(root.need("title"), 300),
        "reference": optional_text(root.get("reference"), 120),
        "kind": short_text(root.need("kind"), 40),
        "subject": optional_text(root.get("subject"), 500),
        "locale": languages[0] if languages and languages[0] != "all-eu" else "en",
        "opened_date": root.need("opened").date(),
        "portal_url": address.web_address() if (address := portal.get("url")) else "",
        "channels": [node.plain() for node in items_of(root.get("channels"))],
        "languages": languages,
        "has_official_numbers": root.need("numbering").one_of(["official", "assigned"]) == "official",
        "source": plain_of(root.get("source"), {}),
        "license": licence.mapping() if (licence := root.get("licence")) else {},
        "notes": plain_of(root.get("notes"), []),
    }


def _deadline(root: Node) -> dict[str, Any]:
    closes = root.need("closes")
    wall_time, zone = closes.need("at").local_datetime(), zone_name(closes.need("timezone"))
    for earlier in items_of(root.get("closes_history")):
        earlier.need("at").local_datetime()
        zone_name(earlier.need("timezone"))
    return {
        "closes_wall_time": wall_time.isoformat(timespec="seconds"),
        "time_zone": zone,
        "closes_at": datetime_in(wall_time, zone),
        "closes_stated_as": short_text(closes.need("stated_as"), 500),
        "closes_is_assumed": closes.need("precision").one_of(["stated", "assumed"]) == "assumed",
        "closes_history": plain_of(root.get("closes_history"), []),
    }


def datetime_in(wall_time: datetime, zone: str) -> datetime:
    """The moment a clock in `zone` shows `wall_time`; the first of two when clocks are set back."""
    return wall_time.replace(tzinfo=ZoneInfo(zone))


def _read_section(node: Node) -> _SectionData:
    node.only({"id", "title", "questions"})
    return _SectionData(
        key=short_text(node.need("id"), 64),
        title=short_text(node.need("title"), 300),
        questions=[_read_question(question) for question in node.need("questions").items()],
    )


def _read_question(node: Node, *, depth: int = 0) -> _QuestionData:
    node.only(QUESTION_KEYS)
    if depth > 2:
        raise node.error("questions can have parts of parts, and no deeper.")
    kind = node.need("type").one_of(QuestionKind.values)
    options = [option.text() for option in items_of(node.get("options"))]
    if kind in {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTI_CHOICE} and len(options) < 2:
        raise node.error("a choice needs at least two entries under “options”.")
    max_chars, required = node.get("max_chars"), node.get("required")
    number = node.need("number")
    if not QUESTION_NUMBER.fullmatch(number.text()):
        raise number.error("use at most 16 letters, digits, dots, hyphens and parentheses.")
    return _QuestionData(
        number=number.text(),
        text=clean_text(node.need("text").text()).strip(),
        kind=kind,
        is_required=required.boolean() if required else False,
        max_chars=max_chars.integer(minimum=1) if max_chars else None,
        options=options,
        parts=[_read_question(part, depth=depth + 1) for part in items_of(node.get("parts"))],
    )


def _refuse_double_numbers(root: Node, sections: list[_SectionData]) -> None:
    seen: set[str] = set()
    for question in (each for section in sections for top in section.questions for each in _flat(top)):
        if question.number in seen:
            raise root.need("sections").error(
                f"two questions have the number “{question.number}”. Number them apart."
            )
        seen.add(question.number)
    if not seen:
        raise root.need("sections").error("at least one question is needed.")


def _flat(question: _QuestionData) -> Iterator[_QuestionData]:
    yield question
    for part in question.parts:
        yield from _flat(part)


def _known_profile(root: Node) -> PortalProfile:
    node = root.need("portal").need("profile")
    profile = PortalProfile.objects.filter(slug=node.text()).first()
    if profile is None:
        known = ", ".join(PortalProfile.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise node.error(f"“{node.text()}” is not a known portal profile. Use one of: {known}.")
    return profile


def _authority(root: Node) -> Authority:
    node, code = root.need("authority"), root.need("jurisdiction")
    jurisdiction = Jurisdiction.objects.filter(code=code.text()).first()
    if jurisdiction is None:
        raise code.error(
            f"“{code.text()}” is not a known jurisdiction. Load it first, or use EU, UN or a country code."
        )
    name = short_text(node, 200)
    found = Authority.objects.filter(name=name, jurisdiction=jurisdiction).first()
    return found or Authority.objects.create(
        name=name, jurisdiction=jurisdiction, slug=free_slug(name, taken=Authority.objects.all())
    )


def _store_questions(consultation: Consultation, sections: list[_SectionData]) -> None:
    consultation.questions.all().delete()
    consultation.sections.all().delete()
    position = 0
    for index, data in enumerate(sections, start=1):
        section = Section.objects.create(
            consultation=consultation, position=index, key=data.key, title=data.title
        )
        waiting: list[tuple[_QuestionData, Question | None]] = [
            (question, None) for question in data.questions
        ]
        while waiting:
            question, parent = waiting.pop(0)
            position += 1
            row = Question.objects.create(
                consultation=consultation,
                section=section,
                parent=parent,
                position=position,
                number=question.number,
                text=question.text,
                kind=question.kind,
                options=question.options,
                is_required=question.is_required,
                max_chars=question.max_chars,
            )
            waiting = [(part, row) for part in question.parts] + waiting
