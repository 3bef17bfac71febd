"""What is known of a consultation portal."""

from django.db import models

from campaign.core.models import BaseModel


class PortalProfile(BaseModel):
    """What a consultation portal takes: limits, identification, deadlines, each with a status."""

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    url = models.URLField(max_length=300, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)  # IANA name; "" when the portal has none
    deadline_convention = models.CharField(max_length=300, blank=True)
    data = models.JSONField()  # the whole entry as imported; text limits are checked at import
