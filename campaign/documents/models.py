"""Frozen texts, which never change, and the files produced from them."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.core.models import BaseModel
from campaign.documents.canonical import canonical_json
from campaign.documents.formats import PDF, format_of
from campaign.documents.reasons import reason_sentence


class FrozenTextIsFixed(Exception):
    """Code tried to change or remove a frozen text. There is no case in which that is right."""


def _refuse() -> NoReturn:
    raise FrozenTextIsFixed("A frozen text never changes and is never removed: freeze a new one.")


class FrozenTextQuerySet(models.QuerySet["FrozenText"]):
    """Reading and adding only. A database trigger keeps the same promise against everything else."""

    def update(self, **kwargs: Any) -> NoReturn:
        _refuse()

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()

    def delete(self) -> NoReturn:
        _refuse()


class FrozenText(BaseModel):
    """The exact text of something, fixed at one moment and known by its digest."""

    kind = models.CharField(max_length=64)  # who froze it and what it is: "petitions.petition"
    title = models.TextField()
    locale = models.CharField(max_length=16)
    payload = models.TextField()  # canonical JSON
    digest = models.CharField(max_length=64, unique=True)
    frozen_at = models.DateTimeField()

    objects = FrozenTextQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"

    @property
    def data(self) -> Any:
        """The payload as plain Python data. A new copy at each call."""
        return json.loads(self.payload)

    @property
    def promised_seal(self) -> dict[str, str]:
        """Whose seal its documents carry, and where to check it, as it says itself; empty when it says nothing."""
        return self.data.get("seal") or {} if self.payload else {}

    @property
    def canonical_bytes(self) -> bytes:
        """The bytes whose SHA-256 is the digest: kind, locale, payload and title as canonical JSON."""
        return envelope(kind=self.kind, title=self.title, locale=self.locale, payload=self.data)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse()
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()


def envelope(*, kind: str, title: str, locale: str, payload: dict[str, Any]) -> bytes:
    """What a frozen text's digest is taken of. Raises NotCanonical."""
    return canonical_json({"kind": kind, "title": title, "locale": locale, "payload": payload})


class Publication(BaseModel):
    """That a frozen text may be listed in public, and where its readers find it. Without one, its link is the only way to it."""

    frozen_text = models.OneToOneField(FrozenText, models.PROTECT, related_name="publication")
    address = models.CharField(max_length=300)  # path of the page it is shown on
    published_at = models.DateTimeField()


class DocumentState(models.TextChoices):
    REQUESTED = "requested", _("Waiting its turn")
    RENDERING = "rendering", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")
    CANCELED = "canceled", _("Canceled")


UNFINISHED = (DocumentState.REQUESTED, DocumentState.RENDERING)


class DocumentStep(models.TextChoices):
    """How far the work on a document is, in the order of the work."""

    WAITING = "waiting", _("Waiting its turn")
    DRAWING_UP = "drawing-up", _("Drawing up")
    RENDERING = "rendering", _("Rendering")
    CHECKING = "checking", _("Checking")
    STORING = "storing", _("Storing")


@dataclass(frozen=True)
class StepShown:
    """A step as a page lists it."""

    label: str
    is_done: bool
    is_now: bool


class Document(BaseModel):
    """A file produced from a frozen text. The row is the order as well as its result.

    One row for each (kind, text, locale), and each kind has one format: asking twice gives the same row, and a file once made
    is kept as made. The fingerprint is known only after rendering, so it is a record and no part of the key: a newer
    renderer changes no stored file. Only a bundle of other documents is made anew when there is more to put into it.
    """

    State = DocumentState

    kind = models.CharField(max_length=64)  # name of the builder: "consultations.submission"
    frozen_text = models.ForeignKey(FrozenText, on_delete=models.PROTECT, related_name="documents")
    locale = models.CharField(max_length=16)
    media_type = models.CharField(max_length=100, default=PDF, db_default=PDF)
    state = models.CharField(max_length=16, choices=DocumentState.choices, default=DocumentState.REQUESTED)
    step = models.CharField(
        max_length=16,
        choices=DocumentStep.choices,
        default=DocumentStep.WAITING,
        db_default=DocumentStep.WAITING,
    )
    file = models.FileField(max_length=300, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    byte_size = models.PositiveBigIntegerField(null=True)
    page_count = models.PositiveIntegerField(null=True)  # of formats that have pages of their own
    fingerprint = models.TextField(blank=True)  # versions of the renderer's parts, digests of look and fonts
    source_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of what was rendered
    # Of a sealed PDF: its digest before the seal, which the same text and fingerprint always give again; whose seal; the
    # digest of the seal's certificate; and the time that the seal says.
    unsealed_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    sealed_by = models.TextField(blank=True, default="", db_default="")
    seal_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    sealed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)  # why it failed: see `reasons.py`
    attempts = models.PositiveSmallIntegerField(default=0)  # also tells one claim from the next
    requested_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "frozen_text", "locale"], name="document_one_per_text")
        ]
        indexes = [
            # The sweep looks for unfinished work among ever more finished rows.
            models.Index(
                fields=["state", "requested_at"],
                condition=models.Q(state__in=["requested", "rendering"]),
                name="document_unfinished",
            ),
            # Anybody may ask which document a file is.
            models.Index(
                fields=["file_digest"], condition=~models.Q(file_digest=""), name="document_by_file"
            ),
            models.Index(
                fields=["unsealed_digest"],
                condition=~models.Q(unsealed_digest=""),
                name="document_by_unsealed_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Whether the page that shows this row should ask again soon."""
        return self.state in UNFINISHED

    @property
    def is_ready(self) -> bool:
        return self.state == DocumentState.READY

    @property
    def has_failed(self) -> bool:
        return self.state == DocumentState.FAILED

    @property
    def is_canceled(self) -> bool:
        return self.state == DocumentState.CANCELED

    @property
    def steps(self) -> list[StepShown]:
        """All steps in their order, with the one at which the work is now."""
        names = DocumentStep.values
        now = names.index(self.step) if self.is_waiting and self.step in names else len(names)
        return [
            StepShown(str(DocumentStep(name).label), place < now, place == now)
            for place, name in enumerate(names)
        ]

    @property
    def step_number(self) -> int:
        """Which of the steps it is at, counted from 1."""
        return DocumentStep.values.index(self.step) + 1

    @property
    def step_total(self) -> int:
        return len(DocumentStep.values)

    @property
    def format_name(self) -> str:
        """What people call files of its format."""
        return str(format_of(self.media_type).label)

    @property
    def reason_sentence(self) -> str:
        """Why it failed, in words a person can act on; empty when it did not."""
        return str(reason_sentence(self.reason))

    @property
    def file_name(self) -> str:
        """The name a person saves the file under; empty until there is one."""
        return self.file.name.rpartition("/")[2] if self.file else ""
