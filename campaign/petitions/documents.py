"""The document that is handed over, built from what was fixed and from nothing else."""

import re
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django_countries import countries

from campaign.core.cleaning import markdown_to_html
from campaign.documents.builders import DocumentSource
from campaign.documents.models import FrozenText
from campaign.organizations.models import MandateProof
from campaign.organizations.printed import printed_endorsers
from campaign.petitions.charts import Bar, columns, rows
from campaign.petitions.models import Manner

MOST_BARS = 20  # countries drawn; the table has them all
MOST_DAYS = 31  # a petition that collected longer is shown by month
_LINK = re.compile(r'<a href="(?P<address>https?://[^"<>]*)"[^>]*>.*?</a>', re.DOTALL)


def build_handover(record: FrozenText, locale: str) -> DocumentSource:
    """The PDF: cover, what is given, the exact text, the count, who stands behind it, how to check it."""
    content = handover_content(record)
    context = {
        "frozen_text": record,
        **content,
        "text_html": _printed(markdown_to_html(content["text"]["text"])),
        "country_chart": rows(_largest(content["countries"])),
        "time_chart": columns([Bar(row["label"], row["total"]) for row in content["times"]]),
        "endorsers": printed_endorsers(record.data),
    }
    html = render_to_string("petitions/pdf/handover.html", context)
    name = f"{content['text']['petition']}-{record.digest[:8]}.pdf"
    return DocumentSource(html=html, title=record.title, locale=locale, file_name=name)


def draw_handover(record: FrozenText) -> SafeString:
    """The record as a page shows it."""
    return render_to_string("petitions/_frozen_handover.html", handover_content(record))


def handover_content(record: FrozenText) -> dict[str, Any]:
    """What was fixed, ready for a page: names of countries, labels, moments in the petition's own zone."""
    fixed = record.data
    petition, zone = fixed["petition"], ZoneInfo(fixed["petition"]["time_zone"])
    by_day, times = _times(fixed["signatures"]["days"])
    return {
        "handover": fixed,
        "campaign": fixed["campaign"],
        "petition": petition,
        "text": petition["text"],
        "planned_date": date.fromisoformat(fixed["planned_date"]),
        "manner": Manner(fixed["manner"]).label,
        "fixed_at": _there(fixed["prepared_at"], zone),
        "opened_on": _there(petition["opened_at"], zone),
        "closed_on": _there(petition["closed_at"], zone) if petition["closed_at"] else None,
        "signatures": fixed["signatures"],
        "countries": [
            {"name": _country(row["code"]), "total": row["total"]} for row in fixed["signatures"]["countries"]
        ],
        "times": times,
        "is_by_day": by_day,
        "thresholds": fixed["thresholds"],
        "reported": fixed["reported"],
        "ledger": fixed["ledger"],
        "endorsements": [
            {**row, "country_name": _country(row["country"]), "proof_label": _proof(row["proof"])}
            for row in fixed["endorsements"]
        ],
    }


def _there(moment: str, zone: ZoneInfo) -> str:
    """Date and time on the clocks of the petition's zone, in words of the active language."""
    return date_format(datetime.fromisoformat(moment).astimezone(zone), "DATETIME_FORMAT")


def _country(code: str) -> str:
    """Its name in the active language; words for the small ones that were merged."""
    return str(countries.name(code)) if code else gettext("Other countries")


def _proof(proof: str) -> str:
    """How a mandate was proven; the bare word for a kind that this site no longer knows."""
    return str(MandateProof(proof).label) if proof in MandateProof.values else proof


def _times(days: list[dict[str, Any]]) -> tuple[bool, list[dict[str, Any]]]:
    """(whether by day, one row for each day or month from the first to the last, empty ones too): `label` is short."""
    totals = {date.fromisoformat(row["day"]): row["total"] for row in days if row["day"]}
    if not totals:
        return True, []
    first, last = min(totals), max(totals)
    if (last - first).days < MOST_DAYS:
        each = [first + timedelta(days=step) for step in range((last - first).days + 1)]
        return True, [
            {"label": date_format(day, "j M"), "name": date_format(day), "total": totals.get(day, 0)}
            for day in each
        ]
    by_month = Counter[date]()
    for day, total in totals.items():
        by_month[day.replace(day=1)] += total
    return False, [
        {
            "label": date_format(month, "M Y"),
            "name": date_format(month, "YEAR_MONTH_FORMAT"),
            "total": by_month[month],
        }
        for month in _months(first, last)
    ]


def _months(first: date, last: date) -> list[date]:
    """The first days of the months of both dates and of all between them."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _largest(found: list[dict[str, Any]]) -> list[Bar]:
    """The countries to draw, the largest first; the rest as one bar."""
    bars = [Bar(row["name"], row["total"]) for row in found[:MOST_BARS]]
    rest = sum(row["total"] for row in found[MOST_BARS:])
    return [*bars, Bar(gettext("All others"), rest)] if rest else bars


def _printed(html: SafeString) -> SafeString:
    """Each link's address at the foot of the page, for readers on paper."""
    return mark_safe(_LINK.sub(r'\g<0><span class="footnote">\g<address></span>', str(html)))  # noqa: S308  cleaned, and no less so now
