"""A changed file of a consultation that waits for a yes."""

from django.conf import settings
from django.db import models

from campaign.consultations.models.consultation import Consultation
from campaign.core.models import BaseModel


class Brought(models.TextChoices):
    """What was brought: the whole call, or its questions alone."""

    CALL = "call"
    QUESTIONS = "questions"


class ImportDraft(BaseModel):
    """What somebody brought to change a consultation. It changes nothing until the same person has seen what it changes."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="import_drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    holds = models.CharField(max_length=9, choices=Brought, default=Brought.CALL)
    text = models.TextField()  # the file; of questions alone, what was read from it
    brought_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "by"], name="import_draft_once")]
