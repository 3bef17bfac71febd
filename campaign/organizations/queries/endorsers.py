"""Reads of who stands behind a text: the list, its numbers, and what a record fixes of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from campaign.documents.models import FrozenText
from campaign.organizations.collation import sort_key
from campaign.organizations.logos import digest_in
from campaign.organizations.models import (
    Affiliation,
    Correction,
    Endorsement,
    EndorsementState,
    ListedName,
    LogoUse,
    Organization,
    PersonalEndorsement,
    PersonalState,
)
from campaign.organizations.queries.listing import (
    PAGE,
    PROOFS,
    ListedPage,
    Place,
    Wanted,
    listed_names,
    page_of,
)
from campaign.organizations.queries.organization import organization_names
from campaign.organizations.regions import region_of, region_order

GLANCE = 12  # names that a page shows of a list


@dataclass(frozen=True)
class Endorser:
    """An organization in the list of a text. `networks` are names of those it belongs to that stand there too."""

    organization: Organization
    name: str
    endorsement: Endorsement
    networks: list[str]

    @property
    def region(self) -> str:
        return region_of(str(self.organization.country))


@dataclass(frozen=True)
class EndorserTotals:
    """Who stands behind a text. Nobody is counted twice: `affiliated` says how many belong to networks that are counted too."""

    organizations: int = 0
    countries: int = 0
    late: int = 0  # of the organizations, those that came after the list was closed
    affiliated: int = 0
    people: int = 0  # in their own name, counted apart
    regions: dict[str, int] = field(default_factory=dict)  # M49 code: organizations


def endorser_page(*, frozen_text: FrozenText, locale: str, wanted: Wanted, place: Place) -> ListedPage:
    """Who stands behind a text, by region and then by name, as readers of `locale` look them up."""
    rows = _endorsing(listed_names(locale, wanted), frozen_text, proof=wanted.proof)
    page = page_of(rows, locale, place, key="region_key")
    networks = _networks_there(frozen_text, locale, [row.organization_id for row in page.rows])
    return ListedPage(_endorsers(page.rows, frozen_text, networks), page.earlier, page.later)


@dataclass(frozen=True)
class EndorserGlance:
    """What another page shows of a list: its numbers, and the first dozen by name."""

    organizations: int = 0
    countries: int = 0
    first: Sequence[Endorser] = ()

    @property
    def has_more(self) -> bool:
        return self.organizations > len(self.first)


def endorser_glance(*, frozen_text_id: UUID | None, locale: str) -> EndorserGlance:
    """Three reads, however long the list; one where nobody stands behind the text."""
    text = FrozenText(pk=frozen_text_id)
    seats = _seats(text) if frozen_text_id else []
    if not seats:
        return EndorserGlance()
    rows = _endorsing(listed_names(locale, Wanted()), text).order_by("sort_key", "organization")[:GLANCE]
    first = _endorsers(list(rows), text, {})
    return EndorserGlance(
        sum(count for _country, _is_late, count in seats), len({seat[0] for seat in seats}), first
    )


def endorsers_in_order(*, frozen_text: FrozenText, locale: str) -> list[Endorser]:
    """All of them, by region and name, for a file."""
    rows = _endorsing(listed_names(locale, Wanted()), frozen_text)
    found = list(rows.order_by("region_key", "organization"))
    networks = _networks_there(frozen_text, locale, [row.organization_id for row in found])
    return _endorsers(found, frozen_text, networks)


def _endorsing(rows: QuerySet[ListedName], text: FrozenText, *, proof: str = "") -> QuerySet[ListedName]:
    standing = _standing(text).filter(organization=OuterRef("organization"))
    return rows.filter(Exists(standing.filter(mandate__proof__in=PROOFS[proof]) if proof else standing))


def _standing(text: FrozenText) -> QuerySet[Endorsement]:
    return Endorsement.objects.filter(frozen_text=text, state=EndorsementState.ACCEPTED)


def _endorsers(
    listed: list[ListedName], text: FrozenText, networks: Mapping[UUID, list[str]]
) -> list[Endorser]:
    # A whole list is asked for by its text: a database takes only so many ids.
    some = Q(organization__in=[row.organization_id for row in listed]) if len(listed) <= PAGE else Q()
    endorsements = _standing(text).filter(some).select_related("mandate")
    endorsements = endorsements.defer(
        *("signatory_name", "signatory_email", "statement"),
        *("mandate__signatory_name", "mandate__signatory_email", "mandate__statement"),
    )
    by_organization = {row.organization_id: row for row in endorsements}
    return [
        Endorser(
            row.organization,
            row.name,
            by_organization[row.organization_id],
            networks.get(row.organization_id, []),
        )
        for row in listed
        if row.organization_id in by_organization  # it may have withdrawn between two reads
    ]


def _networks_there(text: FrozenText, locale: str, organization_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Names of the networks that each of them belongs to, of those that stand behind the text too."""
    rows = _affiliations_there(text).filter(network__listed_names__locale=locale)
    if len(organization_ids) <= PAGE:
        rows = rows.filter(member__in=organization_ids)
    networks: dict[UUID, list[str]] = defaultdict(list)
    named = rows.order_by("network__listed_names__sort_key", "pk")
    for member_id, name in named.values_list("member", "network__listed_names__name"):
        networks[member_id].append(name)
    return networks


