"""Signatures, from what somebody typed to what the ledger counts."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django_countries.fields import CountryField

from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel
from campaign.petitions.models.petition import Petition


class SignRequest(BaseModel):
    """What somebody typed into a sign form, until a worker takes it in.

    Signing writes one such row and nothing else: the same work for every address, known or not, allowed or blocked.
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    typed = EncryptedTextField()  # JSON of SignerData
    received_at = models.DateTimeField()
    failed_at = models.DateTimeField(
        null=True
    )  # could not be taken in: a fault of ours, kept to be looked at


class SignatureState(models.TextChoices):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    INVALIDATED = "invalidated"
    WITHDRAWN = "withdrawn"


class ReasonState(models.TextChoices):
    """Where the moderation of a signer's reason stands."""

    NONE = ""
    WAITING = "waiting"
    SHOWN = "shown"
    REFUSED = "refused"


class SignatureQuerySet(models.QuerySet["Signature"]):
    def awaiting_ledger(self) -> Self:
        """Rows whose state the ledger has not yet recorded."""
        return self.filter(
            Q(state=SignatureState.CONFIRMED, counted=False)
            | Q(state__in=[SignatureState.INVALIDATED, SignatureState.WITHDRAWN], counted=True)
        )


class Signature(BaseModel):
    """One person under one petition.

    A withdrawn or erased row keeps only what was counted (country, day, locale, source, number): without address and key nothing
    leads back to the person, and who signs again gets a new row.
    """

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="signatures", db_index=False)
    state = models.CharField(max_length=11, choices=SignatureState, default=SignatureState.PENDING)
    name = EncryptedTextField()
    email = EncryptedTextField()
    postcode = EncryptedTextField()
    reason = EncryptedTextField()
    network = EncryptedTextField()  # the cut address it came from (/24 or /64), erased after some weeks
    # Blind indexes. Those of 8 bytes are only compared within a petition.
    email_key = models.BinaryField(max_length=32, null=True)  # of the mailbox, whatever way it was spelled
    domain_key = models.BigIntegerField(null=True)
    network_key = models.BigIntegerField(null=True)
    name_key = models.BigIntegerField(null=True)  # of the folded name, and
    postcode_key = models.BigIntegerField(null=True)  # of the postcode: the household rule compares them
    slot = models.SmallIntegerField(default=1)  # 2 is for a household's second person
    country = CountryField()  # in clear: it is counted
    locale = models.CharField(max_length=16)
    source = models.CharField(max_length=32, blank=True)  # the share link it came by
    consents = models.JSONField(
        default=list
    )  # what was agreed to or taken back, oldest first: see consents.py
    name_is_public = models.BooleanField(default=False)
    wants_updates = models.BooleanField(default=False)
    # Not used any more: see Supporter. The release before still writes and reads it; it goes with the next one.
    wants_news = models.BooleanField(default=False)
    reason_state = models.CharField(max_length=7, choices=ReasonState, default=ReasonState.NONE, blank=True)
    signed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(
        null=True
    )  # over a limit or blocked: no mail, no count, moderators see it
    quarantine_cause = models.CharField(max_length=16, blank=True)
    invalidated_by = models.UUIDField(null=True)  # the moderators' act that did it, and can undo it
    state_before = models.CharField(max_length=11, blank=True)  # that act; "" otherwise
    # The ledger's side. Only the sequencer writes the first two.
    counted = models.BooleanField(default=False)  # what the ledger says
    number = models.PositiveBigIntegerField(null=True)  # its place among all additions
    salt = (
        EncryptedTextField()
    )  # hex; with it and the address the commitment can be opened. Erased with the person
    commitment = models.BinaryField(max_length=32, null=True)  # in the ledger's entry that adds it
    trace = models.BinaryField(max_length=32, null=True)  # in entries that remove or restore it

    objects = SignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "email_key", "slot"], name="signature_once"),
            models.UniqueConstraint(
                fields=["petition", "number"], condition=Q(number__isnull=False), name="signature_number_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["petition", "confirmed_at", "id"],
                condition=Q(state="confirmed", counted=False)
                | Q(state__in=["invalidated", "withdrawn"], counted=True),
                name="signature_awaits_ledger",
            ),
            models.Index(
                F("petition"),
                F("number").desc(),
                condition=Q(counted=True, name_is_public=True),
                name="signature_public_names",
            ),
            models.Index(fields=["petition", "domain_key"], name="signature_domain"),
            models.Index(
                fields=["petition", "network_key"],
                condition=Q(network_key__isnull=False),
                name="signature_network",
            ),
            models.Index(fields=["signed_at"], condition=Q(state="pending"), name="signature_pending"),
            models.Index(
                fields=["signed_at"],
                condition=Q(state="invalidated", state_before="pending"),
                name="signature_junk",
            ),
            models.Index(
                fields=["petition"],
                condition=Q(state="pending", quarantined_at=None),
                name="signature_unconfirmed",
            ),
            models.Index(
                fields=["petition", "invalidated_by"],
                condition=Q(invalidated_by__isnull=False),
                name="signature_invalidated",
            ),
            models.Index(
                fields=["petition", "reason_state", "id"],
                condition=~Q(reason_state=""),
                name="signature_reasons",
            ),
            models.Index(
                fields=["petition"],
                condition=Q(state="pending", quarantined_at__isnull=False),
                name="signature_quarantined",
            ),
        ]
