"""The embedded run as a person starts it: real processes on a folder of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


class Site:
    """`manage.py run`, with what it wrote and the processes it started."""

    def __init__(self, var, port):
        self.var = var
        self.log = var / "run.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run", "--port", str(port)],
                cwd=ROOT,
                env=environment(var),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self):
        return self.log.read_text(errors="replace")

    def address(self):
        wait_for(lambda: "Stop with Ctrl-C" in self.said(), self.said)
        return re.search(r" is at (http://\S+)/", self.said())[1]

    def processes(self):
        """Process ids of the run by command line, whoever their parent is now."""
        mark, found = f"RECLAIM_VAR_DIR={self.var}".encode(), {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\x00"):
                    found[int(folder.name)] = (
                        (folder / "cmdline").read_bytes().replace(b"\x00", b" ").decode()
                    )
        return found

    def worker(self, queues):
        """The main process of a worker: beat, its child, has the same command line."""
        found = {number for number, line in self.processes().items() if f"--queues {queues}" in line}
        return next(number for number in sorted(found) if parent_of(number) == self.process.pid)


def parent_of(number):
    return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])


def environment(var):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RECLAIM_")}
    return {**kept, "DJANGO_SETTINGS_MODULE": "campaign.settings.dev", "RECLAIM_VAR_DIR": str(var)}


def wait_for(condition, describe=lambda: ""):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, describe()
        time.sleep(0.1)


def fetch(address, form=None):
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(address, data, timeout=20) as response:  # noqa: S310  our own address
        return response.status, response.read().decode()


def mail_to(var, person):
    letters = [path.read_text() for path in (var / "mail").glob("*.eml")]
    return [letter for letter in letters if f"To: {person}" in letter]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(tmp_path):
    """Starts the site on a prepared folder; whatever a test does, no process of it stays."""
    subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        cwd=ROOT,
        env=environment(tmp_path),
        check=True,
        capture_output=True,
    )
    sites = []

    def started(port):
        sites.append(Site(tmp_path, port))
        return sites[-1]

    yield started
    for site in sites:
        site.process.kill()
        site.process.wait()
        for number in site.processes():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up under /proc")
def test_run_serves_mails_heals_and_leaves_nothing_behind(start, tmp_path):
    with socket.create_server(("127.0.0.1", free_port())) as busy:
        port = busy.getsockname()[1]
        site = start(port)
        address = site.address()

        assert f"Port {port} is busy" in site.said()
        assert address != f"http://localhost:{port}"
        assert json.loads(fetch(f"{address}/readyz")[1])["database"] == "ok"
        petition = re.search(r'href="(/petitions/[\w-]+/)"', fetch(f"{address}/petitions/")[1])[1]

        sign(address + petition, "first@example.org")
        wait_for(lambda: mail_to(tmp_path, "first@example.org"), site.said)
        link = re.search(r"http://\S+/signatures/\S+", mail_to(tmp_path, "first@example.org")[0])[0]
        assert link.startswith(address)
        assert "--- mail to first@example.org" in site.said()

        fallen = site.worker("mail,ledger,default")
        os.kill(fallen, signal.SIGKILL)
        wait_for(lambda: "starts again" in site.said(), site.said)
        sign(address + petition, "second@example.org")
        wait_for(lambda: mail_to(tmp_path, "second@example.org"), site.said)
        beats = [line for line in site.processes().values() if "--beat" in line]
        assert len(beats) == 2  # the worker and its beat: none left over from the one that fell

        site.process.send_signal(signal.SIGINT)
        assert site.process.wait(15) == 0
        assert site.processes() == {}
        assert site.said().rstrip().endswith("Stopped.")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_run_that_is_killed_takes_its_processes_along(start):
    site = start(free_port())
    site.address()

    site.process.kill()

    wait_for(lambda: site.processes() == {}, lambda: str(site.processes()))


def sign(petition, email):
    status, _page = fetch(
        f"{petition}sign/",
        {"name": "Ada Signer", "email": email, "country": "SE", "agree": "on"},
    )
    assert status == 200
