"""What time does: one reminder, then the erasure of what was never confirmed, of networks, and of everybody when a petition
is over.

Every pass goes batch by batch, each batch a short transaction of its own that leaves less to do: killed at any point, the
next pass goes on where it stood. Rows that somebody is changing at the moment are left to the next pass.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from campaign.mailing.models import Priority
from campaign.mailing.services import mail_row, queue_mails
from campaign.petitions.models import (
    PUBLIC_STATES,
    Petition,
    Signature,
    SignatureState,
    SignRequest,
    Supporter,
)
from campaign.petitions.models.petition import CONFIRMABLE_AFTER_CLOSING
from campaign.petitions.services.leaving import (
    blank_fields,
    forget_mails,
    forget_supports,
    is_never_confirmed,
)

logger = logging.getLogger(__name__)

BATCH = 500
REMIND_AFTER = timedelta(days=1)


def remind_unconfirmed(*, at: datetime, seconds: float = 60) -> int:
    """Queue the one reminder for signatures that wait since a day and can still be confirmed. Returns how many."""
    due = (
        Signature.objects.alias(end=Coalesce("petition__closed_at", "petition__closes_at"))
        .filter(state=SignatureState.PENDING, quarantined_at=None, reminded_at=None)
        .filter(signed_at__lte=at - REMIND_AFTER, signed_at__gt=at - timedelta(days=settings.PENDING_DAYS))
        .filter(petition__state__in=PUBLIC_STATES, end__gt=at - CONFIRMABLE_AFTER_CLOSING)
    )
    return _in_batches(due, lambda rows: _remind(rows, at), along="signed_at", seconds=seconds)


def _remind(rows: list[Signature], at: datetime) -> None:
    Signature.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=at)
    queue_mails(
        mail_row(
            kind="petitions.reminder",
            to=row.email,
            locale=row.locale,
            about_id=row.pk,
            at=at,
            priority=Priority.BULK,
        )
        for row in rows
        if row.email
    )


def erase_unconfirmed(*, at: datetime, seconds: float = 60) -> int:
    """Delete signatures that nobody confirmed in time. Returns how many.

    Those set aside by limits or lists stay longer (QUARANTINE_DAYS): their signers were sent no mail, and moderators need
    the time to find who was set aside wrongly. So do those that moderators invalidated and may restore. Requests that could
    not be taken in, a fault of ours, go after the same time.
    """
    pending, set_aside = (
        at - timedelta(days=days) for days in (settings.PENDING_DAYS, settings.QUARANTINE_DAYS)
    )
    SignRequest.objects.filter(failed_at__isnull=False, received_at__lt=set_aside).delete()
    due = Signature.objects.filter(
        Q(quarantined_at=None, signed_at__lt=pending) | Q(signed_at__lt=set_aside),
        state=SignatureState.PENDING,
        signed_at__lt=max(pending, set_aside),  # the index knows this one
    )
    junk = Signature.objects.filter(
        state=SignatureState.INVALIDATED, state_before=SignatureState.PENDING, signed_at__lt=set_aside
    )
    return sum(_in_batches(rows, _delete, along="signed_at", seconds=seconds) for rows in (due, junk))


def _delete(rows: list[Signature]) -> None:
    forget_mails(rows)
    Signature.objects.filter(pk__in=[row.pk for row in rows]).delete()


def erase_networks(*, at: datetime, seconds: float = 60) -> int:
    """Blank the network of signatures older than NETWORK_DAYS: it served against abuse only. Returns how many."""
    due = Signature.objects.filter(
        network_key__isnull=False, signed_at__lt=at - timedelta(days=settings.NETWORK_DAYS)
    )
    erased, stop = 0, monotonic() + seconds
    # Petition by petition: the index of networks begins with it.
    for petition_id in due.order_by("petition_id").values_list("petition_id", flat=True).distinct():
        theirs = due.filter(petition_id=petition_id)
        erased += _in_batches(theirs, _blank_network, along="network_key", seconds=stop - monotonic())
    return erased


def _blank_network(rows: list[Signature]) -> None:
    Signature.objects.filter(pk__in=[row.pk for row in rows]).update(network=None, network_key=None)


def erase_due_petitions(*, at: datetime, seconds: float = 120) -> int:
    """Erase the personal data of signers where a petition's retention has run out. Returns how many rows were changed.

    The count stays: what was counted keeps its country, day, language, source and number. A legal hold stops it, even half-way.
    """
    # Of signers whom a release that knew no such rows has erased while this one came up.
    Supporter.objects.filter(signature__email_key=None).delete()
    erased, stop = 0, monotonic() + seconds
    for petition in _over(at):
        people = Signature.objects.filter(
            petition=petition, petition__legal_hold_reason="", email_key__isnull=False
        )
        rows = _in_batches(people, _erase, along="email_key", seconds=stop - monotonic())
        logger.info("petition %s: personal data of %d signatures erased", petition.pk, rows)
        _note_erased(petition, at)
        erased += rows
    return erased


def _over(at: datetime) -> list[Petition]:
    candidates = (
        Petition.objects.filter(erased_at=None, legal_hold_reason="")
        .alias(end=Coalesce("closed_at", "closes_at"))
        .filter(end__lt=at - CONFIRMABLE_AFTER_CLOSING)
        .order_by("end", "pk")
    )
    return [petition for petition in candidates if petition.erases_at and petition.erases_at <= at]


def _erase(rows: list[Signature]) -> None:
    forget_mails(rows)
    never = {row.pk for row in rows if is_never_confirmed(row)}
    Signature.objects.filter(pk__in=never).delete()
    forget_supports(rows)
    Signature.objects.filter(pk__in={row.pk for row in rows} - never).update(**blank_fields())


def _note_erased(petition: Petition, at: datetime) -> None:
    """Only when nothing is left: a hold, a row that was locked or a pass that ran out of time leave it open."""
    if not Signature.objects.filter(petition=petition, email_key__isnull=False).exists():
        Petition.objects.filter(pk=petition.pk, legal_hold_reason="", erased_at=None).update(erased_at=at)


def _in_batches(
    due: QuerySet[Signature], act: Callable[[list[Signature]], None], *, along: str, seconds: float
) -> int:
    """Let `act` finish off all that is due, batch by batch, for about `seconds`. Returns how many rows it got.

    `act` must leave nothing due of what it got. Rows that are locked are passed over: who confirms or withdraws at this
    moment goes first. `along` is the indexed column that the walk follows: starting at the front each time, it would wade
    through what the batches before left behind.
    """
    done, stop, onwards = 0, monotonic() + seconds, due
    while True:
        with transaction.atomic():
            batch = onwards.select_for_update(skip_locked=True, of=("self",)).order_by(along, "pk")
            rows = list(batch[:BATCH])
            if rows:
                act(rows)
        done += len(rows)
        if not rows or monotonic() >= stop:
            return done
        onwards = due.filter(**{f"{along}__gte": getattr(rows[-1], along)})
