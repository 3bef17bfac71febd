"""A worker process that is killed at one of the steps: the order is made once after all, and one file is in the store."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from campaign.documents.builders import TextSource, register_builder
from campaign.documents.formats import TEXT
from campaign.documents.models import Document
from campaign.documents.services import release_stale_documents, render_document
from tests.factories.documents import DocumentFactory

WORKER = """
import sys, time, django
django.setup()
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from campaign.documents.builders import TextSource, register_builder
from campaign.documents.formats import TEXT
from campaign.documents.services import render_document, work

at, order = sys.argv[1:]

def here(step):
    if step == at:
        print("here", flush=True)
        time.sleep(60)

def build(text, locale):
    here("drawing-up")
    return TextSource(text="words", file_name="words")

register_builder("tests.killed", build, media_type=TEXT)
make, check = work.make_file, work.check_file
work.make_file = lambda **all: (here("rendering"), make(**all))[1]
work.check_file = lambda **all: (here("checking"), check(**all))[1]
default_storage._setup()
store = default_storage._wrapped
saved = store.save
store.save = lambda *args, **all: (here("storing"), saved(*args, **all), here("stored"))[1]
render_document(document_id=order, at=timezone.now())
"""


@pytest.mark.skipif(connection.vendor != "postgresql", reason="processes share a PostgreSQL server")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["drawing-up", "rendering", "checking", "storing", "stored"])
def test_killed_at_a_step_is_made_once_after_the_restart(step, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media")},
        },
    }
    register_builder("tests.killed", lambda *_: TextSource(text="words", file_name="words"), media_type=TEXT)
    document = DocumentFactory(kind="tests.killed", media_type=TEXT)
    database = connection.settings_dict
    address = f"postgres://{database['USER']}@{database['HOST'].replace('/', '%2F')}/{database['NAME']}"
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, step, str(document.pk)],
        env={
            **os.environ,
            "RECLAIM_TEST_DATABASE_URL": address,
            "RECLAIM_TEST_SHARED_DIR": str(tmp_path),
            "RECLAIM_SITE_URL": "https://x.example",
        },
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    assert worker.stdout.readline() == b"here\n"

    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    later = timezone.now() + timedelta(hours=1)
    released = release_stale_documents(at=later)
    render_document(document_id=str(document.pk), at=later)
    render_document(document_id=str(document.pk), at=later)

    document.refresh_from_db()
    folder = f"documents/{document.pk}"
    claims, _files = default_storage.listdir(folder)
    files = [
        f"{folder}/{claim}/{name}"
        for claim in claims
        for name in default_storage.listdir(f"{folder}/{claim}")[1]
    ]
    assert (released, document.state, document.attempts) == (1, Document.State.READY, 2)
    assert files == [document.file.name]
    with document.file.open("rb") as file:
        assert file.read() == b"words"
