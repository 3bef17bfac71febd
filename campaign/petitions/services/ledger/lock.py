"""One sequencer at a time for each petition."""

import uuid

from django.db import connection

LOCK_SPACE = 0x5EC1  # first half of our advisory locks on PostgreSQL


def is_only_sequencer(petition_id: uuid.UUID) -> bool:
    """Whether this transaction may number the petition. Held until it ends.

    On SQLite a transaction begins with the only write lock there is (`transaction_mode: IMMEDIATE`), so nothing more is needed.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, str(petition_id)])
        row = cursor.fetchone()
    return bool(row and row[0])


def wait_to_be_only_sequencer(petition_id: uuid.UUID) -> None:
    """The same, after the one that is at it."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, str(petition_id)])
