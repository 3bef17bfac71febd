"""The organizations that carry a campaign with its owner."""

from datetime import datetime

from django.db import transaction

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.campaigns.models import (
    Campaign,
    CampaignPartner,
)
from campaign.campaigns.services.campaign import OwnerIsNotProven
from campaign.organizations.models import Organization


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
def ask_for_news(
    *, campaign: Campaign, organization: Organization, asks: bool, by: User, at: datetime
) -> None:
    """Whether signers are asked if this organization, the owner or a partner that accepted, may mail them. Twice is once.

    Who agreed before stays agreed: switching off ends the question, not the answers.
    """
    changed = (
        Campaign.objects.filter(pk=campaign.pk, owner=organization)
        .exclude(asks_news=asks)
        .update(asks_news=asks)
    ) or (
        CampaignPartner.objects.accepted()
        .filter(campaign=campaign, organization=organization)
        .exclude(asks_news=asks)
        .update(asks_news=asks)
    )
    if changed:
        act = "campaigns.news_asked" if asks else "campaigns.news_not_asked"
        log_act(subject_id=campaign.pk, act=act, actor=by, at=at, organization=organization.display_name)
