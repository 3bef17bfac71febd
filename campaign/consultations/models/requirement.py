"""What a portal or the notice of a consultation asks of a reply, one requirement a row, each with how sure it is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.consultations.models.consultation import Consultation
from campaign.consultations.models.portal import PortalProfile
from campaign.core.models import BaseModel


class Topic(models.TextChoices):
    """What a requirement is about. Which form its value has, `requirements.FORMS` tells."""

    TEXT_LENGTH = "text-length", _("Length of text")
    CHARACTERS = "characters", _("Characters that are refused")
    ATTACHMENT_COUNT = "attachment-count", _("Number of files")
    ATTACHMENT_SIZE = "attachment-size", _("Size of a file")
    ATTACHMENT_FORMATS = "attachment-formats", _("Formats of files")
    ATTACHMENT_NOTE = "attachment-note", _("Files")
    ACCESSIBILITY = "accessibility", _("Accessibility")
    LANGUAGES = "languages", _("Languages")
    LOGIN = "login", _("An account is needed")
    IDENTIFICATION = "identification", _("What you say of yourself")
    FIELD_LENGTH = "field-length", _("Length of a field")
    KEPT_PRIVATE = "kept-private", _("Not shown to the public")
    PUBLICATION = "publication", _("Publication")
    ONE_REPLY = "one-reply", _("One reply for each respondent")
    DEADLINE = "deadline", _("How deadlines are stated")
    LATE = "late", _("After the deadline")
    SAVING = "saving", _("Saving and coming back")
    RECEIPT = "receipt", _("Receipt")
    MASS_REPLIES = "mass-replies", _("Many alike replies")
    NOTE = "note", _("Also")


class RequirementStatus(models.TextChoices):
    VERIFIED = "verified", _("read in an official source")
    REPORTED = "reported", _("reported by respondents or press")
    UNCERTAIN = "uncertain", _("often said, not checked")


class RequirementOrigin(models.TextChoices):
    """Who says it. The later beats the earlier."""

    SHIPPED = "shipped", _("comes with the software")
    OPERATOR = "operator", _("stated by the operator of this site")
    CALL = "call", _("stated for this consultation")


class Requirement(BaseModel):
    """One requirement of a portal (`profile`), or of the notice of one consultation.

    `subject` is what within its topic it is about: the scope of a length, who identifies, a field. `value` is null where a
    requirement is known to exist and not how high it is.
    """

    profile = models.ForeignKey(PortalProfile, models.CASCADE, null=True, related_name="requirements")
    consultation = models.ForeignKey(Consultation, models.CASCADE, null=True, related_name="requirements")
    origin = models.CharField(max_length=8, choices=RequirementOrigin)
    topic = models.CharField(max_length=20, choices=Topic)
    subject = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    applies_to = models.CharField(max_length=200, blank=True)  # of several, whom this one concerns
    value = models.JSONField(null=True)
    status = models.CharField(max_length=9, choices=RequirementStatus)
    source = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="requirement_of_portal_or_call",
                condition=Q(
                    profile__isnull=False, consultation__isnull=True, origin__in=["shipped", "operator"]
                )
                | Q(profile__isnull=True, consultation__isnull=False, origin="call"),
            ),
            models.UniqueConstraint(
                fields=["profile", "origin", "topic", "subject", "unit", "applies_to"],
                condition=Q(consultation=None),
                name="requirement_of_portal_once",
            ),
            models.UniqueConstraint(
                fields=["consultation", "topic", "subject", "unit", "applies_to"],
                condition=Q(profile=None),
                name="requirement_of_call_once",
            ),
        ]

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What it is about. Of two with one place, the one whose origin beats the other's holds."""
        return (self.topic, self.subject, self.unit, self.applies_to)
