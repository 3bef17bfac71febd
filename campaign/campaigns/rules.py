"""Who may do what in a campaign."""

from django.contrib.auth.models import AnonymousUser

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign, TeamMember, TeamRole


def team_role(user: User | AnonymousUser, campaign: Campaign) -> str | None:
    """The user's role in the team; None for a stranger, and for who left the coalition."""
    if not user.is_authenticated:
        return None
    row = TeamMember.objects.active().filter(user=user, campaign=campaign).values_list("role").first()
    return row[0] if row else None


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
