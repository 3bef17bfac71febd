"""Who may do what with a submission: the campaign's team decides."""

from django.contrib.auth.models import AnonymousUser

from campaign.accounts.models import User
from campaign.campaigns.models import TeamMember, TeamRole
from campaign.campaigns.rules import team_role
from campaign.consultations.models import Submission


def submission_role(user: User | AnonymousUser, submission: Submission) -> str | None:
    """The user's role in the team that drafts it, or None for a stranger."""
    return team_role(user, submission.campaign)


def can_import_consultations(user: User | AnonymousUser) -> bool:
    """Those who run a campaign: what they import, everybody sees."""
    return (
        user.is_authenticated
        and TeamMember.objects.filter(user=user, role__in=[TeamRole.LEAD, TeamRole.EDITOR]).exists()
    )
