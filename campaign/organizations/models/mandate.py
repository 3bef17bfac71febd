"""Mandates: who may bind an organization, and how that was proven."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel
from campaign.organizations.models.organization import Organization


class MandateProof(models.TextChoices):
    DOMAIN_MAIL = "domain_mail", _("confirmed by mail on its own domain")
    DOMAIN_DNS = "domain_dns", _("confirmed by a record of its own domain")
    DOCUMENT = "document", _("confirmed by a document that this site's staff has checked")


class DnsOutcome(models.TextChoices):
    """What the last look at the domain's records found."""

    NONE = "", _("Not looked at yet")
    ASKED = "asked", _("Being looked at")
    FOUND = "found", _("The record is there")
    MISSING = "missing", _("The record is not there yet")
    OTHER = "other", _("There is a record, with another value")
    DIFFERS = "differs", _("Name servers answer differently")
    SILENT = "silent", _("The name server did not answer in time")
    BROKEN = "broken", _("The name server answered that it cannot answer")


class MandateState(models.TextChoices):
    """Where a mandate stands, as its organization reads it."""

    MAIL = "mail", _("Waits for the link in the mail")
    RECORD = "record", _("Waits for the record of the domain")
    STAFF = "staff", _("Waits for this site’s staff")
    TOO_LATE = "too_late", _("Was not proven in time")
    IN_FORCE = "in_force", _("In force")
    ENDS_SOON = "ends_soon", _("Ends soon")
    OVER = "over", _("Over")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REFUSED = "refused", _("Refused")


ENDS_SOON_DAYS = 30

WAITING = {
    MandateProof.DOMAIN_MAIL: MandateState.MAIL,
    MandateProof.DOMAIN_DNS: MandateState.RECORD,
    MandateProof.DOCUMENT: MandateState.STAFF,
}


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force_at(self, at: datetime) -> Self:
        """Proven, not withdrawn, not rejected, not over."""
        return self.filter(
            Q(ends_at=None) | Q(ends_at__gt=at),
            proven_at__isnull=False,
            proven_at__lte=at,
            withdrawn_at=None,
            rejected_at=None,
        )

    def waiting_at(self, at: datetime) -> Self:
        """Stated, and still to be proven."""
        return self.filter(proven_at=None, rejected_at=None, withdrawn_at=None, expires_at__gt=at)

    def for_staff(self) -> Self:
        """Those proven by a document that nobody has looked at yet."""
        return self.filter(
            proof=MandateProof.DOCUMENT,
            proven_at=None,
            rejected_at=None,
            withdrawn_at=None,
            document__isnull=False,
        )


class Mandate(BaseModel):
    """A named person's statement that they may bind the organization, and how it was proven."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="mandates")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="mandates"
    )  # the signatory's account, when they were signed in
    signatory_name = EncryptedTextField()
    signatory_function = models.CharField(max_length=120)
    signatory_email = EncryptedTextField()
    email_key = models.BinaryField(max_length=32)
    statement = models.TextField()  # the words the person agreed to, as shown
    locale = models.CharField(max_length=16)  # the language of those words
    proof = models.CharField(max_length=16, choices=MandateProof)
    domain = models.CharField(
        max_length=200, blank=True
    )  # that the mail was sent to, or whose record is looked up
    stated_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # until when it can be proven
    proven_at = models.DateTimeField(null=True)  # until then it is worth nothing
    ends_at = models.DateTimeField(null=True)  # what is signed from then on needs a new one
    withdrawn_at = models.DateTimeField(
        null=True
    )  # taken back by the organization; what was signed under it stays
    rejected_at = models.DateTimeField(null=True)  # there never was authority: what was signed under it falls
    reason = models.CharField(max_length=300, blank=True)  # of the withdrawal, or of what staff decided
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, related_name="replaced_by")  # a transfer
    reminded_at = models.DateTimeField(null=True)  # that it ends soon
    end_told_at = models.DateTimeField(null=True)  # that it has ended
    dns_outcome = models.CharField(max_length=7, choices=DnsOutcome, blank=True, default=DnsOutcome.NONE)
    dns_asked_at = models.DateTimeField(null=True)
    dns_checked_at = models.DateTimeField(null=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "proven_at"], name="mandate_of_organization"),
            models.Index(fields=["dns_asked_at"], condition=Q(dns_outcome="asked"), name="mandate_dns_asked"),
            models.Index(
                fields=["stated_at"],
                condition=Q(proof="document", proven_at=None, rejected_at=None, withdrawn_at=None),
                name="mandate_for_staff",
            ),
        ]

    def is_in_force_at(self, at: datetime) -> bool:
        """Whether something can be signed under it at `at`."""
        return (
            self.proven_at is not None
            and self.proven_at <= at
            and self.withdrawn_at is None
            and self.rejected_at is None
            and (self.ends_at is None or at < self.ends_at)
        )

    def is_waiting_at(self, at: datetime) -> bool:
        """Whether it can still be proven at `at`."""
        open_still = self.proven_at is None and self.rejected_at is None and self.withdrawn_at is None
        return open_still and at < self.expires_at

    def state_at(self, at: datetime) -> MandateState:
        """Where it stands at `at`."""
        if self.rejected_at is not None:
            return MandateState.REFUSED
        if self.withdrawn_at is not None:
            return MandateState.WITHDRAWN
        if self.proven_at is None:
            return WAITING[MandateProof(self.proof)] if at < self.expires_at else MandateState.TOO_LATE
        if self.ends_at is None or self.ends_at > at + timedelta(days=ENDS_SOON_DAYS):
            return MandateState.IN_FORCE
        return MandateState.ENDS_SOON if at < self.ends_at else MandateState.OVER


class MandateDocument(BaseModel):
    """What a signatory sent to show their authority. Only staff reads it, and it is erased some weeks after the decision."""

    mandate = models.OneToOneField(Mandate, models.CASCADE, related_name="document")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    content = EncryptedTextField()  # the file's bytes in base64
    byte_size = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()


class ObjectionDecision(models.TextChoices):
    OPEN = "", _("Not decided")
    UPHELD = "upheld", _("There was no authority")
    DISMISSED = "dismissed", _("The mandate stands")


class MandateObjection(BaseModel):
    """That an owner says a proven mandate was never authorized. Staff decides."""

    mandate = models.ForeignKey(Mandate, models.CASCADE, related_name="objections")
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = EncryptedTextField()  # it may name people
    stated_at = models.DateTimeField()
    decision = models.CharField(max_length=9, choices=ObjectionDecision, blank=True, default="")
    answer = models.CharField(_("Reason"), max_length=300, blank=True)  # of staff
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mandate"], condition=Q(decision=""), name="objection_open_once")
        ]
        indexes = [models.Index(fields=["stated_at"], condition=Q(decision=""), name="objection_open")]
