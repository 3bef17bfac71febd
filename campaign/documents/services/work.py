"""Making a document: what a worker does with an order."""

import hashlib
import logging
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils import translation
from django.utils.text import get_valid_filename

from campaign.core.errors import DomainError
from campaign.core.nudge import nudge_on_commit
from campaign.documents import tasks
from campaign.documents.builders import DocumentSource, UnknownDocumentKind, builder_for
from campaign.documents.checking import check_file
from campaign.documents.children import Child, NoLongerWanted, RendererCrashed, RenderFailed
from campaign.documents.formats import PDF, ZIP, format_of
from campaign.documents.making import MadeFile, PartsNotReady, make_file
from campaign.documents.models import Document, DocumentState, DocumentStep, FrozenText
from campaign.documents.reasons import Reason
from campaign.documents.rendering import RenderedPdf, run_renderer
from campaign.documents.sealing import seal_pdf, sealer_at_hand
from campaign.documents.services.orders import MAX_ATTEMPTS
from campaign.documents.services.stored import folder_of, remove_files, stored_files

logger = logging.getLogger(__name__)


class StorageFailed(Exception):
    """The finished file could not be put into the store."""


def render_document(*, document_id: str, at: datetime) -> None:
    """Make one ordered document: claim, draw up, render, check, store. Does nothing when it is claimed or done already.

    What cannot get better ends as failed with a reason. What can (a crash, a full store, a stopping worker) is given back for
    the sweep, MAX_ATTEMPTS times in all.
    """
    document = _claim(document_id=document_id, at=at)
    if document is None:
        return
    started = time.monotonic()
    try:
        _make(document, started)
    except NoLongerWanted:
        logger.info("document %s: canceled, or taken by another worker", document.pk)
    except PartsNotReady:
        # To the end of the queue: the parts it waits for may stand behind it.
        now = _since(document, started)
        _settle(
            document,
            state=DocumentState.REQUESTED,
            step=DocumentStep.WAITING,
            attempts=document.attempts - 1,
            requested_at=now,
            claimed_at=None,
        )
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
        html=source.html,
        title=source.title,
        digest=frozen_text.digest,
        moment=frozen_text.frozen_at,
        embedded=source.embedded,
    )


# --- Steps of the work ---------------------------------------------------------------


def _claim(*, document_id: str, at: datetime) -> Document | None:
    """Take an order, so that no second worker does; None when there is nothing to take."""
    document = Document.objects.filter(pk=document_id, state=DocumentState.REQUESTED).first()
    if document is None:
        return None
    claimed = Document.objects.filter(
        pk=document.pk, state=DocumentState.REQUESTED, attempts=document.attempts
    ).update(
        state=DocumentState.RENDERING,
        step=DocumentStep.DRAWING_UP,
        attempts=document.attempts + 1,
        claimed_at=at,
    )
    if not claimed:
        return None
    return Document.objects.select_related("frozen_text").get(pk=document_id)


def _make(document: Document, started: float) -> None:
    with translation.override(document.locale):
        source = builder_for(document.kind)(document.frozen_text, document.locale)
    _step(document, DocumentStep.RENDERING)
    seals = document.media_type == PDF
    with sealer_at_hand(at=_since(document, started)) if seals else nullcontext() as sealer:
        made = make_file(
            source=source,
            media_type=document.media_type,
            frozen_text=document.frozen_text,
            locale=document.locale,
            is_wanted=_mine(document).exists,
        )
        _step(document, DocumentStep.CHECKING)
        check_file(media_type=document.media_type, content=made.content)
        content, seal = _sealed(document, made.content, started, sealer)
    _step(document, DocumentStep.STORING)
    _store(document, replace(made, content=content), source.file_name, started, seal)
    if document.media_type != ZIP:
        _nudge_bundles(document)


