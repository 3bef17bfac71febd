"""Identifiers made by the application, so that a row has its key before it is stored."""

import os
import threading
import time
import uuid
from datetime import datetime

_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """A time-ordered random identifier: 48 bits of Unix milliseconds, 12 bits of the fraction, 62 random bits.

    Those of one process are in the order they were made in, also within a millisecond (RFC 9562, sections 5.7 and 6.2, method 3).
    """
    stamp = _next_stamp()
    tail = int.from_bytes(os.urandom(8), "big") & (2**62 - 1)
    return uuid.UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0x2 << 62 | tail)


def _next_stamp() -> int:
    """Time in 4096ths of a millisecond; one more than the last when the clock stood still or went back a little.

    A clock that was set back by more than a second is believed: identifiers have to tell the time.
    """
    global _last
    whole, rest = divmod(time.time_ns(), 1_000_000)
    now = whole << 12 | rest * 4096 // 1_000_000
    with _lock:
        _last = _last + 1 if 0 <= _last - now < 1000 << 12 else now
        return _last


def first_uuid7_at(at: datetime) -> uuid.UUID:
    """The smallest identifier that could be made at `at`: with it the primary key tells rows of before and after apart."""
    return uuid.UUID(int=int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62)
