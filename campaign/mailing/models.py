"""Outgoing mail as rows: the row is the queue."""

from django.db import models
from django.db.models import Q

from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel


class MailState(models.TextChoices):
    WAITING = "waiting"
    CLAIMED = "claimed"
    HANDING_OVER = "handing_over"
    SENT = "sent"
    UNCERTAIN = "uncertain"  # its process died while handing it over: not sent again
    DROPPED = "dropped"  # nothing to say any more when its turn came
    FAILED = "failed"


class Priority(models.IntegerChoices):
    """Who is waiting for it. Lower goes first."""

    AT_THE_SCREEN = 1
    SOON = 5
    BULK = 9


class OutgoingMail(BaseModel):
    kind = models.CharField(max_length=64)
    locale = models.CharField(max_length=16)
    recipient = EncryptedTextField()  # blanked once sent
    recipient_key = models.BinaryField(max_length=32)  # blind index, for limits and look-up
    payload = EncryptedTextField()  # JSON with what the letter needs (links included); blanked once sent
    about_id = models.UUIDField(null=True)  # the row of an upper room that the letter is about
    state = models.CharField(max_length=12, choices=MailState, default=MailState.WAITING)
    priority = models.SmallIntegerField(choices=Priority, default=Priority.SOON)
    not_before = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    releases = models.SmallIntegerField(default=0)  # how often a process died with it
    claim = models.UUIDField(null=True)  # which run of the pump holds it
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["priority", "id"],
                condition=Q(state="waiting"),
                name="mail_waiting",
            ),
            models.Index(fields=["claim"], condition=Q(claim__isnull=False), name="mail_of_claim"),
            models.Index(
                fields=["claimed_at"], condition=Q(state__in=["claimed", "handing_over"]), name="mail_claimed"
            ),
            models.Index(fields=["recipient_key", "about_id"], name="mail_recipient"),
            models.Index(fields=["about_id"], condition=Q(about_id__isnull=False), name="mail_about"),
        ]
