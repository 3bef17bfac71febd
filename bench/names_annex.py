"""How long an annex of signers' names takes, end to end, on two worker processes.

Run by hand:   .venv/bin/python bench/names_annex.py [names]          (100,000 when not told)

It starts a PostgreSQL and a Redis of its own (durable, as in production), fills one petition with signers whose names are
encrypted, a fifth of them in other scripts than Latin, fixes a filing that cites it, orders the annex, and waits for two Celery
workers to gather, draw and join it. Beside it: what WeasyPrint itself takes for a part's lines, untagged, alone in a process.
"""

import hashlib
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))

WORKERS = 2
FIRST = [
    "Anna",
    "Bruno",
    "Chloé",
    "Dariusz",
    "Eleni",
    "Fatima",
    "Gül",
    "Hannah",
    "Ivan",
    "Jörg",
    "Kasia",
    "Łukasz",
    "María",
    "Nils",
    "Øyvind",
    "Søren",
]
LAST = [
    "Müller",
    "Rossi",
    "Novák",
    "García",
    "Dupont",
    "Kowalski",
    "Jensen",
    "O’Neill",
    "Şahin",
    "Ivanova",
    "Silva",
    "Nagy",
    "Horvat",
    "Virtanen",
]
OTHER = [
    "Ольга Петренко",
    "Νίκος Παππάς",
    "محمد علي",
    "דוד כהן",
    "김민수",
    "王伟",
    "佐藤 花子",
    "अनन्या शर्मा",
    "Նարե Պետրոսյան",
    "გიორგი",
]

BARE = """
import pathlib, resource, sys, time
from weasyprint import CSS, HTML
html, css, fonts = (pathlib.Path(each) for each in sys.argv[1:4])
sheet = css.read_text().replace("reclaim:", fonts.as_uri() + "/")
start = time.process_time()
HTML(string=html.read_text()).write_pdf(stylesheets=[CSS(string=sheet)])
print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def name(dice: random.Random) -> str:
    if dice.random() < 0.2:
        return dice.choice(OTHER)
    return f"{dice.choice(FIRST)} {dice.choice(LAST)}-{dice.choice(LAST)}"


def fill(count: int, database: str) -> object:
    """A filing that cites a petition with so many signers; gives the filing."""
    from django.utils import timezone
    from fill import add_signatures

    from campaign.petitions.models import LedgerEntry, Signature, Tally
    from tests.consultations.walk import freeze, prepare
    from tests.factories.consultations import AnswerFactory
    from tests.factories.petitions import PetitionFactory

    dice, now = random.Random(1), timezone.now()
    submission = AnswerFactory().submission
    petition = PetitionFactory(
        campaign=submission.campaign, addressee=submission.consultation.authority, title="Give it back"
    )
    submission.petition = petition
    submission.save()
    add_signatures(database, petition=petition.pk, count=count)
    name_signers(database, petition.pk, dice)
    last = Signature.objects.order_by("-number")[0]
    LedgerEntry.objects.create(
        petition=petition,
        position=count,
        kind="addition",
        signature=last,
        additions=count,
        total=count,
        recorded_at=now,
    )
    Tally.objects.create(petition=petition, dimension="total", counted=count)
    Tally.objects.create(petition=petition, dimension="country", key="DE", counted=count)
    return prepare(freeze(submission, at=now), at=now)


def name_signers(database: str, petition: object, dice: random.Random) -> None:
    """Give each row of a filled petition a name that its own place opens."""
    from campaign.core.crypto import encrypt

    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE named (id uuid PRIMARY KEY, name bytea)")
        rows = connection.execute("SELECT id FROM petitions_signature WHERE petition_id = %s", [petition])
        with connection.cursor().copy("COPY named FROM STDIN") as copy:
            for (pk,) in rows.fetchall():
                copy.write_row((pk, encrypt(name(dice), place=f"petitions_signature:name:{pk}")))
        connection.execute(
            "UPDATE petitions_signature SET name = named.name FROM named WHERE named.id = petitions_signature.id"
        )
        connection.execute("VACUUM ANALYZE petitions_signature")


def start_worker(number: int, env: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [
        *(sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "--app", "campaign", "worker"),
        *("--pool", "solo", "--queues", "documents", "--loglevel", "WARNING"),
        *("--hostname", f"names{number}@bench", "--without-gossip", "--without-mingle"),
    ]
    return subprocess.Popen(command, env=env, cwd=ROOT)


def core_seconds(pid: int) -> float:
    """What a process that still runs has taken of a core."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def core_seconds_of_ended() -> float:
    """What all processes that were started here and have ended took of a core, with those that they started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def most_memory(pid: int) -> int:
    """Peak RSS of a process, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


