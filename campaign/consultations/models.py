"""A public consultation, and what organizations file in answer to it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Authority, Campaign
from campaign.core.models import BaseModel
from campaign.documents.models import FrozenText
from campaign.petitions.models import Petition
from campaign.regulations.models import Edition


class PortalProfile(BaseModel):
    """What a consultation portal takes: limits, identification, deadlines, each with a status."""

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    url = models.URLField(max_length=300, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)  # IANA name; "" when the portal has none
    deadline_convention = models.CharField(max_length=300, blank=True)
    data = models.JSONField()  # the whole entry as imported; text limits are checked at import


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
    constraints = models.JSONField(default=dict)  # what this call says itself; beats the profile
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


class SubmissionState(models.TextChoices):
    DRAFTING = "drafting", _("Drafting")
    FROZEN = "frozen", _("Frozen: organizations can endorse it")
    FILED = "filed", _("Filed")


class Submission(BaseModel):
    """What a campaign's organizations draft and file together."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="submissions")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="submissions")
    title = models.CharField(_("Title"), max_length=200)
    locale = models.CharField(_("Language"), max_length=16)
    summary = models.TextField(_("Summary"), max_length=4_000, blank=True)  # Markdown, before the answers
    annex = models.ForeignKey(
        Edition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Instrument as annex"),
    )
    petition = models.ForeignKey(
        Petition, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Petition to cite")
    )
    state = models.CharField(max_length=8, choices=SubmissionState, default=SubmissionState.DRAFTING)
    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, null=True, related_name="submissions")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="submission_frozen_has_text",
                condition=Q(state="drafting") | Q(frozen_text__isnull=False),
            )
        ]


class Answer(BaseModel):
    """The reply to one question: the full text for the document, the short one for the portal's box."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    text = models.TextField(_("Full answer"), max_length=60_000, blank=True)  # Markdown
    short_text = models.TextField(_("Answer for the portal's box"), max_length=20_000, blank=True)  # plain
    version = models.PositiveIntegerField(
        default=1
    )  # raised at each change, so that no one overwrites another
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "question"], name="answer_once")]

    @property
    def is_written(self) -> bool:
        return bool(self.text.strip() or self.short_text.strip())


class Filing(BaseModel):
    """The act of filing: which text, who stood behind it at that moment, what was counted."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="filings")
    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, related_name="+")  # the submission's
    record = models.ForeignKey(
        FrozenText, models.PROTECT, related_name="filings"
    )  # all that is fixed with it
    is_practice = models.BooleanField()  # made after the deadline: good for learning, not for the authority
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    filed_at = models.DateTimeField()
