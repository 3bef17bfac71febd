"""The filing kit: what a person needs to hand a filing in at one portal, in the order in which it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from campaign.consultations.limits import folded, measure, submission_limits
from campaign.consultations.models import Channel, Filing, Topic
from campaign.consultations.printed.data import cited_sources, note_numbers, typed_answer
from campaign.consultations.queries import ordered_channels
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
    """What goes into one box, as the portal counts it. `number` is "" for the one box of the whole reply."""

    number: str
    question: str
    text: str
    length: int
    byte_length: int


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
    boxes: list[KitBox]
    uploads: list[dict[str, Any]]  # frozen questions whose answer is a file of the team
    in_force: InForce


def filing_kit(*, filing: Filing, at: datetime) -> Kit:
    """The kit of a filing, `submission__consultation` and `submission__campaign__owner` loaded."""
    submission = filing.submission
    in_force = requirements_of(submission.consultation)
    values = _values(submission.campaign.owner, submission.locale)
    text = filing.frozen_text.data
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
        boxes=_boxes(text, in_force),
        uploads=[
            question
            for section in text["sections"]
            for question in section["questions"]
            if question.get("upload")
        ],
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


def _boxes(text: dict[str, Any], in_force: InForce) -> list[KitBox]:
    """One box for everything where the portal counts everything together; else one for each answer."""
    if text["box_text"] and submission_limits(in_force):
        return [_box("", _("The whole reply"), text["box_text"])]
    numbers = note_numbers(text)
    return [
        _box(
            question["number"],
            question["question"],
            "\n\n".join(
                filter(None, [typed_answer(question, numbers), "\n".join(cited_sources(question, text))])
            ),
        )
        for section in text["sections"]
        for question in section["questions"]
        if question["short_answer"] or question["answer"]
    ]


def _box(number: str, question: str, text: str) -> KitBox:
    text = folded(text)
    return KitBox(number, question, text, measure(text, "characters"), measure(text, "bytes"))
