"""Signing under load: ours beside the least a Django site can do for the same work, in one run, in turns.

    .venv/bin/python bench/load.py [--sizes 100,100000,1000000] [--rounds 3] [--seconds 5] [--peak 300]

Throwaway PostgreSQL (durable) and Redis, two gunicorns with 2 processes of 4 threads, and the visitors, all on this machine.
Prints a table; each figure is the median of the rounds, and the ratio is to the bare view in the same rounds. Not a test.
"""

import argparse
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import servers
from fill import add_signatures, migrate
from visitors import Outcome, as_fast_as_possible, at_rates, get, posts

OURS, BARE = 18_201, 18_202
HERE = Path(__file__).parent
VISITORS = 16


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sizes", default="100,100000,1000000")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--seconds", type=float, default=5)
    asked.add_argument("--peak", type=float, default=300, help="seconds of the peak; 0 leaves it out")
    options = asked.parse_args()
    with servers.databases() as env, ExitStack() as stack:
        os.environ.update(env)
        migrate({**os.environ})
        servers.run([sys.executable, str(HERE / "bare/app.py"), "init"])
        site = Site()
        stack.enter_context(
            servers.process(servers.gunicorn("campaign.wsgi", port=OURS, folder=servers.ROOT), env=env)
        )
        stack.enter_context(
            servers.process(servers.gunicorn("app:application", port=BARE, folder=HERE / "bare"), env=env)
        )
        servers.wait_for(f"http://127.0.0.1:{OURS}/livez")
        servers.wait_for(f"http://127.0.0.1:{BARE}/page")
        has = 0
        for size in [int(number) for number in options.sizes.split(",")]:
            add_signatures(
                servers.libpq(env["RECLAIM_DATABASE_URL"]),
                petition=site.petition,
                count=size - has,
                first=has,
                counted=False,
            )
            has = size
            site.number()
            measure(site, size, options.rounds, options.seconds)
        if options.peak:
            peak(site, env, options.peak)


class Site:
    """The running site, seen from beside: one open petition, and links that only its keys can make."""

    def __init__(self) -> None:
        import django

        django.setup()
        from tests.factories.petitions import ConfirmedSignatureFactory, PetitionFactory

        petition = PetitionFactory(slug="bench")
        ConfirmedSignatureFactory.create_batch(10, petition=petition, name_is_public=True)
        self.petition = petition.pk
        self.path = "/petitions/bench/"
        self.numbers = itertools.count(1)

    def number(self) -> None:
        """Give the waiting ones their numbers: ledger, tree and tallies are those of a real site."""
        from django.utils import timezone

        from campaign.petitions.models import Petition
        from campaign.petitions.services import number_waiting_signatures, skip_receipts

        number_waiting_signatures(at=timezone.now())
        skip_receipts(petition=Petition.objects.get(pk=self.petition))

    def signs(self) -> Iterator[bytes]:
        """New people, each with an address and a network of their own."""

        def make(_number: int) -> tuple[str, str]:
            form = {
                "name": "Ada Load",
                "email": f"load-{next(self.numbers)}@example.org",
                "country": "DE",
                "agree": "on",
                "source": "",
            }
            return f"{self.path}sign/", urlencode(form)

        return posts(OURS, make)

    def confirmations(self, count: int) -> Iterator[bytes]:
        """Links of `count` pending signatures, and what their forms send."""
        from django.utils import timezone

        from campaign.core.links import link_token
        from campaign.petitions.models import Signature

        now = timezone.now()
        rows = [
            Signature(
                petition_id=self.petition,
                name="Ada Load",
                email=f"confirm-{number}@example.org",
                email_key=os.urandom(32),
                country="DE",
                locale="en",
                signed_at=now,
            )
            for number in range(count)
        ]
        Signature.objects.bulk_create(rows, batch_size=2_000)
        shown = urlencode({"shown": now.isoformat()})
        links = [
            f"/signatures/confirm/{link_token(purpose='signature-confirm', row_id=row.pk)}/" for row in rows
        ]
        return itertools.islice(posts(OURS, lambda number: (links[number - 1], shown)), count)

    def drain(self, seconds: float = 120) -> None:
        """Wait until the workers have taken in every request and sent every letter."""
        from campaign.mailing.models import OutgoingMail
        from campaign.petitions.models import SignRequest

        end = time.monotonic() + seconds
        waiting = OutgoingMail.objects.filter(state__in=["waiting", "claimed", "handing_over"])
        while time.monotonic() < end and (SignRequest.objects.exists() or waiting.exists()):
            time.sleep(0.5)

    def rows(self) -> int:
        from campaign.petitions.models import SignRequest

        return SignRequest.objects.filter(petition_id=self.petition).count()


