"""Editions of campaigns that are not public are listed nowhere. They are listed when their campaign becomes public."""

from typing import Any

from django.db import migrations


def unlist(apps: Any, schema_editor: Any) -> None:
    editions = apps.get_model("regulations", "Edition").objects.filter(
        frozen_text__isnull=False, template__campaign__state="draft"
    )
    Publication = apps.get_model("documents", "Publication")
    Publication.objects.filter(frozen_text__in=editions.values("frozen_text")).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("regulations", "0008_all_of_what_was_taken_out"),
        ("documents", "0003_publication"),
        ("campaigns", "0007_team_invitations"),
    ]
    operations = [migrations.RunPython(unlist, migrations.RunPython.noop)]
