"""Sending signers what proves that they are counted."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from campaign.mailing.models import Priority
from campaign.mailing.services import mail_row, queue_mails
from campaign.petitions.evidence import counted_signatures
from campaign.petitions.models import EntryKind, LedgerEntry, Petition

BATCH = 500
MOST_AT_ONCE = 20_000  # entries in one run: it ends before the next are due, and a flood takes several


def queue_receipts(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Queue a receipt for each addition that has none yet, petition by petition in turn. Returns how many.

    The petition remembers how far it has come, in the transaction that writes the mails: nobody gets two, and none is forgotten.
    """
    queued, looked_at, waiting = 0, 0, _petitions_with_new_entries()
    while waiting and looked_at < most:
        steps = {petition_id: _queue_batch(petition_id, at) for petition_id in waiting}
        queued += sum(mails for _entries, mails in steps.values())
        looked_at += sum(entries for entries, _mails in steps.values())
        waiting = [petition_id for petition_id in waiting if steps[petition_id][0]]
    return queued


def skip_receipts(*, petition: Petition) -> None:
    """Send none to those numbered so far: invented or imported signers wait for none."""
    last = LedgerEntry.objects.filter(petition=petition).order_by("-position").values("position")[:1]
    if LedgerEntry.objects.filter(petition=petition).exists():
        Petition.objects.filter(pk=petition.pk).update(receipts_position=last)


def _petitions_with_new_entries() -> list[uuid.UUID]:
    newer = LedgerEntry.objects.filter(petition=OuterRef("pk"), position__gt=OuterRef("receipts_position"))
    return list(Petition.objects.filter(Exists(newer)).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _queue_batch(petition_id: uuid.UUID, at: datetime) -> tuple[int, int]:
    """(entries, mails) of one step. Zeros when there is nothing more, or another worker takes this step."""
    cursor = Petition.objects.values_list("receipts_position", flat=True).get(pk=petition_id)
    newer = LedgerEntry.objects.filter(petition_id=petition_id, position__gt=cursor)
    entries = list(newer.order_by("position").values_list("position", "kind", "signature_id")[:BATCH])
    if not entries:
        return 0, 0
    ours = Petition.objects.filter(pk=petition_id, receipts_position=cursor)
    if not ours.update(receipts_position=entries[-1][0]):
        return 0, 0
    added = [signature_id for _position, kind, signature_id in entries if kind == EntryKind.ADDITION]
    rows = counted_signatures(added).order_by("number")
    mails = queue_mails(
        mail_row(
            kind="petitions.receipt",
            to=row.email,
            locale=row.locale,
            about_id=row.pk,
            at=at,
            priority=Priority.BULK,
        )
        for row in rows
        if row.email
    )
    return len(entries), mails
