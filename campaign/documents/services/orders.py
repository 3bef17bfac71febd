"""Ordering documents, canceling them, keeping the orders moving."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.core.errors import DomainError
from campaign.core.nudge import nudge_on_commit
from campaign.documents import tasks
from campaign.documents.builders import BundleSource, builder_for, media_type_of
from campaign.documents.formats import ZIP
from campaign.documents.making import PartsNotReady, bundle_parts, list_of_digests
from campaign.documents.models import UNFINISHED, Document, DocumentState, DocumentStep, FrozenText
from campaign.documents.reasons import Reason
from campaign.documents.services.stored import remove_files, stored_files

MAX_ATTEMPTS = 3
SWEEP_AFTER = timedelta(seconds=10)  # an order younger than this has its own message on the way
SWEEP_BATCH = 20  # a busy worker must not find the same orders queued over and over
# What a row says of a file, before there is one.
EMPTY: dict[str, Any] = {
    "file": "",
    "file_digest": "",
    "byte_size": None,
    "page_count": None,
    "unsealed_digest": "",
    "sealed_by": "",
    "seal_digest": "",
    "sealed_at": None,
}


class DocumentIsFinished(DomainError):
    message = _("The work on this document has ended already. Load the page again to see how.")


@transaction.atomic
def request_document(*, kind: str, frozen_text: FrozenText, locale: str, at: datetime) -> Document:
    """Order the document of `kind` for a text, or give the one that is ordered or made already.

    One that failed or was canceled is ordered again, and so is a bundle when there is something else to put into it. A worker
    is told after the transaction commits. Raises UnknownDocumentKind when no builder has that name.
    """
    order = Document(
        kind=kind,
        frozen_text=frozen_text,
        locale=locale,
        media_type=media_type_of(kind),
        requested_at=at,
    )
    Document.objects.bulk_create([order], ignore_conflicts=True)
    document = Document.objects.get(kind=kind, frozen_text=frozen_text, locale=locale)
    if document.has_failed or document.is_canceled or _has_other_parts(document):
        Document.objects.filter(pk=document.pk, state=document.state).update(
            state=DocumentState.REQUESTED,
            step=DocumentStep.WAITING,
            media_type=media_type_of(kind),
            requested_at=at,
            attempts=0,
            reason="",
            claimed_at=None,
            finished_at=None,
            **EMPTY,
        )
        document.refresh_from_db()
    if document.state == DocumentState.REQUESTED:
        nudge_on_commit(tasks.render, document_id=str(document.pk))
    return document


def cancel_document(*, document: Document, at: datetime) -> None:
    """Stop the work on a document, wherever it is; a process that renders it ends within two seconds. It can be ordered again.

    Raises DocumentIsFinished.
    """
    left = stored_files(document)
    canceled = Document.objects.filter(pk=document.pk, state__in=UNFINISHED).update(
        state=DocumentState.CANCELED, claimed_at=None, finished_at=at
    )
    if not canceled:
        raise DocumentIsFinished
    remove_files(left)


def release_stale_documents(*, at: datetime) -> int:
    """Give back what a vanished worker left claimed, or end it after MAX_ATTEMPTS. Gives the number of rows moved."""
    limit = at - timedelta(seconds=settings.RENDER_SECONDS + 120)  # above the renderer's own wall clock
    stale = Document.objects.filter(state=DocumentState.RENDERING, claimed_at__lt=limit)
    ended = stale.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=DocumentState.FAILED, reason=Reason.INTERRUPTED, finished_at=at
    )
    return ended + stale.update(state=DocumentState.REQUESTED, step=DocumentStep.WAITING, claimed_at=None)


def sweep_documents(*, at: datetime) -> int:
    """Nudge workers about the oldest orders that still wait. Gives their number."""
    waiting = Document.objects.filter(state=DocumentState.REQUESTED, requested_at__lt=at - SWEEP_AFTER)
    ids = list(waiting.order_by("requested_at", "pk").values_list("pk", flat=True)[:SWEEP_BATCH])
    for document_id in ids:
        nudge_on_commit(tasks.render, document_id=str(document_id))
    return len(ids)


def _has_other_parts(document: Document) -> bool:
    """Whether a bundle that is ready holds something else than what could go into it now."""
    if document.media_type != ZIP or not document.is_ready:
        return False
    source = builder_for(document.kind)(document.frozen_text, document.locale)
    if not isinstance(source, BundleSource):
        return False
    try:
        parts = bundle_parts(source=source, frozen_text=document.frozen_text, locale=document.locale)
    except PartsNotReady:
        return True
    return hashlib.sha256(list_of_digests(parts)).hexdigest() != document.source_digest
