"""Organizations, who works for them, and what they stand behind."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel
from campaign.documents.models import FrozenText


class OrganizationKind(models.TextChoices):
    NGO = "ngo", _("Non-governmental organization")
    UNION = "union", _("Trade union")
    ASSOCIATION = "association", _("Association or club")
    COMPANY = "company", _("Company or cooperative")
    UNIVERSITY = "university", _("University or research body")
    PUBLIC_BODY = "public_body", _("Public body")
    NETWORK = "network", _("Network of organizations")


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def proven(self) -> Self:
        """Those with a mandate on record: only they may be shown."""
        return self.filter(proven_at__isnull=False)


class Organization(BaseModel):
    slug = models.SlugField(max_length=80, unique=True)
    legal_name = models.CharField(_("Legal name"), max_length=200)
    display_name = models.CharField(_("Name to show"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=16, choices=OrganizationKind)
    country = CountryField(_("Country of seat"))
    website = models.URLField(_("Website"), max_length=200)
    domain = models.CharField(max_length=200, db_index=True)  # of the website, without "www."
    proven_at = models.DateTimeField(null=True)  # first mandate; without one it appears nowhere
    is_invented = models.BooleanField(default=False)  # part of the demo, and said to be

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        constraints = [
            # A domain speaks for one organization; until its mailbox has answered, anybody can claim it.
            models.UniqueConstraint(
                fields=["domain"], condition=Q(proven_at__isnull=False), name="organization_proven_once"
            )
        ]


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


class MandateProof(models.TextChoices):
    DOMAIN_MAIL = "domain_mail", _("confirmed by mail on its own domain")


class Mandate(BaseModel):
    """A named person's statement that they may bind the organization, and how it was proven."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="mandates")
    signatory_name = EncryptedTextField()
    signatory_function = models.CharField(max_length=120)
    signatory_email = EncryptedTextField()
    email_key = models.BinaryField(max_length=32)
    statement = models.TextField()  # the words the person agreed to, as shown
    locale = models.CharField(max_length=16)  # the language of those words
    proof = models.CharField(max_length=16, choices=MandateProof)
    domain = models.CharField(max_length=200)  # that the mail was sent to
    stated_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # until when it can be proven
    proven_at = models.DateTimeField(null=True)  # until then it is worth nothing


class EndorsementState(models.TextChoices):
    PENDING = "pending"  # stated, not yet confirmed: appears nowhere
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class EndorsementQuerySet(models.QuerySet["Endorsement"]):
    def accepted(self) -> Self:
        return self.filter(state=EndorsementState.ACCEPTED)

    def accepted_by(self, at: datetime) -> Self:
        """Accepted at or before `at`: a filing's list is cut off there."""
        return self.accepted().filter(accepted_at__lte=at)


class Endorsement(BaseModel):
    """One organization behind one exact text. What was stated is kept as it was stated."""

    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, related_name="endorsements")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="endorsements")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="endorsements")
    state = models.CharField(max_length=9, choices=EndorsementState, default=EndorsementState.PENDING)
    legal_name = models.CharField(_("Legal name"), max_length=200)
    display_name = models.CharField(_("Name to show"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=16, choices=OrganizationKind)
    country = CountryField(_("Country of seat"))
    website = models.URLField(_("Website"), max_length=200)
    domain = models.CharField(max_length=200)
    signatory_name = EncryptedTextField()
    signatory_function = models.CharField(max_length=120)
    signatory_email = EncryptedTextField()
    email_key = models.BinaryField(max_length=32)
    statement = models.TextField()
    locale = models.CharField(max_length=16)
    stated_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    is_invented = models.BooleanField(default=False)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        constraints = [
            # One domain gives one endorsement of a text, however often its people sign.
            models.UniqueConstraint(
                fields=["frozen_text", "organization"],
                condition=Q(state="accepted"),
                name="endorsement_accepted_once",
            ),
            models.CheckConstraint(
                name="endorsement_accepted_has_mandate",
                condition=~Q(state="accepted")
                | Q(organization__isnull=False, mandate__isnull=False, accepted_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["frozen_text", "email_key", "stated_at"], name="endorsement_asked")]
