"""Reads of campaigns."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
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
from campaign.organizations.models import Organization

MOST_ASKED = 6  # organizations on one sign form: more boxes than that, and nobody reads them
LONGEST_TAG = 32  # of a share link


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


def coalition(*, campaign: Campaign) -> QuerySet[Organization]:
    """The owner and the partners that accepted, by name: whom somebody of the team can work for."""
    partners = campaign.partnerships.accepted().values("organization")
    rows = Organization.objects.filter(Q(pk=campaign.owner_id) | Q(pk__in=partners))
    return rows.order_by("display_name", "pk")


def _asking(partnerships: QuerySet[CampaignPartner]) -> QuerySet[CampaignPartner]:
    return partnerships.filter(
        accepted_at__isnull=False, asks_news=True, organization__proven_at__isnull=False
    )


def asking_organizations(*, campaign: Campaign, tag: str = "") -> list[Organization]:
    """Whose news signers are offered, at most MOST_ASKED: first the partner whose own link led here, then the owner, then
    partners in the order in which they came."""
    rows = _asking(campaign.partnerships.select_related("organization")).order_by("accepted_at", "pk")
    found = [row.organization for row in rows[:MOST_ASKED]]
    if campaign.asks_news:
        found.insert(0, campaign.owner)
    named = asking_partner(campaign_id=campaign.pk, tag=tag) if tag else None
    if named is not None:
        found = [named, *(organization for organization in found if organization.pk != named.pk)]
    return found[:MOST_ASKED]


def share_tag(organization: Organization) -> str:
    """What stands in an organization's own share links (`?s=`): its slug; of a long one the beginning, and some of its id."""
    if len(organization.slug) <= LONGEST_TAG:
        return organization.slug
    return f"{organization.slug[: LONGEST_TAG - 7]}-{organization.pk.hex[-6:]}"


def asking_partner(*, campaign_id: uuid.UUID, tag: str) -> Organization | None:
    """The partner whose share links have this tag, if it asks signers for its news."""
    rows = _asking(CampaignPartner.objects.filter(campaign=campaign_id).select_related("organization"))
    slugs = Q(organization__slug=tag)
    if len(tag) == LONGEST_TAG:
        slugs |= Q(organization__slug__startswith=tag[: LONGEST_TAG - 7])
    found = (row.organization for row in rows.filter(slugs).order_by("pk")[:50])
    return next((organization for organization in found if share_tag(organization) == tag), None)


@dataclass(frozen=True)
class NewsQuestion:
    """Whether signers of a campaign are asked for the news of one of its organizations, and the tag of its own share links."""

    organization: Organization
    asks: bool
    tag: str


def news_questions(*, campaign: Campaign, user: User, of_owner: bool) -> list[NewsQuestion]:
    """Of the partners that `user` may run campaigns for, by name; before them the owner's, if that is the user's to say."""
    partners = campaign.partnerships.accepted().filter(
        organization__memberships__user=user, organization__memberships__role__in=["owner", "editor"]
    )
    rows = partners.select_related("organization").order_by("organization__display_name", "pk")
    own = [(campaign.owner, campaign.asks_news)] if of_owner else []
    return [
        NewsQuestion(organization, asks, share_tag(organization))
        for organization, asks in [*own, *((row.organization, row.asks_news) for row in rows)]
    ]


def names_of_asking(
    *, campaign_ids: Collection[uuid.UUID], organization_ids: Collection[uuid.UUID]
) -> dict[tuple[uuid.UUID, uuid.UUID], str]:
    """The names of those among these organizations that ask signers of these campaigns, by (campaign, organization)."""
    owners = Campaign.objects.filter(pk__in=campaign_ids, owner__in=organization_ids, asks_news=True)
    partners = _asking(
        CampaignPartner.objects.filter(campaign__in=campaign_ids, organization__in=organization_ids)
    )
    rows = [
        *owners.values_list("pk", "owner_id", "owner__display_name"),
        *partners.values_list("campaign_id", "organization_id", "organization__display_name"),
    ]
    return {(campaign_id, organization_id): name for campaign_id, organization_id, name in rows}


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


def campaigns_drafted_in(*, user: User | AnonymousUser) -> QuerySet[Campaign]:
    """Campaigns in whose name a person may draft answers, by title. None for strangers."""
    if not user.is_authenticated:
        return Campaign.objects.none()
    return campaigns_worked_in(user=user, roles=[TeamRole.OWNER, TeamRole.EDITOR])


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
