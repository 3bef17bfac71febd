from celery import shared_task
from django.utils import timezone


@shared_task(name="petitions.number_signatures")
def number_signatures() -> None:
    """Number what was confirmed, withdrawn or invalidated. Beat calls it each second."""
    from campaign.petitions.services import number_waiting_signatures  # leaf

    number_waiting_signatures(at=timezone.now())


@shared_task(name="petitions.close_due")
def close_due() -> None:
    """Close petitions that have reached their date."""
    from campaign.petitions.services import close_due_petitions  # leaf

    close_due_petitions(at=timezone.now())
