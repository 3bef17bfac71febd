import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from campaign.mailing.models import MailState, OutgoingMail
from campaign.mailing.services import release_claimed
from tests.factories.mailing import OutgoingMailFactory

PUMP = """
import sys, django
from django.conf import settings
django.setup()
from django.utils import timezone
from campaign.mailing.services import pump_mail
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[1])
settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
print("ready", flush=True)
pump_mail(at=timezone.now(), seconds=60)
"""
LETTERS = 60


@pytest.fixture
def sink(tmp_path):
    """A mail server that takes 10 ms for each letter; gives its port and the file of what it took."""
    log = tmp_path / "taken"
    process = subprocess.Popen(
        [sys.executable, Path(__file__).parents[1] / "mail_sink.py", log, "0.01"], stdout=subprocess.PIPE
    )
    yield int(process.stdout.readline()), log
    process.terminate()
    process.wait()
    process.stdout.close()


def pump(port):
    """A worker process of its own on the test's database."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}@{database['HOST'].replace('/', '%2F')}/{database['NAME']}"
    process = subprocess.Popen(
        [sys.executable, "-c", PUMP, str(port)],
        env={**os.environ, "RECLAIM_TEST_DATABASE_URL": address},
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    process.stdout.readline()
    process.stdout.close()
    return process


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="processes share a PostgreSQL server")
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_sends_none_twice_and_loses_at_most_the_one_in_hand(sink):
    port, log = sink
    OutgoingMailFactory.create_batch(LETTERS)
    killed = pump(port)
    while len(lines(log)) < 15:
        time.sleep(0.005)

    killed.send_signal(signal.SIGKILL)
    killed.wait()
    release_claimed(at=timezone.now() + timedelta(minutes=3))
    assert pump(port).wait(60) == 0

    taken = Counter(lines(log))
    assert max(taken.values()) == 1
    assert len(taken) >= LETTERS - 1
    states = Counter(OutgoingMail.objects.values_list("state", flat=True))
    assert set(states) <= {MailState.SENT, MailState.UNCERTAIN}
    assert states[MailState.UNCERTAIN] <= 20


@pytest.mark.skipif(connection.vendor != "postgresql", reason="processes share a PostgreSQL server")
@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work(sink):
    port, log = sink
    OutgoingMailFactory.create_batch(LETTERS)

    workers = [pump(port), pump(port)]
    assert [worker.wait(60) for worker in workers] == [0, 0]

    assert sorted(Counter(lines(log)).values()) == [1] * LETTERS
    assert OutgoingMail.objects.filter(state=MailState.SENT).count() == LETTERS