def _affiliations_there(text: FrozenText) -> QuerySet[Affiliation]:
    there = _standing(text)
    return Affiliation.objects.filter(
        Exists(there.filter(organization=OuterRef("network"), organization__proven_at__isnull=False)),
        Exists(there.filter(organization=OuterRef("member"), organization__proven_at__isnull=False)),
        accepted_at__isnull=False,
    )


def endorser_totals(*, frozen_text: FrozenText) -> EndorserTotals:
    """The numbers of a list, in three reads."""
    seats, regions = _seats(frozen_text), Counter[str]()
    for country, _is_late, count in seats:
        regions[region_of(country)] += count
    return EndorserTotals(
        organizations=regions.total(),
        countries=len({country for country, _is_late, _count in seats}),
        late=sum(count for _country, is_late, count in seats if is_late),
        affiliated=_affiliations_there(frozen_text).values("member").distinct().count(),
        people=personal_endorsements(frozen_text=frozen_text).count(),
        regions=dict(regions),
    )


def _seats(text: FrozenText) -> list[tuple[str, bool, int]]:
    """(country, whether late, how many organizations) of a list."""
    rows = Endorsement.objects.accepted().filter(frozen_text=text)
    counts = rows.values_list("organization__country", "is_late").annotate(count=Count("pk")).order_by()
    return [(str(country), is_late, count) for country, is_late, count in counts]


def text_corrections(*, frozen_text: FrozenText) -> QuerySet[Correction]:
    """What changed in the list of a text after it went out, the newest first."""
    return Correction.objects.filter(frozen_text=frozen_text).order_by("-at", "-pk")


def personal_endorsements(*, frozen_text: FrozenText) -> QuerySet[PersonalEndorsement]:
    """People behind a text in their own name, those who came first first."""
    rows = PersonalEndorsement.objects.filter(frozen_text=frozen_text, state=PersonalState.ACCEPTED)
    return rows.order_by("accepted_at", "pk")


# --- What is fixed of a list ------------------------------------------------------


def endorser_record(*, frozen_text: FrozenText, until: datetime, locale: str) -> dict[str, Any]:
    """Who stood behind a text at `until`, as a record fixes it: `endorsements` in the order of a document in `locale`, and
    `endorsers`, the numbers. People in their own name are counted and not named: a record is for ever.
    """
    rows = Endorsement.objects.accepted_by(until).filter(frozen_text=frozen_text)
    standing = {
        row.organization: row
        for row in rows.select_related("organization", "mandate").order_by("pk")
        if row.organization and row.mandate  # an accepted one has both: the database holds it so
    }
    names = organization_names(organizations=standing)
    shown = {pk: each.in_language(locale) for pk, each in names.items()}
    networks: dict[UUID, list[str]] = defaultdict(list)
    for member_id, network_id in _affiliations_there(frozen_text).values_list("member", "network"):
        if member_id in shown and network_id in shown:
            networks[member_id].append(shown[network_id])
    order = region_order(locale)

    def place(organization: Organization) -> tuple[int, bytes, UUID]:
        region = region_of(str(organization.country))
        return order.index(region), sort_key(shown[organization.pk], locale), organization.pk

    found = [
        _fixed(
            row,
            shown[row.pk],
            standing[row],
            sorted(networks[row.pk], key=lambda name: sort_key(name, locale)),
        )
        for row in sorted(standing, key=place)
    ]
    people = personal_endorsements(frozen_text=frozen_text).filter(is_late=False, accepted_at__lte=until)
    return {
        "endorsements": found,
        "endorsers": {
            "until": until.isoformat(timespec="seconds"),
            "organizations": len(found),
            "countries": len({entry["country"] for entry in found}),
            "affiliated": sum(1 for entry in found if entry["networks"]),
            "people": people.count(),
        },
    }


def _fixed(
    organization: Organization, name: str, endorsement: Endorsement, networks: list[str]
) -> dict[str, Any]:
    may_print = LogoUse.DOCUMENTS in organization.logo_uses
    return {
        "name": name,
        "country": str(organization.country),
        "region": region_of(str(organization.country)),
        "domain": organization.domain,
        "proof": endorsement.mandate.proof if endorsement.mandate else "",
        "exceptions": [each["label"] for each in endorsement.exceptions],
        "networks": networks,
        "logo": digest_in(organization.logo_small.name or "") if may_print else "",
        "is_invented": organization.is_invented,
    }
