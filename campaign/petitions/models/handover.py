"""What becomes of a petition: it is handed over, and its addressee answers."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Authority
from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel
from campaign.documents.models import FrozenText
from campaign.petitions.models.petition import Petition


class TellsSigners(models.Model):
    """Something that signers who want mail about the petition are told once, when the team asks for it.

    Signers are gone through by their number in the ledger; the row remembers how far, so that nobody is told twice.
    """

    telling_since = models.DateTimeField(null=True)  # the team has asked for it
    telling_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    told_number = models.PositiveBigIntegerField(default=0)  # signers up to this number have their mails
    last_number = models.PositiveBigIntegerField(default=0)  # the highest number when it was asked for
    told_total = models.PositiveBigIntegerField(default=0)  # mails queued
    told_at = models.DateTimeField(null=True)  # the last of them

    class Meta:
        abstract = True


class HandoverState(models.TextChoices):
    PREPARED = "prepared", _("Prepared")
    DONE = "done", _("Handed over")
    CANCELED = "canceled", _("Canceled")


class Manner(models.TextChoices):
    """How something is handed over."""

    IN_PERSON = "in_person", _("In person")
    POST = "post", _("By post")
    MAIL = "mail", _("By e-mail")
    PORTAL = "portal", _("On the authority’s portal")


class HandoverQuerySet(models.QuerySet["Handover"]):
    def done(self) -> Self:
        """Those that are public."""
        return self.filter(state=HandoverState.DONE)


class Handover(BaseModel, TellsSigners):
    """A petition put into its addressee's hands, more than once if need be.

    `record` fixes text, count and endorsers when it is prepared; the document is made from it alone. Place, manner and items are
    as planned until the act is recorded, and then as they were: the plan stays in the record.
    """

    State = HandoverState

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="handovers")
    state = models.CharField(max_length=8, choices=HandoverState, default=HandoverState.PREPARED)
    addressee = models.ForeignKey(Authority, models.PROTECT, related_name="handovers")
    office = models.CharField(max_length=200, blank=True)  # who receives it there
    planned_date = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    manner = models.CharField(max_length=9, choices=Manner)
    items = models.JSONField(default=list)  # what is given, a line each
    note = models.CharField(max_length=500, blank=True)  # printed in the document
    record = models.OneToOneField(FrozenText, models.PROTECT, related_name="handover")
    total = models.PositiveBigIntegerField()  # the count in the record
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    prepared_at = models.DateTimeField()
    # The act.
    done_at = models.DateTimeField(null=True)
    time_zone = models.CharField(max_length=64, blank=True)  # IANA name, of the place
    received_by = EncryptedTextField()  # an office; a person's name only where the team says so
    reference = models.CharField(max_length=120, blank=True)  # the authority's own number for it
    public_note = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    canceled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=300, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            # Pressed twice, or by two at once: one record.
            models.UniqueConstraint(
                fields=["petition", "addressee", "office"],
                condition=Q(state="prepared"),
                name="handover_prepared_once",
            ),
            models.CheckConstraint(
                name="handover_done_has_facts",
                condition=~Q(state="done")
                | Q(done_at__isnull=False, recorded_at__isnull=False, received_by__isnull=False)
                & ~Q(time_zone=""),
            ),
            models.CheckConstraint(
                name="handover_canceled_has_reason",
                condition=~Q(state="canceled") | Q(canceled_at__isnull=False) & ~Q(cancel_reason=""),
            ),
        ]


class ResponseState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class ResponseQuerySet(models.QuerySet["OfficialResponse"]):
    def published(self) -> Self:
        return self.filter(state=ResponseState.PUBLISHED)


class OfficialResponse(BaseModel, TellsSigners):
    """What an authority answered, in its own words; what the team says about it stands apart."""

    State = ResponseState

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="responses")
    state = models.CharField(max_length=9, choices=ResponseState, default=ResponseState.DRAFT)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="responses")
    answered_on = models.DateField()
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=30_000)  # Markdown, the authority's words
    locale = models.CharField(max_length=16)  # their language
    url = models.URLField(max_length=500, blank=True)  # the original
    comment = models.TextField(
        max_length=5_000, blank=True
    )  # Markdown, the team's words in the petition's language
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="response_published_has_moment",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
        ]


class Correction(BaseModel):
    """What is right instead, beside a public record whose own lines stay. Only ever added."""

    handover = models.ForeignKey(Handover, models.PROTECT, null=True, related_name="corrections")
    response = models.ForeignKey(OfficialResponse, models.PROTECT, null=True, related_name="corrections")
    text = models.CharField(max_length=1_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="correction_of_one_thing",
                condition=Q(handover__isnull=False, response__isnull=True)
                | Q(handover__isnull=True, response__isnull=False),
            ),
        ]
