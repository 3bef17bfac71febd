"""The organizations that carry a campaign with its owner."""

from datetime import datetime

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
