"""Whose names the annex of a filing holds: who is in the count that it fixed, still stands by it, and agreed to be named."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from campaign.consultations.models import Filing, NamesAnnex, NamesBasis
from campaign.petitions.consents import is_given
from campaign.petitions.models import LedgerEntry, Petition, Signature, SignatureState
from campaign.petitions.models.ledger import EntryKind

BATCH = 1_000


def counted_in(filing: Filing) -> dict[str, Any] | None:
    """What the filing fixed of the petition's count, None when it cites none. `record` is loaded."""
    signatures: dict[str, Any] | None = filing.record.data.get("signatures")
    return signatures


def cited_petition(filing: Filing) -> Petition | None:
    """The petition that the filed text cites. `record`, `frozen_text` and `submission` are loaded."""
    cited = filing.frozen_text.data.get("petition")
    if not cited or counted_in(filing) is None:
        return None
    return Petition.objects.filter(
        slug=cited["slug"], campaign=filing.submission.campaign_id, frozen_text__isnull=False
    ).first()


def basis_of(filing: Filing, petition: Petition) -> NamesBasis:
    """Which consent covers handing names to the authority that asks.

    With their signature people agree that name and country may be handed to the petition's addressee. For any other authority
    only those are named who let everybody see their name: no consent is asked for that says more. `submission__consultation` is
    loaded.
    """
    if filing.submission.consultation.authority_id == petition.addressee_id:
        return NamesBasis.ADDRESSEE
    return NamesBasis.PUBLIC


@dataclass(frozen=True)
class Cut:
    """Where the ledger stood when the filing was fixed: the last number, and who was out of the count then."""

    number: int
    out: frozenset[uuid.UUID]


def cut_of(*, petition: Petition, counted_at: datetime, total: int) -> Cut:
    """The cut at which the count was `total`. Of what was recorded while the filing was being fixed, as much as it counted."""
    entries = LedgerEntry.objects.filter(petition=petition)
    last = entries.filter(recorded_at__lte=counted_at).order_by("-position").first()
    if last is None or last.total != total:
        after = entries.filter(position__gt=last.position if last else 0, total=total)
        last = after.order_by("position").first() or last
    if last is None:
        return Cut(0, frozenset())
    moves = entries.filter(position__lte=last.position).exclude(kind=EntryKind.ADDITION)
    out = set[uuid.UUID]()
    for signature_id, kind in moves.order_by("position").values_list("signature", "kind").iterator():
        (out.add if kind == EntryKind.REMOVAL else out.discard)(signature_id)
    return Cut(last.additions, frozenset(out))


def nameable(*, petition: Petition, up_to: int, basis: str) -> QuerySet[Signature]:
    """Signatures up to a number whose signers stand by them now, and by being named as far as a column says so."""
    rows = Signature.objects.filter(
        petition=petition,
        number__lte=up_to,
        counted=True,
        state=SignatureState.CONFIRMED,
        email_key__isnull=False,
        name__isnull=False,
    )
    return rows.filter(name_is_public=True) if basis == NamesBasis.PUBLIC else rows


def named_signatures(*, petition: Petition, cut: Cut, basis: str) -> Iterator[Signature]:
    """Everybody who is to be named, in the order of the ledger's numbers, read a batch at a time."""
    rows = nameable(petition=petition, up_to=cut.number, basis=basis).order_by("number")
    rows = rows.only("pk", "number", "name", "country", "consents")
    past = 0
    while batch := list(rows.filter(number__gt=past)[:BATCH]):
        past = batch[-1].number or 0
        yield from (row for row in batch if row.pk not in cut.out and _agreed(row, basis))


def _agreed(row: Signature, basis: str) -> bool:
    return basis == NamesBasis.PUBLIC or is_given(row.consents, "sign")


# --- Who has gone since ----------------------------------------------------------------


def as_bits(numbers: list[int]) -> bytes:
    """One bit for each number of the ledger that is in the list."""
    bits = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        bits[number // 8] |= 1 << number % 8
    return bytes(bits)


def gone_since(annex: NamesAnnex) -> int:
    """How many people named in a finished annex are not to be named any more: withdrawn, erased, or no longer in public."""
    if not annex.numbers:
        return 0
    bits = bytearray(annex.numbers)
    rows = nameable(petition=annex.petition, up_to=len(bits) * 8 - 1, basis=annex.basis)
    for number in rows.values_list("number", flat=True).iterator(chunk_size=10_000):
        bits[number // 8] &= ~(1 << number % 8) & 0xFF  # type: ignore[operator]
    return int.from_bytes(bits, "big").bit_count()
