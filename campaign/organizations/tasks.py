from celery import shared_task
from django.utils import timezone


@shared_task(name="organizations.look_for_record", soft_time_limit=30, time_limit=40)
def look_for_record(*, mandate_id: str) -> None:
    """Ask name servers for the record that proves one mandate; does nothing when another worker has done it."""
    from campaign.organizations import services  # leaf

    services.look_for_record(mandate_id=mandate_id, at=timezone.now())


@shared_task(name="organizations.sweep_records")
def sweep_records() -> None:
    """Nudge workers about records to look for. Beat calls it each minute."""
    from campaign.organizations import services  # leaf

    services.sweep_records(at=timezone.now())


@shared_task(name="organizations.tend_mandates")
def tend_mandates() -> None:
    """Tell of mandates that end, and erase documents that are not needed any more. Beat calls it each hour."""
    from campaign.organizations import services  # leaf

    now = timezone.now()
    services.tell_of_ends(at=now)
    services.erase_documents(at=now)
