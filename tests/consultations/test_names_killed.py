"""A worker process that is killed at one of the steps of an annex of names: it is made once after all, and nothing is left."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from campaign.consultations.models import NamesAnnex, NamesPart, NamesPiece, NamesState
from campaign.consultations.names import pages
from campaign.consultations.services.names import hand_out_names, order_names_annex
from campaign.consultations.services.names_work import (
    gather_names,
    merge_names,
    release_stale_names,
    render_names,
)
from tests.consultations.names_walk import signed_filing, words_of

NAMES = [f"Signer {n}" for n in range(25)]

WORKER = """
import sys, time, django
django.setup()
from django.utils import timezone
from campaign.consultations.models import NamesPart
from campaign.consultations.names import pages
from campaign.consultations.services import names_work as work

at, annex = sys.argv[1:]
pages.LINES_PER_PAGE, pages.PAGES_PER_PART = 20, 1

def here(step):
    if step == at:
        print("here", flush=True)
        time.sleep(60)

order, draw, join = work._order_part, work.render_chunk, work.join_chunks
settle = work.Hold.settle
work._order_part = lambda *all: (order(*all), here("gathering"))
work.render_chunk = lambda **all: (here("drawing"), draw(**all), here("drawn"))[1]
work.join_chunks = lambda **all: (here("joining"), join(**all), here("joined"))[1]

def settled(self, **values):
    if values.get("state") == "ready" and "page_count" in values:
        here("storing")
    return settle(self, **values)

work.Hold.settle = settled
now = timezone.now()
work.gather_names(annex_id=annex, at=now)
for part in NamesPart.objects.filter(annex=annex):
    work.render_names(part_id=str(part.pk), at=now)
work.merge_names(annex_id=annex, at=now)
"""


def restarted(annex):
    """What beat and workers do after the restart, twice."""
    released, later = 0, timezone.now() + timedelta(minutes=5)
    for _time in range(2):
        released += release_stale_names(at=later)
        gather_names(annex_id=str(annex.pk), at=later)
        for pk in list(NamesPart.objects.values_list("pk", flat=True)):
            render_names(part_id=str(pk), at=later)
        merge_names(annex_id=str(annex.pk), at=later)
    return released


@pytest.mark.skipif(connection.vendor != "postgresql", reason="processes share a PostgreSQL server")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["gathering", "drawing", "drawn", "joining", "joined", "storing"])
def test_killed_at_a_step_is_made_once_after_the_restart(step, monkeypatch, tmp_path):
    monkeypatch.setattr(pages, "LINES_PER_PAGE", 20)
    monkeypatch.setattr(pages, "PAGES_PER_PART", 1)
    filing = signed_filing(names=NAMES)
    annex = order_names_annex(filing=filing, by=None, at=timezone.now())
    database = connection.settings_dict
    address = f"postgres://{database['USER']}@{database['HOST'].replace('/', '%2F')}/{database['NAME']}"
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, step, str(annex.pk)],
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
    released = restarted(annex)

    annex = NamesAnnex.objects.select_related("filing__submission", "petition").get(pk=annex.pk)
    content = b"".join(hand_out_names(annex=annex, by=None, at=timezone.now()))
    lines = [line for text in words_of(content) for line in text.splitlines() if line.startswith("Signer")]
    assert (released, annex.state, annex.page_count) == (1, NamesState.READY, 3)
    assert lines == [f"{name}, Germany" for name in NAMES]
    assert (NamesPart.objects.count(), NamesPiece.objects.count()) == (0, 1)
