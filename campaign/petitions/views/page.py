"""The petition's page: drawn once for everybody, every few seconds, and served from memory in between.

Nothing on it depends on who is looking, so that it can be cached here, in browsers and in proxies: no token, no session, no
message. Its validator is a digest of what is shown: it stays the same while signatures arrive between two drawings. The live
number comes from `count.json`.
"""

import hashlib
import re
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from campaign.campaigns.queries import asking_organizations, asking_partner
from campaign.core.access import form_status
from campaign.core.cleaning import markdown_to_html
from campaign.core.memory import remembered
from campaign.petitions.forms.sign import SignForm
from campaign.petitions.models import Petition, PetitionState
from campaign.petitions.queries import (
    Counts,
    PageFacts,
    page_facts,
    petition_counts,
    petition_endorsements,
    petition_of_page,
    recent_public_names,
    shown_reasons,
    signature_totals_by_country,
)
from campaign.petitions.story import petition_story

TEMPLATE = "petitions/petition_detail.html"
SHARE_TAG = re.compile(r"[a-z0-9-]{1,32}")
TAG_PLACE = "share-tag-of-this-visitor"  # stands in the drawn page where each visitor's tag goes


def cached_facts(slug: str) -> PageFacts | None:
    """What is known of a public petition, read at most settings.FACTS_SECONDS ago: a pause or a take-down shows that soon."""
    return remembered(f"facts:{slug}", lambda: page_facts(slug=slug), seconds=settings.FACTS_SECONDS)


def cached_page(request: HttpRequest, facts: PageFacts) -> HttpResponse:
    """The page for `facts`, drawn at most settings.PAGE_SECONDS ago; 304 when the visitor has it already."""
    at = timezone.now()
    tag = request.GET.get("s", "")
    tag = tag if SHARE_TAG.fullmatch(tag) else ""
    named = tag if _is_partners(tag, facts) else ""
    key = f"petition:{facts.key(at)}:{get_language()}:{named}"
    drawn = remembered(key, lambda: _draw(request, facts, at, named), seconds=settings.PAGE_SECONDS)
    body, digest = cast("tuple[bytes, str]", drawn)  # a drawing is never None
    response = HttpResponse(body.replace(TAG_PLACE.encode(), tag.encode()))
    response.headers["ETag"] = f'"{digest}{tag}"'
    response.headers["Cache-Control"] = f"public, max-age={settings.PAGE_SECONDS}"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])  # the language may come from a cookie
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


def _is_partners(tag: str, facts: PageFacts) -> bool:
    """Whether a share link is a partner's own that asks for its news: on the page it leads to, that box comes first."""
    if not tag or not facts.partners_ask:
        return False
    found = remembered(
        f"partner:{facts.campaign_id.hex}:{tag}",
        lambda: asking_partner(campaign_id=facts.campaign_id, tag=tag) is not None,
        seconds=settings.PAGE_SECONDS,
    )
    return bool(found)


def _draw(request: HttpRequest, facts: PageFacts, at: datetime, tag: str) -> tuple[bytes, str]:
    petition = petition_of_page(petition_id=facts.id)
    form = SignForm(initial={"source": TAG_PLACE}, petition=petition)
    body = render_to_string(TEMPLATE, page_context(petition, form, at, tag=tag), request).encode()
    return body, hashlib.sha256(body).hexdigest()[:20]


def petition_page(request: HttpRequest, petition: Petition, form: SignForm) -> HttpResponse:
    """The page with somebody's filled form, or of a draft: drawn for this visitor."""
    context = page_context(petition, form, timezone.now(), tag=_tag_of(form))
    return render(request, TEMPLATE, context, status=form_status(form))


def _tag_of(form: SignForm) -> str:
    """The tag of the share link that a filled form came by."""
    tag = form["source"].value() or ""
    return tag if SHARE_TAG.fullmatch(tag) else ""


def page_context(petition: Petition, form: SignForm, at: datetime, *, tag: str = "") -> dict[str, Any]:
    """All the page shows. `tag`: of the share link it was reached by."""
    counts = _counts(petition)
    count = counts.confirmed
    thresholds = list(petition.thresholds.order_by("count"))
    form.ask_for_news(asking_organizations(campaign=petition.campaign, tag=tag))
    days_left = (petition.closes_at - at).days if petition.closes_at and petition.collects_at(at) else None
    return {
        "petition": petition,
        "text_html": markdown_to_html(petition.text),
        "count": count,
        "counts": counts,
        "goal_share": min(100, 100 * count // petition.goal) if petition.goal else None,
        "thresholds": thresholds,
        "countries": signature_totals_by_country(petition=petition),
        "recent": recent_public_names(petition=petition),
        "reasons": shown_reasons(petition=petition) if petition.asks_reason else [],
        "endorsements": petition_endorsements(petition=petition),
        "phase": phase_of(petition, at),
        "story": petition_story(petition=petition, thresholds=thresholds, at=at),
        "days_left": days_left,
        "form": form,
    }


def _counts(petition: Petition) -> Counts:
    """A page may be drawn often (each refused form draws one); the pending ones take a while to count."""
    key = f"counts:{petition.pk.hex}"
    counts = remembered(key, lambda: petition_counts(petition=petition), seconds=settings.PAGE_SECONDS)
    return cast("Counts", counts)


def phase_of(petition: Petition, at: datetime) -> str:
    """`open`, `paused`, `closed`, or the state of a petition that is not public."""
    if petition.collects_at(at):
        return "paused" if petition.is_paused else "open"
    return "closed" if petition.state in {PetitionState.OPEN, PetitionState.CLOSED} else petition.state
