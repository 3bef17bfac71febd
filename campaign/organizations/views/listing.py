"""Who stands behind a text, for everybody once it is published."""

import csv
import json
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.core.cells import safe_cell
from campaign.core.memory import remembered
from campaign.documents.models import FrozenText
from campaign.organizations.forms.directory import EndorserForm
from campaign.organizations.models import Scope
from campaign.organizations.queries import (
    Endorser,
    EndorserTotals,
    call_of,
    current_text,
    endorser_page,
    endorser_totals,
    endorsers_in_order,
    is_listed,
    personal_endorsements,
    text_corrections,
)
from campaign.organizations.regions import region_name
from campaign.organizations.views.access import page_locale
from campaign.organizations.views.directory import filters_in, list_response, place_in

PEOPLE_A_PAGE = 50
CORRECTIONS_SHOWN = 50
COLUMNS = (
    *(
        "name",
        "legal_name",
        "acronym",
        "country",
        "region",
        "kind",
        "website",
        "proof",
        "scope",
        "exceptions",
    ),
    *("networks", "accepted_at", "late", "invented"),
)


def listed_text(request: HttpRequest, digest: str, *, at: datetime) -> tuple[FrozenText, bool]:
    """A text and whether its list is public; before that, for the site's staff alone."""
    text = get_object_or_404(FrozenText.objects.select_related("publication"), digest=digest)
    is_public = is_listed(frozen_text=text, at=at)
    if not is_public and not getattr(request.user, "is_staff", False):
        raise Http404
    return text, is_public


@require_safe
def text_endorsers(request: HttpRequest, digest: str) -> HttpResponse:
    """Who stands behind a text: organizations by region and name, and apart from them people in their own name."""
    now, locale = timezone.now(), page_locale()
    text, is_public = listed_text(request, digest, at=now)
    form = EndorserForm(request.GET, locale=locale)
    wanted = form.wanted()
    page = endorser_page(frozen_text=text, locale=locale, wanted=wanted, place=place_in(request))
    totals = _totals(text)
    people = personal_endorsements(frozen_text=text)
    corrections = list(text_corrections(frozen_text=text)[: CORRECTIONS_SHOWN + 1])
    context = {
        "frozen_text": text,
        "is_public": is_public,
        "call": call_of(frozen_text=text),
        "current_text": current_text(frozen_text=text),
        "form": form,
        "wanted": wanted,
        "groups": _by_region(page.rows, locale, totals.regions),
        "page": page,
        "query": filters_in(request),
        "totals": totals,
        "people": Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("people")),
        "corrections": corrections[:CORRECTIONS_SHOWN],
        "has_more_corrections": len(corrections) > CORRECTIONS_SHOWN,
    }
    part = "organizations/_text_endorsers_list.html"
    return list_response(request, "organizations/text_endorsers.html", part, context)


def _totals(text: FrozenText) -> EndorserTotals:
    """The numbers take longer the longer a list is, so that a crowd shares them for some seconds."""
    totals = remembered(
        f"endorsers:{text.pk.hex}", lambda: endorser_totals(frozen_text=text), seconds=settings.PAGE_SECONDS
    )
    return cast("EndorserTotals", totals)


def _by_region(
    rows: list[Endorser], locale: str, totals: dict[str, int]
) -> list[tuple[str, int, list[Endorser]]]:
    """(region's name, how many it has in the whole list, those of this page)."""
    groups: dict[str, list[Endorser]] = {}
    for row in rows:
        groups.setdefault(row.region, []).append(row)
    return [(region_name(code, locale), totals.get(code, 0), found) for code, found in groups.items()]


@require_safe
def text_endorsers_csv(request: HttpRequest, digest: str) -> HttpResponse:
    """What is public of the organizations, for a spreadsheet. People in their own name are on the page alone."""
    text, _is_public = listed_text(request, digest, at=timezone.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="endorsers-{digest[:12]}.csv"'
    response.write("\ufeff")  # spreadsheet programs guess wrong without
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for row in endorsers_in_order(frozen_text=text, locale=page_locale()):
        facts = _facts(row)
        writer.writerow([safe_cell(_cell(facts[name])) for name in COLUMNS])
    return response


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, list) else str(value)


@require_safe
def text_endorsers_json(request: HttpRequest, digest: str) -> HttpResponse:
    """The same for programs, with the numbers and every correction."""
    text, _is_public = listed_text(request, digest, at=timezone.now())
    totals = endorser_totals(frozen_text=text)
    content = {
        "text": {"digest": text.digest, "title": text.title, "locale": text.locale},
        "totals": {
            "organizations": totals.organizations,
            "countries": totals.countries,
            "late": totals.late,
            "members_of_networks_listed": totals.affiliated,
            "people_in_their_own_name": totals.people,
        },
        "organizations": [_facts(row) for row in endorsers_in_order(frozen_text=text, locale=page_locale())],
        "corrections": [
            {"kind": row.kind, "was": row.was, "now": row.now, "at": row.at.isoformat()}
            for row in text_corrections(frozen_text=text)
        ],
    }
    body = json.dumps(content, ensure_ascii=False, indent=1)
    return HttpResponse(body, content_type="application/json; charset=utf-8")


def _facts(row: Endorser) -> dict[str, Any]:
    organization, endorsement = row.organization, row.endorsement
    at, mandate = endorsement.accepted_at, endorsement.mandate
    return {
        "name": row.name,
        "legal_name": organization.legal_name,
        "acronym": organization.acronym,
        "country": str(organization.country),
        "region": row.region,
        "kind": organization.kind,
        "website": organization.website,
        "proof": mandate.proof if mandate else "",
        "scope": endorsement.scope,
        "exceptions": [each["label"] for each in endorsement.exceptions]
        if endorsement.scope == Scope.PART
        else [],
        "networks": row.networks,
        "accepted_at": at.isoformat(timespec="seconds") if at else "",
        "late": endorsement.is_late,
        "invented": organization.is_invented,
    }
