"""Who may do what."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from campaign.accounts.models import User
from campaign.campaigns.models import CampaignState, TeamRole
from campaign.campaigns.rules import team_role
from campaign.documents.models import FrozenText
from campaign.regulations.models import Template


def can_import_instruments(user: User | AnonymousUser) -> bool:
    """The site's staff: an edition stands in the library for good, and organizations endorse it."""
    return user.is_authenticated and user.is_staff


def drafting_role(user: User | AnonymousUser, template: Template) -> str | None:
    """The user's role with an instrument: in its campaign's team, or, of the library, that of the site's staff.

    None for a stranger.
    """
    if template.campaign is not None:
        return team_role(user, template.campaign)
    return TeamRole.OWNER if can_import_instruments(user) else None


def is_public(template: Template) -> bool:
    """Whether everybody may read what is published of an instrument: the library's, and those of public campaigns."""
    return template.campaign is None or template.campaign.state == CampaignState.PUBLISHED


def can_read(user: User | AnonymousUser, template: Template) -> bool:
    """Read what is published of an instrument: everybody; as long as its campaign is not public, its team."""
    return is_public(template) or drafting_role(user, template) is not None


def can_draft(role: str | None) -> bool:
    """Write and publish instruments."""
    return role in {TeamRole.OWNER, TeamRole.EDITOR}


def can_read_comparison(text: FrozenText, reader: Any) -> bool:
    """Read a frozen comparison: everybody with its link; one that shows words of drafts, only who may draft them all."""
    drafted = text.data.get("drafts_of", [])
    if not drafted:
        return True
    templates = Template.objects.select_related("campaign").in_bulk([UUID(pk) for pk in drafted])
    return len(templates) == len(drafted) and all(
        can_draft(drafting_role(reader, template)) for template in templates.values()
    )
