"""Token buckets: how many requests pass, and how soon the next one may.

Redis is not used here. A worker judges each request from its row, and spends in the transaction that takes the request in: a
crash counts nothing twice, nothing is lost when Redis goes, and nothing of it can be measured in the answer to a sign form. A
bucket is filled by the times at which requests arrived, not by the worker's clock: a backlog after an outage is judged
as it came.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from campaign.core.crypto import short_key


@dataclass(frozen=True)
class Limit:
    """At most `burst` at once, and one more each time `per` / `sustained` has passed."""

    burst: int
    sustained: int
    per: timedelta

    @property
    def time_to_fill(self) -> timedelta:
        """How long an empty bucket takes to be full: a row older than that says no more than no row."""
        return self.per * self.burst / self.sustained


@dataclass
class Level:
    """What is left in one bucket, and when that was."""

    tokens: float
    filled_at: datetime

    def refill(self, limit: Limit, at: datetime) -> None:
        """Bring it up to `at`. Requests may arrive out of order: an earlier `at` than the last changes nothing."""
        if at > self.filled_at:
            gained = (at - self.filled_at) / limit.per * limit.sustained
            self.tokens, self.filled_at = min(limit.burst, self.tokens + gained), at


@dataclass(frozen=True)
class Limits:
    """The site's limits."""

    mailbox: Limit  # one mailbox, everywhere
    network_here: Limit  # one network, in one place
    network: Limit  # one network, everywhere

    @property
    def slowest(self) -> timedelta:
        """How long the slowest bucket takes to be full again."""
        return max(limit.time_to_fill for limit in (self.mailbox, self.network_here, self.network))


def configured_limits() -> Limits:
    """What the settings say (.env.example explains them)."""
    day, hour = timedelta(days=1), timedelta(hours=1)
    return Limits(
        mailbox=Limit(*settings.LIMIT_ADDRESS, day),
        network_here=Limit(*settings.LIMIT_PETITION_NETWORK, hour),
        network=Limit(*settings.LIMIT_NETWORK, hour),
    )


def bucket_key(*what: str) -> int:
    """The key of a bucket: it tells nobody what is limited."""
    return short_key("\x00".join(what), purpose="bucket")


class Buckets:
    """The levels that a batch of requests is judged by. Whoever made it holds their rows locked."""

    def __init__(self, levels: Mapping[int, Level]) -> None:
        self.levels = dict(levels)

    def is_half_empty(self, key: int, limit: Limit) -> bool:
        """Whether less than half of a bucket is left that was asked for a token."""
        return 2 * self.levels[key].tokens < limit.burst

    def spend(self, limits: Mapping[int, Limit], at: datetime) -> int | None:
        """Take one token of each bucket. When one is empty nothing is taken, and its key comes back."""
        for key, limit in limits.items():
            level = self.levels.setdefault(key, Level(limit.burst, at))
            level.refill(limit, at)
            level.tokens = min(level.tokens, limit.burst)  # the limit may have been lowered since
        for key in limits:
            if self.levels[key].tokens < 1:
                return key
        for key in limits:
            self.levels[key].tokens -= 1
        return None
