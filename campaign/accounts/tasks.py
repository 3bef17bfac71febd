from celery import shared_task
from django.utils import timezone


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Delete what is left of sessions that are over. Beat calls it each night."""
    from campaign.accounts import services  # leaf

    services.forget_sessions(at=timezone.now())
