"""What holds for a reply: the requirements of a portal, under those its operator states, under those of the notice itself.

"Not stated" is never "no limit": what has no row is not known, and a row without a value is a limit nobody has told us.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.consultations.models import (
    Consultation,
    Requirement,
    RequirementOrigin,
    RequirementStatus,
    Topic,
)
from campaign.core.locales import language_name


class Form(StrEnum):
    """The form of a requirement's value."""

    NUMBER = "number"
    LIST = "list"
    FLAG = "flag"
    TEXT = "text"


FORMS: dict[str, Form] = {
    Topic.TEXT_LENGTH: Form.NUMBER,
    Topic.ATTACHMENT_COUNT: Form.NUMBER,
    Topic.ATTACHMENT_SIZE: Form.NUMBER,
    Topic.FIELD_LENGTH: Form.NUMBER,
    Topic.CHARACTERS: Form.LIST,
    Topic.ATTACHMENT_FORMATS: Form.LIST,
    Topic.LANGUAGES: Form.LIST,
    Topic.IDENTIFICATION: Form.LIST,
    Topic.KEPT_PRIVATE: Form.LIST,
    Topic.PUBLICATION: Form.LIST,
    Topic.LOGIN: Form.FLAG,
    Topic.ONE_REPLY: Form.FLAG,
}
TEXT_UNITS = ("characters", "bytes", "characters-and-bytes", "words", "pages")
SCOPES = {
    "submission": gettext_lazy("the whole reply"),
    "answer": gettext_lazy("each answer"),
    "section": gettext_lazy("each section"),
    "paragraph": gettext_lazy("each paragraph"),
    "page": gettext_lazy("each page"),
}
UNIT_NAMES = {
    "characters": gettext_lazy("characters"),
    "bytes": gettext_lazy("bytes"),
    "characters-and-bytes": gettext_lazy("characters and bytes"),
    "words": gettext_lazy("words"),
    "pages": gettext_lazy("pages"),
}
SUBJECTS = {
    "individual": gettext_lazy("as a person"),
    "organization": gettext_lazy("as an organization"),
    "anonymous": gettext_lazy("without a name"),
    "optional": gettext_lazy("if you like"),
    "user_type": gettext_lazy("what kind of respondent"),
    "agency": gettext_lazy("as the agency decides"),
    "upload-question": gettext_lazy("for each question that asks for a file"),
}
# What portals ask for and offer to choose, in words. What is not here is shown as the portal writes it.
WORDS = {
    "academic-research-institution": gettext_lazy("university or research institution"),
    "acronym": gettext_lazy("acronym"),
    "address": gettext_lazy("address"),
    "anonymous": gettext_lazy("without a name"),
    "address1": gettext_lazy("address"),
    "address2": gettext_lazy("second line of the address"),
    "business-association": gettext_lazy("business association"),
    "category": gettext_lazy("category"),
    "city": gettext_lazy("city"),
    "company": gettext_lazy("company"),
    "confidential": gettext_lazy("in confidence"),
    "consumer-organization": gettext_lazy("consumer organization"),
    "contact_name": gettext_lazy("name of a contact"),
    "country": gettext_lazy("country"),
    "cpf": gettext_lazy("CPF number"),
    "date_of_establishment": gettext_lazy("date of establishment"),
    "do-not-publish": gettext_lazy("not at all"),
    "email": gettext_lazy("mail address"),
    "emoji": gettext_lazy("emoji"),
    "environmental-organization": gettext_lazy("environmental organization"),
    "eu-citizen": gettext_lazy("citizen of the EU"),
    "fax": gettext_lazy("fax"),
    "first_name": gettext_lazy("first name"),
    "head_office_address": gettext_lazy("address of the head office"),
    "language": gettext_lazy("language"),
    "last_name": gettext_lazy("last name"),
    "lobby_register_number": gettext_lazy("number in the lobby register"),
    "main_activities": gettext_lazy("main activities"),
    "name": gettext_lazy("name"),
    "ngo": gettext_lazy("NGO"),
    "non-eu-citizen": gettext_lazy("citizen of a country outside the EU"),
    "other": gettext_lazy("other"),
    "organization": gettext_lazy("name of the organization"),
    "organization_name": gettext_lazy("name of the organization"),
    "organization_size": gettext_lazy("size of the organization"),
    "organization_type": gettext_lazy("kind of organization"),
    "phone": gettext_lazy("phone"),
    "phone_or_email": gettext_lazy("phone or mail address"),
    "postal_code": gettext_lazy("postcode"),
    "public": gettext_lazy("with the name"),
    "public-authority": gettext_lazy("public authority"),
    "publish-anonymously": gettext_lazy("without a name"),
    "publish-with-name": gettext_lazy("with the name"),
    "representative_name": gettext_lazy("name of the representative"),
    "scope": gettext_lazy("scope"),
    "siren_or_rna": gettext_lazy("SIREN or RNA number"),
    "state_province_region": gettext_lazy("state, province or region"),
    "surname": gettext_lazy("last name"),
    "trade-union": gettext_lazy("trade union"),
    "transparency_register_number": gettext_lazy("number in the Transparency Register"),
    "user_type": gettext_lazy("kind of respondent"),
    "zip": gettext_lazy("postcode"),
}
NAMED_FIELDS = {Topic.IDENTIFICATION, Topic.KEPT_PRIVATE, Topic.PUBLICATION, Topic.CHARACTERS}
_RANK = {origin: rank for rank, origin in enumerate(RequirementOrigin.values)}


