"""Who did what, and who is at it right now: for teams that work on one thing together."""

from django.conf import settings
from django.db import models

from campaign.core.models import BaseModel


class LogEntry(BaseModel):
    """One line of the log of an organization or a campaign. Only ever added: a trigger of the database sees to it.

    It holds ids and short facts (a role, a title, a number), never a signer's data.
    """

    subject_id = models.UUIDField()  # the organization or campaign whose team reads it
    act = models.CharField(max_length=64)  # "organizations.member_removed": see `acts.py`
    # Without a constraint in the database: the line stays as it is when the account goes.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    facts = models.JSONField(default=dict)  # what the act's sentence names
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_id", "-at", "-id"], name="log_of_subject")]


class EditLock(models.Model):
    """That somebody has something open for editing. It ends by itself soon after its holder's page is gone."""

    key = models.CharField(max_length=100, primary_key=True)  # "petitions.petition:<id>"
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    renewed_at = models.DateTimeField()
