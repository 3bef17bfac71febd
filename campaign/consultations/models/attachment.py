"""Files: those that an authority gives with its call, and those that an answer consists of."""

from django.conf import settings
from django.db import models

from campaign.consultations.models.consultation import Consultation, Question
from campaign.consultations.models.submission import Submission
from campaign.core.models import BaseModel


class AuthorityDocument(BaseModel):
    """What the authority gives beside its questions: an address, a copy that is kept, or both. Public, as the call is."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="documents")
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=500, blank=True)
    file_name = models.CharField(max_length=150, blank=True)  # "" where no copy is kept
    media_type = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the copy
    byte_size = models.PositiveIntegerField(default=0)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="authority_document_has_address_or_copy",
                condition=~models.Q(url="") | ~models.Q(digest=""),
            )
        ]


class UploadedAnswer(BaseModel):
    """The file that will be put where the authority asks for one. For the team alone until it is filed."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="uploads")
    question = models.ForeignKey(Question, models.PROTECT, related_name="uploads")
    file_name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)  # SHA-256
    byte_size = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "question"], name="uploaded_answer_once")
        ]
