from datetime import datetime

from django.utils import timezone

from campaign.moderation.models import Sweep, SweepKind
from campaign.moderation.queries import Criteria
from campaign.moderation.services import ask_sweep, run_sweeps
from tests.factories.accounts import UserFactory


def staff(**fields):
    return UserFactory(is_staff=True, **fields)


def asked(petition, kind=SweepKind.INVALIDATE, *, by=None, at: datetime | None = None, **criteria) -> Sweep:
    """A pass that waits for a worker."""
    return ask_sweep(
        petition=petition,
        kind=kind,
        criteria=Criteria(**criteria),
        reason="a reason",
        by=by or staff(),
        at=at or timezone.now(),
    )


def run_all():
    """What the worker does, until nothing waits."""
    return run_sweeps(at=timezone.now(), clock=timezone.now)
