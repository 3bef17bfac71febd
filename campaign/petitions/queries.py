"""Reads of petitions: numbers come from the tally, one indexed row, at 10 signatures or 10 million."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django_countries import countries

from campaign.organizations.models import Endorsement
from campaign.petitions.models import Dimension, Petition, Signature, Tally

SMALLEST_CELL = 5  # fewer people in a country are shown as part of "other countries"


@dataclass(frozen=True)
class CountryShare:
    """One row of the public table: `share` is a percentage of the total, 0 to 100."""

    code: str  # "" for the merged small ones
    name: str
    total: int
    share: float


@dataclass(frozen=True)
class PublicName:
    """A signer who agreed to be named."""

    name: str
    country_name: str
    at: datetime


def with_totals(petitions: QuerySet[Petition]) -> QuerySet[Petition]:
    """Adds `signature_total` to each petition."""
    total = Tally.objects.filter(petition=OuterRef("pk"), dimension=Dimension.TOTAL, key="")
    return petitions.annotate(signature_total=Coalesce(Subquery(total.values("counted")[:1]), Value(0)))


def petition_cards() -> QuerySet[Petition]:
    """Public petitions with all a card shows, the most signed first."""
    return (
        with_totals(Petition.objects.public().filter(campaign__state="published"))
        .select_related("campaign", "addressee")
        .order_by("-signature_total", "pk")
    )


def signature_total(*, petition: Petition) -> int:
    """The public number."""
    row = (
        Tally.objects.filter(petition=petition, dimension=Dimension.TOTAL, key="")
        .values_list("counted")
        .first()
    )
    return row[0] if row else 0


def signature_totals_by_country(*, petition: Petition) -> list[CountryShare]:
    """The public number by country, largest first, merged where fewer than SMALLEST_CELL people could be told apart.

    The parts always add up to the whole.
    """
    rows = list(
        Tally.objects.filter(petition=petition, dimension=Dimension.COUNTRY, counted__gt=0)
        .order_by("-counted", "key")
        .values_list("key", "counted")
    )
    total = sum(counted for _, counted in rows)
    large = [(code, counted) for code, counted in rows if counted >= SMALLEST_CELL]
    rest = total - sum(counted for _, counted in large)
    if 0 < rest < SMALLEST_CELL and large:
        # A single small rest could be told from the total: the smallest named country joins it.
        rest += large.pop()[1]
    shares = [
        CountryShare(code, str(countries.name(code)), counted, 100 * counted / total)
        for code, counted in large
    ]
    if rest:
        shares.append(CountryShare("", "", rest, 100 * rest / total))
    return shares


def recent_public_names(*, petition: Petition, limit: int = 10) -> list[PublicName]:
    """The newest counted signers who agreed to be named."""
    rows = Signature.objects.filter(petition=petition, counted=True, name_is_public=True).order_by("-number")
    return [
        PublicName(row.name, str(row.country.name), row.confirmed_at)
        for row in rows[:limit]
        if row.confirmed_at and row.name
    ]


def petition_endorsements(*, petition: Petition) -> QuerySet[Endorsement]:
    """Organizations behind exactly the published text."""
    return (
        Endorsement.objects.accepted()
        .filter(frozen_text=petition.frozen_text_id, frozen_text__isnull=False)
        .select_related("organization", "mandate")
        .order_by("organization__display_name", "pk")
    )
