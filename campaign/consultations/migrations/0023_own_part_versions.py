"""Own parts keep every version, as answers do. What stood before is kept at the next save."""

import campaign.core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0022_amendments_annex"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnPartVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=campaign.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                ("short_text", models.TextField(blank=True)),
                ("is_autosave", models.BooleanField(default=False)),
                ("restored_number", models.PositiveIntegerField(null=True)),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="consultations.ownpart",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("part", "number"), name="own_part_version_once")
                ],
            },
        ),
    ]
