"""What pages show of the annex of names."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Min

from campaign.accounts.models import User
from campaign.consultations.models import Filing, NamesAnnex, NamesBasis, NamesPartState, NamesState
from campaign.consultations.names.people import basis_of, cited_petition, counted_in, gone_since
from campaign.consultations.names.reasons import names_reason_sentence
from campaign.consultations.rules import can_hand_out_names


@dataclass(frozen=True)
class NamesShown:
    """Where an annex stands. `part` of `part_total` is the one being made; None while nobody knows how many there are."""

    annex: NamesAnnex
    part: int
    reason: str
    gone: int
    is_outdated: bool
    destroys_at: datetime | None


def latest_annex(*, filing: Filing) -> NamesAnnex | None:
    return filing.names_annexes.select_related("petition").order_by("-ordered_at", "-pk").first()


def is_handed_in(filing: Filing) -> bool:
    return filing.receipts.exists()


def destroys_at(annex: NamesAnnex) -> datetime | None:
    """When the file of a finished annex is destroyed: some days after the receipt, at the latest so many after it was made."""
    if annex.finished_at is None:
        return None
    at_last = annex.finished_at + timedelta(days=settings.NAMES_DAYS)
    recorded: datetime | None = annex.filing.receipts.aggregate(first=Min("recorded_at"))["first"]
    if recorded is None:
        return at_last
    # One made after the receipt is there to be used, too.
    begins = max(recorded, annex.finished_at)
    return min(at_last, begins + timedelta(days=settings.NAMES_DAYS_AFTER_RECEIPT))


def names_shown(annex: NamesAnnex) -> NamesShown:
    """`filing` and `petition` are loaded."""
    ready = annex.parts.filter(state=NamesPartState.READY).count() if annex.is_waiting else 0
    gone = gone_since(annex) if annex.is_ready else 0
    return NamesShown(
        annex=annex,
        part=min(ready + 1, annex.part_total or ready + 1),
        reason=str(names_reason_sentence(annex.reason)),
        gone=gone,
        is_outdated=gone > 0 and not is_handed_in(annex.filing),
        destroys_at=destroys_at(annex) if annex.is_ready else None,
    )


def names_context(*, filing: Filing) -> dict[str, Any]:
    """What the page of the annex shows, `submission__consultation__authority` loaded."""
    petition = cited_petition(filing)
    annex = latest_annex(filing=filing)
    if annex is not None:
        annex.filing = filing
    counted = counted_in(filing)
    return {
        "filing": filing,
        "submission": filing.submission,
        "authority": filing.submission.consultation.authority,
        "petition": petition,
        "is_for_addressee": petition is not None and basis_of(filing, petition) == NamesBasis.ADDRESSEE,
        "counted_total": counted["total"] if counted else 0,
        "names": names_shown(annex) if annex else None,
        "is_handed_in": is_handed_in(filing),
        "days": settings.NAMES_DAYS,
        "days_after_receipt": settings.NAMES_DAYS_AFTER_RECEIPT,
    }


def kit_names(*, filing: Filing, user: User | AnonymousUser) -> dict[str, Any]:
    """What `consultations/_kit_names.html` needs: nothing for who may not have the names, or where no petition is cited."""
    may_have = can_hand_out_names(user, filing.submission.campaign) and cited_petition(filing) is not None
    annex = latest_annex(filing=filing) if may_have else None
    return {
        "may_have_names": may_have,
        "names_annex": annex,
        "names_outdated": bool(
            annex and annex.state == NamesState.READY and annex.gone_total and not is_handed_in(filing)
        ),
    }
