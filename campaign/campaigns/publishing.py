"""What else becomes public with a campaign. Rooms above say what that is when the application starts."""

from collections.abc import Callable
from datetime import datetime

from campaign.campaigns.models import Campaign

_acts: list[Callable[[Campaign, datetime], None]] = []


def when_published(act: Callable[[Campaign, datetime], None]) -> None:
    """Do `act` in the transaction in which a campaign becomes public, with the moment. Doing it twice has to be doing it once."""
    if act not in _acts:
        _acts.append(act)


def publish_what_belongs_to(campaign: Campaign, at: datetime) -> None:
    """Everything that rooms above asked for."""
    for act in _acts:
        act(campaign, at)
