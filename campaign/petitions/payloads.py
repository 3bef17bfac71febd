"""What is fixed when a petition is to be handed over, as plain data. No signer is named in it."""

from datetime import date, datetime
from typing import Any, NotRequired, TypedDict

from django.conf import settings
from django.urls import reverse

from campaign.campaigns.models import Authority
from campaign.documents.models import FrozenText
from campaign.documents.sealing import sealed_by_line
from campaign.organizations.queries import endorser_record
from campaign.petitions.evidence import key_of_head, last_head
from campaign.petitions.models import Petition, TreeHead
from campaign.petitions.queries import (
    SMALLEST_CELL,
    petition_counts,
    signature_totals_by_country,
    signature_totals_by_day,
)


class HandoverPlan(TypedDict):
    """What a team plans for a hand-over."""

    addressee: Authority
    planned_date: date
    manner: str  # a value of Manner
    items: list[str]  # what is given, a line each
    office: NotRequired[str]
    place: NotRequired[str]
    note: NotRequired[str]


def handover_payload(
    *, petition: Petition, text: FrozenText, plan: HandoverPlan, handover_id: str, at: datetime
) -> dict[str, Any]:
    """Text, count, ledger head and endorsers of one moment: the caller keeps the sequencer out meanwhile."""
    head = last_head(petition_id=petition.pk)
    counts = petition_counts(petition=petition)
    shares = signature_totals_by_country(petition=petition)
    return {
        "handover": handover_id,
        "prepared_at": _moment(at),
        "addressee": plan["addressee"].name,
        "office": plan.get("office", ""),
        "planned_date": plan["planned_date"].isoformat(),
        "place": plan.get("place", ""),
        "manner": plan["manner"],
        "items": plan["items"],
        "note": plan.get("note", ""),
        "campaign": {
            "title": petition.campaign.title,
            "owner": petition.campaign.owner.legal_name,
            "is_demo": petition.campaign.is_demo,
        },
        "petition": {
            "digest": text.digest,
            "title": text.title,
            "locale": text.locale,
            "url": settings.SITE_URL + reverse("petition_detail", args=[petition.slug]),
            "opened_at": _moment(petition.opened_at),
            # None while it collects.
            "closed_at": _moment(petition.closed_at or petition.closes_at)
            if not petition.collects_at(at)
            else None,
            "time_zone": petition.time_zone,
            "text": text.data,
        },
        "signatures": {
            "total": sum(share.total for share in shares),
            "removed": counts.removed,
            "smallest_cell": SMALLEST_CELL,
            "countries": [{"code": share.code, "total": share.total} for share in shares],
            "days": [
                {"day": day, "total": total} for day, total in signature_totals_by_day(petition=petition)
            ],
        },
        "reported": {"paper": counts.paper, "partner": counts.partner},  # never added
        "thresholds": [
            {"count": row.count, "consequence": row.consequence, "reached_at": _moment(row.first_reached_at)}
            for row in petition.thresholds.filter(is_reached=True).order_by("count")
        ],
        "ledger": _ledger(petition, head) if head else None,
        **endorser_record(frozen_text=text, until=at, locale=petition.locale),
        **sealed_by_line(),
    }


def _ledger(petition: Petition, head: TreeHead) -> dict[str, Any]:
    return {
        "url": settings.SITE_URL + reverse("petition_ledger", args=[petition.slug]),
        "checkpoint": settings.SITE_URL
        + reverse("ledger_checkpoint_of_size", args=[petition.slug, head.size]),
        "size": head.size,
        "root": bytes(head.root).hex(),
        "total": head.total,
        "note": head.note,
        "key": str(key_of_head(head)),
        "signed_at": _moment(head.signed_at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
