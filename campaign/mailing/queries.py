"""Reads: the letters of the embedded run."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class KeptMail:
    """A letter of the embedded run, as its file holds it."""

    to: str
    subject: str
    text: str
    sent_at: datetime


def kept_mails(*, limit: int = 50) -> list[KeptMail]:
    """The last letters that `TerminalBackend` kept, newest first."""
    paths = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.eml"), reverse=True)[:limit]
    return [_read(path) for path in paths]


def _read(path: Path) -> KeptMail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    return KeptMail(
        to=str(message["to"]),
        subject=str(message["subject"]),
        text=body.get_content() if body else "",
        sent_at=datetime.fromtimestamp(int(path.stem) / 1e9, tz=UTC),
    )
