"""A campaign's team."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import User
from campaign.campaigns.models import (
    Campaign,
    TeamMember,
    TeamRole,
)
from campaign.core.errors import DomainError
from campaign.organizations.models import Membership


class NotInTheCoalition(DomainError):
    message = _(
        "Only members of the owner or of an accepted partner can join the team. Invite them there first."
    )


class LastTeamOwner(DomainError):
    message = _("A campaign's team needs an owner. Name another owner first.")


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
