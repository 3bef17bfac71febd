"""What every letter of the room needs."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from campaign.core.links import link_token


def own_link(view: str, *, row_id: UUID, purpose: str) -> str:
    """The full address of a page that only the mail's reader can open."""
    return settings.SITE_URL + reverse(view, args=[link_token(purpose=purpose, row_id=row_id)])


def site_facts() -> dict[str, object]:
    """The site, as letters name it."""
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
