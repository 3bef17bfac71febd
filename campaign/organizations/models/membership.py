"""Who works for an organization here."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel
from campaign.organizations.models.organization import Organization


class Role(models.TextChoices):
    OWNER = "owner", _("Owner: people, mandates, endorsements, and everything below")
    EDITOR = "editor", _("Editor: the profile, and campaigns in the organization's name")
    MODERATOR = "moderator", _("Moderator: what the public writes, where a campaign's team takes them in")
    TRANSLATOR = "translator", _("Translator: the organization's names in other languages")
    VIEWER = "viewer", _("Viewer: sees what the others do")


class Membership(BaseModel):
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("Role"), max_length=10, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="membership_once")]


class Invitation(BaseModel):
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    email = EncryptedTextField()
    email_key = models.BinaryField(max_length=32)
    role = models.CharField(_("Role"), max_length=10, choices=Role)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email_key"],
                condition=Q(accepted_at__isnull=True),
                name="invitation_waits_once",
            )
        ]
