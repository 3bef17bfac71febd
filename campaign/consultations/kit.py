"""The filing kit: what a person needs to hand a filing in at one portal, in the order in which it is needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from campaign.consultations.boxes import (
    adding_organizations,
    adds_words,
    box_of_reasons,
    box_of_texts,
    frozen_questions,
    is_picked,
    organization_box,
    own_part,
    takes_words,
)
from campaign.consultations.limits import (
    Limit,
    Usage,
    answer_limits,
    folded,
    measure,
    over,
    submission_limits,
)
from campaign.consultations.models import Channel, Filing, Question, Topic
from campaign.consultations.queries import ordered_channels, ordered_questions
from campaign.consultations.requirements import Holding, InForce, in_words, requirements_of
from campaign.core.locales import language_name
from campaign.organizations.models import Organization, Register

# Fields that say who files: only that person knows what to type.
OWN_FIELDS = frozenset(
    {"first_name", "last_name", "surname", "name", "contact_name", "representative_name"}
    | {"email", "phone", "phone_or_email", "fax", "cpf"}
)
STEPS = (
    Topic.LOGIN,
    Topic.ONE_REPLY,
    Topic.SAVING,
    Topic.ATTACHMENT_NOTE,
    Topic.ACCESSIBILITY,
    Topic.MASS_REPLIES,
)
AFTER = (Topic.RECEIPT, Topic.LATE, Topic.NOTE)


@dataclass(frozen=True)
class KitField:
    """A field of the portal's form. `value` is what to type, "" where only the person who files knows it.

    `over_by` says by how much the value is longer than the field.
    """

    name: str
    label: str
    value: str
    is_own: bool
    over_by: int = 0


@dataclass(frozen=True)
class KitBox:
    """What goes into one box, as the portal counts it. `number` is "" for the one box of the whole reply.

    `over`: the limits of now that it passes.
    """

    number: str
    question: str
    text: str
    length: int
    byte_length: int
    over: list[Usage]
    is_reasons: bool = False  # of a choice, a number or a date
    is_short: bool = True  # false: a full text stands in it, for want of a short one


@dataclass(frozen=True)
class KitPick:
    """What is chosen at the portal, or given as a number or a date. `value` has a line for each of several choices."""

    number: str
    question: str
    value: str


@dataclass(frozen=True)
class OwnReply:
    """What one organization types where it hands in a reply of its own: who it is, and the common answers with its own parts."""

    name: str
    organization_fields: list[KitField]
    optional_fields: list[KitField]
    boxes: list[KitBox]


@dataclass(frozen=True)
class Kit:
    """All of it, from what was fixed and what holds now."""

    channels: list[tuple[Channel, bool]]  # each with whether it is open
    organization_fields: list[KitField]
    optional_fields: list[KitField]
    person_fields: list[KitField]
    choices: list[Holding]  # what to choose from: kind of respondent, publication
    steps: list[Holding]
    after: list[Holding]
    picks: list[KitPick]
    boxes: list[KitBox]
    own_reply: OwnReply | None  # of the organization of who asks, where it adds something of its own
    uploads: list[dict[str, Any]]  # frozen questions whose answer is a file of the team
    in_force: InForce


def filing_kit(*, filing: Filing, at: datetime, organization: Organization | None = None) -> Kit:
    """The kit of a filing, for who works for `organization`. The submission comes with consultation and owner."""
    submission = filing.submission
    in_force = requirements_of(submission.consultation)
    values = _values(submission.campaign.owner, submission.locale)
    text = filing.frozen_text.data
    rows = list(ordered_questions(consultation=submission.consultation))
    questions = {each.number: each for each in rows} | {str(each.pk): each for each in rows}
    desk = _Desk(text, in_force, questions)
    return Kit(
        channels=[
            (channel, channel.is_open_at(at))
            for channel in ordered_channels(consultation=submission.consultation)
        ],
        organization_fields=_fields(in_force, "organization", values),
        optional_fields=_fields(in_force, "optional", values),
        person_fields=_fields(in_force, "individual", {}),
        choices=[
            holding
            for holding in in_force.holdings
            if holding.row.topic == Topic.PUBLICATION
            or (
                holding.row.topic == Topic.IDENTIFICATION
                and holding.row.subject in {"user_type", "anonymous"}
            )
        ],
        steps=[holding for topic in STEPS for holding in in_force.holdings if holding.row.topic == topic],
        after=[holding for topic in AFTER for holding in in_force.holdings if holding.row.topic == topic],
        picks=_picks(text),
        boxes=_boxes(desk),
        own_reply=_own_reply(desk, organization, submission.locale) if organization else None,
        uploads=[question for question in frozen_questions(text) if question.get("upload")],
        in_force=in_force,
    )


def _fields(in_force: InForce, subject: str, values: dict[str, str]) -> list[KitField]:
    longest = {row.subject: (row.value, row.unit) for row in in_force.rows(Topic.FIELD_LENGTH)}
    fields = []
    for row in in_force.rows(Topic.IDENTIFICATION, subject):
        for name in row.value or []:
            value = values.get(name, "")
            maximum, unit = longest.get(name, (None, "characters"))
            over = max(0, measure(value, unit) - maximum) if value and maximum else 0
            fields.append(KitField(name, in_words(name), value, name in OWN_FIELDS, over))
    return fields


def _values(owner: Organization, locale: str) -> dict[str, str]:
    """What the organization's profile knows, under the names that portals use."""
    numbers = {row.register: row.number for row in owner.registrations.order_by("created_at", "pk")}
    with override("en"):
        country = str(owner.country.name)
    return {
        "organization_name": owner.legal_name,
        "organization": owner.legal_name,
        "acronym": owner.acronym,
        "country": country,
        "city": owner.seat_region,
        "language": language_name(locale),
        "organization_type": str(owner.get_kind_display()),
        "user_type": str(owner.get_kind_display()),
        "transparency_register_number": numbers.get(Register.EU_TRANSPARENCY, ""),
        "lobby_register_number": numbers.get(Register.DE_LOBBY, ""),
        "siren_or_rna": numbers.get(Register.FR_SIREN, "") or numbers.get(Register.FR_RNA, ""),
        "main_activities": owner.about,
    }


