"""The library of instruments, open to everyone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from campaign.regulations.models import Edition
from campaign.regulations.queries import (
    edition_labels,
    latest_edition,
    published_edition,
    published_templates,
)
from campaign.regulations.rendering import contents_entries, render_law_html
from campaign.regulations.services import request_edition_document
from campaign.regulations.traditions import tradition


@require_safe
def instruments(request: HttpRequest) -> HttpResponse:
    """The library: every template with a published edition."""
    return render(request, "regulations/instrument_list.html", {"templates": published_templates()})


@require_safe
def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest edition of a template."""
    return _edition_page(request, _found(latest_edition(slug=slug)))


@require_safe
def edition(request: HttpRequest, slug: str, label: str) -> HttpResponse:
    """One edition, for good: this address always shows the same text."""
    return _edition_page(request, _found(published_edition(slug=slug, label=label)))


@require_POST
def edition_pdf(request: HttpRequest, slug: str, label: str) -> HttpResponse:
    """Order the PDF of an edition and go to the page that tells when it is ready."""
    wanted = _found(published_edition(slug=slug, label=label))
    document = request_edition_document(edition=wanted, at=timezone.now())
    return redirect("document", document.pk)


def _found(found: Edition | None) -> Edition:
    if found is None:
        raise Http404
    return found


def _edition_page(request: HttpRequest, shown: Edition) -> HttpResponse:
    return render(request, "regulations/edition_detail.html", _edition_context(shown))


def _edition_context(shown: Edition) -> dict[str, Any]:
    assert shown.frozen_text is not None  # published editions only  # noqa: S101
    payload = shown.frozen_text.data
    labels = edition_labels(template_id=shown.template_id)
    hooks = list(shown.hooks.all())
    return {
        "template": shown.template,
        "tradition_name": tradition(shown.template.tradition).name,
        "edition": shown,
        "payload": payload,
        "law": render_law_html(payload, heading_level=2, permalinks=True),
        "contents": contents_entries(payload),
        "hooks": hooks,
        "unchecked": sum(1 for hook in hooks if not hook.is_checked),
        "labels": labels,
        "is_latest": labels[:1] == [shown.label],
    }
