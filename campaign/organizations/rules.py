"""Who may do what in an organization."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef

from campaign.accounts.models import User
from campaign.organizations.models import Membership, Organization, Role


def role_in(user: User | AnonymousUser, organization: Organization) -> str | None:
    """The user's role, or None for a stranger."""
    if not user.is_authenticated:
        return None
    row = Membership.objects.filter(user=user, organization=organization).values_list("role").first()
    return row[0] if row else None


def can_manage_people(role: str | None) -> bool:
    """Members, mandates, and what is signed in the organization's name."""
    return role == Role.OWNER


def can_edit_profile(role: str | None) -> bool:
    return role in {Role.OWNER, Role.EDITOR}


def can_translate_names(role: str | None) -> bool:
    return role in {Role.OWNER, Role.EDITOR, Role.TRANSLATOR}


def can_run_campaigns(role: str | None) -> bool:
    return role in {Role.OWNER, Role.EDITOR}


def owns_an_organization() -> Exists:
    """A condition on users, for the site's rule on second steps."""
    return Exists(Membership.objects.filter(user=OuterRef("pk"), role=Role.OWNER))
