"""Withdrawing and erasing: one verb, whose outcome depends on what has become of the signature.

While the petition's count is not final, leaving is a withdrawal: the ledger takes the signature out of the count. Afterwards the
count was handed over and stays, and with it a skeleton of the row (country, language, source, day, number) that leads back to
nobody. What was never confirmed is deleted.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models.functions import TruncDay

from campaign.mailing.models import OutgoingMail
from campaign.petitions.models import ReasonState, Signature, SignatureState, Supporter


class Left(StrEnum):
    """What leaving did to one row."""

    NOTHING = "nothing"  # there was nothing of the person any more
    DELETED = "deleted"  # never confirmed
    WITHDRAWN = "withdrawn"  # leaves the count
    ERASED = "erased"  # the count is final and stays


def withdraw_signature(*, signature: Signature, only_pending: bool = False, at: datetime) -> Left:
    """Take one signature back: everything about the person is erased at once, its waiting mails included. Twice is once.

    `only_pending` leaves alone what was confirmed meanwhile.

    It leaves the count at the ledger's next step, if the count is not final. A sign request that waits to be taken in is not
    looked for: it is sealed, carries no index, and whoever sent it signs anew.
    """
    with transaction.atomic():
        row = (
            Signature.objects.select_for_update(of=("self",))
            .select_related("petition")
            .filter(pk=signature.pk)
            .first()
        )
        if row is None or row.email_key is None:
            return Left.NOTHING
        if only_pending and row.state != SignatureState.PENDING:
            return Left.NOTHING
        forget_mails([row])
        outcome = _outcome(row, at)
        if outcome == Left.DELETED:
            row.delete()
        else:
            taken_back: dict[str, Any] = {"state": SignatureState.WITHDRAWN, "withdrawn_at": at}
            rows = Signature.objects.filter(pk=row.pk)
            forget_supports([row])
            rows.update(**(taken_back if outcome == Left.WITHDRAWN else {}), **blank_fields())
    return outcome


def _outcome(row: Signature, at: datetime) -> Left:
    if is_never_confirmed(row):
        return Left.DELETED
    if row.state == SignatureState.INVALIDATED:  # nobody undoes a person's own wish
        return Left.WITHDRAWN
    return Left.WITHDRAWN if row.petition.may_still_count_at(at) else Left.ERASED


def withdraw_all(*, signatures: Iterable[Signature], last: Signature, at: datetime) -> Counter[Left]:
    """Take back several signatures of one person, each by itself. Returns how many had which outcome.

    `last` goes last: a process killed half-way leaves the row that the link opens, so that the person can go on. Rows are not
    locked together, or two such requests and the ledger could wait for each other.
    """
    others = [row for row in signatures if row.pk != last.pk]
    return Counter(withdraw_signature(signature=row, at=at) for row in (*others, last))


def is_never_confirmed(row: Signature) -> bool:
    return row.confirmed_at is None and row.number is None and not row.counted


def blank_fields() -> dict[str, Any]:
    """For `update()`: everything that leads back to a person, blanked; moments cut to the day that is counted (UTC)."""
    return {
        **dict.fromkeys(("name", "email", "postcode", "reason", "network", "salt")),
        **dict.fromkeys(("email_key", "domain_key", "network_key", "name_key", "postcode_key")),
        "consents": [],
        "name_is_public": False,
        "wants_updates": False,
        "wants_news": False,
        "reason_state": ReasonState.NONE,
        "signed_at": TruncDay("signed_at", tzinfo=UTC),
        "confirmed_at": TruncDay("confirmed_at", tzinfo=UTC),
        "created_at": TruncDay("created_at", tzinfo=UTC),
        "reminded_at": None,
    }


def forget_supports(rows: Collection[Signature]) -> None:
    """Delete what these signers agreed to with organizations: they are out of every one's numbers and files from now on."""
    Supporter.objects.filter(signature__in=[row.pk for row in rows]).delete()


def forget_mails(rows: Collection[Signature]) -> None:
    """Delete the mails about these signatures: waiting ones hold the address, sent ones still say which mailbox it was.

    One that a pump is handing over at this moment is sent all the same; any other is not.
    """
    OutgoingMail.objects.filter(about_id__in=[row.pk for row in rows]).delete()
