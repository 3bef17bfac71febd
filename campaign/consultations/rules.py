"""Who may do what with a submission: the campaign's team decides."""

from django.contrib.auth.models import AnonymousUser

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign, CampaignState, TeamRole
from campaign.campaigns.queries import campaigns_worked_in
from campaign.campaigns.rules import (
    can_handle_supporters,
    can_lead,
    team_member,
    team_role,
    works_for_owner,
)
from campaign.consultations.models import Consultation, Submission


def submission_role(user: User | AnonymousUser, submission: Submission) -> str | None:
    """The user's role in the team that drafts it, or None for a stranger."""
    return team_role(user, submission.campaign)


def can_import_consultations(user: User | AnonymousUser) -> bool:
    """Those who run a published campaign, so a proven organization's: what they import, everybody sees."""
    if not user.is_authenticated:
        return False
    running = campaigns_worked_in(user=user, roles=[TeamRole.OWNER, TeamRole.EDITOR])
    return running.filter(state=CampaignState.PUBLISHED).exists()


def can_state_portals(user: User | AnonymousUser) -> bool:
    """Those who run the site: what they state of a portal holds for every campaign."""
    return user.is_authenticated and user.is_staff


def can_edit_consultation(user: User | AnonymousUser, consultation: Consultation) -> bool:
    """Who brought it in, as long as they may bring in others; and those who run the site."""
    if not user.is_authenticated:
        return False
    is_own = consultation.imported_by_id == user.pk and can_import_consultations(user)
    return user.is_staff or is_own


def can_hand_out_names(user: User | AnonymousUser, campaign: Campaign) -> bool:
    """Who may have signers' names put together for an authority: who leads the team and handles people's data for the owner."""
    member = team_member(user, campaign)
    if member is None or not can_lead(member.role):
        return False
    return works_for_owner(member, campaign) and can_handle_supporters(member, campaign)
