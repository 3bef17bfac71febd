"""The verbs: freeze a text, order a document, make it, keep the orders moving."""

import hashlib
import json
import logging
import time
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation
from django.utils.text import get_valid_filename

from campaign.core.errors import DomainError
from campaign.core.nudge import nudge_on_commit
from campaign.documents import tasks
from campaign.documents.builders import DocumentSource, UnknownDocumentKind, builder_for
from campaign.documents.canonical import canonical_json
from campaign.documents.models import Document, DocumentState, FrozenText, Publication, envelope
from campaign.documents.reasons import Reason
from campaign.documents.rendering import RenderedPdf, RendererCrashed, RenderFailed, run_renderer

__all__ = [
    "RenderFailed",
    "RenderedPdf",
    "RendererCrashed",
    "freeze_text",
    "publish_text",
    "release_stale_documents",
    "render_document",
    "render_source",
    "request_document",
    "sweep_documents",
]

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
SWEEP_AFTER = timedelta(seconds=10)  # an order younger than this has its own message on the way
SWEEP_BATCH = 20  # a busy worker must not find the same orders queued over and over


class StorageFailed(Exception):
    """The finished file could not be put into the store."""


def freeze_text(*, kind: str, title: str, locale: str, payload: dict[str, Any], at: datetime) -> FrozenText:
    """Fix a text for ever and give its row; the same kind, title, locale and payload give the same row.

    `payload` holds objects, lists, text, whole numbers, booleans and null. Raises NotCanonical for anything else.
    """
    frozen = envelope(kind=kind, title=title, locale=locale, payload=payload)
    digest = hashlib.sha256(frozen).hexdigest()
    known = FrozenText.objects.filter(digest=digest).first()
    if known is not None:
        return known
    fixed = json.loads(frozen)  # as the digest holds it: text in Unicode NFC
    row = FrozenText(
        kind=fixed["kind"],
        title=fixed["title"],
        locale=fixed["locale"],
        payload=canonical_json(fixed["payload"]).decode(),
        digest=digest,
        frozen_at=at,
    )
    # Of two that freeze the same text at once, the second waits here for the first and then adds nothing.
    FrozenText.objects.bulk_create([row], ignore_conflicts=True)
    return FrozenText.objects.get(digest=digest)


def publish_text(*, frozen_text: FrozenText, address: str, at: datetime) -> None:
    """Let a text be listed in public, with the page it is shown on. The first page stays."""
    Publication.objects.get_or_create(
        frozen_text=frozen_text, defaults={"address": address, "published_at": at}
    )


def unpublish_text(*, frozen_text_id: uuid.UUID | None) -> None:
    """List a text in public no more. Whoever has its link still finds it: it was frozen."""
    Publication.objects.filter(frozen_text_id=frozen_text_id, frozen_text_id__isnull=False).delete()


@transaction.atomic
def request_document(*, kind: str, frozen_text: FrozenText, locale: str, at: datetime) -> Document:
    """Order the document of `kind` for a text, or give the one that is ordered or made already.

    One that failed is ordered again. A worker is told after the transaction commits. Raises UnknownDocumentKind when no
    builder has that name.
    """
    builder_for(kind)
    order = Document(kind=kind, frozen_text=frozen_text, locale=locale, requested_at=at)
    Document.objects.bulk_create([order], ignore_conflicts=True)
    document = Document.objects.get(kind=kind, frozen_text=frozen_text, locale=locale)
    if document.has_failed:
        Document.objects.filter(pk=document.pk, state=DocumentState.FAILED).update(
            state=DocumentState.REQUESTED,
            requested_at=at,
            attempts=0,
            reason="",
            claimed_at=None,
            finished_at=None,
        )
        document.refresh_from_db()
    if document.state == DocumentState.REQUESTED:
        nudge_on_commit(tasks.render, document_id=str(document.pk))
    return document


def render_document(*, document_id: str, at: datetime) -> None:
    """Make one ordered document: claim, build, render, store. Does nothing when it is claimed or done already.

    What cannot get better ends as failed with a reason. What can (a crash, a full store, a stopping worker) is given back for
    the sweep, MAX_ATTEMPTS times in all.
    """
    document = _claim(document_id=document_id, at=at)
    if document is None:
        return
    started = time.monotonic()
    try:
        _make(document, started)
    except RenderFailed as failure:
        _fail(document, reason=failure.reason, at=_since(document, started))
    except UnknownDocumentKind:
        _fail(document, reason=Reason.NO_BUILDER, at=_since(document, started))
    except DomainError as refusal:
        logger.warning("document %s: its builder refused the text: %s", document.pk, type(refusal).__name__)
        _fail(document, reason=Reason.REFUSED, at=_since(document, started))
    except RendererCrashed as crash:
        logger.warning("document %s: renderer ended without an answer: %s", document.pk, crash)
        _give_back(document, reason=Reason.INTERRUPTED, at=_since(document, started))
    except StorageFailed:
        logger.exception("document %s: the store refused the file", document.pk)
        _give_back(document, reason=Reason.STORAGE, at=_since(document, started))
    except BaseException:  # also a worker that is told to stop: the next one must not wait for the time limit
        _give_back(document, reason=Reason.INTERNAL, at=_since(document, started))
        raise


