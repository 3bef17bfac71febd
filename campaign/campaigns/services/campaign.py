"""Campaigns: begin, describe, publish."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.models import (
    Campaign,
    CampaignFront,
    CampaignState,
    TeamMember,
    TeamRole,
)
from campaign.campaigns.publishing import publish_what_belongs_to
from campaign.core.errors import DomainError
from campaign.core.slugs import free_slug
from campaign.organizations.models import Organization


class OwnerIsNotProven(DomainError):
    message = _(
        "The organization has not been confirmed through its own domain. Confirm it first: "
        "without that it appears nowhere."
    )


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
    TeamMember.objects.create(campaign=campaign, user=lead, role=TeamRole.OWNER, organization=owner)
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


@transaction.atomic
def publish_campaign(*, campaign: Campaign, at: datetime) -> None:
    """Make it public, with what it published while it was not. Raises OwnerIsNotProven. Twice is once."""
    if campaign.owner.proven_at is None:
        raise OwnerIsNotProven
    claimed = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.DRAFT).update(
        state=CampaignState.PUBLISHED, published_at=at
    )
    if claimed:
        publish_what_belongs_to(campaign, at)
