from celery import shared_task
from django.utils import timezone


@shared_task(name="moderation.run_sweeps")
def run_sweeps() -> None:
    """Work on the passes over signatures that moderators asked for."""
    from campaign.moderation import services  # leaf

    services.run_sweeps(at=timezone.now(), clock=timezone.now)
