"""Reads of campaigns."""

from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet

from campaign.accounts.models import User
from campaign.campaigns.models import (
    Campaign,
    CampaignCall,
    CampaignFront,
    CampaignPartner,
    TeamMember,
    TeamRole,
)


def campaign_cards() -> QuerySet[Campaign]:
    """Published campaigns with owner and fronts, newest first."""
    return (
        Campaign.objects.published()
        .select_related("owner")
        .prefetch_related(Prefetch("fronts", CampaignFront.objects.order_by("front")))
        .order_by("-published_at", "pk")
    )


def shown_partners(*, campaign: Campaign) -> QuerySet[CampaignPartner]:
    """Partners that accepted, by name."""
    return (
        campaign.partnerships.filter(accepted_at__isnull=False, organization__proven_at__isnull=False)
        .select_related("organization")
        .order_by("organization__display_name", "pk")
    )


def user_campaigns(*, user: User) -> QuerySet[TeamMember]:
    """The campaigns a person works in, by title."""
    return (
        TeamMember.objects.active()
        .filter(user=user)
        .select_related("campaign", "campaign__owner")
        .order_by("campaign__title", "pk")
    )


def campaigns_worked_in(*, user: User, roles: Iterable[str] = TeamRole.values) -> QuerySet[Campaign]:
    """Campaigns in whose team a person has one of these roles, by title."""
    teams = TeamMember.objects.active().filter(user=user, role__in=list(roles))
    return Campaign.objects.filter(pk__in=teams.values("campaign")).order_by("title", "pk")


def partnerships_to_answer(*, user: User) -> QuerySet[CampaignPartner]:
    """Invitations to carry a campaign that wait for an organization this person manages."""
    managed = Q(organization__memberships__user=user, organization__memberships__role__in=["owner", "editor"])
    return (
        CampaignPartner.objects.filter(managed, accepted_at__isnull=True)
        .select_related("campaign", "campaign__owner", "organization")
        .order_by("invited_at", "pk")
    )


def campaign_calls(*, campaign: Campaign) -> QuerySet[CampaignCall]:
    """What a campaign asks organizations to endorse, newest first."""
    return (
        CampaignCall.objects.filter(campaign=campaign)
        .select_related("call__frozen_text")
        .order_by("-call__opened_at", "-pk")
    )
