"""How many letters one worker sends a second, beside what smtplib alone can do with the same letters.

    .venv/bin/python bench/mail.py [letters]

Throwaway PostgreSQL (durable), a mail server on this machine that takes everything at once, and one process that sends letters
to confirm.
"""

import os
import smtplib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import servers

PUMP = """
import sys, time, django
django.setup()
from django.utils import timezone
from campaign.mailing.services import pump_mail
start = time.perf_counter()
print(pump_mail(at=timezone.now(), seconds=600), time.perf_counter() - start)
"""


def queue(letters: int) -> None:
    """Pending signatures of one petition, each with the letter that asks to confirm."""
    from django.utils import timezone

    from campaign.mailing.models import Priority
    from campaign.mailing.services import mail_row, queue_mails
    from campaign.petitions.models import Signature
    from tests.factories.petitions import PetitionFactory

    petition, now = PetitionFactory(), timezone.now()
    rows = [
        Signature(
            petition=petition,
            name="Ada Load",
            email=f"person-{number}@example.org",
            email_key=os.urandom(32),
            country="DE",
            locale="en",
            signed_at=now,
        )
        for number in range(letters)
    ]
    Signature.objects.bulk_create(rows, batch_size=2_000)
    queue_mails(
        mail_row(
            kind="petitions.signed",
            to=row.email or "",
            locale="en",
            at=now,
            about_id=row.pk,
            priority=Priority.AT_THE_SCREEN,
        )
        for row in rows
    )


def bare(port: int, letters: int) -> float:
    """Seconds that smtplib takes for as many finished letters over one connection."""
    body = b"Subject: Confirm\r\nMessage-ID: <x@example.org>\r\n\r\n" + b"A letter of usual length.\r\n" * 120
    start = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for number in range(letters):
            connection.sendmail("site@example.org", [f"person-{number}@example.org"], body)
    return time.perf_counter() - start


def main() -> None:
    letters = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
    with servers.databases() as env, tempfile.TemporaryDirectory() as folder:
        os.environ |= env
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        queue(letters)
        taken = Path(folder) / "taken"
        with servers.mail_sink(taken) as port:
            pump = subprocess.run(
                [sys.executable, "-c", PUMP],
                env={**os.environ, "RECLAIM_MAIL_PORT": str(port)},
                cwd=servers.ROOT,
                capture_output=True,
                text=True,
                check=True,
            )
            sent, seconds = pump.stdout.split()
            lines = taken.read_text().splitlines()
            least = bare(port, letters)
        print(
            f"one worker: {int(sent):,} letters in {float(seconds):.1f} s, {int(sent) / float(seconds):.0f} a second"
        )
        print(f"taken {len(lines):,}, different {len(set(lines)):,}")
        print(f"bare:       {letters / least:.0f} a second; ours {least / float(seconds):.2f} of it")


if __name__ == "__main__":
    main()
