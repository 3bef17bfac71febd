"""The worker's side of rendering: starts the renderer process, holds it to its limits, reads its answer."""

import hashlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from campaign.core.errors import DomainError
from campaign.documents.canonical import canonical_json
from campaign.documents.reasons import Reason, reason_sentence

logger = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent
GRACE_SECONDS = 30  # wall clock beyond the CPU limit, for a busy machine
MAX_HTML_BYTES = 20_000_000
# Where to find libraries and fonts, on systems that do not know it by themselves.
PASSED_ON = ("LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


@dataclass(frozen=True, kw_only=True)
class RenderedPdf:
    """A finished PDF. `fingerprint` is canonical JSON: versions of the renderer's parts, digests of look and fonts."""

    content: bytes
    page_count: int
    fingerprint: str


class RenderFailed(DomainError):
    """The document cannot be rendered as it is; trying again would end the same way."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.reason = f"{code}:{detail}" if detail else code
        super().__init__(reason_sentence(self.reason))


class RendererCrashed(Exception):
    """The renderer process ended without an answer: killed from outside, or a fault in a library. May work next time."""


def run_renderer(*, html: str, title: str, digest: str, moment: datetime) -> RenderedPdf:
    """Render a complete HTML document in a child process with limits of its own.

    `digest` becomes the PDF's identifier and `moment` its dates, so that equal input gives equal bytes. Raises RenderFailed
    or RendererCrashed.
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
    with tempfile.TemporaryDirectory(prefix="reclaim-render-") as folder:
        answer = _talk(order, folder=folder, epoch=int(moment.timestamp()))
    head, _newline, pdf = answer.partition(b"\n")
    try:
        result: dict[str, Any] = json.loads(head)
    except ValueError:
        raise RendererCrashed("no answer") from None
    if not result["ok"]:
        logger.warning("rendering failed: %s %s", result["error"], result["detail"])
        raise RenderFailed(result["error"], result["detail"] if result["error"] == Reason.GLYPHS else "")
    return RenderedPdf(content=pdf, page_count=result["pages"], fingerprint=_fingerprint(result))


def _talk(order: bytes, *, folder: str, epoch: int) -> bytes:
    """Run the child, hand over the job, and give back all it wrote. Whatever happens, nothing of it stays alive."""
    command = [sys.executable, "-s", "-P", str(HERE / "renderer.py")]
    child = subprocess.Popen(  # noqa: S603  our own program, no shell
        [*command, str(settings.RENDER_SECONDS), str(settings.RENDER_MEMORY_MB)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(folder, epoch),
        start_new_session=True,
    )
    try:
        answer, _nothing = child.communicate(order, timeout=settings.RENDER_SECONDS + GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        raise RenderFailed(Reason.TOO_LONG) from None
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
    if child.returncode != 0:
        raise RendererCrashed(f"exit {child.returncode}")
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


def _fingerprint(result: dict[str, Any]) -> str:
    facts = {**result["versions"], "look": look_digest(), "system_fonts": result["system_fonts"]}
    return canonical_json(facts).decode()


@cache
def look_digest() -> str:
    """Digest over our fonts, the style sheet and the renderer itself."""
    own = [
        *sorted((HERE / "fonts").glob("*.ttf")),
        HERE / "pdf" / "base.css",
        HERE / "renderer.py",
        HERE / "pdf_finisher.py",
    ]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in own]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
