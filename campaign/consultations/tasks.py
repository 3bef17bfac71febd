from celery import shared_task
from django.utils import timezone


@shared_task(name="consultations.tend_deadlines")
def tend_deadlines() -> None:
    """Follow deadlines that moved, and remind teams of those that are near. Beat calls it each ten minutes."""
    from campaign.consultations import services  # leaf

    now = timezone.now()
    services.follow_deadlines(at=now)
    services.remind_of_deadlines(at=now)


@shared_task(name="consultations.list_filings")
def list_filings() -> None:
    """List in public what an embargo kept quiet until now. Beat calls it each minute."""
    from campaign.consultations import services  # leaf

    services.list_due_filings(at=timezone.now())


@shared_task(name="consultations.gather_names")
def gather_names(*, annex_id: str) -> None:
    """Begin an annex of signers' names; does nothing when another worker has."""
    from campaign.consultations import services  # leaf

    services.gather_names(annex_id=annex_id, at=timezone.now())


@shared_task(name="consultations.render_names")
def render_names(*, part_id: str) -> None:
    """Draw one part of an annex of names; does nothing when another worker has claimed it."""
    from campaign.consultations import services  # leaf

    services.render_names(part_id=part_id, at=timezone.now())


@shared_task(name="consultations.merge_names")
def merge_names(*, annex_id: str) -> None:
    """Join the parts of an annex of names; does nothing while one is missing."""
    from campaign.consultations import services  # leaf

    services.merge_names(annex_id=annex_id, at=timezone.now())


@shared_task(name="consultations.sweep_names")
def sweep_names() -> None:
    """Give back what vanished workers held of annexes of names, then nudge about what waits. Beat calls it each 15 seconds."""
    from campaign.consultations import services  # leaf

    at = timezone.now()
    services.release_stale_names(at=at)
    services.sweep_names(at=at)


@shared_task(name="consultations.destroy_names")
def destroy_names() -> None:
    """Destroy annexes of names whose time has come, and mark those with names that were taken back. Beat calls it each hour."""
    from campaign.consultations import services  # leaf

    services.destroy_due_names(at=timezone.now())
    services.mark_outdated_names()
