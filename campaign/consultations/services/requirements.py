"""What the operator states of a portal, or a team of a consultation's notice, beside what comes with the software."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.consultations.models import Consultation, PortalProfile, Requirement, RequirementOrigin
from campaign.core.errors import DomainError
from campaign.documents.canonical import digest_of


class RequirementChanged(DomainError):
    """Somebody stated something else meanwhile. `current` is what stands now, None when it was taken back."""

    message = _(
        "Somebody else changed this while you wrote. What stands now is shown below; saving again stores yours."
    )

    def __init__(self, current: Requirement | None) -> None:
        super().__init__()
        self.current = current


@dataclass(frozen=True, slots=True)
class Place:
    """What a requirement is about."""

    topic: str
    subject: str = ""
    unit: str = ""
    applies_to: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """What is said of it, how sure it is, and where it can be read."""

    value: Any
    status: str
    source: str = ""
    note: str = ""


def stated_digest(row: Requirement | None) -> str:
    """What a form was opened on, to tell whether it still stands when it is sent."""
    if row is None:
        return ""
    return digest_of(asdict(Stated(row.value, row.status, row.source, row.note)))[:16]


@transaction.atomic
def state_requirement(
    *,
    owner: PortalProfile | Consultation,
    place: Place,
    stated: Stated,
    seen: str,
    person: User,
    at: datetime,
) -> Requirement:
    """State a requirement of a portal or of a consultation's notice. What comes with the software stays on record below it.

    `seen` is the digest of what the person saw stated by a person before, empty for nothing. Raises RequirementChanged.
    """
    type(owner).objects.select_for_update().get(pk=owner.pk)  # of two who state the same at once, one waits
    current = _own(owner).filter(**asdict(place)).first()
    if stated_digest(current) != seen:
        raise RequirementChanged(current)
    row = current or Requirement(**_owner(owner), **asdict(place), position=_next_position(owner))
    row.value, row.status, row.source, row.note = stated.value, stated.status, stated.source, stated.note
    row.changed_by, row.changed_at = person, at
    row.save()
    return row


@transaction.atomic
def withdraw_requirement(*, requirement: Requirement) -> None:
    """Take back what a person stated, or a file of the call: what comes with the software holds again. Twice is once."""
    Requirement.objects.filter(pk=requirement.pk).exclude(origin=RequirementOrigin.SHIPPED).delete()


def _own(owner: PortalProfile | Consultation) -> Any:
    return Requirement.objects.filter(**_owner(owner))


def _owner(owner: PortalProfile | Consultation) -> dict[str, Any]:
    if isinstance(owner, PortalProfile):
        return {"profile": owner, "origin": RequirementOrigin.OPERATOR}
    return {"consultation": owner, "origin": RequirementOrigin.CALL}


def _next_position(owner: PortalProfile | Consultation) -> int:
    last = owner.requirements.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1
