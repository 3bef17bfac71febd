"""The annex of signers' names: the order, the parts it is made of, and the finished file, all encrypted and short-lived."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.consultations.models.filing import Filing
from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel
from campaign.petitions.models import Petition


class NamesBasis(models.TextChoices):
    """Which consent lets a name be handed to the authority."""

    ADDRESSEE = "addressee"  # given with the signature, for the petition's addressee: when that is who asks
    PUBLIC = "public"  # the name may be shown to everybody


class NamesState(models.TextChoices):
    ORDERED = "ordered", _("Waiting its turn")
    GATHERING = "gathering", _("Gathering the names")
    RENDERING = "rendering", _("Making the pages")
    MERGING = "merging", _("Joining the parts")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")
    CANCELED = "canceled", _("Canceled")
    DESTROYED = "destroyed", _("Destroyed")


UNFINISHED = (NamesState.ORDERED, NamesState.GATHERING, NamesState.RENDERING, NamesState.MERGING)
STANDING = (*UNFINISHED, NamesState.READY)


class NamesAnnexQuerySet(models.QuerySet["NamesAnnex"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)

    def ready(self) -> Self:
        return self.filter(state=NamesState.READY)


class NamesAnnex(BaseModel):
    """One order of the annex, and its result. When the file is gone, how many names and pages it had and its digest stay."""

    State = NamesState

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="names_annexes")
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+")
    basis = models.CharField(max_length=9, choices=NamesBasis)
    locale = models.CharField(max_length=16)
    state = models.CharField(max_length=9, choices=NamesState, default=NamesState.ORDERED)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ordered_at = models.DateTimeField()
    alive_at = models.DateTimeField(null=True)  # when the worker that holds it last said so
    attempts = models.PositiveSmallIntegerField(default=0)  # at this step; also tells one claim from the next
    # What was gathered.
    gathered_at = models.DateTimeField(null=True)
    counted_total = models.PositiveBigIntegerField()  # the count that the filing fixed
    person_total = models.PositiveBigIntegerField(default=0)  # of whom are named
    part_total = models.PositiveIntegerField(null=True)
    # One bit for each number of the ledger: whose name is in it. Blanked with the file.
    numbers = models.BinaryField(null=True)
    # What came of it.
    page_count = models.PositiveIntegerField(null=True)
    byte_size = models.PositiveBigIntegerField(null=True)
    file_digest = models.CharField(max_length=64, blank=True)  # SHA-256
    replaced_total = models.PositiveIntegerField(default=0)  # lines with a character that no font here has
    part_megabytes = models.PositiveIntegerField(default=0)  # the most that a process making a part took
    merge_megabytes = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)  # why it failed: see `names/reasons.py`
    finished_at = models.DateTimeField(null=True)
    gone_total = models.PositiveBigIntegerField(default=0)  # named in it, and not to be named any more
    destroyed_at = models.DateTimeField(null=True)

    objects = NamesAnnexQuerySet.as_manager()

    class Meta:
        constraints = [
            # Pressed twice, or by two at once: one annex.
            models.UniqueConstraint(
                fields=["filing"], condition=Q(state__in=list(STANDING)), name="names_annex_once"
            ),
            models.CheckConstraint(
                name="names_annex_ready_is_whole",
                condition=~Q(state__in=["ready", "destroyed"])
                | Q(page_count__isnull=False, byte_size__isnull=False, finished_at__isnull=False)
                & ~Q(file_digest=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "ordered_at"],
                condition=Q(state__in=list(STANDING)),
                name="names_annex_standing",
            )
        ]

    @property
    def is_waiting(self) -> bool:
        """Whether the page that shows it should ask again soon."""
        return self.state in UNFINISHED

    @property
    def is_ready(self) -> bool:
        return self.state == NamesState.READY

    @property
    def has_failed(self) -> bool:
        return self.state == NamesState.FAILED

    @property
    def is_destroyed(self) -> bool:
        return self.state == NamesState.DESTROYED

    @property
    def left_out_total(self) -> int:
        """Counted in the filing, and not named."""
        return max(0, self.counted_total - self.person_total)


class NamesPartState(models.TextChoices):
    WAITING = "waiting"
    RENDERING = "rendering"
    READY = "ready"


class NamesPart(BaseModel):
    """Some whole pages of an annex: what is to stand on them, then the PDF. Gone when the annex is whole or given up."""

    annex = models.ForeignKey(NamesAnnex, models.CASCADE, related_name="parts", db_index=False)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=NamesPartState, default=NamesPartState.WAITING)
    first_page = models.PositiveIntegerField()
    page_total = models.PositiveIntegerField()
    lines = EncryptedTextField()  # JSON: see names/pages.py
    file = EncryptedTextField()  # base64
    replaced_total = models.PositiveIntegerField(default=0)
    megabytes = models.PositiveIntegerField(default=0)
    alive_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["annex", "position"], name="names_part_once")]


class NamesPiece(BaseModel):
    """A stretch of the finished file: small, so that it is encrypted and sent without ever being whole in memory."""

    annex = models.ForeignKey(NamesAnnex, models.CASCADE, related_name="pieces", db_index=False)
    position = models.PositiveIntegerField()
    content = EncryptedTextField()  # base64

    class Meta:
        constraints = [models.UniqueConstraint(fields=["annex", "position"], name="names_piece_once")]
