"""Entry points for workers."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="documents.render")
def render(*, document_id: str) -> None:
    """Render one requested document; does nothing when another worker has claimed it."""
    from campaign.documents.services import render_document  # leaf

    render_document(document_id=document_id, at=timezone.now())


@shared_task(name="documents.sweep")
def sweep() -> None:
    """Give back what stayed claimed, then nudge workers about everything that waits."""
    from campaign.documents.services import release_stale_documents, sweep_documents  # leaf

    at = timezone.now()
    release_stale_documents(at=at)
    sweep_documents(at=at)
