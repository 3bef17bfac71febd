"""A petition, what its team set for it, and the numbers that do not come from signatures."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Subquery
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Authority, Campaign
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


class CheckWhen(models.TextChoices):
    """When signers' browsers do a proof of work."""

    UNDER_ATTACK = "under_attack", _("Only while somebody seems to sign in bulk")
    ALWAYS = "always", _("Always")


class PetitionQuerySet(models.QuerySet["Petition"]):
    def public(self) -> Self:
        return self.filter(state__in=PUBLIC_STATES)

    def with_site_pause(self) -> Self:
        """Adds `site_pause_note`: what the site's pause switch tells visitors, None while it is off."""
        return self.annotate(site_pause_note=Subquery(SigningPause.objects.values("note")[:1]))


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
    # What the form asks. Fixed with the text: who signed early answered the same as who signs late.
    eligibility = models.CharField(_("Who may sign"), max_length=200, blank=True)  # a statement to agree to
    asks_postcode = models.BooleanField(_("Ask for the postcode"), default=False)
    asks_reason = models.BooleanField(_("Ask for a reason"), default=False)
    household_rule = models.BooleanField(_("Two people may share a mail address"), default=False)
    # Against abuse.
    check_when = models.CharField(
        _("Check for robots"), max_length=12, choices=CheckWhen, default=CheckWhen.UNDER_ATTACK
    )
    guarded_until = models.DateTimeField(null=True)  # an attack was seen: the check is on until then
    paused_at = models.DateTimeField(null=True)
    pause_note = models.CharField(max_length=300, blank=True)
    hidden_note = models.CharField(max_length=300, blank=True)  # why it was taken down or rejected
    state_before_hidden = models.CharField(max_length=13, blank=True)
    # Retention: personal data is erased this long after closing; the count stays.
    retention_days = models.PositiveIntegerField(
        _("Days to keep personal data after closing"),
        default=183,
        validators=[MinValueValidator(1), MaxValueValidator(3_650)],
    )
    legal_hold_reason = models.CharField(_("Reason of a legal hold"), max_length=300, blank=True)
    erased_at = models.DateTimeField(null=True)
    receipts_position = models.PositiveBigIntegerField(default=0)  # ledger entries whose receipts are queued

    objects = PetitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="petition_open_has_text_and_end",
                condition=~Q(state__in=["open", "closed"])
                | Q(frozen_text__isnull=False, closes_at__isnull=False, opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="petition_household_needs_postcode",
                condition=Q(household_rule=False) | Q(asks_postcode=True),
            ),
        ]

    @property
    def is_paused(self) -> bool:
        """Whether its own switch is on, or the site's as far as `with_site_pause` looked."""
        return self.paused_at is not None or getattr(self, "site_pause_note", None) is not None

    @property
    def confirmable_until(self) -> datetime | None:
        """24 hours after it closes or closed; None for a draft."""
        end = self.closed_at or self.closes_at
        return end + CONFIRMABLE_AFTER_CLOSING if end else None

    @property
    def erases_at(self) -> datetime | None:
        """When its signers' personal data is erased, unless a legal hold stops it. None for a draft."""
        end = self.closed_at or self.closes_at
        return end + timedelta(days=self.retention_days) if end else None

    def collects_at(self, at: datetime) -> bool:
        """Whether it can be signed at `at`, even if the task that closes it is late."""
        return self.state == PetitionState.OPEN and self.closes_at is not None and at < self.closes_at

    def may_still_count_at(self, at: datetime) -> bool:
        """Whether its count is not final: it collects, a signature can be confirmed, or it is hidden and may come back."""
        until = self.confirmable_until
        return until is None or at < until

    def confirms_at(self, at: datetime) -> bool:
        """Whether a signature given in time can still be confirmed: until 24 hours after closing."""
        until = self.confirmable_until
        return self.state in PUBLIC_STATES and until is not None and at < until


class SearchText(models.Model):
    """What a petition is found by, folded (see search.py). A table of its own: letters load petitions by the hundred."""

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="found_by")
    text = models.TextField()


class Threshold(BaseModel):
    """A number at which something follows (the authority must answer, say). Told once; reached and missed again by the count."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="thresholds")
    count = models.PositiveIntegerField(_("Signatures"), validators=[MinValueValidator(1)])
    consequence = models.CharField(_("What follows"), max_length=200)
    is_reached = models.BooleanField(default=False)  # now; falls back when signers withdraw
    first_reached_at = models.DateTimeField(null=True)  # stays, and keeps a second notice from being sent

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "count"], name="threshold_once")]


class ReportedKind(models.TextChoices):
    PAPER = "paper", _("On paper")
    PARTNER = "partner", _("Collected by a partner")


class ReportedCount(BaseModel):
    """Signatures somebody reports from elsewhere: shown apart, never added to the confirmed ones."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="reported_counts")
    kind = models.CharField(_("How they were collected"), max_length=7, choices=ReportedKind)
    count = models.PositiveIntegerField(_("Signatures"), validators=[MinValueValidator(1)])
    collected_by = models.CharField(_("Who collected them"), max_length=200)
    note = models.CharField(_("Where and when, and where the sheets are kept"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="reported_counts"
    )
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class SigningPause(models.Model):
    """The pause switch of the whole site. While a row is there, nobody can sign anywhere."""

    since = models.DateTimeField()
    note = models.CharField(_("What visitors read"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    only_one = models.BooleanField(default=True, unique=True, editable=False)
