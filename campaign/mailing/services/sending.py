"""Sending: claim a batch, hand each letter over once, note it.

A process may be killed at any point. What it had claimed and not yet begun to hand over is given back and sent by another. What
it was handing over is not sent again: whether the mail server took it, nobody can know, and a mail that comes twice is worse
than one that a person asks for again.
"""

import logging
import smtplib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection as database
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from campaign.core.ids import first_uuid7_at
from campaign.mailing.backends import was_handed_over
from campaign.mailing.kinds import Letter, Letters
from campaign.mailing.models import MailState, OutgoingMail

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=5)
LONGEST_WAIT = timedelta(minutes=15)
MAX_RELEASES = 10  # a mail whose process died this often is what kills it
KEPT = timedelta(days=90)  # settled rows, for operators and limits
CLAIM_MINUTES = 2  # what stays claimed longer belongs to a dead process
RENEW_SECONDS = 20  # how often a living one renews its claims
NOTE_EVERY = 20  # sent mails are noted in groups


class MailServerUnreachable(Exception):
    """No connection to the mail server. Everything waits."""


def pump_mail(*, at: datetime, seconds: float = 5.0) -> int:
    """Send what is waiting over one connection, batch after batch, for at most about `seconds`. Returns how many were sent."""
    sent, start, connection = 0, monotonic(), get_connection()
    try:
        while monotonic() - start < seconds:
            mails = claim_batch(at=at, size=settings.MAIL_BATCH_SIZE)
            if not mails:
                break
            with _not_waiting_for_the_disk():
                sent += send_batch(mails=mails, connection=connection)
    except MailServerUnreachable:
        pass
    finally:
        connection.close()
    return sent


@contextmanager
def _not_waiting_for_the_disk() -> Iterator[None]:
    """Inside, a note of a letter does not wait for the disk, which takes longer than sending it.

    A killed process loses nothing by that; a machine that loses its power may send the letters of its last second again.
    """
    if database.vendor != "postgresql":
        yield
        return
    with database.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        try:
            yield
        finally:
            cursor.execute("SET synchronous_commit = DEFAULT")


def claim_batch(*, at: datetime, size: int) -> list[OutgoingMail]:
    """Take up to `size` waiting mails for this process alone, first those that somebody waits for."""
    claim = uuid.uuid4()
    waiting = OutgoingMail.objects.filter(state=MailState.WAITING, not_before__lte=at)
    with transaction.atomic():
        ids = list(
            waiting.select_for_update(skip_locked=True)
            .order_by("priority", "id")
            .values_list("id", flat=True)[:size]
        )
        if not ids:
            return []
        OutgoingMail.objects.filter(pk__in=ids, state=MailState.WAITING).update(
            state=MailState.CLAIMED, claim=claim, claimed_at=at, attempts=F("attempts") + 1
        )
    return list(OutgoingMail.objects.filter(claim=claim, state=MailState.CLAIMED).order_by("priority", "id"))


def send_batch(*, mails: list[OutgoingMail], connection: Any) -> int:
    """Send claimed mails, which are all of one claim. Returns how many the mail server took.

    Raises MailServerUnreachable with all of them put back.
    """
    try:
        connection.open()  # does nothing while it is open
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("mail server unreachable (%s): %d mails wait", type(error).__name__, len(mails))
        for mail in mails:
            _put_back(mail, reason=type(error).__name__)
        raise MailServerUnreachable from error
    return _Run(mails, connection).send_all()


