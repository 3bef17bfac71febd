"""How fast the sequencer numbers confirmed signatures, and whether anybody has to wait for it.

Run by hand:   .venv/bin/python bench/sequencer.py [signatures] [batch]

It starts a PostgreSQL of its own (durable, as in production), fills one petition with confirmed signatures by SQL, and numbers
them. Beside it, one process signs (a row for the intake) and reads the public number as fast as it can, and one looks for locks
that somebody waits for. The same visitors run without the sequencer first: their longest wait there is what the machine gives.
"""

import os
import subprocess
import sys
import time
from collections import defaultdict
from functools import wraps
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))

VISITORS = """
import sys, time, uuid
import psycopg
address, petition = sys.argv[1:3]
waits = {"sign": [], "read": []}
with psycopg.connect(address, autocommit=True) as connection:
    print("here", flush=True)
    import select
    while not select.select([sys.stdin], [], [], 0)[0]:
        start = time.perf_counter()
        connection.execute(
            "INSERT INTO petitions_signrequest (id, created_at, petition_id, typed, received_at) "
            "VALUES (%s, now(), %s, %s, now())", [uuid.uuid4(), petition, bytes(300)])
        waits["sign"].append(time.perf_counter() - start)
        start = time.perf_counter()
        connection.execute(
            "SELECT counted FROM petitions_tally WHERE petition_id = %s AND dimension = 'total'", [petition]).fetchone()
        waits["read"].append(time.perf_counter() - start)
        time.sleep(0.002)
for name, values in waits.items():
    values.sort()
    print(name, len(values), values[len(values) // 2] * 1000, values[int(len(values) * 0.99)] * 1000, values[-1] * 1000)
"""

LOCKS = """
import sys, time
import psycopg
most = seen = 0
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    print("here", flush=True)
    import select
    while not select.select([sys.stdin], [], [], 0)[0]:
        waiting = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()[0]
        seen, most = seen + 1, max(most, waiting)
        time.sleep(0.005)
print(seen, most)
"""


class Beside:
    """A program beside the work, until the block ends; then `answer` holds what it said."""

    def __init__(self, code: str, *arguments: str) -> None:
        self.command = [sys.executable, "-c", code, *arguments]
        self.answer = ""

    def __enter__(self) -> "Beside":
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(self.command, text=True, **pipes)
        assert self.process.stdout.readline() == "here\n"
        return self

    def __exit__(self, *_: object) -> None:
        self.answer = self.process.communicate("stop\n", timeout=30)[0]


def timed(module: object, names: list[str]) -> dict[str, float]:
    """Sums the seconds spent in the named functions of a module."""
    spent: dict[str, float] = defaultdict(float)

    def wrap(name: str) -> None:
        inner = getattr(module, name)

        @wraps(inner)
        def outer(*args: object, **kwargs: object) -> object:
            start = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                spent[name] += time.perf_counter() - start

        setattr(module, name, outer)

    for name in names:
        wrap(name)
    return spent


def tell(title: str, visitors: str) -> None:
    for line in visitors.splitlines():
        name, number, median, high, longest = line.split()
        print(
            f"  {title}, {name}: {number} times, median {float(median):.1f} ms, "
            f"99 of 100 below {float(high):.1f} ms, longest {float(longest):.1f} ms"
        )


# The least that numbering costs here: the same entries and the same update in plain SQL, without tree and tallies.
BARE = """
WITH batch AS (
    SELECT id, commitment, row_number() OVER (ORDER BY confirmed_at, id) + %(done)s AS n
    FROM petitions_signature
    WHERE petition_id = %(petition)s AND state = 'confirmed' AND NOT counted ORDER BY confirmed_at, id LIMIT %(batch)s
)
INSERT INTO petitions_ledgerentry (petition_id, position, kind, reason, signature_id, additions, total, mark, recorded_at)
SELECT %(petition)s, n, 'addition', '', id, n, n, commitment, now() FROM batch
"""


