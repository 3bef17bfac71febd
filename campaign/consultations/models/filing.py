"""What was fixed to be filed, the receipts that it was, what the authority answered, and what was wrong about it."""

from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Authority
from campaign.consultations.models.channel import CHANNEL_KINDS, Channel
from campaign.consultations.models.submission import Submission
from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel
from campaign.documents.models import FrozenText


class Filing(BaseModel):
    """What is filed: which text, who stood behind it at that moment, what was counted. Receipts say that it was handed in."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="filings")
    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, related_name="+")  # the submission's
    record = models.ForeignKey(
        FrozenText, models.PROTECT, related_name="filings"
    )  # all that is fixed with it
    is_practice = models.BooleanField()  # made after the deadline: good for learning, not for the authority
    fixed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    fixed_at = models.DateTimeField()

    @property
    def fixed_on(self) -> date:
        """The day it was fixed, on the authority's clock."""
        return self.fixed_at.astimezone(ZoneInfo(self.submission.consultation.time_zone)).date()

    @property
    def filed_on(self) -> date:
        """The day it was first handed in, on the authority's clock; the day it was fixed where nobody handed it in."""
        first = min(self.receipts.all(), key=lambda receipt: receipt.filed_at, default=None)
        if first is None:
            return self.fixed_on
        return first.filed_at.astimezone(ZoneInfo(first.time_zone)).date()


class Receipt(BaseModel):
    """That a filing went in by one channel: when by the authority's clock, under which number, who did it, and the proof.

    The proof may name people: it is kept encrypted and for the team alone.
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="receipts")
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, related_name="+")
    channel_kind = models.CharField(max_length=64, blank=True)  # as it was then; "" for another way
    channel_address = models.CharField(max_length=500, blank=True)
    filed_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)  # IANA name of the authority's clock
    closes_at = models.DateTimeField()  # the deadline of that channel, as it was known then
    is_late = models.BooleanField()
    reference = models.CharField(max_length=120, blank=True)  # the authority's number for it
    note = models.CharField(max_length=500, blank=True)  # public
    file = EncryptedTextField()  # base64
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    byte_size = models.PositiveIntegerField(default=0)
    file_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the file as it was sent
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Pressed twice: one receipt. Another act on the same channel has another time or number.
            models.UniqueConstraint(
                fields=["filing", "channel_kind", "channel_address", "filed_at", "reference"],
                name="receipt_once",
            ),
            models.CheckConstraint(
                name="receipt_file_whole_or_none",
                condition=Q(file__isnull=True, file_name="", file_digest="", byte_size=0)
                | (Q(file__isnull=False, byte_size__gt=0) & ~Q(file_name="") & ~Q(file_digest="")),
            ),
        ]

    @property
    def channel_words(self) -> str:
        """How it was handed in, in the reader's language."""
        kind = str(CHANNEL_KINDS.get(self.channel_kind, self.channel_kind) or _("Another way"))
        return f"{kind}: {self.channel_address}" if self.channel_address else kind


class ResponseState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class FilingResponseQuerySet(models.QuerySet["FilingResponse"]):
    def published(self) -> Self:
        return self.filter(state=ResponseState.PUBLISHED)


class FilingResponse(BaseModel):
    """What the authority answered to a filing, in its own words; what the team says of it stands apart."""

    State = ResponseState

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="responses")
    state = models.CharField(max_length=9, choices=ResponseState, default=ResponseState.DRAFT)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    answered_on = models.DateField()
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=30_000, blank=True)  # Markdown, the authority's words
    locale = models.CharField(max_length=16)  # their language
    url = models.URLField(max_length=500, blank=True)  # the original
    comment = models.TextField(max_length=5_000, blank=True)  # Markdown, the team's words
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    objects = FilingResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="filing_response_published_has_moment",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(name="filing_response_says_something", condition=~Q(text="") | ~Q(url="")),
        ]


class Outcome(models.TextChoices):
    TAKEN_UP = "taken-up", _("Taken up")
    IN_PART = "in-part", _("Taken up in part")
    REJECTED = "rejected", _("Rejected")
    SILENT = "silent", _("Not addressed")


class DemandOutcome(BaseModel):
    """What became of one demand of the filing, by what the authority answered."""

    response = models.ForeignKey(FilingResponse, models.CASCADE, related_name="outcomes")
    position = models.PositiveSmallIntegerField()
    question_number = models.CharField(max_length=16, blank=True)  # "" when it is about more than one answer
    demand = models.CharField(max_length=300)
    outcome = models.CharField(max_length=8, choices=Outcome)
    where = models.CharField(
        max_length=300, blank=True
    )  # where the authority says so: page, article, sentence

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "position"], name="demand_outcome_position_once")
        ]


class FilingCorrection(BaseModel):
    """What is right instead, beside a public record whose own lines stay. Only ever added."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="corrections")
    text = models.CharField(max_length=1_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
