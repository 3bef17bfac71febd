"""Queueing and sending. A row is written in the caller's transaction; the pump sends it, once."""

import json
import logging
import smtplib
import uuid
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from campaign.core.crypto import blind_index
from campaign.core.mailboxes import ascii_host
from campaign.mailing.kinds import Letter, compose_letter, register_mail_kind
from campaign.mailing.models import MailState, OutgoingMail, Priority

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=5)
LONGEST_WAIT = timedelta(minutes=15)
MAX_CLAIMS = 10  # a mail whose process died this often is what kills it
CLAIM_MINUTES = 2  # renewed before each letter: what stays claimed longer belongs to a dead process


class MailServerUnreachable(Exception):
    """No connection to the mail server. Everything waits."""


def recipient_key(address: str) -> bytes:
    """The blind index of a mail address: one key for the same mailbox in any spelling of case and domain."""
    local, _at, host = address.strip().lower().rpartition("@")
    return blind_index(f"{local}@{ascii_host(host) or host}", purpose="mail-address")


def mails_since(*, kind: str, key: bytes, since: datetime) -> int:
    """How many mails of a kind were queued for an address since then."""
    return OutgoingMail.objects.filter(recipient_key=key, kind=kind, created_at__gt=since).count()


def queue_mail(
    *,
    kind: str,
    to: str,
    locale: str,
    at: datetime,
    about_id: uuid.UUID | None = None,
    payload: dict[str, Any] | None = None,
    priority: Priority = Priority.SOON,
) -> OutgoingMail:
    """Write a mail row in the caller's transaction. What it says is decided when it is sent."""
    return OutgoingMail.objects.create(
        kind=kind,
        locale=locale,
        recipient=to,
        recipient_key=recipient_key(to),
        payload=json.dumps(payload) if payload else None,
        about_id=about_id,
        not_before=at,
        priority=priority,
    )


def queue_letter(*, to: str, subject: str, text: str, locale: str, at: datetime) -> OutgoingMail:
    """Queue a letter that is already worded (sign-in codes), ahead of all others: somebody waits at a screen."""
    return queue_mail(
        kind="mailing.letter",
        to=to,
        locale=locale,
        at=at,
        payload={"subject": subject, "text": text},
        priority=Priority.AT_THE_SCREEN,
    )


def payload_of(mail: OutgoingMail) -> dict[str, Any]:
    """What `queue_mail` was given as payload; empty when there was none or it is blanked."""
    data: dict[str, Any] = json.loads(mail.payload) if mail.payload else {}
    return data


def _worded_letter(mail: OutgoingMail) -> Letter:
    data = payload_of(mail)
    return Letter(subject=data["subject"], text=data["text"])


register_mail_kind("mailing.letter", _worded_letter)


def pump_mail(*, at: datetime, seconds: float = 5.0) -> int:
    """Send what is waiting, batch after batch, for at most about `seconds`. Returns how many were sent."""
    sent, start = 0, monotonic()
    while monotonic() - start < seconds:
        mails = claim_batch(at=at, size=settings.MAIL_BATCH_SIZE)
        if not mails:
            break
        try:
            sent += send_batch(mails=mails)
        except MailServerUnreachable:
            break
    return sent


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


def send_batch(*, mails: list[OutgoingMail]) -> int:
    """Send claimed mails over one connection, recording each as it goes. Returns how many were sent.

    Raises MailServerUnreachable with all of them put back; that counts as no attempt.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("mail server unreachable (%s): %d mails wait", type(error).__name__, len(mails))
        for mail in mails:
            _put_back(mail, reason=type(error).__name__)
        raise MailServerUnreachable from error
    try:
        return sum(_send_one(mail, connection) for mail in mails)
    finally:
        connection.close()


def _send_one(mail: OutgoingMail, connection: Any) -> bool:
    held = OutgoingMail.objects.filter(pk=mail.pk, claim=mail.claim, state=MailState.CLAIMED)
    if not held.update(claimed_at=timezone.now()):
        return False  # released meanwhile: another pump has it
    try:
        with translation.override(mail.locale):
            letter = compose_letter(mail)
    except Exception as error:
        logger.exception("mail %s cannot be worded", mail.pk)
        _settle(mail, MailState.FAILED, reason=f"not worded: {type(error).__name__}", blank=False)
        return False
    if letter is None:
        _settle(mail, MailState.DROPPED)
        return False
    try:
        _message(mail, letter, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        if any(400 <= code < 500 for code in codes):
            _put_back(mail, reason=f"refused for now ({codes[0]})")
        else:
            _settle(mail, MailState.FAILED, reason=f"recipient refused ({codes[0]})")
        return False
    except (OSError, smtplib.SMTPException) as error:
        _put_back(mail, reason=type(error).__name__)
        connection.close()  # the next one opens it anew
        return False
    except Exception as error:  # noqa: BLE001  an address or header no server would take; its text is not for the log
        logger.error("mail %s cannot be sent: %s", mail.pk, type(error).__name__)
        _settle(mail, MailState.FAILED, reason=f"not sendable: {type(error).__name__}")
        return False
    _settle(mail, MailState.SENT)
    return True


def _message(mail: OutgoingMail, letter: Letter, connection: Any) -> EmailMultiAlternatives:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[mail.recipient],
        connection=connection,
        # The same mail keeps its Message-ID, so that a mailbox can drop the second copy if a
        # process dies between the server's answer and our note of it.
        headers={"Message-ID": f"<{mail.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def _settle(mail: OutgoingMail, state: MailState, *, reason: str = "", blank: bool = True) -> None:
    changes: dict[str, Any] = {"state": state, "reason": reason, "claim": None}
    if state == MailState.SENT:
        changes["sent_at"] = timezone.now()
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
    """Give back what a dead process had claimed; a mail that was released MAX_CLAIMS times failed. Returns how many."""
    stale = OutgoingMail.objects.filter(
        state=MailState.CLAIMED, claimed_at__lt=at - timedelta(minutes=CLAIM_MINUTES)
    )
    ended = stale.filter(attempts__gte=MAX_CLAIMS).update(
        state=MailState.FAILED, claim=None, reason="its process died again and again"
    )
    return ended + stale.update(state=MailState.WAITING, claim=None, reason="released from a dead process")
