"""How letters leave: to a mail server, or, in the embedded run, to the terminal and files for the development page."""

import smtplib
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import EmailMessage

KEPT = 200


class _Noted:
    """Notes how far the letter in hand came."""

    has_begun_data = False

    def mail(self, *args: Any, **kwargs: Any) -> Any:
        self.has_begun_data = False
        return super().mail(*args, **kwargs)  # type: ignore[misc]  # of smtplib.SMTP

    def data(self, msg: Any) -> Any:
        self.has_begun_data = True
        return super().data(msg)  # type: ignore[misc]


class _Smtp(_Noted, smtplib.SMTP):
    pass


class _SmtpTls(_Noted, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """A mail server, over a connection that can say whether the last letter's text was on its way (RFC 5321, section 4.1.1.4)."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpTls if self.use_ssl else _Smtp


def was_handed_over(backend: Any) -> bool:
    """Whether the mail server may hold the last letter although it gave no answer. False for every other way of sending."""
    return bool(getattr(getattr(backend, "connection", None), "has_begun_data", False))


class TerminalBackend(BaseEmailBackend):
    """Prints each letter and keeps the last ones under `EMAIL_FILE_PATH`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            path = folder / f"{time.time_ns()}.eml"
            draft = path.with_suffix(".tmp")
            draft.write_bytes(message.message().as_bytes())
            draft.rename(path)
            sys.stdout.write(
                f"\n--- mail to {', '.join(message.to)}: {message.subject} ---\n{str(message.body).strip()}\n---\n"
            )
        sys.stdout.flush()
        for old in sorted(folder.glob("*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return len(email_messages)
