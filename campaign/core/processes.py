"""Keeping child processes: they live as long as their parent, come back when they fall, and leave nothing behind.

Knows nothing of the site; used by `manage.py run` and by the servers that tests run on. Imports nothing of Django.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_SECONDS = 60.0  # who stood this long begins again with the first pause


def with_parent(signal_number: int) -> Callable[[], None]:
    """For `preexec_fn`: have Linux send the signal to the child when its parent dies, however it dies."""
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def ask() -> None:
        if libc is None:
            return
        libc.prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask


def adopt_orphans() -> None:
    """On Linux, what a fallen child leaves behind becomes ours, so that `end_orphans` finds it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_orphans(*, except_for: Sequence[int] = ()) -> None:
    """Kill every child of this process but the named ones."""
    listing = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if not listing.exists():
        return
    for _round in range(5):  # a killed orphan's own children come to us in turn
        orphans = {int(number) for number in listing.read_text().split()} - set(except_for)
        if not orphans:
            return
        for number in orphans:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(number, 0)


class Child:
    """One program that is kept running, in a process group of its own."""

    def __init__(
        self,
        *,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        pass_fds: Sequence[int] = (),
        say: Callable[[str], None] = print,
    ) -> None:
        self.name = name
        self._command, self._env, self._fds, self._say = list(command), dict(env), tuple(pass_fds), say
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._due = 0.0
        self._pause = FIRST_PAUSE

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self._started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603  our own programs, no shell
            self._command,
            env=self._env,
            pass_fds=self._fds,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C in the terminal reaches the supervisor alone
            preexec_fn=with_parent(signal.SIGTERM),
        )

    def look_after(self) -> None:
        """Notice that the program ended, say so, and start it again after a pause that doubles each time."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._due:
                self.start()
            return
        code = self._process.poll()
        if code is None:
            return
        self.kill()  # what it left behind
        if now - self._started > STEADY_SECONDS:
            self._pause = FIRST_PAUSE
        self._say(f"{self.name} ended ({_how(code)}); it starts again in {self._pause:g} seconds.")
        self._due = now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        self._process = None

    def stop(self) -> None:
        """Ask it to finish what it does and end."""
        if self._process is not None and self._process.poll() is None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End its whole process group at once."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def stop_all(children: Sequence[Child], *, seconds: float, hurry: Callable[[], bool] = lambda: False) -> bool:
    """Stop all children; those still there after `seconds`, or once `hurry()` says so, are killed.

    Returns whether every one of them ended by itself.
    """
    for child in children:
        child.stop()
    end = time.monotonic() + seconds
    while any(child.is_running() for child in children) and time.monotonic() < end and not hurry():
        time.sleep(0.05)
    calm = not any(child.is_running() for child in children)
    for child in children:
        child.kill()
    end_orphans()
    return calm
