from celery import shared_task
from django.utils import timezone


@shared_task(name="consultations.tend_deadlines")
def tend_deadlines() -> None:
    """Follow deadlines that moved, and remind teams of those that are near. Beat calls it each ten minutes."""
    from campaign.consultations import services  # leaf

    now = timezone.now()
    services.follow_deadlines(at=now)
    services.remind_of_deadlines(at=now)