def bare_part(folder: Path) -> tuple[float, int, int]:
    """CPU seconds and MiB that WeasyPrint alone takes for the HTML of one part, and how many people stand in it."""
    from campaign.consultations.names.pages import LINES_PER_PAGE, PAGES_PER_PART

    dice, people = random.Random(2), PAGES_PER_PART * LINES_PER_PAGE
    lines = "".join(f"<p>{name(dice)}, Germany</p>" for _n in range(people))
    html = f'<!doctype html><html lang="en"><head><title>Names</title></head><body><main>{lines}</main></body></html>'
    (folder / "part.html").write_text(html)
    documents = ROOT / "campaign/documents"
    files = [folder / "part.html", documents / "pdf/list.css", documents / "fonts"]
    took = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BARE, *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return float(took[0]), int(took[1]), people


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    import tempfile

    from fill import migrate
    from servers import databases, libpq

    with databases() as extra, tempfile.TemporaryDirectory() as folder:
        os.environ.update(extra)
        env = dict(os.environ)
        migrate(env)
        import django

        django.setup()
        from django.utils import timezone

        from campaign.celery import app
        from campaign.consultations.models import NamesAnnex
        from campaign.consultations.models.names import UNFINISHED
        from campaign.consultations.services.names import hand_out_names, order_names_annex

        filing = fill(count, libpq(extra["RECLAIM_DATABASE_URL"]))
        workers = [start_worker(number, env) for number in range(WORKERS)]
        try:
            while len(app.control.ping(timeout=1)) < WORKERS:  # until they have loaded
                pass
            loading = core_seconds_of_ended() + sum(core_seconds(worker.pid) for worker in workers)
            start, marks = time.perf_counter(), dict[str, float]()
            annex = order_names_annex(filing=filing, by=None, at=timezone.now())
            while True:
                annex = NamesAnnex.objects.select_related("filing__submission", "petition").get(pk=annex.pk)
                marks.setdefault(annex.state, time.perf_counter() - start)
                if annex.state not in UNFINISHED:
                    break
                time.sleep(0.1)
            took = time.perf_counter() - start
            peaks = [most_memory(worker.pid) for worker in workers]
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.wait(30)
        print(f"{count} names: {annex.state} {annex.reason} in {took:.1f} s")
        spent = core_seconds_of_ended() - loading
        print(
            f"core seconds of workers and presses: {spent:.1f}, {spent / WORKERS:.1f} on each of {WORKERS} cores"
        )
        print("begun after:", ", ".join(f"{state} {seconds:.1f} s" for state, seconds in marks.items()))
        print(f"{annex.part_total} parts, {annex.page_count} pages, {annex.byte_size} bytes")
        print(
            f"peak RSS: part {annex.part_megabytes} MiB, joining {annex.merge_megabytes} MiB, workers {peaks} MiB"
        )
        if annex.is_ready:
            start = time.perf_counter()
            content = b"".join(hand_out_names(annex=annex, by=None, at=timezone.now()))
            right = hashlib.sha256(content).hexdigest() == annex.file_digest
            print(f"download: {time.perf_counter() - start:.2f} s, digest {'right' if right else 'WRONG'}")
            (ROOT / "var").mkdir(exist_ok=True)
            (ROOT / "var/bench_names.pdf").write_bytes(content)
        seconds, megabytes, people = bare_part(Path(folder))
        print(
            f"WeasyPrint alone, untagged: {seconds:.2f} CPU s and {megabytes} MiB for {people} names;"
            f" {seconds / people * count / WORKERS:.1f} s for {count} on {WORKERS} cores"
        )


if __name__ == "__main__":
    main()
