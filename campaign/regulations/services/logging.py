"""What was done to an instrument, for who drafts it: in the log of its campaign; one of the library has a log of its own."""

from __future__ import annotations

from datetime import datetime

from campaign.accounts.models import User
from campaign.activity.services import log_act
from campaign.regulations.models import Template


def log_work(*, template: Template, act: str, person: User, at: datetime, **facts: str) -> None:
    """Add a line, in the transaction of what was done. `facts` are what the act's sentence names beside the title."""
    log_act(
        subject_id=template.campaign_id or template.pk,
        act=act,
        actor=person,
        at=at,
        title=template.title,
        **facts,
    )
