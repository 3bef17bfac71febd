"""Mail in the embedded run: shown in the terminal and kept as files for the development page."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

KEPT = 200


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
