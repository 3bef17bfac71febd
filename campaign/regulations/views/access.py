"""Who may read an instrument; what the pages of drafters share: the draft that an address names, and who may work on it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from campaign.core.access import require, require_role
from campaign.regulations.models import Edition, Template
from campaign.regulations.queries import OpenChanges, draft_of, newer_model_edition, open_changes
from campaign.regulations.rules import can_draft, can_read, drafting_role


def drafted_template(request: HttpRequest, slug: str) -> Template:
    """The instrument, for who may draft it. 404 for strangers, 403 for a role that is too low."""
    rows = Template.objects.select_related("campaign", "jurisdiction", "model")
    template = get_object_or_404(rows, slug=slug)
    role = require_role(drafting_role(request.user, template))
    require(can_draft(role))
    return template


def open_draft(request: HttpRequest, slug: str) -> Edition:
    """The draft of an instrument, for who may work on it."""
    draft = draft_of(template=drafted_template(request, slug))
    if draft is None:
        raise Http404
    return draft


def require_readable(request: HttpRequest, template: Template) -> None:
    """404 for strangers as long as the campaign of an instrument is not public."""
    if not can_read(request.user, template):
        raise Http404


def draft_frame(draft: Edition, *, changes: OpenChanges | None = None) -> dict[str, Any]:
    """What the head of every page of a draft shows: the draft, and what its model did since. `changes`: when they are read."""
    newer = newer_model_edition(edition=draft)
    if newer is not None and changes is None:
        changes = open_changes(edition=draft)
    return {
        "draft": draft,
        "template": draft.template,
        "newer_model": newer,
        "model_change_total": len(changes) if changes else 0,
    }
