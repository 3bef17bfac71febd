"""Telling signers that the petition was handed over, or answered. The record itself says how far it has come."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.core.errors import DomainError
from campaign.mailing.models import Priority
from campaign.mailing.services import mail_row, queue_mails
from campaign.petitions.evidence import last_entry
from campaign.petitions.models import (
    PUBLIC_STATES,
    Handover,
    HandoverState,
    OfficialResponse,
    Petition,
    ResponseState,
)
from campaign.petitions.queries import signers_to_tell
from campaign.petitions.services.handover import PetitionIsNotPublic

NUMBERS = 2_000  # of the ledger, looked through in one step
MOST_AT_ONCE = 20_000  # in one run: it ends before the next is due, and a large petition takes several

Told = type[Handover] | type[OfficialResponse]
# What signers are told of, under which kind of mail, and in which state it is public.
TOLD: dict[str, tuple[Told, str]] = {
    "petitions.handed_over": (Handover, HandoverState.DONE),
    "petitions.responded": (OfficialResponse, ResponseState.PUBLISHED),
}


class NothingToTell(DomainError):
    message = _("This is not public yet. Signers can be told once it is.")


class SignersAreTold(DomainError):
    message = _("The mails were asked for already. Nobody gets a second one.")


@transaction.atomic
def ask_to_tell(*, record: Handover | OfficialResponse, by: User, at: datetime) -> None:
    """Have everybody mailed who has signed so far and wants to hear of it. Once for each record.

    Raises NothingToTell, PetitionIsNotPublic, SignersAreTold.
    """
    model, public = next(entry for entry in TOLD.values() if isinstance(record, entry[0]))
    if not model.objects.filter(pk=record.pk, state=public).exists():
        raise NothingToTell
    if not Petition.objects.public().filter(pk=record.petition_id).exists():
        raise PetitionIsNotPublic
    last = last_entry(petition_id=record.petition_id)
    asked = model.objects.filter(pk=record.pk, telling_since=None)
    if not asked.update(telling_since=at, telling_by=by, last_number=last.additions if last else 0):
        raise SignersAreTold


def tell_signers(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Queue the mails that teams have asked for, record by record in turn. Returns how many.

    A petition that is hidden meanwhile waits until it is public again.
    """
    queued, looked_at, waiting = 0, 0, _records_in_telling()
    while waiting and looked_at < most:
        steps = [(*record, *_tell_batch(*record, at)) for record in waiting]
        queued += sum(mails for _kind, _pk, _numbers, mails in steps)
        looked_at += sum(numbers for _kind, _pk, numbers, _mails in steps)
        waiting = [(kind, pk) for kind, pk, numbers, _mails in steps if numbers]
    return queued


def _records_in_telling() -> list[tuple[str, uuid.UUID]]:
    """(kind of mail, id) of each record whose signers wait to be told."""
    found = []
    for kind, (model, public) in TOLD.items():
        rows = model.objects.filter(
            state=public, telling_since__isnull=False, told_at=None, petition__state__in=PUBLIC_STATES
        )
        found += [(kind, pk) for pk in rows.order_by("telling_since", "pk").values_list("pk", flat=True)]
    return found


@transaction.atomic
def _tell_batch(kind: str, pk: uuid.UUID, at: datetime) -> tuple[int, int]:
    """(numbers, mails) of one step. Zeros when there is nothing more, or another worker takes this step."""
    rows = TOLD[kind][0].objects.filter(pk=pk, told_at=None)
    place = rows.values_list("petition_id", "told_number", "last_number").first()
    if place is None:
        return 0, 0
    petition_id, start, last = place
    end = min(start + NUMBERS, last)
    if not rows.filter(told_number=start).update(told_number=end, told_at=at if end == last else None):
        return 0, 0
    signers = signers_to_tell().filter(petition_id=petition_id, number__gt=start, number__lte=end)
    mails = queue_mails(
        mail_row(
            kind=kind,
            to=row.email,
            locale=row.locale,
            about_id=row.pk,
            payload={"record": str(pk)},
            at=at,
            priority=Priority.BULK,
        )
        for row in signers.select_related(None).only("id", "email", "locale").order_by("number")
        if row.email
    )
    TOLD[kind][0].objects.filter(pk=pk).update(told_total=F("told_total") + mails)
    return end - start, mails