class Sequencer:
    """Ours, and the bare one beside it, a batch at a time."""

    def __init__(self, numbering: object, batch: int) -> None:
        self.numbering, self.batch = numbering, batch
        self.ours: list[float] = []
        self.bare: list[float] = []

    def number(self, petition: object) -> None:
        from django.utils import timezone

        start = time.perf_counter()
        done = self.numbering.number_signatures(petition_id=petition.pk, at=timezone.now(), batch=self.batch)
        assert done == self.batch
        self.ours.append(time.perf_counter() - start)

    def number_bare(self, petition: object) -> None:
        from django.db import connection, transaction

        done = len(self.bare) * self.batch
        start = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(BARE, {"petition": petition.pk, "done": done, "batch": self.batch})
            cursor.execute(self.numbering.MARK_ROWS, [petition.pk, done + 1, done + self.batch])
        self.bare.append(time.perf_counter() - start)


def rate(seconds: list[float], batch: int) -> str:
    ordered = sorted(seconds)
    middle = ordered[len(ordered) // 2]
    return (
        f"{len(seconds) * batch / sum(seconds):,.0f} a second in all; a batch takes {middle * 1000:.0f} ms in the middle "
        f"({batch / middle:,.0f} a second), {ordered[0] * 1000:.0f} at best ({batch / ordered[0]:,.0f}), "
        f"{ordered[-1] * 1000:.0f} at worst"
    )


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    batch = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
    import servers
    from fill import add_signatures

    with servers.databases() as env:
        os.environ |= env
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        from campaign.petitions.models import Signature
        from campaign.petitions.services import verify_ledger
        from campaign.petitions.services.ledger import numbering
        from tests.factories.petitions import PetitionFactory

        petition, other = PetitionFactory(), PetitionFactory()
        for filled, count in ((petition, rows), (other, rows // 2)):
            add_signatures(
                servers.libpq(env["RECLAIM_DATABASE_URL"]), petition=filled.pk, count=count, counted=False
            )
        print(f"{rows:,} confirmed signatures are waiting; batches of {batch:,}")
        spent = timed(numbering, ["_waiting_rows", "_store", "extend_tree", "_move_tallies", "_mark_rows"])
        sequencer, half = Sequencer(numbering, batch), rows // batch // 2
        for _ in range(half):  # in turn, so that a busy machine hits both alike
            sequencer.number(petition)
            sequencer.number_bare(other)
        print(f"alone: {rate(sequencer.ours, batch)}")
        print(f"bare:  {rate(sequencer.bare, batch)}")
        print(f"ours takes {sum(sequencer.ours) / sum(sequencer.bare):.2f} of the bare one's time")
        total = sum(sequencer.ours)
        for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
            print(f"  {name.strip('_'):14} {100 * seconds / total:4.1f} %")
        print(
            f"  {'the rest':14} {100 * (total - sum(spent.values())) / total:4.1f} %  (entries, hashing, commit)"
        )

        address = connection.get_connection_params()
        dsn = f"host={address['host']} user={address['user']} dbname={address['dbname']}"
        visit = (VISITORS, dsn, str(petition.pk))
        with Beside(*visit) as before:
            time.sleep(5)
        sequencer.ours = []
        with Beside(*visit) as visitors, Beside(LOCKS, dsn) as locks:
            for _ in range(rows // batch - half):
                sequencer.number(petition)
        print(f"beside visitors: {rate(sequencer.ours, batch)}")
        tell("without the sequencer", before.answer)
        tell("beside the sequencer", visitors.answer)
        samples, waiting = locks.answer.split()
        print(f"  looked for locks {samples} times: at most {waiting} sessions waited for one")

        assert Signature.objects.filter(petition=petition, counted=True).count() == rows
        start = time.perf_counter()
        findings = verify_ledger(petition=petition)
        assert findings.holds, findings.wrong
        assert not findings.mended
        took = time.perf_counter() - start
        print(f"verified in {took:.1f} s: {findings.entries:,} entries, {findings.heads} heads")
        connection.close()


if __name__ == "__main__":
    main()
