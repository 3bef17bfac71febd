"""Programs that make files in processes of their own: given nothing of ours, held to limits, stopped when nobody waits."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from django.conf import settings

from campaign.core.errors import DomainError
from campaign.documents.folders import WorkFolder
from campaign.documents.reasons import Reason, reason_sentence

GRACE_SECONDS = 30  # wall clock beyond the CPU limit, for a busy machine
PIPE_BYTES = 1 << 20  # at most, at a time
LOOK_EVERY = 1.0  # seconds between two questions whether the work is still wanted
# Where to find libraries and fonts, on systems that do not know it by themselves.
PASSED_ON = ("LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")

IsWanted = Callable[[], bool]


class RenderFailed(DomainError):
    """The document cannot be made as it is; trying again would end the same way."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.reason = f"{code}:{detail}" if detail else code
        super().__init__(reason_sentence(self.reason))


class RendererCrashed(Exception):
    """The process ended without an answer: killed from outside, or a fault in a library. May work next time."""


class NoLongerWanted(Exception):
    """The order was canceled, or taken by another worker, while the process was at work."""


def always() -> bool:
    return True


def run_child(command: list[str], order: bytes, *, epoch: int, is_wanted: IsWanted = always) -> bytes:
    """Run a program, hand over the order, and give back all it wrote. Raises as `Child.ask` does."""
    with Child(command, epoch=epoch) as child:
        return child.ask(order, is_wanted=is_wanted)


class Child:
    """A program of ours that has been started, and loads what it needs until it is asked. Nothing of it outlives the `with`."""

    def __init__(self, command: list[str], *, epoch: int) -> None:
        self._folder = WorkFolder()
        try:
            self._process = subprocess.Popen(  # noqa: S603  our own programs, no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                cwd=self._folder.name,
                env=_environment(self._folder.name, epoch),
                start_new_session=True,
            )
        except BaseException:
            self._folder.remove()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._folder.remove()

    def ask(self, order: bytes, *, is_wanted: IsWanted = always) -> bytes:
        """Hand over the one order, and give back all that the program wrote until it ended.

        Raises RenderFailed, RendererCrashed, or NoLongerWanted within two seconds after `is_wanted` says no.
        """
        answer = _talk(self._process, order, is_wanted)
        code = self._process.returncode
        if code == -signal.SIGXCPU:
            raise RenderFailed(Reason.TOO_LONG)
        if code in (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGSEGV):
            # How C libraries end when memory is refused to them; Python's own refusal comes as an answer.
            raise RenderFailed(Reason.TOO_LARGE)
        if code < 0:
            raise RendererCrashed(f"exit {code}")
        if code > 0:
            raise ProgramRefused(code)
        return answer


class ProgramRefused(RendererCrashed):
    """The program ended by itself with an error. `code` is its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit {code}")
        self.code = code


class _Patience:
    """How long a program may take, and whether anybody still waits for it."""

    def __init__(self, is_wanted: IsWanted) -> None:
        self._is_wanted, self._asked = is_wanted, time.monotonic()
        self._until = self._asked + settings.RENDER_SECONDS + GRACE_SECONDS

    @property
    def left(self) -> float:
        return max(0.0, self._until - time.monotonic())

    def check(self) -> None:
        """Raises RenderFailed when it has come to its end; once in a second asks, and raises NoLongerWanted when nobody waits."""
        if not self.left:
            raise RenderFailed(Reason.TOO_LONG)
        if time.monotonic() - self._asked >= LOOK_EVERY:
            self._asked = time.monotonic()
            if not self._is_wanted():
                raise NoLongerWanted


def _talk(child: subprocess.Popen[bytes], order: bytes, is_wanted: IsWanted) -> bytes:
    """Give the order and take the answer. `communicate()` would not do: interrupted once, it gives no more of the order."""
    if child.stdin is None or child.stdout is None:
        raise RendererCrashed("no pipes")
    patience = _Patience(is_wanted)
    os.set_blocking(child.stdin.fileno(), False)
    left, answer = memoryview(order), bytearray()
    while True:
        if not left:
            child.stdin.close()
        readable, writable, _ = select.select([child.stdout], [child.stdin] if left else [], [], LOOK_EVERY)
        if writable:
            left = left[_written(child.stdin.fileno(), left) :]
        if readable:
            part = os.read(child.stdout.fileno(), PIPE_BYTES)
            if not part:
                break
            answer += part
        patience.check()
    try:
        child.wait(timeout=patience.left)
    except subprocess.TimeoutExpired:
        raise RenderFailed(Reason.TOO_LONG) from None
    return bytes(answer)


def _written(pipe: int, content: memoryview) -> int:
    """How much of it went into the pipe; all of it when nobody reads: what the program has said tells why."""
    try:
        return os.write(pipe, content[:PIPE_BYTES])
    except BrokenPipeError:
        return len(content)


def _environment(folder: str, epoch: int) -> dict[str, str]:
    """Nothing of the worker's environment but where libraries lie: keys and addresses stay here."""
    fixed = {
        "LC_ALL": "C.UTF-8",  # Pango takes its default language from here
        "TZ": "UTC",
        "TMPDIR": folder,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SOURCE_DATE_EPOCH": str(epoch),
        "XDG_CACHE_HOME": str(settings.VAR_DIR),  # Fontconfig remembers below it what fonts it saw
    }
    return fixed | {name: os.environ[name] for name in PASSED_ON if name in os.environ}
