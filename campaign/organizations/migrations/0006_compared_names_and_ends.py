"""What organizations are compared by, and when the mandates on record end: two years after they were proven."""

from datetime import timedelta
from typing import Any

from django.db import migrations

TWO_YEARS = timedelta(days=730)


def fill(apps: Any, schema_editor: Any) -> None:
    from campaign.organizations.names import folded_name, lookalike_key  # the present rule is the one that counts

    for row in apps.get_model("organizations", "Organization").objects.order_by("pk").iterator(chunk_size=500):
        row.folded_name, row.lookalike_key = folded_name(row.display_name), lookalike_key(row.domain)
        row.save(update_fields=["folded_name", "lookalike_key"])
    mandates = apps.get_model("organizations", "Mandate").objects.filter(proven_at__isnull=False, ends_at=None)
    for mandate in mandates.order_by("pk").iterator(chunk_size=500):
        mandate.ends_at = mandate.proven_at + TWO_YEARS
        mandate.save(update_fields=["ends_at"])


class Migration(migrations.Migration):
    dependencies = [("organizations", "0005_profiles_mandates_calls")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
