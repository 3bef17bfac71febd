"""Internal dates on the way to a deadline, what calendars know of deadlines, and who was reminded of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.consultations.models.consultation import Consultation
from campaign.consultations.models.submission import Submission
from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel


class MilestoneKind(models.TextChoices):
    LEGAL_CHECK = "legal-check", _("Legal check")
    TRANSLATION = "translation", _("Translation")
    SIGN_OFF = "sign-off", _("Sign-off")
    FILING = "filing", _("Filing")
    OWN = "own", _("Own date")


class Milestone(BaseModel):
    """A date that the team sets itself, so that the authority's is kept."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=12, choices=MilestoneKind)
    label = EncryptedTextField()  # what the team calls it; for its own kind the only name
    due_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)  # IANA name of the clock it was set on
    planned_for = models.DateTimeField()  # the deadline it was planned back from
    is_by_hand = models.BooleanField(
        default=False
    )  # somebody chose this date: it stays when the deadline moves
    moved_from = models.DateTimeField(null=True)  # where it was before the deadline moved last
    moved_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)  # raised at each change; calendars hear of it too
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "kind"], condition=~Q(kind="own"), name="milestone_kind_once"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="milestone_due"),
        ]

    @property
    def name(self) -> str:
        """What it is called: the team's word for it, or that of its kind."""
        return str(self.label or self.get_kind_display())

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


class CalendarEntry(BaseModel):
    """What calendars were told of a consultation, so that they notice a change (RFC 5545, SEQUENCE)."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, related_name="calendar_entry")
    digest = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()


class DeadlineChoices(BaseModel):
    """How one person wants to hear of deadlines. Without a row: no calendar of their own, the clock of UTC, and reminders."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="deadline_choices")
    calendar_key = models.UUIDField(
        null=True, unique=True
    )  # a new one makes every earlier address a dead one
    time_zone = models.CharField(max_length=64, blank=True)
    wants_reminders = models.BooleanField(default=True)


class Reminder(BaseModel):
    """That somebody was reminded. Its row is written with the mail: the constraint is why nobody gets two."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="reminders")
    milestone = models.ForeignKey(Milestone, models.CASCADE, null=True, related_name="reminders")
    days_before = models.PositiveSmallIntegerField()  # 0: on the day itself
    moment = models.DateTimeField()  # what it reminds of; one that moves is reminded of anew
    queued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "submission", "days_before", "moment"],
                condition=Q(milestone=None),
                name="deadline_reminder_once",
            ),
            models.UniqueConstraint(
                fields=["user", "milestone", "moment"],
                condition=Q(milestone__isnull=False),
                name="milestone_reminder_once",
            ),
        ]
