"""Identifiers made by the application, so that a row has its key before it is stored."""

import os
import time
import uuid
from datetime import datetime


def uuid7() -> uuid.UUID:
    """A time-ordered random identifier: 48 bits of Unix milliseconds, 74 random bits (RFC 9562, section 5.7)."""
    stamp = time.time_ns() // 1_000_000
    value = (stamp & (2**48 - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def first_uuid7_at(at: datetime) -> uuid.UUID:
    """The smallest identifier that could be made at `at`: with it the primary key tells rows of before and after apart."""
    return uuid.UUID(int=int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62)
