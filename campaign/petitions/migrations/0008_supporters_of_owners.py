"""Who agreed to news of the organization that runs the campaign is a supporter of that organization.

The column `wants_news` stays for the release before, which still reads and writes it. Safe to run again: who said yes to that
release while this one came up is found by running it once more.
"""

from datetime import datetime
from typing import Any

from django.db import migrations

BATCH = 1_000


def since(row: Any) -> datetime:
    """The moment of the last record of the purpose."""
    records = [record for record in row.consents if record["purpose"] == "news"]
    return datetime.fromisoformat(records[-1]["at"]) if records else row.signed_at


def forwards(apps: Any, schema_editor: Any) -> None:
    """Batch by batch in the order of their keys: memory stays flat."""
    supporters = apps.get_model("petitions", "Supporter").objects
    agreed = (
        apps.get_model("petitions", "Signature")
        .objects.filter(wants_news=True, email_key__isnull=False, state__in=["confirmed", "invalidated"])
        .select_related("petition__campaign")
        .only("consents", "signed_at", "email_key", "petition__campaign__owner")
        .order_by("pk")
    )
    page = list(agreed[:BATCH])
    while page:
        rows = [
            supporters.model(
                signature=row,
                organization_id=row.petition.campaign.owner_id,
                petition_id=row.petition_id,
                person_key=row.email_key,
                since=since(row),
            )
            for row in page
        ]
        supporters.bulk_create(rows, ignore_conflicts=True)
        page = list(agreed.filter(pk__gt=page[-1].pk)[:BATCH])


class Migration(migrations.Migration):

    atomic = False  # each batch by itself: killed half-way, it goes on where it stood
    dependencies = [("petitions", "0007_supporters"), ("campaigns", "0006_places_of_team_members")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
