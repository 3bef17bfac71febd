"""The ways a reply can go in, each with its own clock where it has one, and the deadlines that were moved."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.consultations.models.consultation import Consultation
from campaign.core.models import BaseModel

CHANNEL_KINDS: dict[str, Promise] = {
    "portal-form": _("Form on the portal"),
    "email": _("E-mail"),
    "post": _("Letter"),
    "public-forum": _("Public forum"),
    "amendment-to-text": _("Changes to the text itself"),
    "interface": _("Programming interface"),
    "hearing": _("Hearing"),
}


class Channel(BaseModel):
    """One way in. Without a deadline of its own, that of the consultation holds."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="channels")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)  # one of CHANNEL_KINDS, or another word of the file
    url = models.URLField(max_length=500, blank=True)
    address = models.CharField(max_length=500, blank=True)
    closes_wall_time = models.CharField(max_length=19, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    closes_at = models.DateTimeField(null=True)
    closes_stated_as = models.CharField(max_length=500, blank=True)
    closes_is_assumed = models.BooleanField(default=False)
    publication = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "key"], name="channel_key_once"),
            models.CheckConstraint(
                name="channel_clock_whole_or_none",
                condition=Q(closes_at=None, closes_wall_time="", time_zone="")
                | (Q(closes_at__isnull=False) & ~Q(closes_wall_time="") & ~Q(time_zone="")),
            ),
        ]

    @property
    def kind_words(self) -> str:
        return str(CHANNEL_KINDS.get(self.kind, self.kind))

    def is_open_at(self, at: datetime) -> bool:
        """Whether it takes replies; `consultation` is loaded."""
        return at < (self.closes_at or self.consultation.closes_at)


class DeadlineChange(BaseModel):
    """A deadline that stood here before the one of now: of the whole consultation, or of one channel."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="deadline_changes")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="deadline_changes")
    wall_time = models.CharField(max_length=19)
    time_zone = models.CharField(max_length=64)
    closes_at = models.DateTimeField()
    stated_as = models.CharField(max_length=500, blank=True)
    changed_on = models.DateField(null=True)  # the day on which the authority said so
    reason = models.CharField(max_length=500, blank=True)
    is_mistake = models.BooleanField(default=False)  # it was typed wrong here, and never held
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
