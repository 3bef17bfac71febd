import socket
import threading
from contextlib import closing

import pytest
from django.core.mail import get_connection
from django.utils import timezone

from campaign.mailing.models import MailState, OutgoingMail
from campaign.mailing.services import claim_batch, send_batch
from tests.factories.mailing import OutgoingMailFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def hang_up_at(settings):
    """A mail server that closes the connection at one command, or after the letter's text."""
    listener = socket.create_server(("127.0.0.1", 0))
    settings.EMAIL_BACKEND = "campaign.mailing.backends.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = listener.getsockname()
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False

    def start(command):
        def talk():
            client, _ = listener.accept()
            with closing(client), client.makefile("rwb", buffering=0) as stream:
                stream.write(b"220 here\r\n")
                while line := stream.readline():
                    if line.upper().startswith(command):
                        return
                    if line.upper().startswith(b"DATA"):
                        stream.write(b"354 go on\r\n")
                        while stream.readline() != b".\r\n":
                            pass
                        return
                    stream.write(b"250 ok\r\n")

        thread = threading.Thread(target=talk)
        thread.start()
        threads.append(thread)

    threads = []
    yield start
    listener.close()
    for thread in threads:
        thread.join(5)


def test_server_that_hangs_up_before_the_text_gets_the_letter_again(hang_up_at):
    OutgoingMailFactory()
    hang_up_at(b"MAIL")

    send_batch(mails=claim_batch(at=timezone.now(), size=1), connection=get_connection())

    row = OutgoingMail.objects.get()
    assert (row.state, row.recipient is not None) == (MailState.WAITING, True)


def test_server_that_hangs_up_after_the_text_does_not_get_the_letter_twice(hang_up_at):
    OutgoingMailFactory()
    hang_up_at(b"NEVER")

    send_batch(mails=claim_batch(at=timezone.now(), size=1), connection=get_connection())

    row = OutgoingMail.objects.get()
    assert (row.state, row.recipient) == (MailState.UNCERTAIN, None)
