"""What a view behind `login_required` receives."""

from django.http import HttpRequest

from campaign.accounts.models import User


class SignedInRequest(HttpRequest):
    """For annotations only: the person is known, not anonymous."""

    user: User
