"""What moderators do: look, invalidate, undo, decide on reports. All of it is on record."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel
from campaign.petitions.models import Petition


class SweepKind(models.TextChoices):
    SCAN = "scan", _("Look for a pattern in names")
    INVALIDATE = "invalidate", _("Invalidate")
    RELEASE = "release", _("Release from quarantine")
    UNDO = "undo", _("Undo")


class SweepState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELED = "canceled", _("Canceled")
    FAILED = "failed", _("Failed")


class Sweep(BaseModel):
    """A pass over many signatures in the background, with progress, that can be canceled and undone."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="sweeps")
    kind = models.CharField(max_length=10, choices=SweepKind)
    criteria = EncryptedTextField()  # JSON: what is looked for may name a person
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undone_by")
    state = models.CharField(max_length=8, choices=SweepState, default=SweepState.WAITING)
    expected = models.PositiveBigIntegerField(default=0)  # rows to look at, as counted at the start
    seen = models.PositiveBigIntegerField(default=0)
    matched = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    cursor = models.UUIDField(null=True)  # the last row looked at: where a killed pass goes on
    matches = models.JSONField(default=list)  # ids of the first matching rows, to be shown
    claimed_at = models.DateTimeField(null=True)  # renewed with each batch
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class AlertKind(models.TextChoices):
    DOMAIN = "domain", _("Mail domain")
    NETWORK = "network", _("Network")
    QUARANTINE = "quarantine", _("Quarantine")


class Alert(BaseModel):
    """Something unusual at a petition, told to moderators once while it lasts."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=10, choices=AlertKind)
    key = models.BigIntegerField(default=0)  # of the domain or the network
    label = EncryptedTextField()  # the domain or the cut network itself
    count = models.PositiveIntegerField()  # signatures of the last hour, when it was last looked at
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "kind", "key"], condition=Q(dismissed_at=None), name="alert_once"
            )
        ]


class ReportKind(models.TextChoices):
    HATE = "hate", _("It attacks people or calls for violence")
    PRIVACY = "privacy", _("It shows somebody's personal data")
    FALSE = "false", _("It says something untrue about somebody")
    FRAUD = "fraud", _("Its signatures do not look real")
    OTHER = "other", _("Something else")


class ReportState(models.TextChoices):
    OPEN = "open", _("Open")
    DISMISSED = "dismissed", _("Dismissed")
    UPHELD = "upheld", _("Upheld")


class Report(BaseModel):
    """Somebody says that a public petition should not stand as it is."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="reports")
    kind = models.CharField(_("What is wrong"), max_length=7, choices=ReportKind)
    details = EncryptedTextField()
    reporter = EncryptedTextField()  # mail address, if they want to hear of the outcome
    locale = models.CharField(max_length=16)
    reported_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=ReportState, default=ReportState.OPEN)
    decision = models.CharField(_("Decision"), max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["reported_at"], condition=Q(state="open"), name="report_open")]


class Act(models.TextChoices):
    """What can be done to a petition, an organization or the site by moderators and teams."""

    SUBMIT = "submit", _("submitted for publishing")
    PUBLISH = "publish", _("published")
    REJECT = "reject", _("rejected")
    TAKE_DOWN = "take_down", _("took down")
    RESTORE = "restore", _("restored")
    PAUSE = "pause", _("paused signing")
    RESUME = "resume", _("resumed signing")
    SCAN = "scan", _("searched signatures")
    RELEASE = "release", _("released signatures from quarantine")
    INVALIDATE = "invalidate", _("invalidated signatures")
    UNDO = "undo", _("undid an invalidation")
    EXPORT = "export", _("exported signers")
    REPORT = "report", _("decided a report")
    REASON = "reason", _("decided a reason")
    LISTS = "lists", _("changed the lists")
    RULES = "rules", _("changed mailbox rules")
    HOLD = "hold", _("set or lifted a legal hold")
    ACCEPT = "accept", _("accepted a document that shows who may sign")
    REFUSE = "refuse", _("refused a document that was to show who may sign")
    REVOKE = "revoke", _("refused a mandate afterwards")
    UPHOLD = "uphold", _("let a reported mandate stand")
    SAME = "same", _("found an organization to be here twice")
    DIFFERENT = "different", _("found two organizations to be two")


class ModerationAct(BaseModel):
    """One line of the record: who did what, when and why. Only ever added; holds no signer's data."""

    petition = models.ForeignKey(Petition, models.PROTECT, null=True, related_name="moderation_acts")
    act = models.CharField(max_length=10, choices=Act)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    count = models.PositiveBigIntegerField(null=True)  # how many signatures it was about
    sweep = models.ForeignKey(Sweep, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["petition", "at"], name="act_of_petition")]

    @property
    def signature_count(self) -> int | None:
        """How many signatures it was about: those a pass has found or changed so far. None where it was about none."""
        if self.sweep is None:
            return self.count
        return self.sweep.matched if self.sweep.kind == SweepKind.SCAN else self.sweep.changed
