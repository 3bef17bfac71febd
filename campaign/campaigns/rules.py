"""Who may do what in a campaign."""

from django.contrib.auth.models import AnonymousUser

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign, TeamMember, TeamRole
from campaign.organizations.rules import can_run_campaigns, role_in


def team_role(user: User | AnonymousUser, campaign: Campaign) -> str | None:
    """The user's role in the team; None for a stranger, and for who left the coalition."""
    if not user.is_authenticated:
        return None
    row = TeamMember.objects.active().filter(user=user, campaign=campaign).values_list("role").first()
    return row[0] if row else None


def team_member(user: User | AnonymousUser, campaign: Campaign) -> TeamMember | None:
    """The user's place in the team, with the organization they work for; None as with `team_role`."""
    if not user.is_authenticated:
        return None
    rows = TeamMember.objects.active().select_related("organization", "user")
    return rows.filter(user=user, campaign=campaign).first()


def works_for_owner(member: TeamMember | None, campaign: Campaign) -> bool:
    """Whether somebody of the team works for the campaign's owner.

    What signers gave to the petition itself is the owner's to handle; its partners get what was given to them.
    """
    return member is not None and member.organization_id == campaign.owner_id


def can_handle_supporters(member: TeamMember, campaign: Campaign) -> bool:
    """Find and export the people who agreed to hear from the organization `member` works for.

    For the campaign's owner: owners of the team. For a partner: those who run campaigns in its own name. People gave their
    addresses to it, so it says who handles them, and not who leads the team.
    """
    if member.organization is None:
        return False
    if works_for_owner(member, campaign):
        return can_lead(member.role)
    return can_edit_petitions(member.role) and can_run_campaigns(role_in(member.user, member.organization))


def speaks_for_owner(user: User | AnonymousUser, campaign: Campaign) -> bool:
    """What the campaign's owner says for itself, such as whether signers are asked for its news: who runs campaigns in its name,
    and owners of the team who work for it."""
    if can_run_campaigns(role_in(user, campaign.owner)):
        return True
    member = team_member(user, campaign)
    return works_for_owner(member, campaign) and can_lead(member.role if member else None)


def can_lead(role: str | None) -> bool:
    """Settings, team, publishing, freezing, filing."""
    return role == TeamRole.OWNER


def can_edit_petitions(role: str | None) -> bool:
    return role in {TeamRole.OWNER, TeamRole.EDITOR}


def can_moderate_signers(role: str | None) -> bool:
    """Decide which of the signers' reasons are shown, and read what moderators did."""
    return role in {TeamRole.OWNER, TeamRole.EDITOR, TeamRole.MODERATOR}


def can_draft_answers(role: str | None) -> bool:
    return role in {TeamRole.OWNER, TeamRole.EDITOR}
