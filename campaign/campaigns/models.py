"""A campaign, who carries it, and the authorities it speaks to."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from campaign.core.fields import EncryptedTextField
from campaign.core.models import BaseModel
from campaign.organizations.models import Call, Membership, Organization


class JurisdictionKind(models.TextChoices):
    STATE = "state", _("State")
    UNION = "union", _("Union of states")
    REGION = "region", _("Region or state of a federation")
    MUNICIPALITY = "municipality", _("Municipality")
    INTERNATIONAL = "international", _("International organization")


class Jurisdiction(BaseModel):
    """Whose law applies. Its locale is never guessed from it."""

    code = models.CharField(max_length=16, unique=True)  # ISO 3166-1 alpha-2, ISO 3166-2, EU or UN
    name = models.CharField(_("Name"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=16, choices=JurisdictionKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")


class Authority(BaseModel):
    """Whom a petition is put to, and who asks in a consultation."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="authorities")
    website = models.URLField(_("Website"), max_length=300, blank=True)


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def published(self) -> Self:
        return self.filter(state=CampaignState.PUBLISHED)


class Campaign(BaseModel):
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("Title"), max_length=120)
    summary = models.TextField(_("What it is about"), max_length=5000)
    locale = models.CharField(_("Language it is written in"), max_length=16, default="en")
    languages = models.JSONField(_("Languages"), default=list)  # locale tags it is to be translated into
    state = models.CharField(max_length=9, choices=CampaignState, default=CampaignState.DRAFT)
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="campaigns")
    partners: "models.ManyToManyField[Organization, CampaignPartner]" = models.ManyToManyField(
        Organization, through="CampaignPartner", related_name="partnered_campaigns"
    )
    # Signers are asked whether the owner may mail them. The database knows the default: the release before does not name it.
    asks_news = models.BooleanField(default=True, db_default=True)
    published_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    objects = CampaignQuerySet.as_manager()


class Front(models.TextChoices):
    """The kinds of tool a campaign works with: no bet on a single one."""

    LAW = "law", _("Law")
    LICENSE = "license", _("License")
    PROCUREMENT = "procurement", _("Public procurement")
    PUBLIC_FUNDING = "public_funding", _("Public funding")
    DEPOSIT = "deposit", _("Deposit")
    COMPETITION = "competition", _("Competition")
    TREATY = "treaty", _("Treaty")


class CampaignFront(BaseModel):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="fronts")
    front = models.CharField(_("Front"), max_length=16, choices=Front)
    aim = models.CharField(_("What is asked on this front"), max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "front"], name="front_once")]


class CampaignPartnerQuerySet(models.QuerySet["CampaignPartner"]):
    def accepted(self) -> Self:
        return self.filter(accepted_at__isnull=False)


class CampaignPartner(BaseModel):
    """An organization that carries the campaign with its owner. Shown only once it has accepted."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="partnerships")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="partnerships")
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    asks_news = models.BooleanField(default=False, db_default=False)  # each organization says so itself

    objects = CampaignPartnerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "organization"], name="partner_once")]
        indexes = [
            # Of ten thousand partners a form asks for a few: those are found without looking at the others.
            models.Index(
                fields=["campaign", "accepted_at", "id"],
                condition=Q(asks_news=True, accepted_at__isnull=False),
                name="partner_asks_news",
            )
        ]


class TeamRole(models.TextChoices):
    OWNER = "owner", _("Owner: settings, team, publishing, freezing, filing")
    EDITOR = "editor", _("Editor: petitions, calls and answers")
    MODERATOR = "moderator", _("Moderator: what signers write")
    TRANSLATOR = "translator", _("Translator: the campaign in other languages")
    VIEWER = "viewer", _("Viewer: sees the work and the log")


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def active(self) -> Self:
        """Those who are still members of the organization they work for, while that is the owner or an accepted partner."""
        membership = Membership.objects.filter(user=OuterRef("user"), organization=OuterRef("organization"))
        partnership = CampaignPartner.objects.accepted().filter(
            campaign=OuterRef("campaign"), organization=OuterRef("organization")
        )
        return self.filter(Q(organization=F("campaign__owner")) | Exists(partnership), Exists(membership))


class TeamMember(BaseModel):
    """Somebody who works in a campaign, for exactly one of the organizations that carry it: they see that one's people alone."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="teams")
    role = models.CharField(_("Role"), max_length=10, choices=TeamRole)
    # None for who was not a member of any of them when this column came: no right follows from it.
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "user"], name="team_member_once")]


class CampaignCall(BaseModel):
    """That a campaign asks for endorsements of something: its team runs the call."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="calls")
    call = models.OneToOneField(Call, models.PROTECT, related_name="campaign_call")


class TeamInvitation(BaseModel):
    """A person asked by mail to join a campaign's team, for one organization of the coalition."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="invitations")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="team_invitations")
    email = EncryptedTextField()
    email_key = models.BinaryField(max_length=32)
    role = models.CharField(_("Role"), max_length=10, choices=TeamRole)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "email_key"],
                condition=Q(accepted_at__isnull=True),
                name="team_invitation_waits_once",
            )
        ]
