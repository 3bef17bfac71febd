"""What an organization's page of supporters costs, with few and with very many partners in the campaign.

Run by hand:   .venv/bin/python bench/walls.py [signatures]

It starts a PostgreSQL of its own (durable, as in production) and fills a campaign with signatures by SQL. Their signers agreed to
hear from its owner, from one partner that is measured, and from one of all the others: first of 10 partners, then of 10,000.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))

TURNS = 5
PETITIONS = 3

# Four in ten agreed to hear from the owner, three from the partner that is measured, all from one of the others.
SUPPORTERS = """
INSERT INTO petitions_supporter (id, created_at, signature_id, organization_id, petition_id, person_key, since)
SELECT gen_random_uuid(), now(), s.id, o.organization_id, s.petition_id, s.email_key, now() - (s.number %% 80) * interval '1 day'
FROM petitions_signature s, LATERAL (
    SELECT %(owner)s::uuid AS organization_id WHERE s.number %% 10 < 4
    UNION ALL SELECT %(measured)s::uuid WHERE s.number %% 10 BETWEEN 3 AND 5
    UNION ALL SELECT (%(others)s::uuid[])[1 + s.number %% array_length(%(others)s::uuid[], 1)]
) AS o
WHERE s.petition_id = ANY(%(petitions)s::uuid[])
"""


def middle(work: Callable[[], Any]) -> tuple[float, Any]:
    """(milliseconds of the middle turn, what the last one gave)"""
    seconds, given = [], None
    for _ in range(TURNS):
        start = time.perf_counter()
        given = work()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[TURNS // 2] * 1000, given


def measure(partners: int, signatures: int, database: str) -> None:
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone
    from fill import add_signatures

    from campaign.campaigns.models import CampaignPartner
    from campaign.campaigns.queries import asking_organizations, asking_partner
    from campaign.moderation.export import supporters
    from campaign.organizations.models import Organization
    from campaign.petitions import supporters as reads
    from tests.factories.campaigns import PartnerFactory, TeamMemberFactory
    from tests.factories.organizations import OrganizationFactory
    from tests.factories.petitions import PetitionFactory

    first = PetitionFactory()
    campaign = first.campaign
    petitions = [first, *(PetitionFactory(campaign=campaign) for _ in range(PETITIONS - 1))]
    measured = PartnerFactory(campaign=campaign).organization
    others = Organization.objects.bulk_create(OrganizationFactory.build_batch(partners - 1))
    now = timezone.now()
    CampaignPartner.objects.bulk_create(
        CampaignPartner(campaign=campaign, organization=row, invited_at=now, accepted_at=now, asks_news=True)
        for row in others
    )
    for petition in petitions:
        add_signatures(database, petition=petition.pk, count=signatures // PETITIONS)
    with connection.cursor() as cursor:
        ids = {
            "owner": campaign.owner_id,
            "measured": measured.pk,
            "others": [row.pk for row in others],
            "petitions": [petition.pk for petition in petitions],
        }
        cursor.execute(SUPPORTERS, ids)
        rows = cursor.rowcount
        cursor.execute("VACUUM ANALYZE")
    print(f"\n{partners:,} partners, {signatures:,} signatures, {rows:,} consents")
    whose = {"organization": measured, "campaign": campaign}
    parts: dict[str, Callable[[], Any]] = {
        "own total": lambda: reads.supporter_total(**whose),
        "own by country": lambda: len(reads.supporters_by_country(**whose)),
        "own by week": lambda: sum(week.total for week in reads.supporters_by_week(**whose, at=now)),
        "own by petition": lambda: len(
            reads.supporters_by_petition(**whose, petition_ids=[petition.pk for petition in petitions])
        ),
        "joint reach": lambda: reads.joint_reach(campaign=campaign),
        "one address": lambda: len(reads.consents_of_address(**whose, address="nobody@example.org")),
        "who asks, for a form": lambda: len(asking_organizations(campaign=campaign, tag=others[-1].slug)),
        "whose link it is": lambda: asking_partner(campaign_id=campaign.pk, tag="some-link"),
    }
    for name, work in parts.items():
        took, given = middle(work)
        print(f"  {name:22} {took:8.1f} ms   {given}")
    user = TeamMemberFactory(campaign=campaign, organization=measured, membership="owner").user
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    pages = {
        "the page of supporters": reverse("supporters", args=[campaign.slug]),
        "a petition's page": reverse("petition_detail", args=[first.slug]),
    }
    for name, address in pages.items():
        start = time.perf_counter()
        assert client.get(address).status_code == 200, address
        first_took = (time.perf_counter() - start) * 1000
        took, _ = middle(lambda address=address: client.get(address))
        print(f"  {name:22} {took:8.1f} ms   {first_took:.1f} ms the first time")
        caches["pages"].clear()
    whom = supporters(**whose, at=timezone.now())
    start = time.perf_counter()
    # The texts of filled rows are no texts: what is measured is the walk, not the opening.
    walked = sum(1 for _row in _walk(whom))
    print(f"  export, the walk alone {(time.perf_counter() - start) * 1000:8.1f} ms   {walked:,} people")


def _walk(whom: Any) -> Any:
    from campaign.moderation import export

    rows = export.supporters_of(organization=whom.organization, campaign=whom.campaign)
    rows = rows.filter(since__lte=whom.at, signature__confirmed_at__lte=whom.at)
    rows = rows.select_related("signature").order_by("person_key", "pk")
    chunk = list(rows[: export.CHUNK])
    while chunk:
        yield from chunk
        chunk = list(export._behind(rows, chunk[-1])[: export.CHUNK])


def main() -> None:
    signatures = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    import servers

    with servers.databases() as env:
        os.environ |= env
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        for partners in (10, 10_000):
            measure(partners, signatures, servers.libpq(env["RECLAIM_DATABASE_URL"]))
        connection.close()


if __name__ == "__main__":
    main()
