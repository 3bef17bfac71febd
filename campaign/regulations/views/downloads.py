"""Files to keep: an edition or a draft in every format but PDF."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.regulations.exports.formats import LAW_FORMATS, LawFormat, law_stem
from campaign.regulations.exports.origin import Origin, origin_of
from campaign.regulations.mending import draft_mendings
from campaign.regulations.models import Edition
from campaign.regulations.queries import edition_text, first_published_on, published_edition
from campaign.regulations.rules import is_public
from campaign.regulations.services import DraftNotSound, draft_file_payload, draft_problems
from campaign.regulations.views.access import draft_frame, open_draft, require_readable

YEAR = 365 * 24 * 3600


def file_response(content: bytes, *, content_type: str, name: str) -> HttpResponse:
    """A file for saving. `name` is ASCII and safe (see exports.formats)."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def edition_download(request: HttpRequest, slug: str, label: str, file_format: str) -> HttpResponse:
    """A published edition in one format. It never changes, so it is kept by whoever fetched it."""
    edition = published_edition(slug=slug, label=label)
    if edition is None or edition.frozen_text is None:
        raise Http404
    require_readable(request, edition.template)
    frozen, wanted = edition.frozen_text, _format(file_format)
    payload = frozen.data
    origin = origin_of(
        frozen,
        address=f"{settings.SITE_URL}{reverse('edition', args=[slug, label])}",
        first_date=first_published_on(template_id=edition.template_id),
    )
    etag = f'"{frozen.digest}-{wanted.key}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        with translation.override(frozen.locale):
            content = wanted.content(payload, origin)
        response = file_response(
            content, content_type=wanted.content_type, name=wanted.file_name(law_stem(payload))
        )
    assert isinstance(response, HttpResponse)  # never a stream  # noqa: S101
    response.headers["ETag"] = etag
    kept_by = "public" if is_public(edition.template) else "private"
    response.headers["Cache-Control"] = f"{kept_by}, max-age={YEAR}, immutable"
    return response


@login_required
@never_cache
@require_safe
def draft_downloads(request: SignedInRequest, slug: str) -> HttpResponse:
    """The formats a draft can be had in; what has to be mended before it can."""
    draft = open_draft(request, slug)
    problems = draft_problems(edition=draft, text=edition_text(edition=draft))
    return _formats_page(request, draft, DraftNotSound(problems) if problems else None)


@login_required
@never_cache
@require_safe
def draft_download(request: SignedInRequest, slug: str, file_format: str) -> HttpResponse:
    """A draft in one format; the file says that it is one."""
    draft, wanted = open_draft(request, slug), _format(file_format)
    try:
        payload = draft_file_payload(edition=draft)
    except DraftNotSound as refusal:
        return _formats_page(request, draft, refusal, status=422)
    origin = Origin(date=timezone.now().date(), first_date=first_published_on(template_id=draft.template_id))
    with translation.override(draft.template.locale):
        content = wanted.content(payload, origin)
    return file_response(
        content, content_type=wanted.content_type, name=wanted.file_name(f"{slug}-{draft.label}-draft")
    )


def _format(key: str) -> LawFormat:
    if key not in LAW_FORMATS:
        raise Http404
    return LAW_FORMATS[key]


def _formats_page(
    request: HttpRequest, draft: Edition, refusal: DraftNotSound | None, *, status: int = 200
) -> HttpResponse:
    context = draft_frame(draft) | {"formats": LAW_FORMATS.values(), "refusal": refusal}
    if refusal:
        context |= {"unsound": draft_mendings(draft, refusal.problems)}
    return render(request, "regulations/draft_downloads.html", context, status=status)
