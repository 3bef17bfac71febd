"""Who has to agree before a text is filed, what the lead decided on the way, and why a frozen text was opened again."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaign.consultations.models.submission import Submission
from campaign.core.models import BaseModel
from campaign.documents.models import FrozenText
from campaign.organizations.models import Organization


class CoSigner(BaseModel):
    """An organization of the coalition that is asked to sign the text off before it is filed.

    That it did is an endorsement of the frozen text through a mandate: this row only says who is waited for.
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="co_signers")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "organization"], name="co_signer_once"),
        ]


class Thaw(BaseModel):
    """That a frozen text was opened again, and why. The text itself stays on record."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="thaws")
    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    thawed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    thawed_at = models.DateTimeField()


class Decision(BaseModel):
    """That a check's warning was read, or an error that may be overridden was, with the reason. `message` is as it was shown."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="decisions")
    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, related_name="+")  # what was frozen or filed
    key = models.CharField(max_length=16)  # of the finding
    question_number = models.CharField(max_length=16, blank=True)
    message = models.TextField()
    is_override = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_override_has_reason", condition=Q(is_override=False) | ~Q(reason="")
            )
        ]
