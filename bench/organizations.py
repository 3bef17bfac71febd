"""How long lists of organizations take as they grow, each as a ratio to one look-up by an index in the same run.

Run by hand:   .venv/bin/python bench/organizations.py [organizations ...]

It starts a PostgreSQL of its own (durable, as in production) and fills it with that many organizations (10, 1,000 and 10,000
unless told otherwise), all of them behind one text, two thirds of them members of a network. Then it times, the middle of several
tries: a page of the directory (its first, one in the middle, filtered ones), a page of the text's list, its numbers, the glance
on a petition's page, the numbers of a call; and once, with at most 1,000 endorsers, moving the call with its mails.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))

MOST_RENEWED = 1_000
TRIES = 15


def fill(total: int) -> tuple[Any, Any]:
    """The text they stand behind, and its call."""
    from django.db import connection
    from django.utils import timezone
    from django_countries import countries

    from campaign.documents.services import freeze_text, publish_text
    from campaign.organizations.models import Affiliation, Endorsement, Mandate, Organization
    from campaign.organizations.names import folded_name
    from campaign.organizations.services import list_organizations, move_call

    choice, at = random.Random(20_261_122), timezone.now()
    codes = [code for code, _name in countries]
    words = [
        "Open",
        "Free",
        "Public",
        "Civic",
        "Öko",
        "Αθήνα",
        "한국",
        "Union",
        "League",
        "House",
        "Data",
        "Rights",
    ]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE organizations_organization, organizations_call CASCADE")
    organizations = [
        Organization(
            slug=f"organization-{n}",
            legal_name=f"Organization {n}",
            display_name=f"{' '.join(choice.sample(words, 3))} {n}",
            kind="network" if n % 100 == 0 else "ngo",
            country=choice.choice(codes),
            website=f"https://o{n}.example",
            domain=f"o{n}.example",
            proven_at=at,
        )
        for n in range(total)
    ]
    for row in organizations:
        row.folded_name = folded_name(row.display_name)
    Organization.objects.bulk_create(organizations, batch_size=1_000)
    start = time.perf_counter()
    list_organizations(organizations)
    print(f"  putting {total:,} names in order of two languages: {time.perf_counter() - start:.2f} s")
    signed = {"signatory_function": "x", "email_key": b"x", "statement": "x", "locale": "en", "stated_at": at}
    mandates = [
        Mandate(organization=row, proof="domain_mail", expires_at=at, proven_at=at, **signed)
        for row in organizations
    ]
    Mandate.objects.bulk_create(mandates, batch_size=1_000)
    text = freeze_text(kind="bench.text", title="Text", locale="en", payload={"total": total}, at=at)
    publish_text(frozen_text=text, address="/", at=at)
    call = move_call(kind="bench.text", subject_id=text.pk, frozen_text=text, at=at)
    rows = [
        Endorsement(
            frozen_text=text,
            organization=mandate.organization,
            mandate=mandate,
            state="accepted",
            display_name=mandate.organization.display_name,
            kind="ngo",
            country=mandate.organization.country,
            signatory_name="Sam",
            signatory_email=f"sam@{mandate.organization.domain}",
            accepted_at=at,
            expires_at=at,
            **signed,
        )
        for mandate in mandates
    ]
    Endorsement.objects.bulk_create(rows, batch_size=1_000)
    affiliations = [
        Affiliation(network=organizations[n // 100 * 100], member=row, stated_at=at, accepted_at=at)
        for n, row in enumerate(organizations)
        if n % 100 and n % 3
    ]
    Affiliation.objects.bulk_create(affiliations, batch_size=1_000)
    return text, call


def middle(act: Callable[[], object], tries: int = TRIES) -> float:
    """Milliseconds; the first try warms up and does not count."""
    times = []
    for _ in range(tries + 1):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[1:])


def measure(total: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from campaign.documents.services import freeze_text
    from campaign.organizations.models import Endorsement, Organization
    from campaign.organizations.queries import (
        Place,
        Wanted,
        call_numbers,
        directory_page,
        endorser_glance,
        endorser_page,
        endorser_record,
        endorser_totals,
    )
    from campaign.organizations.services import move_call

    print(f"{total:,} organizations")
    text, call = fill(total)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    at, half = timezone.now(), Place(after=f"organization-{total // 2}")
    one = f"organization-{total // 2}"

    def page(**values: Any) -> Callable[[], object]:
        wanted, place = values.get("wanted", Wanted()), values.get("place", Place())
        return lambda: directory_page(locale="en", wanted=wanted, place=place, at=at)

    bare = middle(lambda: Organization.objects.filter(slug=one).values_list("pk").first(), tries=100)
    print(f"  {'one look-up by an index':<44}{bare:>10.2f} ms")
    acts: dict[str, Callable[[], object]] = {
        "directory, first page": page(),
        "directory, a page in the middle": page(place=half),
        "directory, typed": page(wanted=Wanted(typed="öko rights")),
        "directory, typed, nothing found": page(wanted=Wanted(typed="nothing like it")),
        "directory, by country and proof": page(wanted=Wanted(country="DE", proof="domain")),
        "list of a text, first page": lambda: endorser_page(
            frozen_text=text, locale="en", wanted=Wanted(), place=Place()
        ),
        "list of a text, a page in the middle": lambda: endorser_page(
            frozen_text=text, locale="en", wanted=Wanted(), place=half
        ),
        "list of a text, its numbers": lambda: endorser_totals(frozen_text=text),
        "glance on a petition's page": lambda: endorser_glance(frozen_text_id=text.pk, locale="en"),
        "numbers of a call": lambda: call_numbers(calls=[call]),
    }
    for name, act in acts.items():
        took = middle(act)
        print(f"  {name:<44}{took:>10.2f} ms {took / bare:>9.1f} times")
    took = middle(lambda: endorser_record(frozen_text=text, until=at, locale="en"), tries=1)
    print(f"  {'what a record fixes of it, whole':<44}{took:>10.2f} ms {took / bare:>9.1f} times")
    # Those beyond are set aside: so many are asked again at once.
    asked = list(Endorsement.objects.order_by("pk").values_list("pk", flat=True)[:MOST_RENEWED])
    Endorsement.objects.exclude(pk__in=asked).delete()
    other = freeze_text(kind="bench.text", title="Text", locale="en", payload={"now": total}, at=at)
    start = time.perf_counter()
    move_call(kind="bench.text", subject_id=call.subject_id, frozen_text=other, at=at)
    took = (time.perf_counter() - start) * 1000
    name = f"moving the call, {len(asked):,} asked again by mail"
    print(f"  {name:<44}{took:>10.2f} ms {took / bare:>9.1f} times", flush=True)


def main(totals: list[int]) -> None:
    import servers  # of this folder: started for the run, thrown away after it

    with servers.databases() as env:
        os.environ |= env
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        for total in totals:
            measure(total)
        connection.close()


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [10, 1_000, 10_000])
