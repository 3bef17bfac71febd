"""A petition, its signatures, and the ledger that numbers them."""

from datetime import datetime, timedelta
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaign.campaigns.models import Authority, Campaign
from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel
from campaign.documents.models import FrozenText

CONFIRMABLE_AFTER_CLOSING = timedelta(hours=24)


class PetitionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_MODERATION = "in_moderation", _("In moderation")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Rejected")
    HIDDEN = "hidden", _("Hidden")
    WITHDRAWN = "withdrawn", _("Withdrawn")


PUBLIC_STATES = (PetitionState.OPEN, PetitionState.CLOSED)


class PetitionQuerySet(models.QuerySet["Petition"]):
    def public(self) -> Self:
        return self.filter(state__in=PUBLIC_STATES)


class Petition(BaseModel):
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="petitions")
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("Title"), max_length=120)
    text = models.TextField(_("What is asked"), max_length=20_000)  # Markdown
    locale = models.CharField(max_length=16)
    addressee = models.ForeignKey(
        Authority, models.PROTECT, related_name="petitions", verbose_name=_("Addressee")
    )
    goal = models.PositiveIntegerField(_("Goal"), null=True, blank=True, validators=[MinValueValidator(1)])
    state = models.CharField(max_length=13, choices=PetitionState, default=PetitionState.DRAFT)
    closing_date = models.DateField(_("Last day to sign"))
    time_zone = models.CharField(_("Time zone of that day"), max_length=64)  # IANA name
    closes_at = models.DateTimeField(null=True)  # the end of that day there, set when it opens
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, null=True, related_name="petitions")

    objects = PetitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="petition_open_has_text_and_end",
                condition=~Q(state__in=["open", "closed"])
                | Q(frozen_text__isnull=False, closes_at__isnull=False, opened_at__isnull=False),
            )
        ]

    @property
    def confirmable_until(self) -> datetime | None:
        """24 hours after it closes or closed; None for a draft."""
        end = self.closed_at or self.closes_at
        return end + CONFIRMABLE_AFTER_CLOSING if end else None

    def collects_at(self, at: datetime) -> bool:
        """Whether it can be signed at `at`, even if the task that closes it is late."""
        return self.state == PetitionState.OPEN and self.closes_at is not None and at < self.closes_at

    def confirms_at(self, at: datetime) -> bool:
        """Whether a signature given in time can still be confirmed: until 24 hours after closing."""
        until = self.confirmable_until
        return self.state in PUBLIC_STATES and until is not None and at < until


class SignatureState(models.TextChoices):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    INVALIDATED = "invalidated"
    WITHDRAWN = "withdrawn"


class SignatureQuerySet(models.QuerySet["Signature"]):
    def unconfirmed(self) -> Self:
        """Rows that a confirmation can still make count."""
        return self.filter(state__in=[SignatureState.PENDING, SignatureState.WITHDRAWN])

    def awaiting_ledger(self) -> Self:
        """Rows whose state the ledger has not yet recorded."""
        return self.filter(
            Q(state=SignatureState.CONFIRMED, counted=False)
            | Q(state__in=[SignatureState.INVALIDATED, SignatureState.WITHDRAWN], counted=True)
        )


class Signature(BaseModel):
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="signatures")
    state = models.CharField(max_length=11, choices=SignatureState, default=SignatureState.PENDING)
    name = EncryptedTextField()
    email = EncryptedTextField()
    email_key = models.BinaryField(max_length=32)
    slot = models.SmallIntegerField(default=1)  # 2 is for a household's second person
    country = CountryField()  # in clear: it is counted
    locale = models.CharField(max_length=16)
    source = models.CharField(max_length=32, blank=True)  # the share link it came by
    consents = models.JSONField(default=dict)  # purpose: version of the wording agreed to
    name_is_public = models.BooleanField(default=False)
    wants_updates = models.BooleanField(default=False)
    signed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    counted = models.BooleanField(default=False)  # what the ledger says; only the sequencer writes it
    number = models.PositiveBigIntegerField(null=True)  # its place among all additions; only the sequencer

    objects = SignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "email_key", "slot"], name="signature_once"),
            models.UniqueConstraint(fields=["petition", "number"], name="signature_number_once"),
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
        ]


class EntryKind(models.TextChoices):
    ADDITION = "addition"
    REMOVAL = "removal"
    RESTORATION = "restoration"


class LedgerEntry(models.Model):
    """One step of the count. Entries are only ever added, with consecutive positions from 1."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="ledger")
    position = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=11, choices=EntryKind)
    signature = models.ForeignKey(Signature, models.PROTECT, related_name="entries")
    additions = models.PositiveBigIntegerField()  # additions up to and with this entry
    total = models.PositiveBigIntegerField()  # the count after this entry
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "position"], name="entry_position_once"),
            models.CheckConstraint(name="entry_total_holds", condition=Q(total__lte=F("additions"))),
        ]


class Dimension(models.TextChoices):
    TOTAL = "total"
    COUNTRY = "country"
    DAY = "day"  # of confirmation, UTC
    SOURCE = "source"
    LOCALE = "locale"


class Tally(models.Model):
    """A public number, moved in the same transaction as the ledger."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="tallies")
    dimension = models.CharField(max_length=8, choices=Dimension)
    key = models.CharField(max_length=32, blank=True)
    counted = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "dimension", "key"], name="tally_once"),
        ]
