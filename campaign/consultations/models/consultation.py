"""A public consultation: an authority's questions, and until when it takes replies."""

from datetime import datetime

from django.conf import settings
from django.db import models

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
    closes_history = models.JSONField(default=list)  # earlier deadlines, oldest first
    channels = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    has_official_numbers = models.BooleanField(default=True)
    source = models.JSONField(default=dict)
    license = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    file_digest = models.CharField(max_length=64)  # SHA-256 of the imported file
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

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
    UPLOAD = "upload"


class Question(BaseModel):
    """A question in the authority's own words and numbering. Parts point at their parent."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="questions")
    section = models.ForeignKey(Section, models.CASCADE, related_name="questions")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    position = models.PositiveSmallIntegerField()  # reading order in the whole consultation
    number = models.CharField(max_length=16)
    text = models.TextField()
    kind = models.CharField(max_length=16, choices=QuestionKind)
    options = models.JSONField(default=list)
    is_required = models.BooleanField(default=False)
    max_chars = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="question_number_once"),
            models.UniqueConstraint(fields=["consultation", "position"], name="question_position_once"),
        ]

    @property
    def offers_choice(self) -> bool:
        """Whether the authority gives the answers to choose from."""
        return self.kind in {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTI_CHOICE}
