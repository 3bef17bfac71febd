"""Tasks, called as functions and twice."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from campaign.documents import tasks
from campaign.documents.models import Document
from tests.factories.documents import DocumentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_render_called_twice_makes_one_file(build):
    document = DocumentFactory()

    tasks.render(document_id=str(document.pk))
    tasks.render(document_id=str(document.pk))

    document.refresh_from_db()
    assert (document.state, document.attempts) == (Document.State.READY, 1)


def test_sweep_called_twice_gives_back_and_nudges(build, django_capture_on_commit_callbacks):
    long_ago = timezone.now() - timedelta(hours=1)
    document = DocumentFactory(
        state=Document.State.RENDERING, attempts=1, claimed_at=long_ago, requested_at=long_ago
    )

    with django_capture_on_commit_callbacks() as nudges:
        tasks.sweep()
        tasks.sweep()

    document.refresh_from_db()
    assert document.state == Document.State.REQUESTED
    assert len(nudges) == 2


def test_tasks_have_the_names_that_settings_use():
    scheduled = settings.CELERY_BEAT_SCHEDULE["documents-sweep"]["task"]

    assert (tasks.sweep.name, tasks.render.name) == (scheduled, "documents.render")
