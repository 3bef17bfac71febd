"""Work on a submission: who sees to which question, how an answer came to be, what an organization adds, what was remarked."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Campaign
from campaign.consultations.models.consultation import Question
from campaign.consultations.models.submission import Answer, Submission
from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel
from campaign.organizations.models import Organization


class WorkStatus(models.TextChoices):
    TODO = "todo", _("To do")
    DRAFTING = "drafting", _("Drafting")
    REVIEW = "review", _("For review")
    READY = "ready", _("Ready")


class Assignment(BaseModel):
    """Who sees to one question, how far it is, and until when. A question without a row: nobody's, and to do."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="assignments")
    question = models.ForeignKey(Question, models.CASCADE, related_name="assignments")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    status = models.CharField(max_length=8, choices=WorkStatus, default=WorkStatus.TODO)
    due_date = models.DateField(null=True)  # on the authority's clock
    version = models.PositiveIntegerField(default=1)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "question"], name="assignment_once")]

    def is_late_on(self, day: date) -> bool:
        return self.due_date is not None and self.due_date < day and self.status != WorkStatus.READY


class KeptVersion(BaseModel):
    """A text as it was saved once. Nothing is taken out but by the same person, who goes on writing within minutes."""

    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    short_text = models.TextField(blank=True)
    is_autosave = models.BooleanField(default=False)
    restored_number = models.PositiveIntegerField(null=True)  # of the version it was taken back from
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True


class AnswerVersion(KeptVersion):
    """An answer as it was saved once."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="versions")
    question_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "number"], name="answer_version_once")]


class OwnPart(BaseModel):
    """What one organization of the coalition adds to the common answer to a question."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="own_parts")
    question = models.ForeignKey(Question, models.PROTECT, related_name="own_parts")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    text = models.TextField(_("Own part"), max_length=30_000, blank=True)  # Markdown
    short_text = models.TextField(_("Own part for the portal's box"), max_length=10_000, blank=True)  # plain
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "question", "organization"], name="own_part_once")
        ]

    @property
    def is_written(self) -> bool:
        return bool(self.text.strip() or self.short_text.strip())


class OwnPartVersion(KeptVersion):
    """An own part as it was saved once. Only its organization's people see it."""

    part = models.ForeignKey(OwnPart, models.CASCADE, related_name="versions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "number"], name="own_part_version_once")]


class RemarkThread(BaseModel):
    """A conversation about a question, or about the whole submission. Open until somebody resolves it."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="remark_threads")
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="remark_threads")
    quote = EncryptedTextField()  # the passage it is about; may be empty
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["submission", "question"], condition=Q(resolved_at=None), name="remark_thread_open"
            )
        ]


class Remark(BaseModel):
    thread = models.ForeignKey(RemarkThread, models.CASCADE, related_name="remarks")
    text = EncryptedTextField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")


class LibraryAnswer(BaseModel):
    """An answer that a campaign keeps to begin others from."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="library_answers")
    title = models.CharField(_("Title"), max_length=200)
    text = models.TextField(_("Full answer"), max_length=60_000, blank=True)  # Markdown
    short_text = models.TextField(_("Answer for the portal's box"), max_length=20_000, blank=True)
    locale = models.CharField(_("Language"), max_length=16)
    origin = models.CharField(max_length=300, blank=True)  # consultation and question it was written for
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
