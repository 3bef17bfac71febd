"""Reads of the people who agreed to hear from an organization of a campaign.

One person is one mailbox, whatever petitions of the campaign they signed. Whoever asks gets the people of one organization, or a
single number over all of them: how many two organizations share would tell each of them who is the other's.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek

from campaign.campaigns.models import Campaign
from campaign.guard.queries import mailbox_rules, past_spellings
from campaign.organizations.models import Organization
from campaign.petitions.keys import mailbox_keys
from campaign.petitions.models import Petition, Supporter
from campaign.petitions.queries import CountryShare, country_shares

WEEKS = 12
COARSE = 10  # the joint reach is told in tens: else it would move by one, or not, with each person whom an organization knows
PEOPLE = Count("person_key", distinct=True)


def supporters_of(
    *, organization: Organization, campaign: Campaign, petition: Petition | None = None
) -> QuerySet[Supporter]:
    """The consents to the news of one organization that were given in a campaign, or under one petition of it."""
    rows = Supporter.objects.standing().filter(organization=organization, petition__campaign=campaign)
    return rows if petition is None else rows.filter(petition=petition)


def supporter_total(
    *, organization: Organization, campaign: Campaign, petition: Petition | None = None
) -> int:
    """How many people that are, each once."""
    rows = supporters_of(organization=organization, campaign=campaign, petition=petition)
    total: int = rows.aggregate(people=PEOPLE)["people"]
    return total


def supporters_by_petition(
    *, organization: Organization, campaign: Campaign, petition_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, int]:
    """How many people under each of these petitions. Who signed several is one of each."""
    rows = supporters_of(organization=organization, campaign=campaign).filter(petition__in=petition_ids)
    return dict(rows.order_by().values_list("petition").annotate(PEOPLE))


def _first_consents(*, organization: Organization, campaign: Campaign) -> QuerySet[Supporter]:
    """One row for each person: the one with the lowest id."""
    rows = supporters_of(organization=organization, campaign=campaign)
    earlier = rows.filter(person_key=OuterRef("person_key"), pk__lt=OuterRef("pk"))
    return rows.exclude(Exists(earlier))


def supporters_by_country(*, organization: Organization, campaign: Campaign) -> list[CountryShare]:
    """The same people by country, largest first, merged where there are fewer than SMALLEST_CELL. Adds up to the whole."""
    rows = _first_consents(organization=organization, campaign=campaign).order_by()
    return country_shares(list(rows.values_list("signature__country").annotate(Count("pk"))))


@dataclass(frozen=True)
class Week:
    """People who first agreed in the week that began on `monday` (UTC); `share`, 0 to 100, is of the busiest week's."""

    monday: date
    total: int
    share: float


def supporters_by_week(*, organization: Organization, campaign: Campaign, at: datetime) -> list[Week]:
    """The last WEEKS weeks, this one too, the first first. Those without anybody are among them."""
    this_week = at.astimezone(UTC).date() - timedelta(days=at.astimezone(UTC).weekday())
    mondays = [this_week - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    start = datetime(mondays[0].year, mondays[0].month, mondays[0].day, tzinfo=UTC)
    rows = _first_consents(organization=organization, campaign=campaign).filter(since__gte=start)
    weeks = rows.order_by().annotate(week=TruncWeek("since", tzinfo=UTC)).values_list("week")
    found = {week.date(): total for week, total in weeks.annotate(Count("pk"))}
    most = max(found.values(), default=1)
    return [Week(monday, found.get(monday, 0), 100 * found.get(monday, 0) / most) for monday in mondays]


def joint_reach(*, campaign: Campaign) -> int:
    """How many people agreed to hear from any organization that carries the campaign now, each once."""
    partners = campaign.partnerships.accepted().values("organization")
    carrying = Q(organization=campaign.owner_id) | Q(organization__in=partners)
    rows = Supporter.objects.standing().filter(carrying, petition__campaign=campaign)
    total: int = rows.aggregate(people=PEOPLE)["people"]
    return total


def coarse(total: int) -> int:
    """A number as it may be told beside those of one organization: in tens, rounded down."""
    return total // COARSE * COARSE


def consents_of_address(*, organization: Organization, campaign: Campaign, address: str) -> list[Supporter]:
    """What the owner of a mailbox agreed to with one organization. The same three reads for every address, whoever knows it."""
    keys = mailbox_keys(address, mailbox_rules(), past_spellings())
    rows = supporters_of(organization=organization, campaign=campaign).filter(person_key__in=keys)
    return list(rows.select_related("signature", "petition").order_by("since", "pk")[:50])
