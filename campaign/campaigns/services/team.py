"""A campaign's team."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.models import (
    Campaign,
    TeamMember,
    TeamRole,
)
from campaign.core.errors import DomainError
from campaign.organizations.models import Membership, Organization


class NotInTheCoalition(DomainError):
    message = _(
        "Only members of the owner or of an accepted partner can join the team. Invite them there first."
    )


class LastTeamOwner(DomainError):
    message = _("A campaign's team needs an owner. Name another owner first.")


class WorksForAnother(DomainError):
    message = _(
        "This person works in the campaign for another organization. Only that one, or the owner, can change it."
    )


@transaction.atomic
def set_team_role(
    *,
    campaign: Campaign,
    user: User,
    role: str,
    organization: Organization | None = None,
    by: TeamMember | None = None,
) -> None:
    """Take a person into the team or change their role. They see the people of `organization` alone, which they are members of.

    Left out, it is the one they work for already; else the campaign's owner, if they are members there; else the partner among
    theirs that accepted first. `by`: who works for a partner places that partner's people alone.

    Raises NotInTheCoalition, LastTeamOwner, WorksForAnother.
    """
    places = _places(campaign, user)
    before = TeamMember.objects.filter(campaign=campaign, user=user).first()
    if organization is None:
        kept = before.organization_id if before else None
        place = kept if kept in places else next(iter(places), None)
    else:
        place = organization.pk if organization.pk in places else None
    if place is None:
        raise NotInTheCoalition
    _require_own(campaign, by, place, before.organization_id if before else None)
    if role != TeamRole.OWNER:
        _keep_an_owner(campaign, without=user)
    TeamMember.objects.update_or_create(
        campaign=campaign, user=user, defaults={"role": role, "organization_id": place}
    )


def _places(campaign: Campaign, user: User) -> list[uuid.UUID]:
    """The organizations a person can work for in a campaign: its owner first, then partners in the order they accepted."""
    partners = campaign.partnerships.accepted().order_by("accepted_at", "pk")
    carrying = [campaign.owner_id, *partners.values_list("organization_id", flat=True)]
    theirs = set(
        Membership.objects.filter(user=user, organization__in=carrying).values_list(
            "organization_id", flat=True
        )
    )
    return [organization_id for organization_id in carrying if organization_id in theirs]


def _require_own(campaign: Campaign, by: TeamMember | None, *places: uuid.UUID | None) -> None:
    """Who works for a partner moves nobody into another organization, and nobody out of one that still carries the campaign."""
    if by is None or by.organization_id == campaign.owner_id:
        return
    if any(place is not None and place != by.organization_id for place in places):
        raise WorksForAnother


@transaction.atomic
def remove_from_team(*, member: TeamMember, by: TeamMember | None = None) -> None:
    """Take a person out of the team. `by` as with `set_team_role`. Raises LastTeamOwner, WorksForAnother."""
    _require_own(member.campaign, by, member.organization_id)
    _keep_an_owner(member.campaign, without=member.user)
    member.delete()


def _keep_an_owner(campaign: Campaign, *, without: User) -> None:
    owners = TeamMember.objects.select_for_update().filter(campaign=campaign, role=TeamRole.OWNER)
    if [owner.user_id for owner in owners] == [without.pk]:
        raise LastTeamOwner
