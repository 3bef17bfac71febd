"""The questions of a consultation, as a file states them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from campaign.consultations.importer.readers import items_of, short_text
from campaign.consultations.models import QuestionKind
from campaign.core.cleaning import clean_text
from campaign.core.yamlfile import Node

QUESTION_NUMBER = re.compile(r"[^\W_][\w.()-]{0,15}")
QUESTION_KEYS = {
    "number", "type", "required", "max_chars", "max_words", "minimum", "maximum", "condition", "text", "options", "parts",
}  # fmt: skip
CHOICES = {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTI_CHOICE}
MOST = 2_000  # questions of one consultation
DECIMAL = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,4})?")


@dataclass
class QuestionData:
    number: str
    text: str
    kind: str
    is_required: bool = False
    max_chars: int | None = None
    max_words: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    options: list[str] = field(default_factory=list)
    condition: list[dict[str, Any]] = field(default_factory=list)
    parts: list[QuestionData] = field(default_factory=list)
    row: UUID | None = None  # the question that it is, where that is known

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the row it becomes."""
        return {name: value for name, value in vars(self).items() if name not in {"parts", "row"}}


@dataclass
class SectionData:
    key: str
    title: str
    questions: list[QuestionData]


def read_sections(root: Node) -> list[SectionData]:
    """The sections of a file. Raises FileError."""
    earlier: dict[str, QuestionData] = {}
    sections = [_read_section(node, earlier) for node in root.need("sections").items()]
    if not earlier:
        raise root.need("sections").error(_("at least one question is needed."))
    if len(earlier) > MOST:
        raise root.need("sections").error(
            _("at most %(most)s questions are possible.") % {"most": f"{MOST:,}"}
        )
    return sections


def _read_section(node: Node, earlier: dict[str, QuestionData]) -> SectionData:
    node.only({"id", "title", "questions"})
    return SectionData(
        key=short_text(node.need("id"), 64),
        title=short_text(node.need("title"), 300),
        questions=[_read_question(question, earlier) for question in node.need("questions").items()],
    )


def _read_question(node: Node, earlier: dict[str, QuestionData], *, depth: int = 0) -> QuestionData:
    """One question and its parts, each added to `earlier`, those before it in reading order."""
    node.only(QUESTION_KEYS)
    if depth > 2:
        raise node.error(_("questions can have parts of parts, and no deeper."))
    kind = node.need("type").one_of(QuestionKind.values)
    required = node.get("required")
    question = QuestionData(
        number=_number(node.need("number"), earlier),
        text=clean_text(node.need("text").text()).strip(),
        kind=kind,
        is_required=required.boolean() if required else False,
        max_chars=_most(node.get("max_chars")),
        max_words=_most(node.get("max_words")),
        options=_options(node, kind),
        condition=[_condition(entry, earlier) for entry in items_of(node.get("condition"))],
    )
    question.minimum, question.maximum = _bounds(node, kind)
    earlier[question.number] = question
    question.parts = [_read_question(part, earlier, depth=depth + 1) for part in items_of(node.get("parts"))]
    return question


def _number(node: Node, earlier: dict[str, QuestionData]) -> str:
    number = node.text()
    if not QUESTION_NUMBER.fullmatch(number):
        raise node.error(
            _("use at most 16 letters, digits, dots, hyphens and parentheses, a letter or digit first.")
        )
    if number in earlier:
        raise node.error(
            _("two questions have the number “%(number)s”. Number them apart.") % {"number": number}
        )
    return number


def _most(node: Node | None) -> int | None:
    return node.integer(minimum=1) if node else None


def _options(node: Node, kind: str) -> list[str]:
    options: list[str] = []
    for entry in items_of(node.get("options")):
        # Several that were chosen are stored as lines, so each is one line.
        option = " ".join(short_text(entry, 500).split())
        if option in options:
            raise entry.error(_("this option stands there twice. Keep one."))
        options.append(option)
    if kind in CHOICES and len(options) < 2:
        raise node.error(_("a choice needs at least two entries under “options”."))
    return options


def _bounds(node: Node, kind: str) -> tuple[Decimal | None, Decimal | None]:
    minimum, maximum = (_decimal(node.get(key), kind) for key in ("minimum", "maximum"))
    if minimum is not None and maximum is not None and minimum > maximum:
        raise node.need("minimum").error(_("the smallest number cannot be above the largest one."))
    return minimum, maximum


def _decimal(node: Node | None, kind: str) -> Decimal | None:
    if node is None:
        return None
    if kind != QuestionKind.NUMBER:
        raise node.error(_("only a question of the type number has this."))
    if not DECIMAL.fullmatch(node.text()):
        raise node.error(_("a number like 10, -5 or 2.5 is needed here."))
    return Decimal(node.text())


def _condition(entry: Node, earlier: dict[str, QuestionData]) -> dict[str, Any]:
    entry.only({"question", "options"})
    node = entry.need("question")
    asked = earlier.get(node.text())
    if asked is None:
        raise node.error(
            _("no question before this one has the number “%(value)s”.") % {"value": node.text()}
        )
    if asked.kind not in CHOICES:
        raise node.error(
            _("question %(number)s offers no choice. A condition can name only one that does.")
            % {"number": asked.number}
        )
    options = [option.one_of(asked.options) for option in entry.need("options").items()]
    if not options:
        raise entry.error(_("name at least one of the options."))
    return {"question": asked.number, "options": options}


def flat(question: QuestionData) -> Iterator[QuestionData]:
    """A question and its parts, in reading order."""
    yield question
    for part in question.parts:
        yield from flat(part)
