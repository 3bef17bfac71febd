"""Who may do what."""

from django.contrib.auth.models import AnonymousUser

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign, TeamMember
from campaign.campaigns.rules import (
    can_edit_petitions,
    can_handle_supporters,
    can_moderate_signers,
    team_member,
    works_for_owner,
)
from campaign.moderation.export import Purpose
from campaign.petitions.models import Petition


def can_moderate(user: User | AnonymousUser) -> bool:
    """Signers' data, take-downs, lists and rules: the site's staff alone. A campaign has no say in its own count."""
    return user.is_authenticated and user.is_staff


def can_decide_reasons(user: User | AnonymousUser, petition: Petition) -> bool:
    """Which signers' reasons are shown: those of the team who work for the campaign's owner, or staff.

    Not its partners' people: who gave a reason gave it to the petition, and not to them, until it is shown.
    """
    if can_moderate(user):
        return True
    member = team_member(user, petition.campaign)
    return works_for_owner(member, petition.campaign) and can_moderate_signers(
        member.role if member else None
    )


def can_read_record(user: User | AnonymousUser, petition: Petition) -> bool:
    """What was done to a petition: as with the reasons. Its notes are free text, and may say more than they should."""
    return can_decide_reasons(user, petition)


def can_export(user: User | AnonymousUser, petition: Petition) -> bool:
    """Addresses of signers who agreed to be written to: an owner of the campaign's team. Not staff: nobody agreed to that.

    Which of them, the organization says that they work for (`export_purposes`).
    """
    member = team_member(user, petition.campaign)
    return member is not None and can_handle_supporters(member, petition.campaign)


def export_purposes(member: TeamMember, campaign: Campaign) -> list[Purpose]:
    """What somebody who handles supporters may export: the news of the organization they work for.

    Mail about a petition is the petition's own, which its owner runs: signers agreed to hear of it, not to be handed to partners.
    """
    return [*([Purpose.UPDATES] if works_for_owner(member, campaign) else []), Purpose.NEWS]


def can_see_supporters(member: TeamMember) -> bool:
    """Numbers of the organization somebody works for, without anybody's name."""
    return can_edit_petitions(member.role)
