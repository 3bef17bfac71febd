"""Queueing: a row is written in the caller's transaction."""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NotRequired, TypedDict, Unpack

from campaign.core.crypto import blind_index, blind_indexes
from campaign.core.mailboxes import ascii_host
from campaign.mailing.kinds import Letter, register_mail_kind
from campaign.mailing.models import OutgoingMail, Priority


def recipient_key(address: str) -> bytes:
    """The blind index of a mail address: one key for the same mailbox in any spelling of case and domain."""
    return blind_index(_one_spelling(address), purpose="mail-address")


def recipient_keys(address: str) -> list[bytes]:
    """What a stored row may hold for it, the current key first: two while index keys are being rotated."""
    return blind_indexes(_one_spelling(address), purpose="mail-address")


def _one_spelling(address: str) -> str:
    local, _at, host = address.strip().lower().rpartition("@")
    return f"{local}@{ascii_host(host) or host}"


def mails_since(*, kind: str, keys: list[bytes], since: datetime) -> int:
    """How many mails of a kind were queued since then for an address (its `recipient_keys`)."""
    return OutgoingMail.objects.filter(recipient_key__in=keys, kind=kind, created_at__gt=since).count()


class MailData(TypedDict):
    """What a mail row is made of. What the letter says is decided when it is sent."""

    kind: str
    to: str
    locale: str
    at: datetime
    about_id: NotRequired[uuid.UUID]  # the row of an upper room that it is about
    payload: NotRequired[dict[str, Any]]
    priority: NotRequired[Priority]


def mail_row(**data: Unpack[MailData]) -> OutgoingMail:
    """A mail that is not stored yet: `queue_mails` stores many at once."""
    payload = data.get("payload")
    return OutgoingMail(
        kind=data["kind"],
        locale=data["locale"],
        recipient=data["to"],
        recipient_key=recipient_key(data["to"]),
        payload=json.dumps(payload) if payload else None,
        about_id=data.get("about_id"),
        not_before=data["at"],
        priority=data.get("priority", Priority.SOON),
    )


def queue_mail(**data: Unpack[MailData]) -> OutgoingMail:
    """Write a mail row in the caller's transaction."""
    row = mail_row(**data)
    row.save(force_insert=True)
    return row


def queue_mails(rows: Iterable[OutgoingMail]) -> int:
    """Write many mail rows in the caller's transaction, a few statements for all. Returns how many."""
    return len(OutgoingMail.objects.bulk_create(rows, batch_size=500))


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
