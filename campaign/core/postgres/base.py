"""The database engine of production."""

from time import monotonic

from django.db.backends.postgresql import base

CHECKED_FOR = 5.0  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks a kept-open connection whether it lives once every few seconds, not at each request.

    The question costs a round trip, as much as signing itself. After a restart of PostgreSQL each connection that was used within
    these seconds fails one request more.
    """

    checked_at = 0.0

    def close_if_health_check_failed(self) -> None:
        if monotonic() - self.checked_at < CHECKED_FOR:
            self.health_check_done = True
            return
        super().close_if_health_check_failed()
        self.checked_at = monotonic()
