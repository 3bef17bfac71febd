from celery import shared_task
from django.utils import timezone


@shared_task(name="mailing.pump")
def pump() -> None:
    """Send what waits. Beat calls it each second; several at once share the work."""
    from campaign.mailing.services import pump_mail  # leaf

    pump_mail(at=timezone.now())


@shared_task(name="mailing.release")
def release() -> None:
    """Give back what a dead process had claimed."""
    from campaign.mailing.services import release_claimed  # leaf

    release_claimed(at=timezone.now())


@shared_task(name="mailing.prune")
def prune() -> None:
    """Delete rows that were settled long ago."""
    from campaign.mailing.services import prune_settled  # leaf

    prune_settled(at=timezone.now())
