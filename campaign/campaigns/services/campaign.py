"""Campaigns: begin, describe, publish, and take partners and people in."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.models import (
    Campaign,
    CampaignFront,
    CampaignPartner,
    CampaignState,
    TeamMember,
    TeamRole,
)
from campaign.core.errors import DomainError
from campaign.core.slugs import free_slug
from campaign.organizations.models import Membership, Organization


class OwnerIsNotProven(DomainError):
    message = _(
        "The organization has not been confirmed through its own domain. Confirm it first: "
        "without that it appears nowhere."
    )


class NotInTheCoalition(DomainError):
    message = _(
        "Only members of the owner or of an accepted partner can join the team. Invite them there first."
    )


class LastTeamOwner(DomainError):
    message = _("A campaign's team needs an owner. Name another owner first.")


@transaction.atomic
def create_campaign(
    *,
    title: str,
    summary: str,
    owner: Organization,
    locale: str,
    languages: list[str],
    fronts: dict[str, str],
    lead: User,
    is_demo: bool = False,
) -> Campaign:
    """Begin a draft campaign whose team has its first owner. `fronts` maps a front to what is asked there."""
    campaign = Campaign.objects.create(
        slug=free_slug(title, taken=Campaign.objects.all()),
        title=title,
        summary=summary,
        owner=owner,
        locale=locale,
        languages=languages,
        is_demo=is_demo,
    )
    TeamMember.objects.create(campaign=campaign, user=lead, role=TeamRole.OWNER)
    _set_fronts(campaign, fronts)
    return campaign


@transaction.atomic
def edit_campaign(
    *, campaign: Campaign, title: str, summary: str, languages: list[str], fronts: dict[str, str]
) -> None:
    """Change what the campaign says of itself. Its address stays."""
    campaign.title, campaign.summary, campaign.languages = title, summary, languages
    campaign.save(update_fields=["title", "summary", "languages"])
    _set_fronts(campaign, fronts)


def _set_fronts(campaign: Campaign, fronts: dict[str, str]) -> None:
    campaign.fronts.exclude(front__in=fronts).delete()
    for front, aim in fronts.items():
        CampaignFront.objects.update_or_create(campaign=campaign, front=front, defaults={"aim": aim})


def publish_campaign(*, campaign: Campaign, at: datetime) -> None:
    """Make it public. Raises OwnerIsNotProven. Twice is once."""
    if campaign.owner.proven_at is None:
        raise OwnerIsNotProven
    Campaign.objects.filter(pk=campaign.pk, state=CampaignState.DRAFT).update(
        state=CampaignState.PUBLISHED, published_at=at
    )


def invite_partner(*, campaign: Campaign, organization: Organization, at: datetime) -> None:
    """Ask an organization to carry the campaign too. It is shown once it accepts. Raises OwnerIsNotProven."""
    if organization.proven_at is None:
        raise OwnerIsNotProven
    if organization.pk != campaign.owner_id:
        CampaignPartner.objects.get_or_create(
            campaign=campaign, organization=organization, defaults={"invited_at": at}
        )


def accept_partnership(*, partnership: CampaignPartner, at: datetime) -> None:
    """The partner agrees to be shown. Twice is once."""
    CampaignPartner.objects.filter(pk=partnership.pk, accepted_at=None).update(accepted_at=at)


def end_partnership(*, partnership: CampaignPartner) -> None:
    """Decline an invitation or leave; either side may."""
    partnership.delete()


@transaction.atomic
def set_team_role(*, campaign: Campaign, user: User, role: str) -> None:
    """Take a person into the team or change their role. Raises NotInTheCoalition, LastTeamOwner."""
    coalition = [campaign.owner_id, *_accepted_partner_ids(campaign)]
    if not Membership.objects.filter(user=user, organization__in=coalition).exists():
        raise NotInTheCoalition
    if role != TeamRole.OWNER:
        _keep_an_owner(campaign, without=user)
    TeamMember.objects.update_or_create(campaign=campaign, user=user, defaults={"role": role})


@transaction.atomic
def remove_from_team(*, member: TeamMember) -> None:
    """Take a person out of the team. Raises LastTeamOwner."""
    _keep_an_owner(member.campaign, without=member.user)
    member.delete()


def _accepted_partner_ids(campaign: Campaign) -> list[object]:
    return list(
        campaign.partnerships.filter(accepted_at__isnull=False).values_list("organization_id", flat=True)
    )


def _keep_an_owner(campaign: Campaign, *, without: User) -> None:
    owners = TeamMember.objects.select_for_update().filter(campaign=campaign, role=TeamRole.OWNER)
    if [owner.user_id for owner in owners] == [without.pk]:
        raise LastTeamOwner
