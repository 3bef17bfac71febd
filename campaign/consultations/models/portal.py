"""What is known of a consultation portal."""

from django.db import models

from campaign.campaigns.models import Jurisdiction
from campaign.core.models import BaseModel


class PortalProfile(BaseModel):
    """A portal, or another way that authorities take replies. What it asks of a reply stands in its `requirements`."""

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, related_name="portals")
    url = models.URLField(max_length=300, blank=True)
    channels = models.JSONField(default=list)
    time_zone = models.CharField(max_length=64, blank=True)  # IANA name; "" when the portal has none
    sources = models.JSONField(default=list)  # what all of its requirements were gathered from
    is_edited = models.BooleanField(default=False)  # by the operator: a new release leaves these facts alone
