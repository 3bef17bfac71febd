"""Who may do what."""

from django.contrib.auth.models import AnonymousUser

from campaign.accounts.models import User


def can_import_instruments(user: User | AnonymousUser) -> bool:
    """The site's staff: an edition stands in the library for good, and organizations endorse it."""
    return user.is_authenticated and user.is_staff
