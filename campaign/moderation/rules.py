"""Who may do what."""

from django.contrib.auth.models import AnonymousUser

from campaign.accounts.models import User
from campaign.campaigns.rules import can_lead, can_moderate_signers, team_role
from campaign.organizations.models import Membership
from campaign.petitions.models import Petition


def can_moderate(user: User | AnonymousUser) -> bool:
    """Signers' data, take-downs, lists and rules: the site's staff alone. A campaign has no say in its own count."""
    return user.is_authenticated and user.is_staff


def can_decide_reasons(user: User | AnonymousUser, petition: Petition) -> bool:
    """Which signers' reasons are shown: the petition's team, or staff."""
    return can_moderate(user) or can_moderate_signers(team_role(user, petition.campaign))


def can_read_record(user: User | AnonymousUser, petition: Petition) -> bool:
    """What was done to a petition: its team, or staff."""
    return can_decide_reasons(user, petition)


def can_export(user: User | AnonymousUser, petition: Petition) -> bool:
    """The addresses of signers who agreed to be written to: an owner of the campaign's team. Not staff: nobody agreed to that."""
    return can_lead(team_role(user, petition.campaign))


def can_export_news(user: User | AnonymousUser, petition: Petition) -> bool:
    """Those who agreed to news of the campaign's owner: only owners of the team who are its members."""
    owners = Membership.objects.filter(organization=petition.campaign.owner_id, user=user.pk)
    return can_export(user, petition) and owners.exists()