def bare_inserts(numbers: Iterator[int]) -> Iterator[bytes]:
    def make(_number: int) -> tuple[str, str]:
        form = {"name": "Ada Load", "email": f"bare-{next(numbers)}@example.org", "country": "DE"}
        return "/insert", urlencode(form)

    return posts(BARE, make)


def measure(site: Site, size: int, rounds: int, seconds: float) -> None:
    bare_numbers = itertools.count(size * 1_000)
    found: dict[str, list[Outcome]] = {}
    stored, accepted = site.rows(), 0
    for turn in range(rounds + 1):  # the first is for warming up
        tasks = {
            "bare insert": (BARE, bare_inserts(bare_numbers)),
            "sign": (OURS, site.signs()),
            "confirm": (OURS, site.confirmations(int(1_500 * seconds))),
            "bare page": (BARE, itertools.repeat(get(BARE, "/page"))),
            "page": (OURS, itertools.repeat(get(OURS, site.path))),
            "count": (OURS, itertools.repeat(get(OURS, f"{site.path}count.json"))),
        }
        for name, (port, requests) in tasks.items():
            outcome = as_fast_as_possible(
                port=port, requests=requests, visitors=VISITORS, seconds=seconds if turn else 1
            )
            if name == "sign":
                accepted += outcome.statuses[302]
            if turn:
                found.setdefault(name, []).append(outcome)
    print(f"\n{size:,} signatures under the petition")
    print(f"{'':12} {'per second':>10} {'of bare':>8} {'p50 ms':>8} {'p95 ms':>8}  statuses")
    bare = {"sign": "bare insert", "confirm": "bare insert", "page": "bare page", "count": "bare page"}
    for name, outcomes in found.items():
        ratios = [
            ours.rate / base.rate for ours, base in zip(outcomes, found[bare.get(name, name)], strict=True)
        ]
        statuses = sum((outcome.statuses for outcome in outcomes), start=type(outcomes[0].statuses)())
        print(
            f"{name:12} {statistics.median(o.rate for o in outcomes):10.0f} {statistics.median(ratios):8.2f}"
            f" {statistics.median(o.percentile(0.5) for o in outcomes):8.1f}"
            f" {statistics.median(o.percentile(0.95) for o in outcomes):8.1f}  {dict(statuses)}"
            f"{' errors ' + str(sum(o.errors for o in outcomes)) if any(o.errors for o in outcomes) else ''}",
            flush=True,
        )
    print(f"sign requests accepted {accepted:,}, stored {site.rows() - stored:,}", flush=True)


def peak(site: Site, env: dict[str, str], seconds: float) -> None:
    """500 page reads and 50 signatures a second, with workers, mail and numbering running beside."""
    from campaign.petitions.models import Signature

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        taken = folder / "taken"
        port = stack.enter_context(servers.mail_sink(taken))
        worker = [
            *(sys.executable, "-m", "celery", "-A", "campaign", "worker", "-B", "-c", "2", "-l", "error"),
            *(
                "-s",
                str(folder / "beat"),
                "-Q",
                "mail,ledger,default",
                "--without-gossip",
                "--without-mingle",
            ),
        ]
        workers = stack.enter_context(servers.process(worker, env={**env, "RECLAIM_MAIL_PORT": str(port)}))
        site.drain()
        before = Signature.objects.filter(petition_id=site.petition).count()
        memory = [servers.memory(workers.pid)]
        streams = {
            "page": (500.0, itertools.repeat(get(OURS, site.path))),
            "sign": (50.0, site.signs()),
        }
        outcomes = at_rates(port=OURS, streams=streams, seconds=seconds)
        memory.append(servers.memory(workers.pid))
        site.drain()
        stored = Signature.objects.filter(petition_id=site.petition).count() - before
        print(f"\npeak: 500 pages and 50 signatures a second for {seconds:.0f} s")
        for name, outcome in outcomes.items():
            print(
                f"{name:6} {len(outcome.times):>7,} answered, p50 {outcome.percentile(0.5):.1f} ms,"
                f" p95 {outcome.percentile(0.95):.1f} ms, p99 {outcome.percentile(0.99):.1f} ms,"
                f" statuses {dict(outcome.statuses)}, errors {outcome.errors}"
            )
        letters = taken.read_text().splitlines()
        print(
            f"signatures accepted {outcomes['sign'].statuses[302]:,}, stored {stored:,};"
            f" letters taken {len(letters):,}, different {len(set(letters)):,}"
        )
        print(f"workers' memory before {memory[0]:.0f} MB, after {memory[1]:.0f} MB")


if __name__ == "__main__":
    main()
