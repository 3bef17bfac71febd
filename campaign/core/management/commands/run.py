"""The embedded run: pages, mail and counting, documents, under one command."""

import errno
import http.client
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.core.processes import Child, adopt_orphans, end_orphans, stop_all

STOP_SECONDS = 8.0
READY_SECONDS = 60.0
PORTS_TRIED = 50
HIGHEST_PORT = 65535
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104  names of the wildcard, not a bind
DEMO_PEOPLE = ["lead@commons-lab.example", "drafter@archive-guild.example", "moderator@this-site.example"]


class Command(BaseCommand):
    help = "Run the whole site on this machine until Ctrl-C: pages, mail, counting and documents."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
        )
        parser.add_argument(
            "--port", type=int, default=8000, help="port to listen on; a busy one is passed over"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
            raise CommandError("This is the embedded run. In production each process is started by itself.")
        if not 0 <= options["port"] <= HIGHEST_PORT:
            raise CommandError(f"A port is a number from 1 to {HIGHEST_PORT}.")
        self.signals: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, _frame: self.signals.append(received))
        adopt_orphans()
        listener = self.listen(options["host"], options["port"])
        env = site_env(options["host"], listener.getsockname()[1])
        beat = settings.VAR_DIR / "beat" / str(listener.getsockname()[1])
        shutil.rmtree(beat, ignore_errors=True)
        beat.mkdir(parents=True)
        children = self.children(listener, env, beat)
        self.supervise(children, listener.getsockname()[:2], address=env["RECLAIM_SITE_URL"])
        self.say("Stopping. Once more Ctrl-C ends it at once.")
        stop_all(children, seconds=STOP_SECONDS, hurry=lambda: len(self.signals) > 1)
        listener.close()
        shutil.rmtree(beat, ignore_errors=True)
        self.say("Stopped.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def listen(self, host: str, port: int) -> socket.socket:
        """The listening socket, made here and handed to the web server: nobody can take the port in between."""
        last = min(port + PORTS_TRIED - 1, HIGHEST_PORT)
        for candidate in range(port, last + 1):
            if candidate and is_answered(candidate):
                self.say(f"Port {candidate} is busy; trying the next one.")
                continue
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listener = socket.socket(family, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((host, candidate))
            except PermissionError as error:
                raise CommandError(f"Port {candidate} may not be used by this user.") from error
            except OSError as error:
                listener.close()
                if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                    raise CommandError(f"{host} is not an address of this machine.") from error
                self.say(f"Port {candidate} is busy; trying the next one.")
                continue
            listener.listen(128)
            listener.set_inheritable(True)
            return listener
        raise CommandError(f"No free port from {port} to {last}.")

    def children(self, listener: socket.socket, env: dict[str, str], beat: Path) -> list[Child]:
        """The programs of the site. `beat` is a folder of this run alone: two runs must not share its schedule."""
        web = [
            *("gunicorn", "campaign.wsgi", "--bind", f"fd://{listener.fileno()}"),
            *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
            *("--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning"),
        ]
        worker = [
            *("celery", "--quiet", "--app", "campaign", "worker", "--pool", "solo", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ]
        mail = [
            *(*worker, "--queues", "mail,ledger,default", "--hostname", "mail@reclaim"),
            *("--beat", "--schedule", str(beat / "schedule")),
        ]
        documents = [*worker, "--queues", "documents", "--hostname", "documents@reclaim"]
        return [
            self.child("The web server", web, env, [listener.fileno()]),
            self.child("The worker for mail and counting", mail, env),
            self.child("The worker for documents", documents, env),
        ]

    def child(self, name: str, module: list[str], env: dict[str, str], fds: Sequence[int] = ()) -> Child:
        # Celery's warning to root is meant for servers; in a container there is often nobody else.
        quiet = "ignore:You're running the worker with superuser"
        command = [sys.executable, "-W", quiet, "-m", *module]
        return Child(name=name, command=command, env=env, pass_fds=fds, say=self.say)

    def supervise(self, children: list[Child], listening: tuple[str, int], *, address: str) -> None:
        """Until a signal comes: look after the children, and once the site answers, say where it is."""
        greeted, late = False, time.monotonic() + READY_SECONDS
        while not self.signals:
            for child in children:
                child.look_after()
            end_orphans(except_for=[child.pid for child in children if child.pid])
            if not greeted and answers(*listening):
                greeted = True
                self.greet(address)
            if not greeted and time.monotonic() > late:
                self.say("The site does not answer yet. What is written above may say why.")
                late = float("inf")
            time.sleep(0.1)

    def greet(self, address: str) -> None:
        lines = [
            f"{settings.SITE_NAME} is at {address}/",
            f"The mail it sends shows here and at {address}/dev/mail/",
            "Accounts to try:",
            *(f"  {person}  password: {settings.DEMO_PASSWORD}" for person in DEMO_PEOPLE),
            "Stop with Ctrl-C.",
        ]
        self.say("\n".join(["", *lines, ""]))


def site_env(host: str, port: int) -> dict[str, str]:
    """The environment of the children: they must know the address that people reach the site at."""
    env = dict(os.environ)
    shown = "localhost" if host in EVERYWHERE | {"127.0.0.1", "::1"} else f"[{host}]" if ":" in host else host
    env.setdefault("RECLAIM_SITE_URL", f"http://{shown}:{port}")
    if "RECLAIM_ALLOWED_HOSTS" not in env:
        names = {*settings.ALLOWED_HOSTS, shown}
        if host in EVERYWHERE:
            names |= {socket.gethostname(), *own_addresses()}
        env["RECLAIM_ALLOWED_HOSTS"] = ",".join(sorted(names))
    env["PYTHONUNBUFFERED"] = "1"
    return env


def own_addresses() -> list[str]:
    with suppress(OSError):
        return [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return []


def is_answered(port: int) -> bool:
    """Whether a program listens on this port of the machine: browsers may reach it by either of localhost's addresses."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(0.3)
            if probe.connect_ex((address, port)) == 0:
                return True
    return False


def answers(host: str, port: int) -> bool:
    """Whether the site serves its pages. Until a process takes it up, the question waits in the listening socket."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  names of the wildcard, not a bind
    connection = http.client.HTTPConnection(local, port, timeout=0.5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
