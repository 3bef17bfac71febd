from celery import shared_task
from django.utils import timezone


@shared_task(name="guard.prune")
def prune() -> None:
    """Delete buckets that are full again, and what is remembered of attacks that are over."""
    from campaign.guard.services import prune as prune_guard  # leaf

    prune_guard(at=timezone.now())
