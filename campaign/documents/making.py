"""How each kind of source becomes the bytes of a file."""

import hashlib
from dataclasses import dataclass

from campaign.documents.archives import write_archive
from campaign.documents.builders import BundleSource, DocumentSource, Source, TextSource, WordSource
from campaign.documents.canonical import canonical_json
from campaign.documents.children import IsWanted, RenderFailed, always
from campaign.documents.formats import DOCX, ODT, PDF, ZIP, format_of
from campaign.documents.models import UNFINISHED, Document, DocumentState, FrozenText
from campaign.documents.reasons import Reason
from campaign.documents.rendering import run_renderer
from campaign.documents.word import run_word_maker, word_fingerprint

MAX_TEXT_BYTES = 50_000_000
MAX_BUNDLE_BYTES = 300_000_000
LIST_OF_DIGESTS = "SHA256SUMS.txt"


class PartsNotReady(Exception):
    """Some of what a bundle would hold is being made at this moment."""


class WrongFormat(TypeError):
    """A builder gave a source that does not make the format it was registered for."""


@dataclass(frozen=True, kw_only=True)
class MadeFile:
    """`source_digest` is the SHA-256 of what it was made from; `page_count` is None where a format has no pages of its own."""

    content: bytes
    fingerprint: str
    source_digest: str
    page_count: int | None = None


def make_file(
    *,
    source: Source,
    media_type: str,
    frozen_text: FrozenText,
    locale: str,
    is_wanted: IsWanted = always,
) -> MadeFile:
    """Make the file. Raises RenderFailed, RendererCrashed, NoLongerWanted, PartsNotReady or WrongFormat."""
    match source:
        case DocumentSource() if media_type == PDF:
            return _pdf(source, frozen_text, is_wanted)
        case WordSource() if media_type in {DOCX, ODT}:
            content = run_word_maker(
                html=source.html,
                media_type=media_type,
                locale=source.locale,
                moment=frozen_text.frozen_at,
                is_wanted=is_wanted,
            )
            return MadeFile(
                content=content, fingerprint=word_fingerprint(), source_digest=_digest(source.html.encode())
            )
        case TextSource() if media_type not in {PDF, DOCX, ODT, ZIP}:
            content = source.text.encode()
            if len(content) > MAX_TEXT_BYTES:
                raise RenderFailed(Reason.TOO_LARGE)
            return MadeFile(content=content, fingerprint="", source_digest=_digest(content))
        case BundleSource() if media_type == ZIP:
            return _bundle(source, frozen_text, locale)
    raise WrongFormat(f"{type(source).__name__} does not make {media_type}")


def list_of_digests(parts: dict[str, Document]) -> bytes:
    """What a bundle holds, one line for each file, as `sha256sum --check` reads it."""
    return "".join(f"{part.file_digest}  {name}\n" for name, part in parts.items()).encode()


def bundle_parts(*, source: BundleSource, frozen_text: FrozenText, locale: str) -> dict[str, Document]:
    """The documents of a bundle that are ready, by the names they have in it. Raises PartsNotReady."""
    rows = Document.objects.filter(frozen_text=frozen_text, locale=locale, kind__in=source.kinds)
    found = {row.kind: row for row in rows}
    if any(row.state in UNFINISHED for row in found.values()):
        raise PartsNotReady
    parts: dict[str, Document] = {}
    for kind in source.kinds:
        row = found.get(kind)
        if row is not None and row.state == DocumentState.READY:
            parts[_free_name(row, parts)] = row
    return parts


def _pdf(source: DocumentSource, frozen_text: FrozenText, is_wanted: IsWanted) -> MadeFile:
    rendered = run_renderer(
        html=source.html,
        title=source.title,
        digest=frozen_text.digest,
        moment=frozen_text.frozen_at,
        embedded=source.embedded,
        is_wanted=is_wanted,
    )
    inside = [[file.name, _digest(file.content)] for file in source.embedded]
    html = _digest(source.html.encode())
    return MadeFile(
        content=rendered.content,
        fingerprint=rendered.fingerprint,
        source_digest=_digest(canonical_json([html, inside])) if inside else html,
        page_count=rendered.page_count,
    )


def _bundle(source: BundleSource, frozen_text: FrozenText, locale: str) -> MadeFile:
    parts = bundle_parts(source=source, frozen_text=frozen_text, locale=locale)
    if not parts:
        raise RenderFailed(Reason.NOTHING_READY)
    if sum(part.byte_size or 0 for part in parts.values()) > MAX_BUNDLE_BYTES:
        raise RenderFailed(Reason.TOO_LARGE)
    listed = list_of_digests(parts)
    files: dict[str, bytes] = {}
    for name, part in parts.items():
        with part.file.open("rb") as file:
            files[name] = file.read()
        if _digest(files[name]) != part.file_digest:
            raise RenderFailed(Reason.FAULTY)
    return MadeFile(
        content=write_archive({**files, LIST_OF_DIGESTS: listed}),
        fingerprint="",
        source_digest=_digest(listed),
    )


def _free_name(row: Document, taken: dict[str, Document]) -> str:
    name, number = row.file_name, 2
    suffix = format_of(row.media_type).suffix
    while name in taken or name == LIST_OF_DIGESTS:
        name, number = f"{row.file_name.removesuffix(suffix)}-{number}{suffix}", number + 1
    return name


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
