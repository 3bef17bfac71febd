"""The verbs: freeze a text, order a document, make it, cancel it, keep the orders moving."""

from campaign.documents.children import RendererCrashed, RenderFailed
from campaign.documents.rendering import RenderedPdf
from campaign.documents.services.orders import (
    MAX_ATTEMPTS,
    SWEEP_AFTER,
    SWEEP_BATCH,
    DocumentIsFinished,
    cancel_document,
    release_stale_documents,
    request_document,
    sweep_documents,
)
from campaign.documents.services.texts import freeze_text, publish_text, unpublish_text
from campaign.documents.services.work import render_document, render_source

__all__ = [
    "MAX_ATTEMPTS",
    "SWEEP_AFTER",
    "SWEEP_BATCH",
    "DocumentIsFinished",
    "RenderFailed",
    "RenderedPdf",
    "RendererCrashed",
    "cancel_document",
    "freeze_text",
    "publish_text",
    "release_stale_documents",
    "render_document",
    "render_source",
    "request_document",
    "sweep_documents",
    "unpublish_text",
]
