"""Files for word processors: HTML goes through pandoc in a process of its own, and its answer is put in order here."""

import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pypandoc
from django.conf import settings
from django.utils.translation import get_language_info

from campaign.documents.archives import ArchiveBroken, read_archive, write_archive
from campaign.documents.canonical import canonical_json
from campaign.documents.children import (
    IsWanted,
    ProgramRefused,
    RendererCrashed,
    RenderFailed,
    always,
    run_child,
)
from campaign.documents.formats import DOCX, ODT
from campaign.documents.reasons import Reason
from campaign.documents.word_finisher import finish_docx, finish_odt

HERE = Path(__file__).resolve().parent
MAX_HTML_BYTES = 5_000_000
HEAP_EXHAUSTED = 251  # how programs of pandoc's kind say that no memory is left


@dataclass(frozen=True)
class _Writer:
    name: str  # pandoc's
    finish: Callable[..., dict[str, bytes]]


_WRITERS = {DOCX: _Writer("docx", finish_docx), ODT: _Writer("odt", finish_odt)}


def run_word_maker(
    *, html: str, media_type: str, locale: str, moment: datetime, is_wanted: IsWanted = always
) -> bytes:
    """Make a complete HTML document of plain elements into a DOCX or an ODT file; `media_type` says which.

    `moment` becomes the file's date, so that equal input gives equal bytes. Raises RenderFailed, RendererCrashed, or
    NoLongerWanted when `is_wanted` says so.
    """
    writer = _WRITERS[media_type]
    order = html.encode()
    if len(order) > MAX_HTML_BYTES:
        raise RenderFailed(Reason.TOO_LARGE)
    try:
        made = run_child(_command(writer), order, epoch=int(moment.timestamp()), is_wanted=is_wanted)
    except ProgramRefused as refusal:
        if refusal.code == HEAP_EXHAUSTED:
            raise RenderFailed(Reason.TOO_LARGE) from None
        raise
    try:
        parts = read_archive(made)
    except ArchiveBroken:
        raise RendererCrashed("no archive") from None
    finished = writer.finish(
        parts,
        locale=locale,
        is_rtl=_is_rtl(locale),
        moment=moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    return write_archive(finished)


def _is_rtl(locale: str) -> bool:
    try:
        return bool(get_language_info(locale)["bidi"])
    except KeyError:  # a language that Django has no name for
        return False


def word_fingerprint() -> str:
    """Canonical JSON: version of the maker, digest of our styles and of what puts its answer in order."""
    return canonical_json({"pandoc": pandoc_version(), "look": _look_digest()}).decode()


@cache
def pandoc_version() -> str:
    return str(pypandoc.get_pandoc_version())


@cache
def _look_digest() -> str:
    own = [
        HERE / "word" / "reference.docx",
        HERE / "word" / "reference.odt",
        HERE / "word_maker.py",
        HERE / "word_finisher.py",
    ]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in own]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _command(writer: _Writer) -> list[str]:
    limits = [str(settings.RENDER_SECONDS), str(settings.RENDER_MEMORY_MB)]
    styles = HERE / "word" / f"reference.{writer.name}"
    return [
        *(sys.executable, "-s", "-P", str(HERE / "word_maker.py"), *limits),
        *(_program(), "--sandbox", "--from=html", f"--to={writer.name}", "--output=-"),
        f"--reference-doc={styles}",
    ]


@cache
def _program() -> str:
    return str(pypandoc.get_pandoc_path())
