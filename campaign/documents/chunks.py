"""Long lists, made in chunks of whole pages on several workers and joined at the end: the worker's side.

Neither a chunk nor the joined file touches the disk: they go to the programs and back through pipes. Who calls stores them.
"""

import atexit
import json
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from campaign.documents.children import (
    GRACE_SECONDS,
    LOOK_EVERY,
    PASSED_ON,
    IsWanted,
    NoLongerWanted,
    RendererCrashed,
    RenderFailed,
    always,
    run_child,
)
from campaign.documents.folders import WorkFolder
from campaign.documents.reasons import Reason

logger = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent
SIZE_BYTES = 8  # as press.py and merging.py have it
MAX_HTML_BYTES = 20_000_000
IDLE_SECONDS = 60  # a press that nobody has used for so long ends by itself


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """A PDF of whole pages. `replaced`: lines in which a character that no font here has gave way to a square.

    `megabytes` and `cpu_seconds` are what its process took.
    """

    content: bytes
    page_count: int
    replaced: int
    megabytes: int
    cpu_seconds: float


@dataclass(frozen=True, kw_only=True)
class Joined:
    """The whole list as one PDF, and how much memory joining took at most."""

    content: bytes
    page_count: int
    megabytes: int


def render_chunk(
    *, html: str, title: str, digest: str, moment: datetime, is_wanted: IsWanted = always
) -> Chunk:
    """Render one chunk: a complete HTML document, whose <main> has a <pre> for single lines and a <p> for longer ones.

    `pdf/list.css` looks after it. Everything people wrote is escaped already, and stands on a line of its own.
    `@page :first { counter-reset: page N }` in its <style> says on which page it begins. The same input gives the same bytes.
    Raises RenderFailed, RendererCrashed, or NoLongerWanted within two seconds after `is_wanted` says no.
    """
    job = {
        "html": html,
        "title": title,
        "identifier": digest[:32],
        "moment": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    order = json.dumps(job).encode()
    if len(order) > MAX_HTML_BYTES:
        raise RenderFailed(Reason.TOO_LARGE)
    result, content = _answer_in(_press().ask(order, is_wanted))
    return Chunk(
        content=content,
        page_count=result["pages"],
        replaced=result["replaced"],
        megabytes=result["kilobytes"] // 1024,
        cpu_seconds=result["cpu"],
    )


def join_chunks(*, chunks: Sequence[bytes], moment: datetime, is_wanted: IsWanted = always) -> Joined:
    """Join chunks in their order into one file, tags too, in a child process with limits. The same chunks give the same bytes.

    Raises as `render_chunk` does.
    """
    order = b"".join(len(chunk).to_bytes(SIZE_BYTES, "big") + chunk for chunk in chunks)
    command = [sys.executable, "-s", "-P", str(HERE / "merging.py")]
    limits = [str(settings.RENDER_SECONDS), str(settings.RENDER_MEMORY_MB)]
    answer = run_child([*command, *limits], order, epoch=int(moment.timestamp()), is_wanted=is_wanted)
    result, content = _answer_in(answer)
    return Joined(content=content, page_count=result["pages"], megabytes=result["kilobytes"] // 1024)


def _answer_in(answer: bytes) -> tuple[dict[str, Any], bytes]:
    head, _newline, content = answer.partition(b"\n")
    try:
        result: dict[str, Any] = json.loads(head)
    except ValueError:
        raise RendererCrashed("no answer") from None
    if not result["ok"]:
        logger.warning("a chunk could not be made: %s %s", result["error"], result["detail"])
        raise RenderFailed(result["error"])
    return result, content


# --- The press that a worker keeps ----------------------------------------------


class _Press:
    """One press process. It belongs to one thread: the system ends it when that thread is gone."""

    def __init__(self) -> None:
        self.worker = os.getpid()
        self.folder = WorkFolder()
        fixed = {
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TMPDIR": self.folder.name,
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_CACHE_HOME": str(settings.VAR_DIR),
        }
        limits = [str(settings.RENDER_SECONDS), str(settings.RENDER_MEMORY_MB), str(IDLE_SECONDS)]
        self.process = subprocess.Popen(  # noqa: S603  our own program, no shell
            [sys.executable, "-s", "-P", str(HERE / "press.py"), *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder.name,
            env=fixed | {name: os.environ[name] for name in PASSED_ON if name in os.environ},
            start_new_session=True,
            bufsize=0,
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise RendererCrashed("no pipes")
        self._in, self._out = self.process.stdin.fileno(), self.process.stdout.fileno()

    @property
    def is_usable(self) -> bool:
        return self.worker == os.getpid() and self.process.poll() is None

    def ask(self, order: bytes, is_wanted: IsWanted) -> bytes:
        """The answer to one order. Whatever goes wrong, the press is stopped and the next order gets a new one."""
        try:
            return self._talk(order, is_wanted)
        except BaseException:
            self.stop()
            raise

    def _talk(self, order: bytes, is_wanted: IsWanted) -> bytes:
        self._give(order)
        until = asked = time.monotonic()
        until += settings.RENDER_SECONDS + GRACE_SECONDS
        answer, size = bytearray(), SIZE_BYTES
        while len(answer) < size:
            answer += self._more()
            if size == SIZE_BYTES and len(answer) >= SIZE_BYTES:
                size += int.from_bytes(answer[:SIZE_BYTES], "big")
            now = time.monotonic()
            if now > until:
                raise RenderFailed(Reason.TOO_LONG)
            if now - asked >= LOOK_EVERY:
                asked = now
                if not is_wanted():
                    raise NoLongerWanted
        return bytes(answer[SIZE_BYTES:])

    def _give(self, order: bytes) -> None:
        view = memoryview(len(order).to_bytes(SIZE_BYTES, "big") + order)
        try:
            while view:
                view = view[os.write(self._in, view) :]
        except BrokenPipeError:
            raise RendererCrashed("press is gone") from None

    def _more(self) -> bytes:
        """What has come of the answer, after a moment's wait at most."""
        if not select.select([self._out], [], [], LOOK_EVERY)[0]:
            return b""
        part = os.read(self._out, 1 << 20)
        if not part:
            raise RendererCrashed("press ended")
        return part

    def stop(self) -> None:
        if self.worker != os.getpid():  # inherited by a copy of the worker: it is not ours to end
            return
        if self in _started:
            _started.remove(self)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.folder.remove()


_kept = threading.local()
_started: list[_Press] = []


def _press() -> _Press:
    press: _Press | None = getattr(_kept, "press", None)
    if press is None or not press.is_usable:
        if press is not None:
            press.stop()
        press = _kept.press = _Press()
        _started.append(press)
    return press


@atexit.register
def stop_presses() -> None:
    """End every press that this process has started."""
    while _started:
        _started.pop().stop()
