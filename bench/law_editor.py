"""How long the editor takes to answer an edit in a long draft, by the number of its provisions.

Run by hand:   .venv/bin/python bench/law_editor.py [provisions ...]

It starts a PostgreSQL of its own (durable, as in production), puts a draft of that many provisions (100, 1,000 and 10,000 unless
told otherwise) into it, and times, the middle of several tries, whole requests from the web server's side: saving words while
somebody writes (with the printed provision and what is to be mended in the answer), moving an article with its paragraphs (the
whole text comes back), the page of one provision and the page of the draft. As a ratio to reading the rows of the draft alone.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))

TRIES = 9
LIMIT = 0.200  # seconds for an edit in a text of 1,000 provisions


def draft(size: int) -> Any:
    """A draft of about `size` provisions of a campaign, and an editor of its team."""
    from django.utils import timezone
    from law import law

    from campaign.regulations.services import InstrumentFacts, start_instrument
    from campaign.regulations.services.storing import store_text
    from tests.factories.campaigns import TeamMemberFactory

    member = TeamMemberFactory(role="editor")
    facts = InstrumentFacts("A law", "eu-regulation", "en", "A summary.", "Not legal advice.", "act")
    edition = start_instrument(campaign=member.campaign, facts=facts, person=member.user, at=timezone.now())
    store_text(edition=edition, text=law(size, "eu-regulation", "en"))
    return edition, member.user


def middle(act: Callable[[int], Any]) -> float:
    """The middle of several tries, after one to warm up."""
    act(0)
    took = []
    for turn in range(1, TRIES + 1):
        started = time.perf_counter()
        act(turn)
        took.append(time.perf_counter() - started)
    return statistics.median(took)


def measure(size: int) -> None:
    """Print the figures for one size."""
    from django.test import Client
    from django.urls import reverse

    from campaign.regulations.queries import edition_text

    edition, person = draft(size)
    total = edition.provisions.count()
    client = Client(headers={"host": "127.0.0.1", "x-forwarded-proto": "https"})
    client.force_login(person)
    slug = edition.template.slug
    page, move = (
        reverse("provision_edit", args=[slug, "a0-5-1"]),
        reverse("provision_move", args=[slug, "a0-5"]),
    )

    def save(turn: int) -> None:
        version = edition.provisions.values_list("version", flat=True).get(key="a0-5-1")
        fields = {"version": version, "heading": "", "body": f"Words of turn {turn}.", "autosave": "1"}
        answer = client.post(page, fields, secure=True)
        assert answer.status_code == 200, answer.content

    def shift(turn: int) -> None:
        answer = client.post(
            move, {"step": "down" if turn % 2 else "up"}, headers={"hx-request": "true"}, secure=True
        )
        assert b"draft-row" in answer.content

    bare = middle(lambda _turn: edition_text(edition=edition))
    print(f"{total:,} provisions: reading the rows {bare * 1000:.0f} ms")
    acts: dict[str, Callable[[int], Any]] = {
        "saving words": save,
        "moving an article": shift,
        "page of a provision": lambda _turn: client.get(page, secure=True),
        "page of the draft": lambda _turn: client.get(reverse("draft", args=[slug]), secure=True),
    }
    for name, act in acts.items():
        took = middle(act)
        over = (
            "  OVER THE LIMIT"
            if total >= 900 and total < 1_100 and took > LIMIT and "page" not in name
            else ""
        )
        print(f"  {name:20} {took * 1000:6.0f} ms   {took / bare:5.1f} × reading{over}")


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [100, 1_000, 10_000]
    from servers import databases

    with databases() as environment:
        os.environ.update(environment)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        for size in sizes:
            measure(size)


if __name__ == "__main__":
    main()
