"""What every row has: a key made by the application, and the moment it was stored."""

from django.db import models

from campaign.core.ids import uuid7


class BaseModel(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)  # for audit only

    class Meta:
        abstract = True
