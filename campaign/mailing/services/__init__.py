"""The verbs of mailing: the row is the queue."""

from campaign.mailing.services.queueing import (
    mail_row,
    mails_since,
    payload_of,
    queue_letter,
    queue_mail,
    queue_mails,
    recipient_key,
    recipient_keys,
)
from campaign.mailing.services.sending import (
    MailServerUnreachable,
    claim_batch,
    prune_settled,
    pump_mail,
    release_claimed,
    send_batch,
)

__all__ = [
    "MailServerUnreachable",
    "claim_batch",
    "mail_row",
    "mails_since",
    "payload_of",
    "prune_settled",
    "pump_mail",
    "queue_letter",
    "queue_mail",
    "queue_mails",
    "recipient_key",
    "recipient_keys",
    "release_claimed",
    "send_batch",
]
