"""The worker's side of rendering: starts the renderer process, holds it to its limits, reads its answer."""

import base64
import hashlib
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from campaign.documents.builders import Embedded
from campaign.documents.canonical import canonical_json
from campaign.documents.children import IsWanted, RendererCrashed, RenderFailed, always, run_child
from campaign.documents.reasons import Reason

logger = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent
MAX_HTML_BYTES = 20_000_000


@dataclass(frozen=True, kw_only=True)
class RenderedPdf:
    """A finished PDF. `fingerprint` is canonical JSON: versions of the renderer's parts, digests of look and fonts."""

    content: bytes
    page_count: int
    fingerprint: str


def run_renderer(
    *,
    html: str,
    title: str,
    digest: str,
    moment: datetime,
    embedded: Sequence[Embedded] = (),
    is_wanted: IsWanted = always,
) -> RenderedPdf:
    """Render a complete HTML document in a child process with limits of its own.

    `digest` becomes the PDF's identifier and `moment` its dates, so that equal input gives equal bytes. Raises RenderFailed,
    RendererCrashed, or NoLongerWanted when `is_wanted` says so.
    """
    job = {
        "html": html,
        "title": title,
        "identifier": digest[:32],
        "moment": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "embedded": [
            {**asdict(file), "content": base64.b64encode(file.content).decode()} for file in embedded
        ],
    }
    order = json.dumps(job).encode()
    if len(order) > MAX_HTML_BYTES:
        raise RenderFailed(Reason.TOO_LARGE)
    command = [sys.executable, "-s", "-P", str(HERE / "renderer.py")]
    limits = [str(settings.RENDER_SECONDS), str(settings.RENDER_MEMORY_MB)]
    answer = run_child([*command, *limits], order, epoch=int(moment.timestamp()), is_wanted=is_wanted)
    head, _newline, pdf = answer.partition(b"\n")
    try:
        result: dict[str, Any] = json.loads(head)
    except ValueError:
        raise RendererCrashed("no answer") from None
    if not result["ok"]:
        logger.warning("rendering failed: %s %s", result["error"], result["detail"])
        raise RenderFailed(result["error"], result["detail"] if result["error"] == Reason.GLYPHS else "")
    return RenderedPdf(content=pdf, page_count=result["pages"], fingerprint=_fingerprint(result))


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
