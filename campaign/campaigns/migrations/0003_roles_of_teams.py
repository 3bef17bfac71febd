"""The roles are owner, editor, moderator, translator and viewer. Leads become owners, drafters editors."""

from typing import Any

from django.db import migrations

NEW = {"lead": "owner", "drafter": "editor"}
OLD = {"owner": "lead", "moderator": "drafter", "translator": "drafter", "viewer": "drafter"}


def rename(apps: Any, roles: dict[str, str]) -> None:
    for model in ("TeamMember",):
        rows = apps.get_model("campaigns", model).objects
        for old, new in roles.items():
            rows.filter(role=old).update(role=new)


def forwards(apps: Any, schema_editor: Any) -> None:
    rename(apps, NEW)


def backwards(apps: Any, schema_editor: Any) -> None:
    rename(apps, OLD)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_longer_roles")]
    operations = [migrations.RunPython(forwards, backwards)]
