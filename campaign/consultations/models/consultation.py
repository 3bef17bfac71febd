"""A public consultation: an authority's questions, and until when it takes replies."""

import hashlib
import json
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaign.campaigns.models import Authority
from campaign.consultations.models.portal import PortalProfile
from campaign.core.models import BaseModel


class Consultation(BaseModel):
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="consultations")
    profile = models.ForeignKey(PortalProfile, models.PROTECT, related_name="consultations")
    portal_url = models.URLField(max_length=500, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=500, blank=True)
    locale = models.CharField(max_length=16)  # of the questions as they stand here
    opened_date = models.DateField()
    closes_wall_time = models.CharField(max_length=19)  # as stated: local time without offset
    time_zone = models.CharField(max_length=64)  # IANA name of that clock
    closes_at = models.DateTimeField()  # the same moment, computed
    closes_stated_as = models.CharField(max_length=500)
    closes_is_assumed = models.BooleanField(default=False)  # the source gave a date only
    languages = models.JSONField(default=list)
    has_official_numbers = models.BooleanField(default=True)
    source = models.JSONField(default=dict)
    license = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    file_digest = models.CharField(max_length=64)  # SHA-256 of the imported file
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)  # raised at each change, so that none is made unseen

    def is_open_at(self, at: datetime) -> bool:
        return at < self.closes_at


class Section(BaseModel):
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=64)
    title = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "position"], name="section_position_once")
        ]


class QuestionKind(models.TextChoices):
    FREE_TEXT = "free-text"
    SINGLE_CHOICE = "single-choice"
    MULTI_CHOICE = "multi-choice"
    NUMBER = "number"
    DATE = "date"
    UPLOAD = "upload"


class Question(BaseModel):
    """A question in the authority's own words and numbering. Parts point at their parent.

    One that the authority no longer asks is deleted, unless somebody answered it: then it stays with the day it went, `gone_at`.

    `condition` says when it is to be answered: each entry names an earlier question that offers a choice, and the options one of
    which must be chosen there. Every entry must hold.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="questions")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, related_name="questions")  # null: gone
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="parts")
    position = models.PositiveSmallIntegerField()  # reading order in the whole consultation
    number = models.CharField(max_length=16)
    text = models.TextField()
    kind = models.CharField(max_length=16, choices=QuestionKind)
    options = models.JSONField(default=list)
    is_required = models.BooleanField(default=False)
    max_chars = models.PositiveIntegerField(null=True)
    max_words = models.PositiveIntegerField(null=True)
    minimum = models.DecimalField(max_digits=18, decimal_places=4, null=True)  # of a number
    maximum = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    condition = models.JSONField(default=list)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], condition=Q(gone_at=None), name="question_number_once"
            ),
            models.UniqueConstraint(
                fields=["consultation", "position"], condition=Q(gone_at=None), name="question_position_once"
            ),
        ]

    @property
    def offers_choice(self) -> bool:
        """Whether the authority gives the answers to choose from."""
        return self.kind in {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTI_CHOICE}

    @property
    def takes_text(self) -> bool:
        """Whether it is answered in words; else with a choice, a number or a date."""
        return self.kind in {QuestionKind.FREE_TEXT, QuestionKind.UPLOAD}

    @property
    def digest(self) -> str:
        """SHA-256 of what an answer answers: the words, the kind, the options."""
        asked = json.dumps([self.text, self.kind, self.options], ensure_ascii=False)
        return hashlib.sha256(asked.encode()).hexdigest()
