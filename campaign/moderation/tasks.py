from celery import shared_task
from django.utils import timezone


@shared_task(name="moderation.run_sweeps")
def run_sweeps() -> None:
    """Work on the passes over signatures that moderators asked for. Beat calls it each two seconds."""
    from campaign.moderation import services  # leaf

    services.run_sweeps(at=timezone.now(), clock=timezone.now)


@shared_task(name="moderation.watch")
def watch() -> None:
    """Look for something unusual among the last hour's signatures. Beat calls it each five minutes."""
    from campaign.moderation import services  # leaf

    services.watch_petitions(at=timezone.now())


@shared_task(name="moderation.forget")
def forget() -> None:
    """Erase what moderators looked for and were told, once it is old. Beat calls it each hour."""
    from campaign.moderation import services  # leaf

    now = timezone.now()
    services.forget_searches(at=now)
    services.forget_alerts(at=now)
    services.forget_reports(at=now)