def render_source(*, source: DocumentSource, frozen_text: FrozenText) -> RenderedPdf:
    """Render what a builder made. The same source and text give the same bytes under the same fingerprint.

    Raises RenderFailed, whose text is a sentence for people, or RendererCrashed.
    """
    return run_renderer(
        html=source.html, title=source.title, digest=frozen_text.digest, moment=frozen_text.frozen_at
    )


def release_stale_documents(*, at: datetime) -> int:
    """Give back what a vanished worker left claimed, or end it after MAX_ATTEMPTS. Gives the number of rows moved."""
    limit = at - timedelta(seconds=settings.RENDER_SECONDS + 120)  # above the renderer's own wall clock
    stale = Document.objects.filter(state=DocumentState.RENDERING, claimed_at__lt=limit)
    ended = stale.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=DocumentState.FAILED, reason=Reason.INTERRUPTED, finished_at=at
    )
    return ended + stale.update(state=DocumentState.REQUESTED, claimed_at=None)


def sweep_documents(*, at: datetime) -> int:
    """Nudge workers about the oldest orders that still wait. Gives their number."""
    waiting = Document.objects.filter(state=DocumentState.REQUESTED, requested_at__lt=at - SWEEP_AFTER)
    ids = list(waiting.order_by("requested_at", "pk").values_list("pk", flat=True)[:SWEEP_BATCH])
    for document_id in ids:
        nudge_on_commit(tasks.render, document_id=str(document_id))
    return len(ids)


# --- Steps of rendering -----------------------------------------------------------


def _claim(*, document_id: str, at: datetime) -> Document | None:
    """Take an order, so that no second worker does; None when there is nothing to take."""
    document = Document.objects.filter(pk=document_id, state=DocumentState.REQUESTED).first()
    if document is None:
        return None
    claimed = Document.objects.filter(
        pk=document.pk, state=DocumentState.REQUESTED, attempts=document.attempts
    ).update(state=DocumentState.RENDERING, attempts=document.attempts + 1, claimed_at=at)
    if not claimed:
        return None
    return Document.objects.select_related("frozen_text").get(pk=document_id)


def _make(document: Document, started: float) -> None:
    with translation.override(document.locale):
        source = builder_for(document.kind)(document.frozen_text, document.locale)
    rendered = render_source(source=source, frozen_text=document.frozen_text)
    name = _stored_name(document, source.file_name)
    try:
        document.file.save(name, ContentFile(rendered.content), save=False)
    except Exception as error:  # each kind of store has errors of its own
        raise StorageFailed from error
    kept = _settle(
        document,
        state=DocumentState.READY,
        file=document.file.name,
        file_digest=hashlib.sha256(rendered.content).hexdigest(),
        byte_size=len(rendered.content),
        page_count=rendered.page_count,
        fingerprint=rendered.fingerprint,
        source_digest=hashlib.sha256(source.html.encode()).hexdigest(),
        reason="",
        finished_at=_since(document, started),
    )
    if not kept:
        document.file.storage.delete(document.file.name)


def _fail(document: Document, *, reason: str, at: datetime) -> None:
    _settle(document, state=DocumentState.FAILED, reason=reason[:200], finished_at=at)


def _give_back(document: Document, *, reason: str, at: datetime) -> None:
    if document.attempts >= MAX_ATTEMPTS:
        _fail(document, reason=reason, at=at)
    else:
        _settle(document, state=DocumentState.REQUESTED, claimed_at=None)


def _settle(document: Document, **values: Any) -> bool:
    """Write the outcome, unless the claim was taken from us in the meantime."""
    mine = Document.objects.filter(
        pk=document.pk,
        state=DocumentState.RENDERING,
        attempts=document.attempts,
        claimed_at=document.claimed_at,
    )
    return bool(mine.update(**values))


def _since(document: Document, started: float) -> datetime:
    """Now, as far as this claim knows: its own time plus what has passed."""
    if document.claimed_at is None:
        raise ValueError("not claimed")
    return document.claimed_at + timedelta(seconds=time.monotonic() - started)


def _stored_name(document: Document, file_name: str) -> str:
    """A place of its own for each attempt, so that the file keeps the name people will save it under."""
    stem = get_valid_filename(file_name.removesuffix(".pdf") or "document")[:100]
    return f"documents/{document.pk}/{document.attempts}/{stem}.pdf"
