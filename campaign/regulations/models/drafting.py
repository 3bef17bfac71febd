"""What is kept of the work on a draft, so that nothing typed is lost and nothing taken over is asked twice."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.core.models import BaseModel
from campaign.regulations.models.template import Edition


class ProvisionRevision(BaseModel):
    """The words a provision of a draft had before somebody saved others. Kept until the edition is published."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="revisions")
    key = models.CharField(max_length=80)
    heading = models.CharField(max_length=300, blank=True)
    term = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    replaced_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["edition", "key", "-replaced_at"], name="revisions_of_provision")]


class RemovedProvision(BaseModel):
    """A provision that was taken out of a draft with all below it, ready to be put back."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="removed_provisions")
    key = models.CharField(max_length=80)
    parent_key = models.CharField(max_length=80, blank=True)  # empty at the top
    after_key = models.CharField(max_length=80, blank=True)  # the sibling before it; empty for the first
    version = models.PositiveIntegerField(default=1)  # the highest of the words in it
    subtree = models.JSONField()  # the unit with all below it, as plain data
    former = models.JSONField(default=list)  # keys of the siblings that stood before it, the nearest first
    switches = models.JSONField(default=dict)  # how what went was switched, by key
    edits = models.JSONField(default=dict)  # who wrote the words and when, by key
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField()


class ModelDecision(models.TextChoices):
    TAKEN = "taken", _("Taken over")
    KEPT = "kept", _("Kept as it was")


class ModelChange(BaseModel):
    """What the drafters of an adaptation decided about one provision or row that the model has changed.

    The answer holds for later editions of the model as long as it says there what `digest` is taken of.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="model_changes")
    model_edition = models.ForeignKey(Edition, models.CASCADE, related_name="+")  # the newer one
    key = models.CharField(
        max_length=80
    )  # a provision's; or that of a row beside the text, like variable:period
    digest = models.CharField(max_length=64, blank=True)  # empty in rows from before it was kept
    decision = models.CharField(max_length=5, choices=ModelDecision)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "model_edition", "key"], name="model_change_decided_once"
            )
        ]


class AmendmentJustification(BaseModel):
    """Why an edition changes a provision, in a few sentences: printed under the amendment that does so."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="justifications")
    key = models.CharField(max_length=80)
    text = models.TextField(_("Justification"), max_length=2000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="amendment_justified_once")]
