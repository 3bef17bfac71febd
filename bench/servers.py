"""Throwaway servers for measurements: PostgreSQL and Redis as a site would run them (fsync on), nothing of them left behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tests import servers as throwaway  # noqa: E402  how tests start them


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """PostgreSQL (durable, as in production) and Redis; gives the environment of a production site that uses them."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="reclaim-bench-", dir="/tmp"))
        stack.callback(subprocess.run, ["rm", "-rf", str(folder)], check=False)
        folder.chmod(0o755)
        database = stack.enter_context(throwaway.postgres(folder, durable=True))
        redis = stack.enter_context(throwaway.redis(folder))
        yield {
            "DJANGO_SETTINGS_MODULE": "campaign.settings.production",
            "RECLAIM_SECRET_KEY": "bench" * 12,
            "RECLAIM_DATA_KEYS": f"bench:{'1' * 64}",
            "RECLAIM_INDEX_KEY": "2" * 64,
            "RECLAIM_LEDGER_KEY": "3" * 64,
            "RECLAIM_ALLOWED_HOSTS": "127.0.0.1",
            "RECLAIM_DATABASE_URL": database,
            "RECLAIM_REDIS_URL": redis.replace("redis+socket", "unix"),
            "RECLAIM_BROKER_URL": redis,
            "RECLAIM_MAIL_HOST": "127.0.0.1",
            "RECLAIM_MAIL_PORT": "2525",
            "RECLAIM_MAIL_USER": "",
            "RECLAIM_MAIL_SECURITY": "none",
            "RECLAIM_SSL_REDIRECT": "false",
            "RECLAIM_TRUSTED_PROXIES": "127.0.0.1/32",
            "RECLAIM_LOG_LEVEL": "WARNING",
            "RECLAIM_VAR_DIR": str(folder / "var"),
            "BENCH_DATABASE_URL": database,
        }


@contextmanager
def process(
    command: list[str], *, env: dict[str, str], cwd: Path = ROOT
) -> Iterator[subprocess.Popen[bytes]]:
    """A process group that ends with the block."""
    child = subprocess.Popen(command, env={**os.environ, **env}, cwd=cwd, start_new_session=True)
    try:
        yield child
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def gunicorn(application: str, *, port: int, folder: Path) -> list[str]:
    """The web server of docs/operations.md: 2 processes with 4 threads each."""
    return [
        *(
            sys.executable,
            "-m",
            "gunicorn",
            application,
            "--chdir",
            str(folder),
            "--bind",
            f"127.0.0.1:{port}",
        ),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
        *("--no-control-socket", "--log-level", "error"),
    ]


def wait_for(url: str, *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).read()
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


@contextmanager
def mail_sink(taken: Path) -> Iterator[int]:
    """A mail server that takes everything at once; gives its port."""
    command = [sys.executable, str(ROOT / "tests/mail_sink.py"), str(taken)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as sink:
        try:
            yield int(sink.stdout.readline())  # type: ignore[union-attr]
        finally:
            sink.terminate()


def memory(pid: int) -> float:
    """Megabytes that a process and its children hold by themselves (PSS: shared pages are divided among their users)."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(status.parent.name))
    total, waiting = 0, [pid]
    while waiting:
        process_id = waiting.pop()
        waiting += children.get(process_id, [])
        try:
            rollup = Path(f"/proc/{process_id}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def libpq(url: str) -> str:
    """The address as psycopg takes it."""
    return url.replace("postgres://", "postgresql://", 1)