class _Run:
    """One pass over a batch: letters are worded from rows loaded together, and sent ones are noted in groups."""

    def __init__(self, mails: list[OutgoingMail], connection: Any) -> None:
        self.mails, self.connection = mails, connection
        self.letters = Letters(mails)
        self.unnoted: list[uuid.UUID] = []
        self.renewed = monotonic()

    def send_all(self) -> int:
        sent = 0
        try:
            for mail in self.mails:
                self._renew_claims(mail)
                if self._send_one(mail):
                    sent += 1
                    self.unnoted.append(mail.pk)
                if len(self.unnoted) >= NOTE_EVERY:
                    self._note_sent()
        finally:
            self._note_sent()
        return sent

    def _renew_claims(self, mail: OutgoingMail) -> None:
        if monotonic() - self.renewed > RENEW_SECONDS:
            OutgoingMail.objects.filter(claim=mail.claim).update(claimed_at=timezone.now())
            self.renewed = monotonic()

    def _send_one(self, mail: OutgoingMail) -> bool:
        letter = self._letter(mail)
        if letter is None:
            return False
        held = OutgoingMail.objects.filter(pk=mail.pk, claim=mail.claim, state=MailState.CLAIMED)
        if not held.update(state=MailState.HANDING_OVER, claimed_at=timezone.now()):
            return False  # released meanwhile: another pump has it
        try:
            _message(mail, letter, self.connection).send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            if any(400 <= code < 500 for code in codes):
                _put_back(mail, reason=f"refused for now ({codes[0]})")
            else:
                _settle(mail, MailState.FAILED, reason=f"recipient refused ({codes[0]})")
            return False
        except smtplib.SMTPResponseException as error:  # the server's own word: it did not take it
            _put_back(mail, reason=f"refused for now ({error.smtp_code})")
            self.connection.close()
            return False
        except (OSError, smtplib.SMTPException) as error:
            if was_handed_over(self.connection):
                _settle(mail, MailState.UNCERTAIN, reason=f"no answer: {type(error).__name__}")
            else:
                _put_back(mail, reason=type(error).__name__)
            self.connection.close()  # the next one opens it anew
            return False
        except Exception as error:  # noqa: BLE001  an address or header no server would take; its text is not for the log
            logger.error("mail %s cannot be sent: %s", mail.pk, type(error).__name__)
            _settle(mail, MailState.FAILED, reason=f"not sendable: {type(error).__name__}")
            return False
        return True

    def _letter(self, mail: OutgoingMail) -> Letter | None:
        try:
            with translation.override(mail.locale):
                letter = self.letters.compose(mail)
        except Exception as error:
            logger.exception("mail %s cannot be worded", mail.pk)
            _settle(mail, MailState.FAILED, reason=f"not worded: {type(error).__name__}", blank=False)
            return None
        if letter is None:
            _settle(mail, MailState.DROPPED)
        return letter

    def _note_sent(self) -> None:
        if self.unnoted:
            OutgoingMail.objects.filter(pk__in=self.unnoted, state=MailState.HANDING_OVER).update(
                state=MailState.SENT, sent_at=timezone.now(), claim=None, recipient=None, payload=None
            )
            self.unnoted = []


def _message(mail: OutgoingMail, letter: Letter, connection: Any) -> EmailMultiAlternatives:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[mail.recipient],
        connection=connection,
        # The same mail keeps its Message-ID, so that a mailbox can drop a second copy, whoever made it.
        headers={"Message-ID": f"<{mail.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    for file in letter.attachments:
        message.attach(file.name, file.text.encode(), file.media_type)
    return message


def _settle(mail: OutgoingMail, state: MailState, *, reason: str = "", blank: bool = True) -> None:
    changes: dict[str, Any] = {"state": state, "reason": reason, "claim": None}
    if blank:
        changes |= {"recipient": None, "payload": None}
    OutgoingMail.objects.filter(pk=mail.pk, claim=mail.claim).update(**changes)


def _put_back(mail: OutgoingMail, *, reason: str) -> None:
    """Wait and try again, after 1, 2, 4 … and at most 15 minutes. After five days it failed; what it says is kept."""
    now = timezone.now()
    if now - mail.created_at > GIVE_UP_AFTER:
        _settle(mail, MailState.FAILED, reason=f"gave up: {reason}", blank=False)
        return
    wait = min(timedelta(minutes=2 ** min(mail.attempts - 1, 8)), LONGEST_WAIT)
    OutgoingMail.objects.filter(pk=mail.pk, claim=mail.claim).update(
        state=MailState.WAITING, claim=None, reason=reason, not_before=now + wait
    )


def release_claimed(*, at: datetime) -> int:
    """Settle what a dead process had claimed: given back if it was not begun; a mail released MAX_RELEASES times failed.

    What was being handed over is uncertain, and stays so. Returns how many rows were settled.
    """
    dead = OutgoingMail.objects.filter(claimed_at__lt=at - timedelta(minutes=CLAIM_MINUTES))
    uncertain = dead.filter(state=MailState.HANDING_OVER).update(
        state=MailState.UNCERTAIN,
        claim=None,
        recipient=None,
        payload=None,
        reason="its process died before noting whether the mail server took it",
    )
    stale = dead.filter(state=MailState.CLAIMED)
    ended = stale.filter(releases__gte=MAX_RELEASES - 1).update(
        state=MailState.FAILED, claim=None, reason="its process died again and again"
    )
    released = stale.update(
        state=MailState.WAITING,
        claim=None,
        releases=F("releases") + 1,
        reason="released from a dead process",
    )
    return uncertain + ended + released


def prune_settled(*, at: datetime, batch: int = 5_000) -> int:
    """Delete rows that were settled and are KEPT old. Returns how many."""
    settled = [MailState.SENT, MailState.UNCERTAIN, MailState.DROPPED, MailState.FAILED]
    old = OutgoingMail.objects.filter(pk__lt=first_uuid7_at(at - KEPT), state__in=settled).order_by("pk")
    deleted = 0
    while ids := list(old.values_list("pk", flat=True)[:batch]):
        deleted += OutgoingMail.objects.filter(pk__in=ids).delete()[0]
    return deleted