def _sealed(
    document: Document, content: bytes, started: float, sealer: Child | None
) -> tuple[bytes, dict[str, Any]]:
    """A PDF with the site's seal on it, and what the row says of it; anything else, and without a seal, as it was made."""
    if document.media_type != PDF:
        return content, {}
    at = _since(document, started)
    promised = document.frozen_text.promised_seal.get("subject", "")
    sealed = seal_pdf(
        content=content, promised=promised, at=at, is_wanted=_mine(document).exists, sealer=sealer
    )
    if sealed is None:
        return content, {}
    return sealed.content, {
        "unsealed_digest": hashlib.sha256(content).hexdigest(),
        "sealed_by": sealed.seal.subject,
        "seal_digest": sealed.seal.digest,
        "sealed_at": at.replace(microsecond=0),
    }


def _store(document: Document, made: MadeFile, file_name: str, started: float, seal: dict[str, Any]) -> None:
    left = stored_files(document)  # by workers that vanished in this step
    try:
        document.file.save(_stored_name(document, file_name), ContentFile(made.content), save=False)
    except Exception as error:  # each kind of store has errors of its own
        raise StorageFailed from error
    kept = _settle(
        document,
        state=DocumentState.READY,
        file=document.file.name,
        file_digest=hashlib.sha256(made.content).hexdigest(),
        byte_size=len(made.content),
        page_count=made.page_count,
        fingerprint=made.fingerprint,
        source_digest=made.source_digest,
        **seal,
        reason="",
        finished_at=_since(document, started),
    )
    remove_files(left if kept else [document.file.name or ""])


def _step(document: Document, step: DocumentStep) -> None:
    """Say how far the work is. Raises NoLongerWanted when it is not ours any more."""
    if not _settle(document, step=step):
        raise NoLongerWanted


def _nudge_bundles(document: Document) -> None:
    """Bundles of the same text may have waited for this one."""
    waiting = Document.objects.filter(
        frozen_text=document.frozen_text_id,
        locale=document.locale,
        media_type=ZIP,
        state=DocumentState.REQUESTED,
    )
    for bundle_id in waiting.order_by("pk").values_list("pk", flat=True):
        nudge_on_commit(tasks.render, document_id=str(bundle_id))


def _fail(document: Document, *, reason: str, at: datetime) -> None:
    left = stored_files(document)
    if _settle(document, state=DocumentState.FAILED, reason=reason[:200], finished_at=at):
        remove_files(left)


def _give_back(document: Document, *, reason: str, at: datetime) -> None:
    if document.attempts >= MAX_ATTEMPTS:
        _fail(document, reason=reason, at=at)
    else:
        _settle(document, state=DocumentState.REQUESTED, step=DocumentStep.WAITING, claimed_at=None)


def _settle(document: Document, **values: Any) -> bool:
    """Write the outcome, unless the claim was taken from us in the meantime."""
    return bool(_mine(document).update(**values))


def _mine(document: Document) -> QuerySet[Document]:
    """The row, as long as this claim holds it."""
    return Document.objects.filter(
        pk=document.pk,
        state=DocumentState.RENDERING,
        attempts=document.attempts,
        claimed_at=document.claimed_at,
    )


def _since(document: Document, started: float) -> datetime:
    """Now, as far as this claim knows: its own time plus what has passed."""
    if document.claimed_at is None:
        raise ValueError("not claimed")
    return document.claimed_at + timedelta(seconds=time.monotonic() - started)


def _stored_name(document: Document, file_name: str) -> str:
    """A place of its own for each claim, so that the file keeps the name people will save it under."""
    if document.claimed_at is None:
        raise ValueError("not claimed")
    suffix = format_of(document.media_type).suffix
    stem = get_valid_filename(file_name.removesuffix(suffix) or "document")[:100]
    claim = f"{document.attempts}-{round(document.claimed_at.timestamp() * 1_000_000):x}"
    return f"{folder_of(document)}/{claim}/{stem}{suffix}"