@dataclass(frozen=True)
class _Desk:
    """What boxes are made from: the frozen text, the limits and the questions of now, by id and by number."""

    text: dict[str, Any]
    in_force: InForce
    questions: dict[str, Question]


def _boxes(desk: _Desk) -> list[KitBox]:
    """One box for everything where the portal counts everything together; else one for each answer. Reasons of choices have boxes
    of their own.
    """
    shared = submission_limits(desk.in_force)
    whole = desk.text["box_text"]
    boxes = [_box("", _("The whole reply"), whole, shared)] if shared and whole else []
    for question in frozen_questions(desk.text):
        if is_picked(question):
            boxes += _reasons(desk, question)
        elif not shared and _has_words(question):
            boxes.append(_question_box(desk, question, [question]))
    return [box for box in boxes if _can_be_typed(box)]


def _can_be_typed(box: KitBox) -> bool:
    """A full text that stands in for a short one, and that the portal would not take, is for the file alone."""
    return box.is_short or not any(usage.limit.binds for usage in box.over)


def _picks(text: dict[str, Any]) -> list[KitPick]:
    return [
        KitPick(question["number"], question["question"], question["short_answer"])
        for question in frozen_questions(text)
        if is_picked(question) and question["short_answer"].strip()
    ]


def _own_reply(desk: _Desk, organization: Organization, locale: str) -> OwnReply | None:
    """What the organization types for itself; None where it adds nothing to the common answers."""
    name = adding_organizations(desk.text).get(str(organization.pk))
    boxes = _own_boxes(desk, str(organization.pk)) if name else []
    if name is None or not boxes:
        return None
    values = _values(organization, locale)
    return OwnReply(
        name,
        _fields(desk.in_force, "organization", values),
        _fields(desk.in_force, "optional", values),
        boxes,
    )


def _own_boxes(desk: _Desk, organization_id: str) -> list[KitBox]:
    """The boxes of all with the organization's own parts in them; none where it adds nothing to what is typed."""
    shared = submission_limits(desk.in_force)
    if shared and adds_words(desk.text, organization_id):
        whole = organization_box(desk.text, organization_id)
        return [_box("", _("The whole reply"), whole, shared)]
    if shared:
        return []
    boxes, is_more = [], False
    for question in frozen_questions(desk.text):
        if is_picked(question):
            boxes += _reasons(desk, question)
            continue
        texts = [question] if _has_words(question) else []
        part = own_part(question, organization_id)
        if part and _has_words(part) and takes_words(question, desk.text):
            texts.append(part)
        box = _question_box(desk, question, texts)
        if not _can_be_typed(box):
            texts = [each for each in texts if each["short_answer"].strip()]
            box = _question_box(desk, question, texts)
        if texts:
            boxes.append(box)
        is_more = is_more or part in texts
    return boxes if is_more else []


def _has_words(answer: dict[str, Any]) -> bool:
    return bool(answer["short_answer"].strip() or answer["answer"].strip())


def _question_box(desk: _Desk, question: dict[str, Any], texts: list[dict[str, Any]]) -> KitBox:
    asked = desk.questions.get(question["id"] if "id" in question else question["number"])
    limits = answer_limits(desk.in_force, asked) if asked else []
    box = _box(question["number"], question["question"], box_of_texts(texts, desk.text), limits)
    return replace(box, is_short=all(each["short_answer"].strip() for each in texts))


def _reasons(desk: _Desk, question: dict[str, Any]) -> list[KitBox]:
    """The box for the reasons of a choice, a number or a date; none where there are none."""
    text = box_of_reasons(question, desk.text)
    box = _box(question["number"], question["question"], text, [])
    return [replace(box, is_reasons=True)] if text else []


def _box(number: str, question: str, text: str, limits: list[Limit]) -> KitBox:
    text = folded(text)
    return KitBox(
        number,
        question,
        text,
        measure(text, "characters"),
        measure(text, "bytes"),
        over(text, limits),
    )
