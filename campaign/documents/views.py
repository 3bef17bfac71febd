"""A frozen text, to be checked by anyone who holds its link; what changed from one to another; a document's state; its file.

The link is the key; texts of some kinds open for certain people only (`text_kinds`).
"""

import json
import uuid
from functools import wraps
from typing import Any, Protocol

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.core.access import form_status
from campaign.documents.builders import UnknownDocumentKind, can_cancel
from campaign.documents.formats import format_of
from campaign.documents.forms import DigestForm
from campaign.documents.models import Document, FrozenText
from campaign.documents.queries import digest_matches
from campaign.documents.redline import draw_redline
from campaign.documents.services import DocumentIsFinished, cancel_document, request_document
from campaign.documents.text_kinds import can_read, is_guarded, text_kind


class View(Protocol):
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def unlisted(view: View) -> View:
    """Whoever has the link may look; search engines may not: the link is the key."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


@unlisted
@require_safe
def frozen_text(request: HttpRequest, digest: str) -> HttpResponseBase:
    """What was frozen and when, its digest, and how to compute it again."""
    text = _text_or_404(request, digest)
    kind = text_kind(text.kind)
    context = {
        "frozen_text": text,
        "kind_label": kind.label if kind else "",
        "content_html": kind.draw(text) if kind else "",
        "content": json.dumps(text.data, ensure_ascii=False, indent=2),
        "byte_size": len(text.canonical_bytes),
    }
    return render(request, "documents/frozen_text.html", context)


@unlisted
@require_safe
def frozen_text_json(request: HttpRequest, digest: str) -> HttpResponseBase:
    """The exact bytes whose SHA-256 is the digest."""
    text = _text_or_404(request, digest)
    etag = f'"{digest}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        text.canonical_bytes, content_type="application/json"
    )
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = (
        "private, no-store" if is_guarded(text) else "public, max-age=31536000, immutable"
    )
    return response


@unlisted
@require_safe
def frozen_text_changes(request: HttpRequest, digest: str, other: str) -> HttpResponseBase:
    """What changed from the text known by `digest` to the one known by `other`."""
    old, new = _text_or_404(request, digest), _text_or_404(request, other)
    drawn = "" if old == new else draw_redline(old, new)
    return render(request, "documents/redline.html", {"old": old, "new": new, "redline": drawn})


@require_safe
def document_check(request: HttpRequest) -> HttpResponseBase:
    """What a digest is of: the public text or file that has it. Nothing is uploaded; files are read in the browser."""
    form = DigestForm(request.GET if "digest" in request.GET else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        digest = form.cleaned_data["digest"]
        context |= {"digest": digest, "matches": _matches(digest)}
    return render(request, "documents/check.html", context, status=form_status(form))


@unlisted
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, document_id: uuid.UUID) -> HttpResponseBase:
    """Where a document stands. POST orders one that failed or was canceled again."""
    row = _document_or_404(request, document_id)
    if request.method == "POST":
        try:
            request_document(kind=row.kind, frozen_text=row.frozen_text, locale=row.locale, at=timezone.now())
        except UnknownDocumentKind:
            raise Http404 from None
        return redirect("document", document_id=row.pk)
    return render(request, "documents/document.html", _shown(request, row))


@unlisted
@never_cache
@login_required
@require_POST
def document_cancel(request: HttpRequest, document_id: uuid.UUID) -> HttpResponseBase:
    """Stop the work on a document, for those who answer for it."""
    row = _document_or_404(request, document_id)
    if not can_cancel(row, request.user):
        raise PermissionDenied
    try:
        cancel_document(document=row, at=timezone.now())
    except DocumentIsFinished as error:
        messages.error(request, str(error))
    return redirect("document", document_id=row.pk)


@unlisted
@never_cache
@require_safe
def document_state(request: HttpRequest, document_id: uuid.UUID) -> HttpResponseBase:
    """The piece of a page that asks again by itself; without htmx, the page of the document."""
    row = _document_or_404(request, document_id)
    if request.headers.get("HX-Request") != "true":
        return redirect("document", document_id=row.pk)
    return render(request, "documents/_state.html#now", _shown(request, row))


@unlisted
@require_safe
def document_file(request: HttpRequest, document_id: uuid.UUID) -> HttpResponseBase:
    """The finished file, for saving."""
    row = _document_or_404(request, document_id)
    if not row.is_ready:
        raise Http404
    etag = f'"{row.file_digest}"'
    response: HttpResponseBase = get_conditional_response(request, etag=etag) or FileResponse(
        row.file.open("rb"),
        as_attachment=True,
        filename=row.file_name,
        content_type=format_of(row.media_type).content_type,
    )
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _matches(digest: str) -> list[dict[str, Any]]:
    rows = digest_matches(digest=digest, at=timezone.now())
    kinds = [text_kind(row.text.kind) for row in rows]
    return [{"row": row, "kind": kind.label if kind else ""} for row, kind in zip(rows, kinds, strict=True)]


def _shown(request: HttpRequest, row: Document) -> dict[str, Any]:
    return {"document": row, "can_cancel": row.is_waiting and can_cancel(row, request.user)}


def _document_or_404(request: HttpRequest, document_id: uuid.UUID) -> Document:
    row = get_object_or_404(Document.objects.select_related("frozen_text"), pk=document_id)
    _require_reader(request, row.frozen_text)
    return row


def _text_or_404(request: HttpRequest, digest: str) -> FrozenText:
    text = get_object_or_404(FrozenText, digest=digest)
    _require_reader(request, text)
    return text


def _require_reader(request: HttpRequest, text: FrozenText) -> None:
    if not can_read(text, request.user):
        raise Http404