def form_of(topic: str) -> Form:
    """Which form the values of a topic have."""
    return FORMS.get(topic, Form.TEXT)


def about(row: Requirement) -> str:
    """What within its topic a requirement is about, in words; empty when it is about all of it."""
    if row.topic == Topic.TEXT_LENGTH:
        return str(SCOPES.get(row.subject, row.subject))
    if row.topic == Topic.FIELD_LENGTH:
        return in_words(row.subject)
    return str(SUBJECTS.get(row.subject, "")) or (row.subject if row.topic != Topic.NOTE else "")


def value_words(row: Requirement) -> str:
    """The value in words; empty where there is none."""
    value, form = row.value, form_of(row.topic)
    if value is None:
        return ""
    if row.topic == Topic.ATTACHMENT_SIZE:
        return _("%(size)s MB") % {"size": number_format(megabytes(value), force_grouping=True)}
    if form == Form.NUMBER:
        number = number_format(value, force_grouping=True)
        if row.topic == Topic.ATTACHMENT_COUNT:
            return ngettext("%(number)s file", "%(number)s files", int(value)) % {"number": number}
        return f"{number} {UNIT_NAMES.get(row.unit, row.unit)}".strip()
    if form == Form.FLAG:
        return _("yes") if value else _("no")
    if row.topic == Topic.LANGUAGES:
        return ", ".join(language_words(code) for code in value)
    if form == Form.LIST:
        return ", ".join(in_words(each) if row.topic in NAMED_FIELDS else str(each).upper() for each in value)
    return str(value)


def megabytes(kilobytes: int) -> Decimal:
    """Kilobytes (1,000 bytes) as megabytes, without needless zeros."""
    size = Decimal(kilobytes) / 1_000
    return size.quantize(Decimal(1)) if size == size.to_integral() else size.normalize()


def in_words(name: str) -> str:
    """A field or choice of a portal in words."""
    return str(WORDS[name]) if name in WORDS else name.replace("_", " ").replace("-", " ")


def language_words(code: str) -> str:
    """A language that a portal takes, by its name; “all-eu” in words."""
    return _("any of the 24 official languages of the EU") if code == "all-eu" else language_name(code)


@dataclass(frozen=True)
class Holding:
    """A requirement that holds, and those it stands before: what the release says of the same, or the portal."""

    row: Requirement
    beaten: tuple[Requirement, ...] = ()

    @property
    def topic(self) -> str:
        return str(Topic(self.row.topic).label)

    @property
    def about(self) -> str:
        return about(self.row)

    @property
    def words(self) -> str:
        return value_words(self.row)

    @property
    def is_quoted(self) -> bool:
        """Whether the words are as somebody wrote them, in the language they wrote in."""
        return form_of(self.row.topic) == Form.TEXT

    @property
    def is_code(self) -> bool:
        """Whether the words are the same in every language."""
        return self.row.topic == Topic.ATTACHMENT_FORMATS

    @property
    def beaten_words(self) -> list[str]:
        """What the others say, without those that say the same."""
        return [said for row in self.beaten if (said := value_words(row)) and said != self.words]

    @property
    def is_own(self) -> bool:
        """Whether a person stated it, or the notice."""
        return self.row.origin != RequirementOrigin.SHIPPED


@dataclass(frozen=True)
class InForce:
    """All requirements that hold for a portal or a consultation, by topic."""

    holdings: tuple[Holding, ...]

    @classmethod
    def of(cls, rows: Iterable[Requirement]) -> InForce:
        """Of rows with one place the one of the highest origin. A notice that is verified to state a length for a scope states
        all of them; one that nobody verified stands beside the verified one of the portal, not in its place.
        """
        rows = list(rows)
        stated = {row.subject for row in rows if _is_length_of_notice(row) and _is_sure(row)}
        rows = [
            row
            for row in rows
            if row.topic != Topic.TEXT_LENGTH or row.subject not in stated or _is_length_of_notice(row)
        ]
        places: dict[tuple[Any, ...], list[Requirement]] = {}
        for row in rows:
            places.setdefault(row.place, []).append(row)
        holdings = []
        for same in places.values():
            first, *others = sorted(same, key=lambda row: -_RANK[row.origin])
            holdings.append(Holding(first, tuple(others)))
            if _is_length_of_notice(first) and not _is_sure(first) and others and _is_sure(others[0]):
                holdings.append(Holding(others[0]))
        order = {topic: number for number, topic in enumerate(Topic.values)}
        holdings.sort(
            key=lambda holding: (order[holding.row.topic], holding.row.position, str(holding.row.pk))
        )
        return cls(tuple(holdings))

    def rows(self, topic: str, subject: str | None = None) -> list[Requirement]:
        """The rows of a topic, of one subject if that is given."""
        return [
            holding.row
            for holding in self.holdings
            if holding.row.topic == topic and subject in {None, holding.row.subject}
        ]

    def value(self, topic: str, subject: str = "") -> Any:
        """The first value of a topic, or None when none is known."""
        return next((row.value for row in self.rows(topic, subject) if row.value is not None), None)


def _is_length_of_notice(row: Requirement) -> bool:
    return row.topic == Topic.TEXT_LENGTH and row.origin == RequirementOrigin.CALL


def _is_sure(row: Requirement) -> bool:
    return row.status == RequirementStatus.VERIFIED and row.value is not None


def requirements_of(consultation: Consultation) -> InForce:
    """What holds for a reply to a consultation. One query."""
    both = Requirement.objects.filter(consultation=consultation) | Requirement.objects.filter(
        profile=consultation.profile_id
    )
    return InForce.of(both)
