"""After a provider's rule changed: signatures get the key that their mailbox has now."""

import logging
import uuid
from collections.abc import Callable, Iterator

from django.db import IntegrityError, transaction

from campaign.core.crypto import Undecipherable
from campaign.guard.models import PastSpelling
from campaign.guard.queries import mailbox_rules
from campaign.petitions.keys import domain_keys, mailbox_keys
from campaign.petitions.models import Petition, Signature, Supporter

logger = logging.getLogger(__name__)

BATCH = 500
KeysOf = Callable[[Signature], list[bytes]]  # what a row may hold, best first


def reindex_mailboxes() -> int:
    """Make the mailbox keys of signatures anew where a domain's rule changed. Returns how many rows changed.

    Until nothing is left to do, look-ups know the spellings of the past too: nobody gets in twice meanwhile, and what a killed
    run left is done by the next. Rows that have become one mailbox's stay apart, all counted: the log names those that cannot
    have its key.
    """
    past = list(PastSpelling.objects.values_list("pk", "domain"))
    if not past:
        return 0
    domains = {key for _pk, domain in past for key in domain_keys(f"@{domain}")}
    rules = mailbox_rules()  # read after the changes: never older than they

    def keys_of(row: Signature) -> list[bytes]:
        return mailbox_keys(row.email or "", rules)

    changed = left = 0
    for petition_id in list(Petition.objects.order_by("pk").values_list("pk", flat=True)):
        for page in _pages(petition_id, domains):
            stale = [row.pk for row in page if _is_stale(row, keys_of)]
            done = _reindex(stale, keys_of) if stale else 0
            changed, left = changed + done, left + len(stale) - done
    if not left:
        PastSpelling.objects.filter(pk__in=[pk for pk, _domain in past]).delete()
    logger.info("mailbox keys of %d signatures made anew, %d left for the next run", changed, left)
    return changed


def _pages(petition_id: uuid.UUID, domains: set[int]) -> Iterator[list[Signature]]:
    """The petition's signatures with addresses at these domains, in order, a batch at a time."""
    rows = Signature.objects.filter(
        petition_id=petition_id, domain_key__in=domains, email_key__isnull=False
    ).order_by("pk")
    page = list(rows[:BATCH])
    while page:
        yield page
        page = list(rows.filter(pk__gt=page[-1].pk)[:BATCH])


def _is_stale(row: Signature, keys_of: KeysOf) -> bool:
    try:
        return bytes(row.email_key or b"") != keys_of(row)[0]
    except Undecipherable:
        logger.error("signature %s cannot be read: its mailbox key stays as it is", row.pk)
        return False


@transaction.atomic
def _reindex(ids: list[uuid.UUID], keys_of: KeysOf) -> int:
    """Returns how many rows are done. Those that somebody is changing at the moment are passed over."""
    rows = list(
        Signature.objects.filter(pk__in=ids, email_key__isnull=False)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("pk")
    )
    for row in rows:
        row.email_key = keys_of(row)[0]
    try:
        with transaction.atomic():
            Signature.objects.bulk_update(rows, ["email_key"])
    except IntegrityError:  # two of them, or one and another row, are one mailbox's now: each by itself
        for row in rows:
            _reindex_alone(row, keys_of)
    Supporter.objects.follow_mailboxes([row.pk for row in rows])
    return len(rows)


def _reindex_alone(row: Signature, keys_of: KeysOf) -> None:
    best, *others = keys_of(row)
    if _takes(row, best):
        return
    logger.warning("signature %s: another one has the key of its mailbox; both stay", row.pk)
    any(_takes(row, key) for key in others)  # its own spelling, by which it is found all the same


def _takes(row: Signature, key: bytes) -> bool:
    """Write the key into the row, unless another one holds it."""
    try:
        with transaction.atomic():
            return bool(Signature.objects.filter(pk=row.pk).update(email_key=key))
    except IntegrityError:
        return False
