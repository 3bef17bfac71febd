"""Reads of long lists: a page is one step in an index, however long the list. The directory, and one organization in it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django_countries import countries

from campaign.core.folding import folded
from campaign.documents.models import FrozenText
from campaign.organizations.collation import sort_key
from campaign.organizations.levels import PublicLevel, level_of, with_public_level
from campaign.organizations.models import (
    Affiliation,
    CallText,
    Endorsement,
    EndorsementState,
    ListedName,
    Mandate,
    MandateProof,
    Organization,
    Register,
)
from campaign.organizations.regions import region_order
from campaign.organizations.registers import search_address

PAGE = 50
MOST_MEMBERS = 100  # of a network, named on its page
PROOFS = {
    "domain": (MandateProof.DOMAIN_MAIL, MandateProof.DOMAIN_DNS),
    "document": (MandateProof.DOCUMENT,),
}
MOST_WORDS = 6  # of what is typed; what stands behind is not looked for


@dataclass(frozen=True)
class Wanted:
    """What a list is filtered by; empty is everything. `proof` is a key of PROOFS, `region` an M49 code."""

    typed: str = ""
    country: str = ""
    kind: str = ""
    proof: str = ""
    region: str = ""

    @property
    def words(self) -> list[str]:
        return list(dict.fromkeys(folded(self.typed).split()))[:MOST_WORDS]


@dataclass(frozen=True)
class Place:
    """Where a page begins: after or before an organization (a slug), or at a letter. Empty is the beginning."""

    after: str = ""
    before: str = ""
    letter: str = ""


@dataclass(frozen=True)
class ListedPage:
    """`rows` in the order of the list; `earlier` and `later` are the slugs the neighboring pages begin at, "" for none."""

    rows: list[Any]
    earlier: str = ""
    later: str = ""


@dataclass(frozen=True)
class DirectoryEntry:
    """An organization in the directory, by its name in the language of the page."""

    organization: Organization
    name: str
    level: PublicLevel | None
    endorsement_total: int  # public texts it stands behind


def directory_page(*, locale: str, wanted: Wanted, place: Place, at: datetime) -> ListedPage:
    """Proven organizations as readers of `locale` look them up. A place that is not there any more is the beginning."""
    rows = listed_names(locale, wanted)
    if wanted.proof:
        mandates = Mandate.objects.in_force_at(at).filter(proof__in=PROOFS[wanted.proof])
        rows = rows.filter(Exists(mandates.filter(organization=OuterRef("organization"))))
    page = page_of(rows, locale, place, key="sort_key")
    ids = [row.organization_id for row in page.rows]
    levels, totals = _levels(ids, at=at), _public_totals(ids, at=at)
    entries = [
        DirectoryEntry(
            row.organization, row.name, levels.get(row.organization_id), totals[row.organization_id]
        )
        for row in page.rows
    ]
    return ListedPage(entries, page.earlier, page.later)


def listed_names(locale: str, wanted: Wanted) -> QuerySet[ListedName]:
    rows = ListedName.objects.filter(locale=locale, organization__proven_at__isnull=False)
    rows = rows.select_related("organization")
    for word in wanted.words:
        rows = rows.filter(folded__contains=word)
    if wanted.typed and not wanted.words:
        return rows.none()  # signs alone are a question too, and nothing answers it
    if wanted.country:
        rows = rows.filter(organization__country=wanted.country)
    if wanted.kind:
        rows = rows.filter(organization__kind=wanted.kind)
    if wanted.region:
        rank = region_order(locale).index(wanted.region)
        rows = rows.filter(region_key__gte=bytes([rank]), region_key__lt=bytes([rank + 1]))
    return rows


def page_of(
    rows: QuerySet[ListedName], locale: str, place: Place, *, key: str, size: int = PAGE
) -> ListedPage:
    """One step in the index of (locale, key, organization), whichever page it is."""
    found = rows.order_by(key, "organization")
    cursor = None
    if slug := place.after or place.before:
        cursor = ListedName.objects.filter(locale=locale, organization__slug=slug).first()
    is_backwards = cursor is not None and not place.after
    if cursor is not None:
        at_key, pk = bytes(getattr(cursor, key)), cursor.organization_id
        side, beyond = ("lte", "lt") if is_backwards else ("gte", "gt")
        ties = Q(**{key: at_key, f"organization__{beyond}": pk})
        # The first condition is for the index, the second for those with the same key.
        found = found.filter(**{f"{key}__{side}": at_key}).filter(Q(**{f"{key}__{beyond}": at_key}) | ties)
    elif place.letter and key == "sort_key":
        found = found.filter(sort_key__gte=sort_key(place.letter, locale))
    if is_backwards:
        found = found.reverse()
    page = list(found[: size + 1])
    has_more, page = len(page) > size, page[:size]
    if is_backwards:
        page.reverse()
    if not page:
        return ListedPage([])
    first, last = page[0].organization.slug, page[-1].organization.slug
    has_earlier = has_more if is_backwards else cursor is not None or bool(place.letter)
    has_later = is_backwards or has_more
    return ListedPage(page, first if has_earlier else "", last if has_later else "")


def _levels(organization_ids: Collection[UUID], *, at: datetime) -> dict[UUID, PublicLevel | None]:
    rows = with_public_level(Organization.objects.filter(pk__in=organization_ids), at=at)
    return {row.pk: level_of(row) for row in rows.only("pk").order_by("pk")}


def mandated_until(*, organization: Organization, at: datetime) -> datetime | None:
    """Until when somebody may sign for it under the mandates that are in force."""
    mandates = Mandate.objects.in_force_at(at).filter(organization=organization)
    until: datetime | None = mandates.aggregate(until=Max("ends_at"))["until"]
    return until


def public_texts(rows: QuerySet[Endorsement], *, at: datetime) -> QuerySet[Endorsement]:
    """Of these endorsements, those whose text is published, and not under an embargo at `at`."""
    embargo = CallText.objects.filter(frozen_text=OuterRef("frozen_text"), call__embargo_until__gt=at)
    return rows.filter(~Exists(embargo), frozen_text__publication__isnull=False)


def is_listed(*, frozen_text: FrozenText, at: datetime) -> bool:
    """Whether everybody may see who stands behind a text: it is published, and no call for it is under an embargo."""
    published = FrozenText.objects.filter(pk=frozen_text.pk, publication__isnull=False)
    embargo = CallText.objects.filter(frozen_text=frozen_text, call__embargo_until__gt=at)
    return published.filter(~Exists(embargo)).exists()


def _public_totals(organization_ids: Collection[UUID], *, at: datetime) -> Counter[UUID]:
    rows = Endorsement.objects.filter(state=EndorsementState.ACCEPTED, organization__in=organization_ids)
    counts = public_texts(rows, at=at).values_list("organization").annotate(count=Count("pk"))
    return Counter(dict(counts.order_by()))


# --- One organization ---------------------------------------------------------------


@dataclass(frozen=True)
class PublicRegistration:
    """A number in a register, with the address where everybody can look it up ("" where we know none)."""

    register: str
    number: str
    search: str


@dataclass(frozen=True)
class PublicProfile:
    """What everybody may read of an organization beside its own columns. Others are named by (slug, name in that language)."""

    registrations: list[PublicRegistration]
    active_in: list[str]  # names of countries
    networks: list[tuple[str, str]]
    members: list[tuple[str, str]]  # of a network, the first MOST_MEMBERS
    member_total: int


def organization_profile(*, organization: Organization, locale: str) -> PublicProfile:
    """Registers, countries, and the networks and members that were agreed to by both sides."""
    agreed = Affiliation.objects.filter(accepted_at__isnull=False)
    members = agreed.filter(network=organization, member__proven_at__isnull=False)
    networks = agreed.filter(member=organization, network__proven_at__isnull=False)
    numbers = organization.registrations.order_by("register", "number")
    names = [str(countries.name(code)) for code in organization.active_in]
    first = _named(members, "member", locale)[:MOST_MEMBERS]
    return PublicProfile(
        registrations=[
            PublicRegistration(
                row.register_name or str(Register(row.register).label),
                row.number,
                search_address(row.register),
            )
            for row in numbers
        ],
        active_in=sorted((name for name in names if name), key=lambda name: sort_key(name, locale)),
        networks=list(_named(networks, "network", locale)),
        members=list(first),
        member_total=len(first) if len(first) < MOST_MEMBERS else members.count(),
    )


def _named(rows: QuerySet[Affiliation], side: str, locale: str) -> QuerySet[Any]:
    named = rows.filter(**{f"{side}__listed_names__locale": locale})
    named = named.order_by(f"{side}__listed_names__sort_key", "pk")
    return named.values_list(f"{side}__slug", f"{side}__listed_names__name")
