"""Changing mailbox rules while the site runs.

Who stores rows by a rule holds it until these are committed, and a change waits for that: what was stored by the rule before is
there when the change takes hold. The change leaves the spelling of the past behind (`PastSpelling`), by which look-ups find such
rows until the room they belong to has stored them anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from campaign.guard.mailboxes import Spelling, spelling_of
from campaign.guard.models import PastSpelling
from campaign.guard.queries import mailbox_rules

_LOCK = (0x5EC2, 0)  # ours among the advisory locks on PostgreSQL


@contextmanager
def changing_rules() -> Iterator[None]:
    """Around each change of rules: notes how domains were spelled before, in the transaction that changes them."""
    with transaction.atomic():
        _lock("pg_advisory_xact_lock")
        before = mailbox_rules()
        yield
        after = mailbox_rules()
        domains = sorted(before.keys() | after.keys())
        PastSpelling.objects.bulk_create(
            PastSpelling(domain=domain, same_as=old.same_as, ignores_dots=old.ignores_dots, tag=old.tag)
            for domain in domains
            if (old := spelling_of(domain, before)) != spelling_of(domain, after)
        )


def held_rules() -> dict[str, Spelling]:
    """The rules, which nobody changes until this transaction ends. Many may hold them at once."""
    _lock("pg_advisory_xact_lock_shared")
    return mailbox_rules()


def _lock(function: str) -> None:
    """Until the transaction ends. On SQLite each begins with the only write lock there is: nothing more is needed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", _LOCK)
