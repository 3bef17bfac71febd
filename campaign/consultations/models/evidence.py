"""What answers rest on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.campaigns.models import Campaign
from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel


class Source(BaseModel):
    """A source of a campaign. Answers cite it by its key: `[^key]`."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="sources")
    key = models.SlugField(_("Mark"), max_length=40)
    title = models.CharField(_("Title"), max_length=300)
    author = models.CharField(_("Author or publisher"), max_length=200, blank=True)
    published_on = models.CharField(_("Published"), max_length=60, blank=True)  # as the source says it
    url = models.URLField(_("Address"), max_length=1000, blank=True)
    quote = models.TextField(_("Passage"), max_length=2000, blank=True)
    seen_on = models.DateField(_("Seen on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="source_key_once")]


class SourceCopy(BaseModel):
    """The kept copy of a source, for the case that its address shows something else one day. The team alone reads it.

    When another takes its place, it stays if a frozen text names it by its digest: then as one of the `earlier_copies`.
    """

    source = models.OneToOneField(Source, models.CASCADE, null=True, related_name="copy")
    earlier_of = models.ForeignKey(Source, models.CASCADE, null=True, related_name="earlier_copies")
    name = models.CharField(max_length=120)
    content = EncryptedTextField()  # the file's bytes in base64
    byte_size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="source_copy_is_current_or_earlier",
                condition=models.Q(source=None) ^ models.Q(earlier_of=None),
            )
        ]
