"""Programs that make files in processes of their own: given nothing of ours, held to limits, stopped when nobody waits."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings

from campaign.core.errors import DomainError
from campaign.documents.reasons import Reason, reason_sentence

GRACE_SECONDS = 30  # wall clock beyond the CPU limit, for a busy machine
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
    """Run a program, hand over the order, and give back all it wrote. Whatever happens, nothing of it stays alive.

    Raises RenderFailed, RendererCrashed, or NoLongerWanted within two seconds after `is_wanted` says no.
    """
    with tempfile.TemporaryDirectory(prefix="reclaim-render-") as folder:
        child = subprocess.Popen(  # noqa: S603  our own programs, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder, epoch),
            start_new_session=True,
        )
        try:
            answer = _talk(child, order, is_wanted)
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()
    if child.returncode == -signal.SIGXCPU:
        raise RenderFailed(Reason.TOO_LONG)
    if child.returncode in (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGSEGV):
        # How C libraries end when memory is refused to them; Python's own refusal comes as an answer.
        raise RenderFailed(Reason.TOO_LARGE)
    if child.returncode < 0:
        raise RendererCrashed(f"exit {child.returncode}")
    if child.returncode > 0:
        raise ProgramRefused(child.returncode)
    return answer


class ProgramRefused(RendererCrashed):
    """The program ended by itself with an error. `code` is its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit {code}")
        self.code = code


def _talk(child: subprocess.Popen[bytes], order: bytes, is_wanted: IsWanted) -> bytes:
    until = time.monotonic() + settings.RENDER_SECONDS + GRACE_SECONDS
    given: bytes | None = order
    while True:
        try:
            answer, _nothing = child.communicate(given, timeout=LOOK_EVERY)
        except subprocess.TimeoutExpired:
            given = None  # communicate() goes on with what it was given first
            if time.monotonic() > until:
                raise RenderFailed(Reason.TOO_LONG) from None
            if not is_wanted():
                raise NoLongerWanted from None
        else:
            return answer


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
