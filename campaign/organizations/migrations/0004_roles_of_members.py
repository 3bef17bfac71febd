"""The roles are owner, editor, moderator, translator and viewer. Managers become editors, members become viewers."""

from typing import Any

from django.db import migrations

NEW = {"manager": "editor", "member": "viewer"}
OLD = {"editor": "manager", "moderator": "member", "translator": "member", "viewer": "member"}


def rename(apps: Any, roles: dict[str, str]) -> None:
    for model in ("Membership", "Invitation"):
        rows = apps.get_model("organizations", model).objects
        for old, new in roles.items():
            rows.filter(role=old).update(role=new)


def forwards(apps: Any, schema_editor: Any) -> None:
    rename(apps, NEW)


def backwards(apps: Any, schema_editor: Any) -> None:
    rename(apps, OLD)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_longer_roles")]
    operations = [migrations.RunPython(forwards, backwards)]
