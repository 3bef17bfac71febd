"""The record: every act of moderators and teams, once done, in the transaction that does it."""

from datetime import datetime

from campaign.accounts.models import User
from campaign.moderation.models import Act, ModerationAct, Sweep
from campaign.petitions.models import Petition


def record_act(
    *,
    act: Act,
    actor: User | None,
    at: datetime,
    petition: Petition | None = None,
    note: str = "",
    count: int | None = None,
    sweep: Sweep | None = None,
) -> ModerationAct:
    """Add one line. `note` must not hold a signer's data."""
    return ModerationAct.objects.create(
        act=act, actor=actor, at=at, petition=petition, note=note[:300], count=count, sweep=sweep
    )
